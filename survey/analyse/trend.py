"""Series over waves and over reorganisations: as it was, and recast to a later structure.

A unit is its id and its dates, never its name. Where it did not exist, or is hidden, the series
breaks and nothing is guessed. A recast point is the headcount-weighted mean of the published cells
of all predecessors; where one is hidden, or people came from elsewhere, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.design.units import UnitRegister
from survey.disclose.release import Cell, Release
from survey.errors import N_

# Why a point has no number of its own: msgids, for the table and the sentence under the chart.
NOT_EXISTING = N_("the unit did not exist")
HIDDEN_HERE = N_("the number is hidden")
HIDDEN_BEFORE = N_("a predecessor's number is hidden")
SPLIT_BEFORE = N_("a predecessor went to several units")
NOT_CONSERVED = N_("the headcount of the predecessors does not fit: a part came from elsewhere, or went")

CONSERVED = (0.75, 1.33)  # headcounts of the predecessors together, relative to the new unit


@dataclass(frozen=True)
class Point:
    """One wave of a series; `cell` is None where the unit has no number of its own, and `why` says why (msgid)."""

    release: Release
    unit: str
    cell: Cell | None
    recast: bool = False
    why: str = ""

    @property
    def day(self) -> date:
        return self.release.wave.closes


def counted_in(release: Release, unit: str) -> str | None:
    """The node a unit's forms are counted in at that wave: itself, the reporting unit it was joined to, or none."""
    if unit in release.plan.by_id:
        return unit
    return release.plan.reporting_unit.get(unit)


def as_it_was(releases: Sequence[Release], unit: str, measure: str = "index") -> tuple[Point, ...]:
    """The unit's own numbers, one point a wave, None where it did not exist or is hidden."""
    points = []
    for release in releases:
        node = counted_in(release, unit)
        cell = release.cell(node, measure) if node is not None else None
        if isinstance(cell, Cell) and cell.score is not None:
            points.append(Point(release, node or unit, cell))
        else:
            points.append(Point(release, node or unit, None, why=NOT_EXISTING if node is None else HIDDEN_HERE))
    return tuple(points)


def recast(releases: Sequence[Release], register: UnitRegister, unit: str, measure: str = "index") -> tuple[Point, ...]:
    """Points for the waves before the unit existed, from its predecessors; none where it has none.

    A point without a cell is a break in the series: nothing is guessed over it.
    """
    points = []
    for release in releases:
        if counted_in(release, unit) is None and unit in register and release.wave.closes < register.by_id[unit].valid_from:
            found = _recast_cell(release, register, unit, measure)
            if isinstance(found, Cell):
                points.append(Point(release, unit, found, recast=True))
            elif found:
                points.append(Point(release, unit, None, recast=True, why=found))
    return tuple(points)


def _recast_cell(release: Release, register: UnitRegister, unit: str, measure: str) -> Cell | str:
    """The headcount-weighted mean of the predecessors, or the reason for a break ("": no predecessors in that wave)."""
    parts, split = _predecessors_at(release, register, unit)
    if not parts:
        return SPLIT_BEFORE if split else ""
    if split:
        return SPLIT_BEFORE
    cells = [release.cell(part, measure) for part in parts]
    shown = [(cell, cell.score) for cell in cells if isinstance(cell, Cell) and cell.score is not None]
    if len(shown) < len(cells):
        return HIDDEN_BEFORE
    sizes = [release.plan.headcount(part) for part in parts]
    people = sum(size or 0 for size in sizes)
    own = register.by_id[unit].headcount
    if not all(sizes) or (own and not CONSERVED[0] <= people / own <= CONSERVED[1]):
        return NOT_CONSERVED
    score = sum((size or 0) * score for size, (_cell, score) in zip(sizes, shown, strict=True)) / people
    return Cell(base=sum(cell.base for cell, _score in shown), score=score)


def _predecessors_at(release: Release, register: UnitRegister, unit: str) -> tuple[tuple[str, ...], bool]:
    """The units of that wave which became `unit`, and whether one of them went several ways."""
    found: list[str] = []
    split = False
    waiting = [unit]
    seen: set[str] = set()
    while waiting:
        for predecessor in register.predecessors(waiting.pop()):
            if predecessor.id in seen:
                continue
            seen.add(predecessor.id)
            split = split or len(predecessor.successors) > 1
            if predecessor.id in release.plan.by_id:
                found.append(predecessor.id)
            else:
                waiting.append(predecessor.id)
    return tuple(found), split


def reorganisations(register: UnitRegister, first: date, last: date, group: str = "") -> tuple[date, ...]:
    """Days between two waves on which units with predecessors began: the breaks of 03/2025 and 07/2025.

    `group`: only days that touched units of this group (khối); empty = all.
    """
    with_history = {successor for unit in register for successor in unit.successors}
    touched = (unit for unit in register if unit.id in with_history and (not group or unit.group == group))
    return tuple(sorted({unit.valid_from for unit in touched if first < unit.valid_from <= last}))
