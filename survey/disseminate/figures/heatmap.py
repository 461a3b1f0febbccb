"""Units x themes as a heatmap: numbers in the cells, signs where a difference is sure, real hatching where hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from survey.analyse.change import Comparison
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.look import GREY, HATCHES, HIDDEN, INK, LINE, REASONS, SEQUENTIAL, SIGN, caption, finish, lines, node_name, wrapped
from survey.i18n import Locale

ROW = 32  # pixels
LOWEST, HIGHEST = 40, 85  # points at the ends of the colour scale: the same on every page


def heatmap(
    release: Release,
    group: str,
    units: Sequence[str],
    measures: Sequence[tuple[str, str]],
    comparisons: Mapping[tuple[str, str], Comparison],
    locale: Locale,
) -> go.Figure:
    """The group's own row on top, then its units: the value in every cell, ▲▼ where it differs for sure.

    `measures`: (measure, label); `comparisons`: (unit, measure) -> against the group.
    """
    _ = locale
    rows = [group, *units]
    cells = [[release.cell(unit, measure) for measure, _label in measures] for unit in rows]
    names = [wrapped(node_name(release, unit, locale), 38) for unit in rows]
    names[0] = f"<b>{names[0]}</b>"
    # Axis places are numbers, so that units of the same name stay apart.
    figure = go.Figure(
        go.Heatmap(
            z=[[cell.score if isinstance(cell, Cell) else None for cell in row] for row in cells],
            x=list(range(len(measures))), y=list(range(len(rows))), zmin=LOWEST, zmax=HIGHEST, colorscale=SEQUENTIAL, showscale=False,
            text=[
                [_cell_text(cell, comparisons.get((unit, measure)), locale) for cell, (measure, _l) in zip(row, measures, strict=True)]
                for unit, row in zip(rows, cells, strict=True)
            ],
            texttemplate="%{text}", textfont={"size": 13, "color": INK}, hoverinfo="text", hoverongaps=False, xgap=2, ygap=2,
            hovertext=[
                [_hover(cell, name, label, locale) for cell, (_measure, label) in zip(row, measures, strict=True)]
                for name, row in zip(names, cells, strict=True)
            ],
        )
    )  # fmt: skip
    _hatch(figure, cells, names, measures, locale)
    headings = [wrapped(label, 9) for _measure, label in measures]
    figure.update_xaxes(tickvals=list(range(len(measures))), ticktext=headings, side="top", tickangle=0, tickfont={"size": 11})
    figure.update_xaxes(range=[-0.5, len(measures) - 0.5], showgrid=False, ticks="")
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False, automargin=True)
    said = caption(_("Comparison of units"), release, group, locale)
    said += lines(_("Score (0-100); ▲ clearly higher, ▼ clearly lower than the group"), 2 * 46)
    tallest = max(name.count("<br>") for name in names) + 1
    heading = 14 * (max(text.count("<br>") for text in headings) + 1) + 8
    height = len(rows) * max(ROW, LINE * tallest + 4)
    figure.update_layout(barmode="overlay", bargap=0)
    return finish(figure, said, locale, height, above=heading, below=34).update_layout(legend_y=0)


def _hatch(
    figure: go.Figure,
    cells: Sequence[Sequence[Cell | Suppressed]],
    names: Sequence[str],
    measures: Sequence[tuple[str, str]],
    locale: Locale,
) -> None:
    """One hatching for each reason, named in the legend: the reason is read without a pointer."""
    for reason, shape in HATCHES.items():
        places = [
            (column, row)
            for row, line in enumerate(cells)
            for column, cell in enumerate(line)
            if isinstance(cell, Suppressed) and cell.reason == reason
        ]
        if places:
            figure.add_bar(
                orientation="h", base=[column - 0.49 for column, _row in places], x=[0.98] * len(places), y=[row for _column, row in places],
                width=0.94, name=locale(REASONS[reason]), showlegend=True, hoverinfo="text",
                hovertext=[f"{names[row]}<br>{measures[column][1]}<br>{locale(REASONS[reason])}" for column, row in places],
                marker={
                    "color": HIDDEN,
                    "pattern": {"shape": shape, "fgcolor": GREY, "bgcolor": HIDDEN, "size": 7, "solidity": 0.25, "fillmode": "replace"},
                },
            )  # fmt: skip


def _cell_text(cell: Cell | Suppressed, one: Comparison | None, locale: Locale) -> str:
    if not isinstance(cell, Cell):
        return ""
    text = locale.number(cell.score, 0)
    return f"<b>{text} {SIGN[one.state]}</b>" if one is not None and one.called else text


def _hover(cell: Cell | Suppressed, name: str, label: str, locale: Locale) -> str:
    if isinstance(cell, Suppressed):
        return ""
    return f"{name}<br>{label}<br>" + locale("{score} points, base {n}", score=locale.number(cell.score), n=locale.number(cell.base, 0))
