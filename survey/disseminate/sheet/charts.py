"""Charts of one unit as pictures, for the sheet and the overview, from the same cells and calls as the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil

from survey.analyse.change import State
from survey.analyse.trend import Point, as_it_was
from survey.design.questionnaire import Item
from survey.disclose.release import INDEX, Cell, Release, Suppressed
from survey.disseminate.figures.lines import Mark, Series
from survey.disseminate.look import REASONS, SIGN, item_label, score_of, weak, weak_words
from survey.disseminate.shapes import Bar, Line
from survey.disseminate.sheet import svg
from survey.disseminate.sheet.html import Html
from survey.disseminate.sheet.reading import Sheet
from survey.i18n import Locale

LEVEL = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
LEAST = 10.0  # points that an axis of changes reaches at least


def themes(of: Sheet, width: float = svg.PHONE, *, index: bool = True) -> Html:
    """The themes from high to low with intervals, the group's score as a diamond; dark where a difference was called. `index`: it too."""
    _ = of.locale
    rows = list(_theme_rows(of, index))
    legend = [_bars(rows, _)]
    if of.group:
        legend.append(_("◊ {group}; dark bars with ▲ ▼: clearly higher, clearly lower", group=of.named(of.group)))
    return _levels(of, rows, _("Scores by theme"), legend, width)


def items(of: Sheet, found: Sequence[Item], title: str, width: float = svg.PHONE) -> Html:
    """Scores of a few items with their intervals."""
    rows = [_bar(of, f"item:{item.id}", item_label(item, of.locale)) for item in found]
    return _levels(of, rows, title, [_bars(rows, of.locale)], width)


def _bars(rows: Sequence[Bar], locale: Locale) -> str:
    """Printed scores have no interval, so no line is promised."""
    if all(row.low is None for row in rows):
        return locale("Bars: score (0-100)")
    return locale("Bars: score (0-100); thin lines: 95% interval")


def changes(of: Sheet, width: float = svg.PHONE) -> Html:
    """Index and themes against the wave before: filled where it is sure, hollow where it is not clear."""
    _, fills = of.locale, {State.HIGHER: "rise", State.LOWER: "fall"}
    rows = [
        Bar(label=of.measures[measure], text=f"{SIGN[one.state]} {_.number(one.difference, 1, sign=True)}".strip(), value=one.difference,
            fill=fills.get(one.state, "hollow"))
        for measure, one in of.first.changed.items() if one.difference is not None
    ]  # fmt: skip
    reach = max(LEAST, *(5 * ceil(abs(row.value or 0) / 5) for row in rows))
    ticks = [(value, _.number(value, 0, sign=value > 0)) for value in (-reach, -reach / 2, 0.0, reach / 2, reach)]
    return svg.bars(rows, _("Change since the last wave"), [_("Change in points; filled: clear")], ticks, width)


def _levels(of: Sheet, rows: Sequence[Bar], title: str, legend: Sequence[str], width: float) -> Html:
    hollow = [weak_words(of.release, of.locale)] if any(row.fill == "weak" for row in rows) else []
    return svg.bars(rows, title, [*legend, *hollow], [(value, of.locale.number(value, 0)) for value in LEVEL], width)


def _theme_rows(of: Sheet, index: bool) -> Iterator[Bar]:
    inside = {f"theme:{theme.id}": theme.in_index for theme in of.release.questionnaire.themes}

    def order(measure: str) -> tuple[bool, bool, float]:
        cell = of.cell(measure)
        return measure != INDEX, inside.get(measure, True), -(cell.score or 0.0) if isinstance(cell, Cell) else 0.0

    for measure in sorted(of.measures if index else inside, key=order):
        label = of.measures[measure]
        if not inside.get(measure, True):
            label += f" ({of.locale('outside the index')})"
        yield _bar(of, measure, label)


def _bar(of: Sheet, measure: str, label: str) -> Bar:
    cell = of.cell(measure)
    if isinstance(cell, Suppressed) or cell.score is None:
        return Bar(label=label, text=of.locale(REASONS[cell.reason]) if isinstance(cell, Suppressed) else "", value=None)
    call = of.against.get(measure)
    other = of.cell(measure, of.group) if call and of.group else None
    return Bar(
        label=label, text=f"{score_of(cell, of.locale)} {SIGN[call.state] if call else ''}".strip(), value=cell.score, low=cell.low,
        high=cell.high, mark=other.score if isinstance(other, Cell) else None,
        fill="weak" if weak(of.release, of.unit, cell) else "full" if call and call.called else "pale",
    )  # fmt: skip


def trend(of: Sheet, width: float = svg.PHONE) -> Html:
    """The index over the waves with its intervals, beside the predecessors together, the group and the whole."""
    _ = of.locale
    return over_waves(of.releases, series(of), breaks(of), {}, _("The index over the waves"), _, width)


def breaks(of: Sheet) -> list[Mark]:
    return [Mark(day, of.locale("reorganisation {day}", day=of.locale.day(day))) for day in of.reorganised]


def over_waves(
    releases: Sequence[Release], found: Sequence[Series], across: Sequence[Mark], marks: Mapping[date, str], title: str, locale: Locale,
    width: float = svg.PHONE,
) -> Html:  # fmt: skip
    """Series (name, points, style) over the waves. `marks`: closing day -> what stands under the wave's name."""
    days = [release.wave.closes for release in releases]
    names = [
        [release.wave.id, *marks[day].split("<br>")] if day in marks else [release.wave.id]
        for release, day in zip(releases, days, strict=True)
    ]
    # Who has no number at all is left out, unless it is what the reader asked for.
    lines = [_line(releases, *one) for one in found if one[2] not in ("recast", "kin") or any(point.cell for point in one[1])]
    return svg.lines(
        days, names, lines, [one for one in across if days[0] < one.day < days[-1]], title, lambda value: locale.number(value, 0), width
    )


def series(of: Sheet) -> list[Series]:
    """(name, points, style): the unit, who it was before, its group, the whole."""
    found = [(of.name, of.own, "unit")]
    if any(point.cell for point in of.past):
        found.append((of.locale("predecessors together (recast)"), of.past, "recast"))
    only_whole = len(of.above) == 1 and of.release.node(of.above[0]).parent is None
    styles = ("whole",) if only_whole else ("group", "whole")
    return found + [
        (of.named(node), as_it_was(of.releases, node, register=of.register), style) for node, style in zip(of.above, styles, strict=False)
    ]


def _line(releases: Sequence[Release], name: str, points: Sequence[Point], style: str) -> Line:
    """One place a wave: the predecessors have points in some waves only."""
    held = {point.release.wave.id: point for point in points}
    found = [held.get(release.wave.id) for release in releases]
    cells = [point.cell if point else None for point in found]
    own = style == "unit"
    return Line(
        label=name, values=tuple(cell.score if cell else None for cell in cells),
        parted=tuple(bool(point and point.parted) for point in found), style=style,
        low=tuple(cell.low if cell else None for cell in cells) if own else (),
        high=tuple(cell.high if cell else None for cell in cells) if own else (),
    )  # fmt: skip
