"""Do two waves speak of the same people? A whole over other units, and a unit that took others in, are not what they were.

The register says who became whom; the plans of the waves say whose people were asked. What came into being or ended in between
is a change of the organisation; what was there and was left out of one wave is a change of the survey.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from survey.design.units import UnitRegister
from survey.disclose.release import Release
from survey.errors import N_

TOOK_OTHERS_IN = N_("it took other units in between the two waves")
OTHER_UNITS = N_("the two waves cover different units")
LEFT_OUT = 0.05  # of the people (of the units, where headcounts are not known): so much may lack in one of the two


def other_people(later: Release, earlier: Release, unit: str, register: UnitRegister) -> str:
    """Why a unit or a whole of `later` is not held against itself in `earlier` (msgid); empty where it may be."""
    first, last = earlier.wave.closes, later.wave.closes
    if unit in register and took_in(register, unit, first, last):
        return TOOK_OTHERS_IN
    if later.published_elsewhere or earlier.published_elsewhere:
        return ""  # who stands behind a total is known to who printed it
    here, there = (_members(release, unit) for release in (later, earlier))
    if len(here) < 2 and len(there) < 2:
        return ""
    lines = {one: _line(register, one) for one in {*here, *there}}
    now = {one for one in here if one not in register or _stood(register, one, first)} - _kin(lines, here, there, earlier)
    then = {one for one in there if one not in register or register.became(one, last)} - _kin(lines, there, here, later)
    lacking = max(_part(later, here, now), _part(earlier, there, then))
    return OTHER_UNITS if lacking > LEFT_OUT else ""


def took_in(register: UnitRegister, unit: str, first: date, last: date) -> bool:
    """Did a unit that lived on take others in after `first`, until `last`?"""
    this = register.by_id[unit]
    return any(first < register.joined_on(one, this) <= last and this.exists_at(first) for one in register.predecessors(unit))


def _members(release: Release, unit: str) -> dict[str, str]:
    """Unit -> the reporting unit its people were counted in, of everybody counted in `unit`."""
    plan = release.plan
    return {one: node for node in plan.strata.get(unit, ()) for one in (node, *plan.by_id[node].members)}


def _stood(register: UnitRegister, unit: str, day: date) -> bool:
    return any(register.by_id[one].exists_at(day) for one in {unit, *register.origins(unit)} if one in register)


def _kin(lines: Mapping[str, set[str]], units: Collection[str], others: Mapping[str, str], release: Release) -> set[str]:
    """Those of `units` whose people the other wave (`release`) has: as themselves, as who they came from or became, or in what
    stands above or below them."""
    beside = set().union(*(lines[other] for other in others))
    lowest = {one for one, node in others.items() if not release.plan.children.get(node)}  # a total's own staff stand for nobody else
    return {one for one in units if one in beside or lines[one] & lowest}


def _line(register: UnitRegister, unit: str) -> set[str]:
    """The unit, who it came from and became, and what these stand under."""
    if unit not in register:
        return {unit}
    same = {unit, *register.origins(unit), *register.became(unit, date.max)}
    return same | {above for one in same if one in register for above in register.ancestors(one)}


def _part(release: Release, members: dict[str, str], lacking: set[str]) -> float:
    nodes = set(members.values())
    gone = {node for node in nodes if all(one in lacking for one, counted in members.items() if counted == node)}
    sizes = {node: release.plan.by_id[node].headcount for node in nodes}
    if any(size is None for size in sizes.values()) or not sum(size or 0 for size in sizes.values()):
        return len(gone) / len(nodes) if nodes else 0.0
    return sum(sizes[node] or 0 for node in gone) / sum(size or 0 for size in sizes.values())
