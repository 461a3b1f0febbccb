"""Units merge, split, change their name, move or are dissolved on a day: a register and an operation give the register that follows.

No row is overwritten: a unit that ends keeps its id, its dates and its results, and names who took its people over. For every
day before the operation the tree is what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from survey.design.units import Unit, UnitRegister
from survey.errors import Said


class Kind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    TRANSFER = "transfer"
    DISSOLVE = "dissolve"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A unit that people go to: one that exists, by its `id`, or a new one by its name (an id is made where none is given).

    `headcount` is what the unit has afterwards; None = what follows from the others, if it does.
    """

    id: str = ""
    name_vi: str = ""
    name_en: str = ""
    headcount: int | None = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`day`: the first day of the new arrangement; `parent`: of what is new (a transfer: where the units go), "" = as before."""

    kind: Kind
    day: date
    units: tuple[str, ...]
    into: tuple[Part, ...] = ()
    parent: str = ""

    @property
    def eve(self) -> date:
        return self.day - timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """A register before and after an operation; `said`: what was taken upon oneself in working it out."""

    operation: Operation
    before: UnitRegister
    after: UnitRegister
    said: tuple[Said, ...] = ()

    @cached_property
    def ends(self) -> tuple[Unit, ...]:
        """Units that exist for the last time on the eve, as they stood until then."""
        day = self.operation.day
        return tuple(
            u for u in self.before if u.exists_at(self.operation.eve) and u.exists_at(day) and not self.after.by_id[u.id].exists_at(day)
        )

    @cached_property
    def begins(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.after if unit.id not in self.before)

    @cached_property
    def stays(self) -> tuple[Unit, ...]:
        """Units that live on under their id but not as they were: more or fewer people, or another parent."""
        ended = {unit.id for unit in self.ends}
        return tuple(u for u in self.after if u.id in self.before and u.id not in ended and u != self.before.by_id[u.id])

    @property
    def people(self) -> tuple[int | None, int | None]:
        """Staff of all that ends or is changed, and of all that begins or is changed; None where one is unknown.

        A unit's own staff: those below it that do not change stand on neither side.
        """
        ended = {unit.id for unit in self.ends}
        stayed = [self.before.by_id[unit.id] for unit in self.stays]
        return _total((*self.ends, *stayed), ended | self._above), _total((*self.begins, *self.stays), self._above)

    @cached_property
    def _above(self) -> set[str]:
        # A total without staff of its own is unknown by nature.
        return {u.parent for register in (self.before, self.after) for u in register if u.parent}


def _total(units: tuple[Unit, ...], above: set[str]) -> int | None:
    counts = [unit.headcount for unit in units if unit.headcount is not None or unit.id not in above]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)
