"""The five operations on a register of units: what each asks for, and what it makes of the units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from survey import limits
from survey.design.reorganisation import Change, Kind, Operation, Part
from survey.design.reorganising_work import Work, named
from survey.design.units import Unit, UnitRegister, check_units
from survey.design.units_list import next_id
from survey.errors import N_, Said, refuse_if
from survey.vietnamese import one_line, same


def reorganised(register: UnitRegister, operation: Operation) -> Change:
    """What the operation makes of the register. Raises InputRefused with everything that stands against it."""
    names = ", ".join(register.by_id[one].name_vi if one in register else one for one in operation.units)
    source = names or operation.kind.value
    work = Work(register, operation)
    work.check()
    refuse_if(source, work.problems)
    _HOW[operation.kind](work)
    refuse_if(source, work.problems)
    work.follow_those_below()
    after = UnitRegister(tuple(work.units.values()))
    work.said += _without_people(register, after)
    known = {problem.text(str.format) for problem in check_units(register, {})}
    refuse_if(source, [problem for problem in check_units(after, {}) if problem.text(str.format) not in known])
    return Change(operation, register, after, tuple(work.said))


def _merge(work: Work) -> None:
    operation, register = work.operation, work.register
    if len(operation.into) != 1:
        work.bad("into", N_("units merge into one unit."), N_("Name the one that takes them in, or the new one."))
        return
    part = operation.into[0]
    joining = tuple(dict.fromkeys((*operation.units, *((part.id,) if part.id in register else ()))))
    if len(joining) < 2:
        work.bad("units", N_("it takes two units to merge."), N_("Name another one, or rename the unit."))
        return
    members = [register.by_id[one] for one in joining]
    total = _sum(register, members)
    like = next((unit for unit in members if same(unit.name_vi) == same(part.name_vi)), members[0])
    target = work.target(part, like, total)
    if target is None:
        return
    for one in joining:
        if one != target.id:
            work.hand_over(one, (target.id,))
    if target.id in register:
        work.resize(target.id, part.headcount if part.headcount is not None else total)
    groups = {unit.group for unit in members}
    if len(groups) > 1:
        work.said.append(
            Said(N_("The units stand in different groups (khối); the new one stands in the group of {unit}."), {"unit": named(like)})
        )


def _split(work: Work) -> None:
    work.only_one()
    unit = work.register.by_id[work.operation.units[0]]
    parts = work.operation.into
    if len({part.id or part.name_vi for part in parts}) < max(2, len(parts)):
        cure = N_("Name two parts or more; a unit that lives on is one of them.")
        work.bad("into", N_("a unit is split into two different parts or more."), cure)
        return
    targets = [work.target(part, unit) for part in parts]
    made = [target for target in targets if target is not None]
    if len(made) < len(parts):
        return
    keeps = unit.id in {target.id for target in made}
    work.hand_over(unit.id, tuple(target.id for target in made), ends=not keeps)
    for part, target in zip(parts, made, strict=True):
        if target.id == unit.id:
            given = [other.headcount for other in parts if other.id != unit.id]
            rest = None if unit.headcount is None or None in given else unit.headcount - sum(count or 0 for count in given)
            if part.headcount is None and rest is not None and rest < 0:
                cure = N_("Correct the numbers of the parts, or give the number that stays.")
                work.bad("headcount", N_("the parts have more people than {unit} has."), cure, unit=named(unit))
            work.resize(unit.id, part.headcount if part.headcount is not None else rest)
        else:
            _grow(work, part, target)


def _rename(work: Work) -> None:
    work.only_one()
    unit = work.register.by_id[work.operation.units[0]]
    part = work.operation.into[0] if len(work.operation.into) == 1 else Part()
    if part.id in work.register:
        work.bad("into", N_("there is a unit {unit} already."), N_("Give the renamed unit an id that no unit has, or none."), unit=part.id)
        return
    if part.name_vi and one_line(part.name_vi) == unit.name_vi:
        work.bad("name_vi", N_("that is its name already."), N_("Write the new name."))
        return
    target = work.target(replace(part, id=part.id or next_id(unit.id, work.units)), unit, unit.headcount)
    if target is not None:
        work.hand_over(unit.id, (target.id,))


def _transfer(work: Work) -> None:
    operation, register = work.operation, work.register
    if not operation.parent:
        work.bad("parent", N_("it is not said where the units go."), N_("Name the unit that they are to stand under."))
        return
    part = operation.into[0] if len(operation.into) == 1 == len(operation.units) else Part()
    for one in operation.units:
        unit = register.by_id[one]
        if unit.parent == operation.parent:
            work.bad("parent", N_("{unit} stands under it already."), N_("Name another one."), unit=named(unit))
        elif register.is_within(operation.parent, one):
            work.bad("parent", N_("{unit} cannot stand under itself or a unit below it."), N_("Name another one."), unit=named(unit))
        elif part.id and (part.id in register or limits.id_fault(part.id, limits.UNIT_ID)):
            work.bad("into", N_('the id "{value}" is taken or not usable.'), N_("Choose an id that no unit has, or none."), value=part.id)
        else:
            work.again(unit, replace(unit, id=part.id or unit.id, parent=operation.parent))


def _dissolve(work: Work) -> None:
    operation, register = work.operation, work.register
    for part in operation.into:
        if part.id not in register:
            cure = N_("Name units that exist; for new ones merge or split instead.")
            work.bad("into", N_("there is no unit {unit} to take over."), cure, unit=part.id or part.name_vi)
        elif part.id in operation.units:
            work.bad("into", N_("{unit} is to be dissolved itself."), N_("Name another one."), unit=part.id)
        else:
            work.target(part, register.by_id[part.id])
    if work.problems:
        return
    takers = tuple(part.id for part in operation.into)
    for one in operation.units:
        work.hand_over(one, takers)
    if len(operation.into) == 1 and operation.into[0].headcount is None:
        work.resize(takers[0], _sum(register, [register.by_id[one] for one in (*takers, *operation.units)]))
        return
    for part in operation.into:
        _grow(work, part, register.by_id[part.id])
    if not takers:
        work.said.append(Said(N_("Nobody takes the people over: they leave the survey.")))


def _grow(work: Work, part: Part, target: Unit) -> None:
    """A unit that gets people of another: as many as are said."""
    if part.headcount is not None:
        work.resize(target.id, part.headcount)
    elif target.id in work.register:
        work.said.append(Said(N_("{unit} keeps its number of staff: it is not said how many come to it."), {"unit": named(target)}))


def _without_people(before: UnitRegister, after: UnitRegister) -> list[Said]:
    above = {unit.parent for unit in after}
    touched = [unit for unit in after if unit != before.by_id.get(unit.id) and unit.valid_to is None and unit.id not in above]
    text = N_("{unit} has no number of staff yet: it would get no slips.")
    return [Said(text, {"unit": named(unit)}) for unit in touched if not unit.headcount]


_HOW: Mapping[Kind, Callable[[Work], None]] = {
    Kind.MERGE: _merge, Kind.SPLIT: _split, Kind.RENAME: _rename, Kind.TRANSFER: _transfer, Kind.DISSOLVE: _dissolve,
}  # fmt: skip


def _sum(register: UnitRegister, units: list[Unit]) -> int | None:
    """Staff of them together; a unit that is only the total of those below it adds none."""
    above = {unit.parent for unit in register}
    counts = [unit.headcount for unit in units if unit.headcount is not None or unit.id not in above]
    return None if not counts or any(count is None for count in counts) else sum(count or 0 for count in counts)
