"""The two charts of a sheet, from the same cells and calls as its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.analyse.trend import Point, as_it_was
from survey.disclose.release import INDEX, Cell, Suppressed
from survey.disseminate.look import REASONS, SIGN, score_of
from survey.disseminate.shapes import Bar, Line
from survey.disseminate.sheet import svg
from survey.disseminate.sheet.html import Html
from survey.disseminate.sheet.reading import Sheet

LEVEL = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)


def themes(of: Sheet) -> Html:
    """The index and the themes from high to low with intervals, the group's score as a diamond; dark where a difference was called."""
    _ = of.locale
    legend = [_("Bars: score (0-100); thin lines: 95 % interval")]
    if of.group:
        legend.append(_("◊ {group}; dark bars with ▲ ▼: clearly higher, clearly lower", group=of.named(of.group)))
    return svg.bars(list(_theme_rows(of)), _("Scores by theme"), legend, [(value, _.number(value, 0)) for value in LEVEL])


def _theme_rows(of: Sheet) -> Iterator[Bar]:
    inside = {f"theme:{theme.id}": theme.in_index for theme in of.release.questionnaire.themes}

    def order(measure: str) -> tuple[bool, bool, float]:
        cell = of.cell(measure)
        return measure != INDEX, inside.get(measure, True), -(cell.score or 0.0) if isinstance(cell, Cell) else 0.0

    for measure in sorted(of.measures, key=order):
        label = of.measures[measure]
        if not inside.get(measure, True):
            label += f" ({of.locale('outside the index')})"
        yield _bar(of, measure, label)


def _bar(of: Sheet, measure: str, label: str) -> Bar:
    cell = of.cell(measure)
    if isinstance(cell, Suppressed) or cell.score is None:
        return Bar(label=label, text=of.locale(REASONS[cell.reason]) if isinstance(cell, Suppressed) else "", value=None)
    call = of.against.get(measure)
    other = of.cell(measure, of.group) if of.group else None
    return Bar(
        label=label, text=f"{score_of(cell, of.locale)} {SIGN[call.state] if call else ''}".strip(), value=cell.score, low=cell.low,
        high=cell.high, mark=other.score if isinstance(other, Cell) else None, fill="full" if call and call.called else "pale",
    )  # fmt: skip


def trend(of: Sheet) -> Html:
    """The index over the waves with its intervals, beside the predecessors together, the group and the whole."""
    _ = of.locale
    lines = [_line(of, name, points, style) for name, points, style in series(of)]
    days = [release.wave.closes for release in of.releases]
    breaks = [(day, _("reorganisation {day}", day=_.day(day))) for day in of.reorganised]
    names = [release.wave.id for release in of.releases]
    return svg.lines(days, names, lines, breaks, _("The index over the waves"), lambda value: _.number(value, 0))


def series(of: Sheet) -> list[tuple[str, tuple[Point, ...], str]]:
    """(name, points, style): the unit, who it was before, its group, the whole."""
    found = [(of.name, of.own, "unit")]
    if any(point.cell for point in of.past):
        found.append((of.locale("predecessors together (recast)"), of.past, "recast"))
    only_whole = len(of.above) == 1 and of.release.node(of.above[0]).parent is None
    styles = ("whole",) if only_whole else ("group", "whole")
    return found + [(of.named(node), as_it_was(of.releases, node), style) for node, style in zip(of.above, styles, strict=False)]


def _line(of: Sheet, name: str, points: Sequence[Point], style: str) -> Line:
    """One place a wave: the predecessors have points in some waves only."""
    held = {point.release.wave.id: point for point in points}
    found = [held.get(release.wave.id) for release in of.releases]
    cells = [point.cell if point else None for point in found]
    own = style == "unit"
    return Line(
        label=name, values=tuple(cell.score if cell else None for cell in cells),
        parted=tuple(bool(point and point.parted) for point in found), style=style,
        low=tuple(cell.low if cell else None for cell in cells) if own else (),
        high=tuple(cell.high if cell else None for cell in cells) if own else (),
    )  # fmt: skip
