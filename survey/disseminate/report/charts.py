"""Which pictures a report holds, drawn from the same numbers as its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.analyse.change import State
from survey.analyse.trend import Point, as_it_was
from survey.disclose.release import INDEX, Cell, Suppressed
from survey.disseminate.look import REASONS, SIGN, score_of, weak, weak_words
from survey.disseminate.report import pictures
from survey.disseminate.report.material import Material
from survey.disseminate.report.model import Picture

LEVEL = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
MOST = 30  # bars that fit a page; the table holds all of them


def themes(of: Material) -> Iterator[Picture]:
    """The index and the themes with intervals, the group's score as a diamond."""
    _ = of.locale
    group = of.above[0] if of.above else None
    rows = []
    for measure, label in of.measures.items():
        other = of.cell(measure, group) if group else None
        against = of.against(group)[measure] if group else None
        rows.append(
            _bar(of, label, of.unit, measure, other.score if isinstance(other, Cell) else None, SIGN[against.state] if against else "")
        )
    legend = [_("Bars: score (0-100); thin lines: 95% interval")]
    if group:
        legend.append(_("◊ {group}; dark bars with ▲ ▼: clearly higher, clearly lower", group=of.named(group)))
    yield _picture(of, rows, 0, 100, [*legend, *_weak_said(of, rows)], _("Scores by theme"))


def units(of: Material, group: str) -> Iterator[Picture]:
    """The index of every unit of a group, from high to low."""
    _, called = of.locale, of.children_against(group)
    if sum(isinstance(of.cell(INDEX, unit), Cell) for unit in called) < 2:
        return
    whole = of.cell(INDEX, group)
    rows = [
        _bar(of, of.named(unit), unit, INDEX, whole.score if isinstance(whole, Cell) else None, SIGN[called[unit][INDEX].state])
        for unit in of.below(group)[:MOST]
    ]  # fmt: skip
    legend = [
        _("Bars: index (0-100); thin lines: 95% interval"),
        _("◊ {group}; dark bars with ▲ ▼: clearly higher, clearly lower", group=of.named(group)),
    ]
    if len(of.below(group)) > MOST:
        legend.append(_("The first {count} of {all} units are shown.", count=MOST, all=len(of.below(group))))
    yield _picture(of, rows, 0, 100, [*legend, *_weak_said(of, rows)], _("Index by unit: {group}", group=of.named(group)))


def _bar(of: Material, label: str, node: str, measure: str, mark: float | None, sign: str) -> pictures.Bar:
    cell = of.cell(measure, node)
    if isinstance(cell, Suppressed) or cell.score is None:
        return pictures.Bar(label=label, text=of.locale(REASONS[cell.reason]) if isinstance(cell, Suppressed) else "", value=None)
    fill = "weak" if weak(of.release, node, cell) else "full" if sign in (SIGN[State.HIGHER], SIGN[State.LOWER]) else "pale"
    text = f"{score_of(cell, of.locale)} {sign}".strip()
    return pictures.Bar(label=label, text=text, value=cell.score, low=cell.low, high=cell.high, mark=mark, fill=fill)


def _weak_said(of: Material, rows: list[pictures.Bar]) -> list[str]:
    return [weak_words(of.release, of.locale)] if any(row.fill == "weak" for row in rows) else []


def _picture(of: Material, rows: list[pictures.Bar], low: float, high: float, legend: list[str], what: str) -> Picture:
    png, height = pictures.bars(rows, low, high, legend, [(value, of.locale.number(value, 0)) for value in LEVEL])
    return _captioned(of, png, height, what)


def _captioned(of: Material, png: bytes, height: float, what: str) -> Picture:
    caption = f"{what} – {of.name}, {of.wave_name}"
    return Picture(png=png, width=pictures.WIDTH, height=height, caption=caption, text=what)


def change(of: Material) -> Iterator[Picture]:
    """Differences to the wave before: full where sure, hollow where not."""
    _ = of.locale
    if of.change is None or of.before is None:
        return
    fills = {State.HIGHER: "up", State.LOWER: "down"}
    rows = [
        pictures.Bar(
            label=of.measures[one.measure], value=one.comparison.difference, fill=fills.get(one.comparison.state, "hollow"),
            text=f"{_.number(one.comparison.difference, sign=True)} {SIGN[one.comparison.state]}".strip(),
        )
        for one in of.change.changes
        if one.measure in of.measures and one.comparison.difference is not None
    ]  # fmt: skip
    if not rows:
        return
    reach = 5.0 * (1 + int(max(8.0, *(abs(row.value or 0.0) for row in rows)) * 1.2 / 5))
    ticks = [(value, _.number(value, 0, sign=True)) for value in (-reach, -reach / 2, 0.0, reach / 2, reach)]
    legend = [
        _(
            "Filled bars: clear changes. Hollow bars: chance, or less than {points} points.",
            points=_.number(of.release.policy["smallest"], 0),
        )
    ]
    png, height = pictures.bars(rows, -reach, reach, legend, ticks)
    yield _captioned(of, png, height, _("Change against wave {wave}, in points", wave=of.before.wave.id))


def trend(of: Material) -> Iterator[Picture]:
    """The index over the waves, beside the predecessors together, the group and the whole."""
    _ = of.locale
    series = [_line(of.name, of.own, "unit")]
    if any(point.cell for point in of.past):
        series.append(
            _line(_("predecessors together (recast)"), [of.past_by_wave.get(release.wave.id) for release in of.releases], "recast")
        )
    styles = ("whole",) if len(of.above) == 1 and of.release.node(of.above[0]).parent is None else ("group", "whole")
    for other, style in zip(of.above, styles, strict=False):
        series.append(_line(of.named(other), as_it_was(of.releases, other, register=of.register), style))
    days = [release.wave.closes for release in of.releases]
    breaks = [(day, _("reorganisation {day}", day=_.day(day))) for day in of.reorganised]
    png, height = pictures.lines(days, [r.wave.id for r in of.releases], series, breaks, lambda value: _.number(value, 0))
    yield _captioned(of, png, height, _("The index over the waves"))


def _line(name: str, points: Sequence[Point | None], style: str) -> pictures.Line:
    values = tuple(point.cell.score if point and point.cell else None for point in points)
    return pictures.Line(label=name, values=values, parted=tuple(bool(point and point.parted) for point in points), style=style)
