"""What a reorganisation works on: the units as they become, what stands against it, and what happens to the units below."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from survey import limits
from survey.design.reorganisation import Kind, Operation, Part
from survey.design.units import BEGINNING, Unit, UnitRegister
from survey.design.units_list import id_of_name, next_id
from survey.errors import N_, Problem, Said
from survey.vietnamese import one_line, same


@dataclass
class Work:
    register: UnitRegister
    operation: Operation
    problems: list[Problem] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    heirs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of those that end

    def __post_init__(self) -> None:
        self.units = dict(self.register.by_id)

    def bad(self, column: str, message: str, cure: str, **values: object) -> None:
        self.problems.append(Problem(column=column, message=message, cure=cure, values=values))

    # Who takes part

    def check(self) -> None:
        operation = self.operation
        if operation.day <= BEGINNING:
            self.bad("on", N_("no unit is that old."), N_("Write the first day of the new arrangement, for example 1/7/2025."))
            return
        if not operation.units:
            self.bad("units", N_("no unit is named."), N_("Name at least one."))
        for unit_id in dict.fromkeys(operation.units):
            if operation.units.count(unit_id) > 1:
                self.bad("units", N_("unit {unit} is named twice."), N_("Name it once."), unit=unit_id)
            self.living("units", unit_id)
        if operation.parent and operation.parent in operation.units and operation.kind is not Kind.TRANSFER:
            self.bad("parent", N_("{unit} ends itself."), N_("Name another one."), unit=operation.parent)
        elif operation.parent:
            self.living("parent", operation.parent, until_eve=False)

    def living(self, column: str, unit_id: str, until_eve: bool = True) -> Unit | None:
        """The unit, if it exists on the day (and on its eve) and no end is written for it; else the reason is noted."""
        unit = self.register.by_id.get(unit_id)
        if unit is None:
            self.bad(column, N_("there is no unit {unit}."), N_("Look the id up in the list of units."), unit=unit_id)
        elif unit.valid_to is not None and unit.valid_to < self.operation.day:
            cure = N_("Name the unit that took its place ({successors}), or choose a day before its end.")
            values = {"unit": named(unit), "end": said_day(unit.valid_to), "successors": ", ".join(unit.successors) or "–"}
            self.bad(column, N_("{unit} ended on {end} already."), cure, **values)
        elif unit.valid_to is not None:
            cure = N_("Remove that end from the list of units first, or choose another unit.")
            self.bad(column, N_("for {unit} an end on {end} is written already."), cure, unit=named(unit), end=said_day(unit.valid_to))
        elif unit.valid_from > (self.operation.eve if until_eve else self.operation.day):
            cure = N_("Choose a day after {begins}, or another unit.")
            self.bad("on", N_("{unit} begins only on {begins}."), cure, unit=named(unit), begins=said_day(unit.valid_from))
        else:
            return unit
        return None

    def only_one(self) -> None:
        if len(self.operation.units) != 1:
            self.bad("units", N_("this is done with one unit at a time."), N_("Name one unit."))

    def target(self, part: Part, like: Unit, headcount: int | None = None) -> Unit | None:
        """The living unit that a part names, else a new one made after the pattern of `like`."""
        if part.headcount is not None and not 0 <= part.headcount <= limits.PEOPLE:
            self.bad("headcount", N_('"{value}" is not a number of people.'), N_("Write a whole number, 0 or more."), value=part.headcount)
        if part.id in self.units:
            unit = self.living("into", part.id)
            if unit and part.name_vi and same(part.name_vi) != same(unit.name_vi):
                cure = N_("Choose an id that no unit has, or leave the name out and rename the unit on another day.")
                self.bad("into", N_("the id {id} belongs to {unit}."), cure, id=part.id, unit=named(unit))
            return unit
        return self._new(part, like, headcount)

    def _new(self, part: Part, like: Unit, headcount: int | None) -> Unit | None:
        name, english = one_line(part.name_vi), one_line(part.name_en)
        if not name:
            cure = N_("Write the name of the new unit, or the id of one that exists.")
            self.bad("name_vi", N_("the new unit {id} has no name."), cure, id=part.id)
            return None
        for column, text in (("name_vi", name), ("name_en", english)):
            if fault := limits.text_fault(text, limits.NAME):
                self.bad(column, fault[0], fault[1], **fault[2])
        unit_id = part.id or (next_id(like.id, self.units) if same(name) == same(like.name_vi) else id_of_name(name, set(self.units)))
        if fault := limits.id_fault(unit_id, limits.UNIT_ID):
            self.bad("into", fault[0], fault[1], **fault[2])
            return None
        size = part.headcount if part.headcount is not None else headcount
        made = replace(
            like, id=unit_id, name_vi=name, name_en=english, parent=self._parent_of_new(like), valid_from=self.operation.day,
            successors=(), headcount=size,
        )  # fmt: skip
        self.units[unit_id] = made
        return made

    def _parent_of_new(self, like: Unit) -> str | None:
        if self.operation.parent:
            return self.operation.parent
        parent = like.parent
        while parent in self.operation.units and parent in self.register:  # a unit that merges with the one above it
            parent = self.register.by_id[parent].parent
        return parent

    # What becomes of them

    def hand_over(self, unit_id: str, to: tuple[str, ...], ends: bool = True) -> None:
        unit = self.units[unit_id]
        successors = tuple(dict.fromkeys((*unit.successors, *(one for one in to if one != unit_id))))
        self.units[unit_id] = replace(unit, valid_to=self.operation.eve if ends else None, successors=successors)
        if ends:
            self.heirs[unit_id] = to

    def resize(self, unit_id: str, headcount: int | None) -> None:
        self.units[unit_id] = replace(self.units[unit_id], headcount=headcount)

    def follow_those_below(self) -> None:
        """Units below one that ended stand under its heir from that day on.

        They keep their id where the register still knows under whom they stood before: the heir is new and came from that parent
        alone. Else they are closed and opened again as themselves.
        """
        origins: dict[str, int] = {}
        for heirs in self.heirs.values():
            for heir in heirs:
                origins[heir] = origins.get(heir, 0) + 1
        for unit_id in list(self.units):
            unit = self.units[unit_id]
            heirs = self.heirs.get(unit.parent or "", ())
            if len(heirs) != 1 or unit.id in self.heirs or (unit.valid_to is not None and unit.valid_to <= self.operation.eve):
                continue
            moved = replace(unit, parent=heirs[0])
            known = heirs[0] not in self.register and origins[heirs[0]] == 1
            if known or unit.valid_from >= self.operation.day:
                self.units[unit.id] = moved
            else:
                self.again(unit, moved)

    def again(self, unit: Unit, as_: Unit) -> Unit:
        """The unit ends, and begins on the day as itself under another id."""
        made = replace(as_, id=as_.id if as_.id != unit.id else next_id(unit.id, self.units), valid_from=self.operation.day)
        self.units[unit.id] = replace(unit, valid_to=self.operation.eve, successors=(made.id,))
        self.units[made.id] = made
        self.heirs.setdefault(unit.id, (made.id,))
        for below in [one for one in self.units.values() if one.parent == unit.id and one.id != made.id]:
            if below.valid_to is None or below.valid_to >= self.operation.day:
                self.units[below.id] = replace(below, parent=made.id)
        return made


def named(unit: Unit) -> str:
    return f"{unit.name_vi} ({unit.id})"


def said_day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
