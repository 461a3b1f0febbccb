"""Units of the administration: identity by id and dates, never by name; many-to-many successors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from survey.errors import N_, Problem

BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An organisational unit. `valid_to` is inclusive; None means it still exists.

    `group` is the khối in which units are compared; `headcount` the eligible staff, None = unknown.
    """

    id: str
    name_vi: str
    name_en: str = ""
    kind: str = ""
    group: str = ""
    parent: str | None = None
    valid_from: date = BEGINNING
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    headcount: int | None = None

    def exists_at(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class UnitRegister:
    """Every unit ever known, keyed by id."""

    units: tuple[Unit, ...] = field(default=())

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def __contains__(self, unit_id: str) -> bool:
        return unit_id in self.by_id

    @cached_property
    def by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def at(self, day: date) -> UnitRegister:
        """The units that exist on `day`, each under the parent that existed then."""
        alive = {unit.id for unit in self.units if unit.exists_at(day)}
        return UnitRegister(tuple(replace(unit, parent=self._parent_among(unit, alive)) for unit in self.units if unit.id in alive))

    def _parent_among(self, unit: Unit, alive: set[str]) -> str | None:
        # A parent that does not exist yet is stood for by the nearest it came from, else by its own parent.
        for parent in (unit.parent, *self.ancestors(unit.id)):
            if parent is None or parent in alive:
                return parent
            before = next((one for one in self._came_from(parent) if one in alive and one != unit.id), None)
            if before is not None:
                return before
        return None

    def _came_from(self, unit_id: str) -> Iterator[str]:
        """Predecessors, nearest first, over any number of steps."""
        found, waiting = {unit_id}, [unit_id]
        while waiting:
            for unit in self.predecessors(waiting.pop(0)):
                if unit.id not in found:
                    found.add(unit.id)
                    waiting.append(unit.id)
                    yield unit.id

    def merged(self, newer: UnitRegister) -> UnitRegister:
        """This register with the units of `newer` added or replaced by id."""
        both = {**self.by_id, **newer.by_id}
        return UnitRegister(tuple(both.values()))

    def ancestors(self, unit_id: str) -> tuple[str, ...]:
        """Parent, grandparent, ... up to a root (the register must be free of cycles)."""
        found: list[str] = []
        parent = self.by_id[unit_id].parent
        while parent is not None and parent in self.by_id and parent not in found:
            found.append(parent)
            parent = self.by_id[parent].parent
        return tuple(found)

    def is_within(self, unit_id: str, root: str) -> bool:
        return unit_id == root or root in self.ancestors(unit_id)

    @cached_property
    def _before(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for successor in dict.fromkeys(unit.successors):
                found.setdefault(successor, []).append(unit)
        return {successor: tuple(units) for successor, units in found.items()}

    def predecessors(self, unit_id: str) -> tuple[Unit, ...]:
        return self._before.get(unit_id, ())

    def joined_on(self, before: Unit, after: Unit) -> date:
        """The day on which `after` took over from `before`: its first, or, where it lived on, the day after `before` ended."""
        ended = before.valid_to
        lived_on = ended is not None and after.valid_from < ended and after.exists_at(ended)
        return ended + timedelta(days=1) if lived_on and ended is not None else after.valid_from

    def origins(self, unit_id: str) -> frozenset[str]:
        """Every unit that became `unit_id`, over any number of steps, itself left out."""
        found: set[str] = set()
        waiting = [unit_id]
        while waiting:
            for unit in self.predecessors(waiting.pop()):
                if unit.id not in found:
                    found.add(unit.id)
                    waiting.append(unit.id)
        return frozenset(found - {unit_id})

    def became(self, unit_id: str, day: date) -> frozenset[str]:
        """What a unit is on `day`: itself while it exists, and what its parts went to (many where it was split)."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [unit_id]
        while waiting:
            one = waiting.pop()
            if one in seen or one not in self.by_id or self.by_id[one].valid_from > day:
                continue
            seen.add(one)
            if self.by_id[one].exists_at(day):
                found.add(one)
            waiting += self.by_id[one].successors
        return frozenset(found)


def check_units(units: Iterable[Unit], rows: dict[str, int]) -> list[Problem]:
    """Every contradiction among `units`: unknown parent or successor, cycles, dates the wrong way.

    `rows` maps a unit id to its row in the file, for the error's place.
    """
    register = UnitRegister(tuple(units))
    problems: list[Problem] = []
    for unit in register:
        row = rows.get(unit.id)
        if unit.parent is not None and unit.parent not in register:
            problems.append(
                Problem(
                    row=row,
                    column="parent",
                    message=N_("unit {unit}: parent {parent} is unknown."),
                    cure=N_("Add {parent} to the file or correct the id."),
                    values={"unit": unit.id, "parent": unit.parent},
                )
            )
        for successor in unit.successors:
            if successor not in register or successor == unit.id:
                problems.append(
                    Problem(
                        row=row,
                        column="successors",
                        message=N_("unit {unit}: successor {successor} is unknown."),
                        cure=N_("Add {successor} to the file or correct the id."),
                        values={"unit": unit.id, "successor": successor},
                    )
                )
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            problems.append(
                Problem(
                    row=row,
                    column="valid_to",
                    message=N_("unit {unit}: it ends before it begins."),
                    cure=N_("Correct valid_from or valid_to."),
                    values={"unit": unit.id},
                )
            )
    return problems + _cycles(register, rows) + list(_times(register, rows))


LATE = timedelta(days=31)  # between a unit's end and a successor's beginning; more is another unit's story, or a wrong date


def _times(register: UnitRegister, rows: dict[str, int]) -> Iterator[Problem]:
    """Dates that contradict each other between units: living children of one that ended, successors that begin late or ended before."""
    for unit in register:
        row = rows.get(unit.id)
        end = unit.valid_to
        if any(after in register and unit.id in _followers(register, after) for after in unit.successors):
            message, cure = N_("unit {unit} is a successor of itself."), N_("Remove one of the successors in the circle.")
            yield Problem(row=row, column="successors", message=message, cure=cure, values={"unit": unit.id})
        if end is None:
            continue
        living = [one.id for one in register if one.parent == unit.id and (one.valid_to is None or one.valid_to > end)]
        if living:
            message = N_("unit {unit} ended on {day} but still has units below it: {units}.")
            cure = N_("Give them the parent that follows, end them on that day, or correct valid_to.")
            values = {"unit": unit.id, "day": end.strftime("%d/%m/%Y"), "units": ", ".join(living[:10])}
            yield Problem(row=row, column="valid_to", message=message, cure=cure, values=values)
        for after in unit.successors:
            one = register.by_id.get(after)
            if one is None or after == unit.id:
                continue
            values = {"unit": unit.id, "day": end.strftime("%d/%m/%Y"), "successor": after, "begins": one.valid_from.strftime("%d/%m/%Y")}
            if one.valid_from > end + LATE:
                message = N_("unit {unit} ended on {day}, its successor {successor} begins only on {begins}.")
                yield Problem(row=row, column="successors", message=message, cure=N_("Correct one of the two dates."), values=values)
            elif one.valid_to is not None and one.valid_to <= end:
                message = N_("unit {unit} ended on {day}, but its successor {successor} had ended by then.")
                yield Problem(row=row, column="successors", message=message, cure=N_("Correct one of the two dates."), values=values)


def _followers(register: UnitRegister, unit_id: str) -> set[str]:
    """The unit and all that it became, over any number of steps."""
    found: set[str] = set()
    waiting = [unit_id]
    while waiting:
        one = waiting.pop()
        if one not in found and one in register:
            found.add(one)
            waiting += register.by_id[one].successors
    return found


def _cycles(register: UnitRegister, rows: dict[str, int]) -> list[Problem]:
    problems = []
    done: set[str] = set()
    for unit in register:
        path: list[str] = []
        current: str | None = unit.id
        while current is not None and current in register and current not in done:
            if current in path:
                loop = path[path.index(current) :]
                problems.append(
                    Problem(
                        row=rows.get(loop[0]),
                        column="parent",
                        message=N_("units form a cycle: {loop}."),
                        cure=N_("Give one of them a parent outside the cycle, or none."),
                        values={"loop": " > ".join([*loop, loop[0]])},
                    )
                )
                break
            path.append(current)
            current = register.by_id[current].parent
        done.update(path)
    return problems
