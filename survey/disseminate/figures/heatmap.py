"""Units x themes (items) as a heatmap: value, sign, difference and base in every cell, real hatching where hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from survey.analyse.change import FAVOURABLE, SCORE, Comparison
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.look import (
    CHANGE,
    GREY,
    HATCHES,
    HIDDEN,
    INK,
    LINE,
    REASONS,
    SEQUENTIAL,
    SIGN,
    caption,
    drawn,
    finish,
    label_room,
    lines,
    node_name,
    score_of,
    share_of,
    state_words,
    wrapped,
)
from survey.i18n import Locale

ROW = 40  # pixels
LOWEST, HIGHEST = 40, 85  # points at the ends of the colour scale: the same on every page
FURTHEST = 12  # points of change with the deepest colour
ACROSS = 94  # letters that fit over all columns


def heatmap(
    release: Release,
    group: str,
    units: Sequence[str],
    measures: Sequence[tuple[str, str]],
    comparisons: Mapping[tuple[str, str], Comparison],
    locale: Locale,
    *,
    against: str = "",
    of: str = SCORE,
    change: bool = False,
) -> go.Figure:
    """The group's own row on top, then its units: the value in every cell, ▲▼ where it differs for sure, ○ where nothing was tested.

    `measures`: (measure, label); `comparisons`: (unit, measure) -> against what `against` names; `of`: SCORE or FAVOURABLE.
    `change`: colour tells the called differences (blue up, orange down) instead of the level.
    """
    _ = locale
    rows = [group, *units]
    cells = [[release.cell(unit, measure) for measure, _label in measures] for unit in rows]
    names = [wrapped(node_name(release, unit, locale), 38) for unit in rows]
    names[0] = f"<b>{names[0]}</b>"
    found = [[comparisons.get((unit, measure)) for measure, _label in measures] for unit in rows]
    if change:
        shade, scale, ends = (
            [[_called(cell, one) for cell, one in zip(*row, strict=True)] for row in zip(cells, found, strict=True)],
            CHANGE,
            FURTHEST,
        )
    else:
        shade, scale, ends = [[getattr(cell, of) if isinstance(cell, Cell) else None for cell in row] for row in cells], SEQUENTIAL, 0
    # Axis places are numbers, so that units of the same name stay apart.
    figure = go.Figure(
        go.Heatmap(
            z=shade, x=list(range(len(measures))), y=list(range(len(rows))), colorscale=scale, showscale=False,
            zmin=-ends if change else LOWEST, zmax=ends if change else HIGHEST,
            text=[[_cell_text(cell, one, of, locale) for cell, one in zip(*row, strict=True)] for row in zip(cells, found, strict=True)],
            texttemplate="%{text}", textfont={"size": 13, "color": INK}, hoverinfo="text", hoverongaps=False, xgap=2, ygap=2,
            hovertext=[
                [_hover(cell, one, name, drawn(label), of, locale) for cell, one, (_measure, label) in zip(line, ones, measures, strict=True)]
                for name, line, ones in zip(names, cells, found, strict=True)
            ],
        )
    )  # fmt: skip
    _hatch(figure, cells, names, measures, locale)
    headings = [wrapped(label, max(9, 100 // len(measures))) for _measure, label in measures]
    figure.update_xaxes(tickvals=list(range(len(measures))), ticktext=headings, side="top", tickangle=0, tickfont={"size": 11})
    figure.update_xaxes(range=[-0.5, len(measures) - 0.5], showgrid=False, ticks="")
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False, automargin=True)
    said = caption(_("Comparison of units"), release, group, locale)
    value = _("Score (0-100)") if of == SCORE else _("Favourable %")
    against = against or node_name(release, group, locale)
    said += lines(
        _(
            "{value}; below it the difference and n. {against}: ▲ clearly higher, ▼ clearly lower, ○ not tested",
            value=value,
            against=against,
        ),
        ACROSS,
    )
    tallest = max(name.count("<br>") for name in names) + 1
    heading = 14 * (max(text.count("<br>") for text in headings) + 1) + 8
    height = len(rows) * max(ROW, LINE * tallest + 4)
    figure.update_layout(barmode="overlay", bargap=0)
    return finish(figure, said, locale, height, above=heading, below=34, left=label_room(names)).update_layout(legend_y=0)


def _called(cell: Cell | Suppressed, one: Comparison | None) -> float | None:
    if isinstance(cell, Suppressed):
        return None
    return one.difference if one is not None and one.called else 0.0


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
                hovertext=[f"{names[row]}<br>{drawn(measures[column][1])}<br>{locale(REASONS[reason])}" for column, row in places],
                marker={
                    "color": HIDDEN,
                    "pattern": {"shape": shape, "fgcolor": GREY, "bgcolor": HIDDEN, "size": 7, "solidity": 0.25, "fillmode": "replace"},
                },
            )  # fmt: skip


def _cell_text(cell: Cell | Suppressed, one: Comparison | None, of: str, locale: Locale) -> str:
    if not isinstance(cell, Cell):
        return ""
    text = share_of(cell, FAVOURABLE, locale) if of == FAVOURABLE else score_of(cell, locale, 0)
    if one is not None and (sign := SIGN[one.state]):
        text = f"<b>{text} {sign}</b>" if one.called else f"{text} {sign}"
    below = [f"n {locale.number(cell.base, 0)}"]
    if one is not None and one.difference is not None:
        below.insert(0, locale.number(one.difference, 1, sign=True))
    return f'{text}<br><span style="font-size:10px">{" · ".join(below)}</span>'


def _hover(cell: Cell | Suppressed, one: Comparison | None, name: str, label: str, of: str, locale: Locale) -> str:
    if isinstance(cell, Suppressed):
        return ""
    score = locale("{score} points, base {n}", score=score_of(cell, locale), n=locale.number(cell.base, 0))
    value = score if of == SCORE else f"{locale.percent(cell.favourable, 1)} (n = {locale.number(cell.base, 0)})"
    return "<br>".join(filter(None, (name, label, value, "" if one is None else state_words(one, locale))))
