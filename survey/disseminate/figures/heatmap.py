"""Units x themes (items) as a heatmap: value, sign and difference in every cell, real hatching where hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import plotly.graph_objects as go

from survey.analyse.change import FAVOURABLE, SCORE, Comparison
from survey.disclose.release import FORMS, Cell, Release, Suppressed
from survey.disseminate.given import base_of
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
    finish,
    label_room,
    lines,
    node_name,
    score_of,
    share_of,
    state_words,
    wrapped,
)
from survey.disseminate.look import drawn as as_text
from survey.i18n import Locale

ROW = 40  # pixels
LOWEST, HIGHEST = 40, 85  # points at the ends of the colour scale: the same on every page
FURTHEST = 12  # points of difference with the deepest colour
ACROSS = 94  # letters that fit over all columns
Cells = list[list[Cell | Suppressed]]
Tested = list[list[Comparison | None]]


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
    `change`: that is the wave before. Called differences are coloured, blue higher and orange lower; without comparisons the level is.
    """
    _ = locale
    rows = [group, *units]
    cells: Cells = [[release.cell(unit, measure) for measure, _label in measures] for unit in rows]
    found: Tested = [[comparisons.get((unit, measure)) for measure, _label in measures] for unit in rows]
    differences = bool(comparisons)
    names = [wrapped(node_name(release, unit, locale), 38) + _base(release, unit, locale) for unit in rows]
    names[0] = f"<b>{names[0]}</b>"
    # Axis places are numbers, so that units of the same name stay apart.
    figure = go.Figure(
        go.Heatmap(
            z=[[_shade(cell, one, of, differences) for cell, one in zip(*row, strict=True)] for row in zip(cells, found, strict=True)],
            x=list(range(len(measures))), y=list(range(len(rows))), colorscale=CHANGE if differences else SEQUENTIAL, showscale=False,
            zmin=-FURTHEST if differences else LOWEST, zmax=FURTHEST if differences else HIGHEST,
            text=[[cell_text(cell, one, of, locale) for cell, one in zip(*row, strict=True)] for row in zip(cells, found, strict=True)],
            texttemplate="%{text}", textfont={"size": 13, "color": INK}, hoverinfo="text", hoverongaps=False, xgap=2, ygap=2,
            hovertext=[
                [
                    hover(cell, one, name, as_text(label), of, locale)
                    for cell, one, (_measure, label) in zip(line, tested, measures, strict=True)
                ]
                for line, tested, name in zip(cells, found, names, strict=True)
            ],
        )
    )  # fmt: skip
    _hatch(figure, cells, names, measures, locale)
    headings = [wrapped(label, max(9, 100 // len(measures))) for _measure, label in measures]
    figure.update_xaxes(tickvals=list(range(len(measures))), ticktext=headings, side="top", tickangle=0, tickfont={"size": 11})
    figure.update_xaxes(range=[-0.5, len(measures) - 0.5], showgrid=False, ticks="")
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.5, -0.5], showgrid=False, automargin=True)
    keys = lines(explained(against or node_name(release, group, locale), of, differences, change, locale), ACROSS)
    tallest = max(name.count("<br>") for name in names) + 1
    heading = 14 * (max(text.count("<br>") for text in headings) + 1) + 8
    height = len(rows) * max(ROW, LINE * tallest + 4)
    figure.update_layout(barmode="overlay", bargap=0)
    said = caption(_("Comparison of units"), release, group, locale)
    return finish(figure, said, locale, height, keys=keys, above=heading, below=34, left=label_room(names)).update_layout(legend_y=0)


def _base(release: Release, unit: str, locale: Locale) -> str:
    forms = release.cell(unit, FORMS)
    return f"<br>n = {base_of(forms, locale)}" if isinstance(forms, Cell) else ""


def explained(against: str, of: str, differences: bool, change: bool, locale: Locale) -> str:
    """What number and colour of a cell mean."""
    _ = locale
    value = _("Score (0-100)") if of == SCORE else _("Favourable %")
    if not differences:
        return f"{value}; {_('the darker, the higher')}"
    colours = _("blue ▲ clearly up, orange ▼ clearly down") if change else _("blue ▲ clearly higher, orange ▼ clearly lower")
    return _(
        "{value}; below it the difference. {against}: {colours}, ○ not tested",
        value=value,
        against=against[:1].upper() + against[1:],
        colours=colours,
    )


def _shade(cell: Cell | Suppressed, one: Comparison | None, of: str, differences: bool) -> float | None:
    """The number behind a cell's colour: the called difference (else 0), or the level."""
    if isinstance(cell, Suppressed):
        return None
    if not differences:
        level: float | None = getattr(cell, of)
        return level
    return one.difference if one is not None and one.called else 0.0


def ground(cell: Cell | Suppressed, one: Comparison | None, of: str, differences: bool) -> str | None:
    """The colour behind a cell, as the figure draws it; None where it is hidden."""
    shade = _shade(cell, one, of, differences)
    if shade is None:
        return None
    low, high, scale = (-FURTHEST, FURTHEST, CHANGE) if differences else (LOWEST, HIGHEST, SEQUENTIAL)
    return _colour(scale, min(max((shade - low) / (high - low), 0.0), 1.0))


def _colour(scale: Sequence[tuple[float, str]], place: float) -> str:
    """#rrggbb at a place (0 to 1) of a colour scale."""
    (start, one), (end, other) = next(pair for pair in pairwise(scale) if place <= pair[1][0])
    part = (place - start) / (end - start)
    mixed = (round((1 - part) * int(one[at : at + 2], 16) + part * int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _hatch(
    figure: go.Figure,
    cells: Cells,
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
                hovertext=[f"{names[row]}<br>{as_text(measures[column][1])}<br>{locale(REASONS[reason])}" for column, row in places],
                marker={
                    "color": HIDDEN,
                    "pattern": {"shape": shape, "fgcolor": GREY, "bgcolor": HIDDEN, "size": 7, "solidity": 0.25, "fillmode": "replace"},
                },
            )  # fmt: skip


def cell_text(cell: Cell | Suppressed, one: Comparison | None, of: str, locale: Locale) -> str:
    """Value and sign, under them the difference; nothing where it is hidden."""
    if not isinstance(cell, Cell):
        return ""
    text = share_of(cell, FAVOURABLE, locale) if of == FAVOURABLE else score_of(cell, locale, 0)
    if one is None:
        return text
    text = f"{text} {SIGN[one.state]}".strip()
    return text if one.difference is None else f"{text}<br>{locale.number(one.difference, 1, sign=True)}"


def hover(cell: Cell | Suppressed, one: Comparison | None, name: str, label: str, of: str, locale: Locale) -> str:
    """A cell in words, line by line."""
    if isinstance(cell, Suppressed):
        return ""
    score = locale("{score} points, base {n}", score=score_of(cell, locale), n=base_of(cell, locale))
    value = score if of == SCORE else f"{locale.percent(cell.favourable, 1)} (n = {base_of(cell, locale)})"
    return "<br>".join(filter(None, (name, label, value, "" if one is None else state_words(one, locale))))
