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
from survey.disclose.release import Cell, Release, Suppressed

CONSERVED = (0.75, 1.33)  # headcounts of the predecessors together, relative to the new unit


@dataclass(frozen=True)
class Point:
    """One wave of a series; `cell` is None where the unit has no number of its own."""

    release: Release
    unit: str
    cell: Cell | None
    recast: bool = False

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
        points.append(Point(release, node or unit, cell if isinstance(cell, Cell) else None))
    return tuple(points)


def recast(releases: Sequence[Release], register: UnitRegister, unit: str, measure: str = "index") -> tuple[Point, ...]:
    """Points for the waves before the unit existed, from its predecessors; None where the series breaks."""
    points = []
    for release in releases:
        if counted_in(release, unit) is None and unit in register and release.wave.closes < register.by_id[unit].valid_from:
            points.append(Point(release, unit, _recast_cell(release, register, unit, measure), recast=True))
    return tuple(points)


def _recast_cell(release: Release, register: UnitRegister, unit: str, measure: str) -> Cell | None:
    parts = _predecessors_at(release, register, unit)
    if not parts:
        return None
    cells = [release.cell(part, measure) for part in parts]
    sizes = [release.plan.headcount(part) for part in parts]
    own = register.by_id[unit].headcount
    if any(isinstance(cell, Suppressed) or cell.score is None for cell in cells) or any(not size for size in sizes):
        return None
    people = sum(size or 0 for size in sizes)
    if own and not CONSERVED[0] <= people / own <= CONSERVED[1]:
        return None  # a part came from elsewhere, or went
    score = sum((size or 0) * (cell.score or 0.0) for size, cell in zip(sizes, cells, strict=True) if isinstance(cell, Cell)) / people
    return Cell(base=sum(cell.base for cell in cells if isinstance(cell, Cell)), score=score)


def _predecessors_at(release: Release, register: UnitRegister, unit: str) -> tuple[str, ...]:
    """The units of that wave which became `unit` whole; empty when one of them went several ways."""
    found: list[str] = []
    waiting = [unit]
    seen: set[str] = set()
    while waiting:
        for predecessor in register.predecessors(waiting.pop()):
            if predecessor.id in seen:
                continue
            seen.add(predecessor.id)
            if len(predecessor.successors) > 1:
                return ()
            if predecessor.id in release.plan.by_id:
                found.append(predecessor.id)
            else:
                waiting.append(predecessor.id)
    return tuple(found)


def reorganisations(register: UnitRegister, first: date, last: date) -> tuple[date, ...]:
    """Days between two waves on which units with predecessors began: the breaks of 03/2025 and 07/2025."""
    with_history = {successor for unit in register for successor in unit.successors}
    days = {unit.valid_from for unit in register if unit.id in with_history and first < unit.valid_from <= last}
    return tuple(sorted(days))
