"""Series over waves and over reorganisations: as it was, and recast to a later structure.

A unit is its id and its dates, never its name. Where it did not exist, is hidden, or was asked
something else, the series breaks and nothing is guessed. A recast point is the headcount-weighted
mean of the published cells of all units whose people the unit holds later; where one is hidden, one
went several ways, or people came from elsewhere, there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from survey.analyse.change import Comparison, Side, compare, side
from survey.analyse.comparable import apart, declared
from survey.analyse.coverage import other_people
from survey.design.plan import Node
from survey.design.units import UnitRegister
from survey.disclose.release import INDEX, NOT_AVAILABLE, Cell, Release
from survey.errors import N_

# Why a point has no number of its own: msgids, for the table and the sentence under the chart.
NOT_EXISTING = N_("the unit did not exist")
HIDDEN_HERE = N_("the number is hidden")
NO_NUMBER = N_("there is no number of it in that wave")
COUNTED_TOGETHER = N_("it was counted together with another unit")
HIDDEN_BEFORE = N_("a predecessor's number is hidden")
SPLIT_BEFORE = N_("a predecessor went to several units")
ABSENT_BEFORE = N_("a predecessor has no number of its own in that wave")
NOT_CONSERVED = N_("the headcount of the predecessors does not fit: a part came from elsewhere, or went")
UNWEIGHTED = N_("the headcount of a predecessor is unknown")

CONSERVED = (0.75, 1.33)  # headcounts of the predecessors together, relative to the unit they became


@dataclass(frozen=True)
class Point:
    """One wave of a series; `cell` is None where the unit has no number of its own, and `why` says why (msgid).

    `parted`: why no line leads from the point before to this one, though both have a number (msgid).
    """

    release: Release
    unit: str
    cell: Cell | None
    recast: bool = False
    why: str = ""
    parted: str = ""

    @property
    def day(self) -> date:
        return self.release.wave.closes


def counted_in(release: Release, unit: str) -> str | None:
    """The node a unit's forms are counted in at that wave: itself, the reporting unit it was joined to, or none."""
    if unit in release.plan.by_id:
        return unit
    return release.plan.reporting_unit.get(unit)


def as_it_was(
    releases: Sequence[Release], unit: str, measure: str = INDEX, register: UnitRegister | None = None
) -> tuple[Point, ...]:  # fmt: skip
    """The unit's own numbers, one point a wave, None where it did not exist, is hidden, or is not told apart.

    With the register the series also breaks where the unit took others in, or a whole covers other units.
    """
    points: list[Point] = []
    for release in releases:
        node = counted_in(release, unit)
        cell = release.cell(node, measure) if node is not None else None
        if node is not None and node != unit:
            points.append(Point(release, node, None, why=COUNTED_TOGETHER))
        elif isinstance(cell, Cell) and cell.score is not None:
            parted = _parted(points, release, measure)
            if not parted and register is not None and points and points[-1].cell is not None:
                parted = other_people(release, points[-1].release, unit, register)
            points.append(Point(release, unit, cell, parted=parted))
        else:
            missing = NO_NUMBER if cell is not None and (isinstance(cell, Cell) or cell.reason == NOT_AVAILABLE) else HIDDEN_HERE
            points.append(Point(release, unit, None, why=NOT_EXISTING if node is None else missing))
    return tuple(points)


def _parted(before: Sequence[Point], release: Release, measure: str) -> str:
    if not before or before[-1].cell is None:
        return ""
    return apart(before[-1].release.questionnaire, release.questionnaire, measure)


def unbroken(points: Sequence[Point]) -> tuple[Point, ...]:
    """The last stretch of points that are joined: what a change over time may be reckoned on.

    A wave without a number in between does not end the stretch, a break of what was asked does.
    """
    found: list[Point] = []
    for point in points:
        if point.cell is None:
            continue
        if point.parted:
            found = []
        found.append(point)
    return tuple(found)


def of_one_series(releases: Sequence[Release], reference: Release, measure: str) -> tuple[Release, ...]:
    """The releases that belong on one chart with `reference`: its questionnaire, one declared comparable, or the same item elsewhere."""

    def belongs(release: Release) -> bool:
        one, other = release.questionnaire, reference.questionnaire
        if one.id == other.id or declared(one, other) is not None:
            return True
        return measure.startswith("item:") and not apart(one, other, measure)

    return tuple(release for release in releases if belongs(release))


def whole_change(points: Sequence[Point], measure: str, minimum: str) -> Comparison | None:
    """The last point of an unbroken stretch against its first; None where there are fewer than two."""
    if len(points) < 2:
        return None
    return compare([(_own(points[-1], measure), _own(points[0], measure))], points[-1].release.policy, minimum)[0]


def _own(point: Point, measure: str) -> Side:
    return side(point.release, point.unit, measure)


