"""Who became whom: units and the reorganisations between them, as a picture and a table need them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from survey.design.units import Unit, UnitRegister
from survey.disclose.release import Release

# A unit's row in the picture is the mean of its successors' rows, worked out from the last column back.


@dataclass(frozen=True)
class Lineage:
    """`columns`: units by the day they began (the first column: those older than the window); `links`: (before, after)."""

    columns: tuple[tuple[date | None, tuple[Unit, ...]], ...]
    links: tuple[tuple[str, str], ...]

    @property
    def units(self) -> dict[str, Unit]:
        return {unit.id: unit for _day, units in self.columns for unit in units}


@dataclass(frozen=True)
class Event:
    """Units that ended or gave a part away on one day, and what they became; headcounts None where one is unknown."""

    day: date
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]

    @property
    def headcounts(self) -> tuple[int | None, int | None]:
        return _people(self.before), _people(self.after)


def lineage_of(register: UnitRegister, unit: str) -> Lineage:
    """Everything a unit came from and became, and into what else its predecessors went; empty if it never changed."""
    if unit not in register:
        return Lineage((), ())
    origins = register.origins(unit)
    later = _later(register, unit)
    beside = {successor for one in origins for successor in register.by_id[one].successors}
    found = {one for one in ({unit} | origins | later | beside) if one in register}
    return _arranged(register, found)


def lineage_of_group(register: UnitRegister, group: str, first: date) -> Lineage:
    """All units of a group (khối) since `first` that were touched by a reorganisation."""
    chosen = {unit.id for unit in register if unit.group == group and (unit.valid_to is None or unit.valid_to >= first)}
    return _arranged(register, {one for one in chosen if {*register.by_id[one].successors, *_ids(register.predecessors(one))} & chosen})


def events(register: UnitRegister, units: Collection[str]) -> tuple[Event, ...]:
    """The reorganisations among `units`, oldest first, each with everybody who took part in it."""
    all_links = [(unit.id, successor) for unit in register for successor in unit.successors if unit.id in units and successor in units]
    found: list[Event] = []
    for day in sorted({_day(register, link) for link in all_links}):
        found += _events_on(register, day, [link for link in all_links if _day(register, link) == day])
    return tuple(sorted(found, key=lambda event: (event.day, [unit.id for unit in event.after])))


def _day(register: UnitRegister, link: tuple[str, str]) -> date:
    return register.joined_on(register.by_id[link[0]], register.by_id[link[1]])


def _events_on(register: UnitRegister, day: date, links: list[tuple[str, str]]) -> Iterator[Event]:
    while links:
        before, after = {links[0][0]}, {links[0][1]}
        while more := [link for link in links if (link[0] in before) != (link[1] in after)]:
            before |= {link[0] for link in more}
            after |= {link[1] for link in more}
        links = [link for link in links if link[0] not in before]
        yield Event(day, _sorted(register, before), _sorted(register, after))


def _arranged(register: UnitRegister, chosen: set[str]) -> Lineage:
    links = tuple((one, after) for one in sorted(chosen) for after in register.by_id[one].successors if after in chosen)
    if not links:
        return Lineage((), ())
    began: dict[date | None, list[str]] = {}
    for one in sorted(chosen):
        began.setdefault(max((_day(register, link) for link in links if link[1] == one), default=None), []).append(one)
    days = sorted(began, key=lambda day: day or date.min)
    place: dict[str, float] = {}
    columns: list[tuple[date | None, tuple[Unit, ...]]] = []
    for day in reversed(days):
        placed = {one: [place[after] for before, after in links if before == one and after in place] for one in began[day]}
        order = sorted(began[day], key=lambda one: (sum(placed[one]) / len(placed[one]) if placed[one] else len(place), one))
        step = 1 / len(order)
        place |= {one: (number + 0.5) * step for number, one in enumerate(order)}
        columns.insert(0, (day, tuple(register.by_id[one] for one in order)))
    return Lineage(tuple(columns), links)


def _later(register: UnitRegister, unit: str) -> set[str]:
    found: set[str] = set()
    waiting = [unit]
    while waiting:
        for after in register.by_id[waiting.pop()].successors:
            if after in register and after not in found:
                found.add(after)
                waiting.append(after)
    return found - {unit}


def _people(units: Collection[Unit]) -> int | None:
    counts = [unit.headcount for unit in units]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


def _sorted(register: UnitRegister, ids: Collection[str]) -> tuple[Unit, ...]:
    return tuple(register.by_id[one] for one in sorted(ids))


def _ids(units: Collection[Unit]) -> set[str]:
    return {unit.id for unit in units}


def successor(register: UnitRegister, gone: str, release: Release) -> str | None:
    """What a unit or a group became by the release's day, where it is one body: the page follows a merger."""
    root, colon, group = gone.partition(":")
    seen: set[str] = set()
    while root in register and root not in seen:
        seen.add(root)
        here = release.plan.reporting_unit.get(root, root) + colon + group
        if here in release.plan.by_id:
            return here
        following = register.by_id[root].successors
        before = [unit.id for unit in register.predecessors(root) if unit.id in release.plan.by_id]
        if before and register.by_id[root].valid_from > release.wave.closes:
            return before[0] + colon + group if len(before) == 1 else None
        root = following[0] if len(following) == 1 else ""
    return None
