"""What a reorganisation will do to the series of units, told beforehand by the rules that later draw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from survey.analyse.coverage import LEFT_OUT, OTHER_UNITS, took_in
from survey.analyse.trend import NOT_CONSERVED, SPLIT_BEFORE, UNWEIGHTED, conserved
from survey.design.plan import make_plan
from survey.design.reorganisation import Change
from survey.design.units import Unit, UnitRegister


class Fate(StrEnum):
    ENDS = "ends"  # the unit is no more; its own numbers stay as they are
    RECAST = "recast"  # a new series, led back over the reorganisation by the weighted mean of the predecessors
    BREAKS = "breaks"  # a series that begins anew: nothing leads back over the day
    GOES_ON = "goes-on"


@dataclass(frozen=True)
class Series:
    """`why`: a msgid, for what breaks."""

    unit: Unit
    fate: Fate
    why: str = ""


def series_after(change: Change) -> tuple[Series, ...]:
    """Of every unit that ends, begins, takes in or gives away, and of every total whose people become others."""
    found = [Series(unit, Fate.ENDS) for unit in change.ends]
    for unit in (*change.begins, *change.stays):
        origins = {one for one in (*change.after.origins(unit.id), unit.id) if _existed(change, one)}
        if origins <= {unit.id}:
            gave = unit.id in change.before and unit.successors != change.before.by_id[unit.id].successors
            if gave or not origins:
                found.append(Series(unit, Fate.GOES_ON if origins else Fate.BREAKS))
        elif unit.id not in change.before or took_in(change.after, unit.id, change.operation.eve, change.operation.day):
            found.append(_recast(change, unit, origins))
    told = {series.unit.id for series in found}
    return (*found, *(Series(total, Fate.BREAKS, OTHER_UNITS) for total in _other_totals(change) if total.id not in told))


def _existed(change: Change, unit_id: str) -> bool:
    return unit_id in change.before and change.before.by_id[unit_id].exists_at(change.operation.eve)


def _recast(change: Change, unit: Unit, origins: set[str]) -> Series:
    if any(change.after.became(one, change.operation.day) != {unit.id} for one in origins):
        return Series(unit, Fate.BREAKS, SPLIT_BEFORE)
    before = make_plan(change.before, change.operation.eve)
    sizes = [before.headcount(one) or 0 for one in sorted(origins)]
    if not all(sizes):
        return Series(unit, Fate.BREAKS, UNWEIGHTED) if len(sizes) > 1 else Series(unit, Fate.RECAST)
    size = make_plan(change.after, change.operation.day).headcount(unit.id) or unit.headcount
    return Series(unit, Fate.RECAST) if conserved(sum(sizes), size) else Series(unit, Fate.BREAKS, NOT_CONSERVED)


def _other_totals(change: Change) -> Iterator[Unit]:
    """Units with others below them that live on, and have lost or won more people than a series bears."""
    eve, day = change.before.at(change.operation.eve), change.after.at(change.operation.day)
    above = {parent for unit in (*change.ends, *change.begins, *change.stays) for parent in _ancestors((eve, day), unit.id)}
    for total in sorted(above):
        if total not in eve or total not in day:
            continue
        there, here = (_below(register, total) for register in (eve, day))
        # Who is new, or gone for good, is a change of the organisation; who moved makes another total of it.
        became = {one: change.after.became(one, change.operation.day) for one in there}
        lost = {one for one, heirs in became.items() if heirs and not heirs & here}
        came = {one: {origin for origin in (one, *change.after.origins(one)) if _existed(change, origin)} for one in here}
        won = {one for one, origins in came.items() if origins and not origins & there}
        if _part(eve, lost, there) > LEFT_OUT or _part(day, won, here) > LEFT_OUT:
            yield day.by_id[total]


def _ancestors(registers: tuple[UnitRegister, ...], unit_id: str) -> set[str]:
    return {parent for register in registers if unit_id in register for parent in register.ancestors(unit_id)}


def _below(register: UnitRegister, total: str) -> set[str]:
    return {unit.id for unit in register if register.is_within(unit.id, total) and (unit.id != total or unit.headcount)}


def _part(register: UnitRegister, some: set[str], of: set[str]) -> float:
    sizes = {one: register.by_id[one].headcount for one in of}
    if any(size is None for size in sizes.values()) or not sum(size or 0 for size in sizes.values()):
        return len(some) / len(of) if of else 0.0
    return sum(sizes[one] or 0 for one in some) / sum(size or 0 for size in sizes.values())