def recast(
    releases: Sequence[Release], register: UnitRegister, unit: str, measure: str = INDEX, day: date | None = None
) -> tuple[Point, ...]:
    """Points for the waves when the unit's people were elsewhere, from where they were; none where they always were in it.

    `day` says whose structure counts: the unit as it stands then (left out: in the last wave that holds
    it, else on its first day). A point without a cell is a break in the series: nothing is guessed over it.
    """
    if unit not in register:
        return ()
    held = [release.wave.closes for release in releases if counted_in(release, unit) == unit]
    day = day or max(held, default=register.by_id[unit].valid_from)
    size = _size(releases, register, unit, day)
    points: list[Point] = []
    for release in releases:
        if release.wave.closes < day:
            found = _recast_cell(release, register, unit, measure, day, size)
            if isinstance(found, Cell):
                points.append(Point(release, unit, found, recast=True, parted=_parted(points, release, measure)))
            elif found:
                points.append(Point(release, unit, None, recast=True, why=found))
    return tuple(points)


def _size(releases: Sequence[Release], register: UnitRegister, unit: str, day: date) -> int | None:
    """The unit's headcount: the register's; of a total of many, that of the wave nearest to `day` which holds it."""
    own = register.by_id[unit].headcount
    holding = [release.plan for release in releases if unit in release.plan.by_id and release.wave.closes <= day]
    if not holding or (own and not holding[-1].children.get(unit)):
        return own
    return holding[-1].headcount(unit)


def _recast_cell(release: Release, register: UnitRegister, unit: str, measure: str, day: date, size: int | None) -> Cell | str:
    """The headcount-weighted mean of where the people were, or the reason for a break ("": nothing to recast)."""
    then = release.wave.closes
    origins = {one for one in (*register.origins(unit), unit) if register.by_id[one].exists_at(then)}
    if not origins or origins == {unit}:
        return ""
    if any(register.became(one, day) != {unit} for one in origins):
        return SPLIT_BEFORE
    places = {one: counted_in(release, one) for one in sorted(origins)}
    nodes = sorted({node for node in places.values() if node is not None})
    strangers = {member for node in nodes for member in release.node(node).members} - origins - set(nodes)
    if None in places.values() or strangers:
        return ABSENT_BEFORE
    cells = [release.cell(node, measure) for node in nodes]
    shown = [(cell, cell.score) for cell in cells if isinstance(cell, Cell) and cell.score is not None]
    if len(shown) < len(cells):
        return HIDDEN_BEFORE
    sizes = [release.plan.headcount(node) or 0 for node in nodes]
    people = sum(sizes)
    if not all(sizes):
        if len(nodes) > 1:
            return UNWEIGHTED
        sizes, people = [1], 1  # one predecessor, one successor: the same body under another id
    elif not conserved(people, size):
        return NOT_CONSERVED
    score = sum(size * score for size, (_cell, score) in zip(sizes, shown, strict=True)) / people
    bases = [cell.base for cell, _score in shown if cell.base is not None]
    return Cell(base=sum(bases) if len(bases) == len(shown) else None, score=score)


def conserved(people: int, size: int | None) -> bool:
    """Are the predecessors' people those of the unit they became? Believed where its own number is unknown."""
    return not size or CONSERVED[0] <= people / size <= CONSERVED[1]


def reorganisations_on_its_line(register: UnitRegister, node: Node, first: date, last: date) -> tuple[date, ...]:
    """Of a unit those that it, or who became it, took part in; a group that is no unit itself is touched by those of its units."""
    if node.id in register:
        return reorganisations(register, first, last, units={node.id, *register.origins(node.id)})
    return reorganisations(register, first, last, node.group if node.parent is not None else "")


def reorganisations(
    register: UnitRegister, first: date, last: date, group: str = "", units: Collection[str] | None = None
) -> tuple[date, ...]:  # fmt: skip
    """Days between two waves on which units with predecessors began or took others in: the breaks of 03/2025 and 07/2025.

    `group`: only days that touched units of this group (khối); empty = all. `units`: only days on which one of these began or ended.
    """
    touched = (
        (before, unit)
        for unit in register
        if (came := register.predecessors(unit.id))
        and (not group or unit.group == group)
        and (units is None or unit.id in units or any(one.id in units for one in came))
        for before in came
    )
    days = {register.joined_on(before, unit) for before, unit in touched}
    return tuple(sorted(day for day in days if first < day <= last))


def unjoined(history: Sequence[Release], release: Release, unit: str, measure: str) -> dict[str, str]:
    """Which waves have nothing to stand beside the release's number, and why (msgid): they asked otherwise, or had no such unit."""
    reasons = {
        wave.wave.id: apart(wave.questionnaire, release.questionnaire, measure) or (NOT_EXISTING if counted_in(wave, unit) is None else "")
        for wave in history
    }
    return {wave: reason for wave, reason in reasons.items() if reason}
