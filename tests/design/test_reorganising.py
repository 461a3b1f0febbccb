"""Dated operations on the register: what becomes of units, people and parents, what is refused, and that no earlier day is touched."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey.demonstration.build import REGISTER
from survey.design.reorganisation import Change, Kind, Operation, Part
from survey.design.reorganising import reorganised
from survey.design.units import Unit, UnitRegister, check_units
from survey.design.units_file import read_units, write_units
from survey.errors import InputRefused
from survey.source import Source

DAKNONG = read_units(Source.open(REGISTER))
MARCH, JULY = date(2025, 3, 1), date(2025, 7, 1)


def before_march() -> UnitRegister:
    """The province as it stood in February 2025, when nobody had decided anything."""
    units = [unit for unit in DAKNONG if unit.exists_at(date(2025, 2, 1))]
    return UnitRegister(tuple(replace(unit, valid_to=None, successors=()) for unit in units))


def two_provinces() -> UnitRegister:
    lam_dong = Unit(id="ld", name_vi="Tỉnh Lâm Đồng", kind="tinh", group="tinh")
    sở = Unit(id="ld.stp", name_vi="Sở Tư pháp", kind="so", group="so_ban_nganh", parent="ld", headcount=40)
    return UnitRegister((*before_march(), lam_dong, sở))


def do(register: UnitRegister, kind: Kind, *units: str, day: date = MARCH, into: tuple[Part, ...] = (), parent: str = "") -> Change:
    return reorganised(register, Operation(kind=kind, day=day, units=units, into=into, parent=parent))


def refusal(act: Callable[[], object]) -> list[tuple[str | None, str]]:
    with pytest.raises(InputRefused) as caught:
        act()
    assert caught.value.problems
    return [(problem.column, problem.text(str.format)) for problem in caught.value.problems]


def tree(register: UnitRegister, day: date) -> dict[str, tuple[str, str | None, str]]:
    return {unit.id: (unit.name_vi, unit.parent, unit.group) for unit in register.at(day)}


def ids(units: tuple[Unit, ...]) -> set[str]:
    return {unit.id for unit in units}


def test_two_departments_merge_into_a_new_one_that_has_the_name_of_one() -> None:
    change = do(before_march(), Kind.MERGE, "dn.skhdt", "dn.stc", into=(Part(name_vi="Sở Tài chính"),))
    assert ids(change.ends) == {"dn.skhdt", "dn.stc"} and not change.stays
    (new,) = change.begins
    assert (new.id, new.parent, new.group, new.valid_from, new.headcount) == ("dn.stc-2", "dn", "so_ban_nganh", MARCH, 100)
    for old in ("dn.skhdt", "dn.stc"):
        assert (change.after.by_id[old].valid_to, change.after.by_id[old].successors) == (date(2025, 2, 28), ("dn.stc-2",))
    assert change.people == (100, 100)


def test_a_department_keeps_its_name_and_its_id_and_takes_another_in() -> None:
    change = do(before_march(), Kind.MERGE, "dn.snv", "dn.sldtbxh", into=(Part(id="dn.snv"),))
    assert ids(change.ends) == {"dn.sldtbxh"} and not change.begins
    assert [(unit.id, unit.headcount, unit.valid_to) for unit in change.stays] == [("dn.snv", 110, None)]
    assert change.after.joined_on(change.after.by_id["dn.sldtbxh"], change.after.by_id["dn.snv"]) == MARCH
    # To dissolve one with the other as its only successor is the same.
    other = do(before_march(), Kind.DISSOLVE, "dn.sldtbxh", into=(Part(id="dn.snv"),))
    assert other.after == change.after


def test_a_province_goes_into_one_that_was_there_before_with_all_below_it() -> None:
    register = two_provinces()
    change = do(register, Kind.MERGE, "dn", into=(Part(id="ld"),), day=JULY)
    below = {unit.id for unit in register if unit.parent == "dn"}
    assert len(below) > 20 and ids(change.ends) == below | {"dn"}
    now = change.after.at(JULY)
    assert {unit.parent for unit in now} == {None, "ld", *(unit.parent for unit in now if unit.parent and unit.parent != "ld")}
    assert not [unit for unit in now if "dn" in change.after.ancestors(unit.id)]
    assert change.after.by_id["dn.stp"].successors == ("dn.stp-2",)
    assert change.people[0] == change.people[1] != 0
    # Who stood under which province before is still known, though Lâm Đồng existed then.
    assert tree(change.after, date(2025, 6, 30)) == tree(register, date(2025, 6, 30))


def test_a_province_under_a_new_name_keeps_the_ids_below_it() -> None:
    change = do(before_march(), Kind.RENAME, "dn", into=(Part(id="ld", name_vi="Tỉnh Lâm Đồng (mới)", name_en="Lâm Đồng"),), day=JULY)
    assert ids(change.ends) == {"dn"} and ids(change.begins) == {"ld"}
    assert {unit.parent for unit in change.stays} == {"ld"} and change.after.at(JULY).by_id["dn.stp"].parent == "ld"
    assert tree(change.after, date(2025, 6, 30)) == tree(before_march(), date(2025, 6, 30))


def test_a_commune_is_split_in_two() -> None:
    parts = (Part(id="x1", name_vi="Xã Một", headcount=14), Part(name_vi="Xã Hai", headcount=12))
    change = do(before_march(), Kind.SPLIT, "dn.x.gn.nghia_tan", into=parts, day=JULY)
    assert {unit.id: unit.headcount for unit in change.begins} == {"x1": 14, "xa-hai": 12}
    assert change.after.became("dn.x.gn.nghia_tan", JULY) == {"x1", "xa-hai"}
    assert change.people == (before_march().by_id["dn.x.gn.nghia_tan"].headcount, 26)


def test_a_unit_that_gives_a_part_away_lives_on_with_the_rest() -> None:
    change = do(
        before_march(), Kind.SPLIT, "dn.snv", into=(Part(id="dn.snv"), Part(id="dn.sdttg", name_vi="Sở Dân tộc và Tôn giáo", headcount=8))
    )
    assert not change.ends and change.after.by_id["dn.snv"].headcount == 52
    assert change.after.became("dn.snv", MARCH) == {"dn.snv", "dn.sdttg"}
    assert change.after.joined_on(change.after.by_id["dn.snv"], change.after.by_id["dn.sdttg"]) == MARCH


def test_a_unit_moves_to_another_parent_with_those_below_it() -> None:
    phòng = Unit(id="dn.stp.p1", name_vi="Phòng Một", parent="dn.stp", headcount=9)
    register = UnitRegister((*before_march(), phòng))
    change = do(register, Kind.TRANSFER, "dn.stp", parent="dn.snv")
    assert [(unit.id, unit.parent) for unit in change.begins] == [("dn.stp-2", "dn.snv")]
    assert [(unit.id, unit.parent) for unit in change.stays] == [("dn.stp.p1", "dn.stp-2")]
    assert tree(change.after, date(2025, 2, 28)) == tree(register, date(2025, 2, 28))


def test_a_unit_is_dissolved_with_two_successors_one_and_none() -> None:
    two = do(before_march(), Kind.DISSOLVE, "dn.sldtbxh", into=(Part(id="dn.snv", headcount=90), Part(id="dn.syt")))
    assert two.after.by_id["dn.sldtbxh"].successors == ("dn.snv", "dn.syt")
    assert two.after.by_id["dn.snv"].headcount == 90
    assert any("keeps its number of staff" in said.text(str.format) for said in two.said)
    none = do(before_march(), Kind.DISSOLVE, "dn.sldtbxh")
    assert none.after.by_id["dn.sldtbxh"].successors == () and any("leave the survey" in said.text(str.format) for said in none.said)


def test_a_unit_may_change_again_later_and_the_tree_of_every_day_is_known() -> None:
    one = do(before_march(), Kind.RENAME, "dn.stc", into=(Part(name_vi="Sở Tài chính và Đầu tư"),)).after
    with_office = UnitRegister((*one, Unit(id="p", name_vi="Phòng", parent="dn.stc-2", headcount=5)))
    two = do(with_office, Kind.RENAME, "dn.stc-2", into=(Part(name_vi="Sở Tài chính"),), day=JULY).after
    assert two.by_id["dn.stc-2"].successors == ("dn.stc-3",)
    parents = {day: two.at(day).by_id["p"].parent for day in (date(2025, 2, 1), date(2025, 4, 1), JULY)}
    assert list(parents.values()) == ["dn.stc", "dn.stc-2", "dn.stc-3"]


@pytest.mark.parametrize(
    ("kind", "units", "more", "column", "words"),
    [
        (Kind.MERGE, ("dn.khong", "dn.stc"), {"into": (Part(name_vi="A"),)}, "units", "there is no unit dn.khong. Look the id up"),
        (Kind.MERGE, ("dn.stc",), {"into": (Part(name_vi="A"),)}, "units", "takes two units to merge"),
        (Kind.MERGE, ("dn.stc", "dn.stc"), {"into": (Part(name_vi="A"),)}, "units", "named twice"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(),)}, "name_vi", "has no name"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {}, "into", "merge into one unit"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(id="Sở A", name_vi="Sở A"),)}, "into", "is not usable"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(id="dn.syt", name_vi="Sở A"),)}, "into", "belongs to Sở Y tế"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(name_vi="A" * 501),)}, "name_vi", "501 characters"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(name_vi="A", headcount=-1),)}, "headcount", "not a number of people"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(name_vi="A"),), "parent": "dn.stc"}, "parent", "dn.stc ends itself"),
        (Kind.MERGE, ("dn.stc", "dn.snv"), {"into": (Part(name_vi="A"),), "day": date(1, 1, 1)}, "on", "no unit is that old"),
        (Kind.SPLIT, ("dn.stc",), {"into": (Part(name_vi="A"),)}, "into", "two different parts"),
        (Kind.SPLIT, ("dn.stc",), {"into": (Part(name_vi="A"), Part(name_vi="A"))}, "into", "two different parts"),
        (Kind.SPLIT, ("dn.stc", "dn.snv"), {"into": (Part(name_vi="A"), Part(name_vi="B"))}, "units", "one unit at a time"),
        (Kind.SPLIT, ("dn.stc",), {"into": (Part(id="dn.stc"), Part(name_vi="B", headcount=500))}, "headcount", "more people than"),
        (Kind.SPLIT, ("dn",), {"into": (Part(name_vi="A"), Part(name_vi="B"))}, "valid_to", "still has units below it"),
        (Kind.RENAME, ("dn.stc",), {"into": (Part(name_vi="Sở  Tài chính"),)}, "name_vi", "that is its name already"),
        (Kind.RENAME, ("dn.stc",), {"into": (Part(name_vi="A", id="dn.snv"),)}, "into", "there is a unit dn.snv already"),
        (Kind.RENAME, ("dn.stc",), {}, "name_vi", "has no name"),
        (Kind.TRANSFER, ("dn.stc",), {}, "parent", "not said where the units go"),
        (Kind.TRANSFER, ("dn.stc",), {"parent": "dn"}, "parent", "stands under it already"),
        (Kind.TRANSFER, ("dn",), {"parent": "dn.stc"}, "parent", "cannot stand under itself"),
        (Kind.DISSOLVE, ("dn.stc",), {"into": (Part(id="moi"),)}, "into", "no unit moi to take over"),
        (Kind.DISSOLVE, ("dn.stc",), {"into": (Part(id="dn.stc"),)}, "into", "is to be dissolved itself"),
        (Kind.DISSOLVE, ("dn",), {}, "valid_to", "still has units below it"),
        (Kind.DISSOLVE, (), {}, "units", "no unit is named"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_cure(
    kind: Kind, units: tuple[str, ...], more: dict[str, object], column: str, words: str
) -> None:
    register = before_march()
    found = refusal(lambda: do(register, kind, *units, **more))  # type: ignore[arg-type]
    assert any(place == column and words in text for place, text in found), found


def test_a_unit_that_has_ended_is_not_reorganised_again_and_a_second_click_changes_nothing() -> None:
    once = do(before_march(), Kind.MERGE, "dn.skhdt", "dn.stc", into=(Part(name_vi="Sở Tài chính"),)).after
    again = refusal(lambda: do(once, Kind.MERGE, "dn.skhdt", "dn.stc", into=(Part(name_vi="Sở Tài chính"),), day=JULY))
    assert len(again) == 2 and "ended on 28/02/2025 already. Name the unit that took its place (dn.stc-2)" in again[0][1]
    same_day = refusal(lambda: do(once, Kind.MERGE, "dn.skhdt", "dn.stc", into=(Part(name_vi="Sở Tài chính"),)))
    assert "ended on 28/02/2025" in same_day[0][1]
    early = refusal(lambda: do(once, Kind.RENAME, "dn.stc-2", into=(Part(name_vi="Sở A"),), day=date(2025, 2, 1)))
    assert early[0][0] == "on" and "begins only on 01/03/2025" in early[0][1]
    planned = refusal(lambda: do(once, Kind.RENAME, "dn.stc", into=(Part(name_vi="Sở A"),), day=date(2025, 2, 1)))
    assert "an end on 28/02/2025 is written already" in planned[0][1]


def test_who_gives_a_part_away_cannot_get_it_back_as_if_it_came_from_itself() -> None:
    parts = (Part(id="dn.snv"), Part(id="dn.sdttg", name_vi="Sở Dân tộc", headcount=8))
    once = do(before_march(), Kind.SPLIT, "dn.snv", into=parts).after
    found = refusal(lambda: do(once, Kind.MERGE, "dn.sdttg", into=(Part(id="dn.snv"),), day=JULY))
    assert any("is a successor of itself" in text for _column, text in found)


# Whatever is done: no earlier day changes, the new register is free of contradictions, and it comes back from its file.


def drawn(chance: random.Random, now: UnitRegister, day: date) -> Operation:
    living = [unit.id for unit in now]
    above = sorted({unit.parent for unit in now if unit.parent})
    if chance.random() < 0.3:  # one with others below it goes into another such
        return Operation(kind=Kind.MERGE, day=day, units=(chance.choice(above),), into=(Part(id=chance.choice(above)),))
    parts = tuple(
        Part(
            id=chance.choice(["", "", "moi", *living[:30]]),
            name_vi=chance.choice(["", "Sở Mới", "Xã Khác"]),
            headcount=chance.choice([None, 5, 60]),
        )
        for _ in range(chance.randint(0, 3))
    )
    units = tuple(chance.sample(living, chance.randint(1, 3)))
    return Operation(kind=chance.choice(list(Kind)), day=day, units=units, into=parts, parent=chance.choice(["", "", *living[:30]]))


@pytest.mark.slow  # thirty random walks
def test_no_operation_touches_an_earlier_day() -> None:
    chance, done = random.Random(363), 0
    for _walk in range(30):
        register = two_provinces()
        for day in sorted(date(2025, 1, 2) + timedelta(days=chance.randrange(700)) for _ in range(12)):
            operation = drawn(chance, register.at(day), day)
            try:
                change = reorganised(register, operation)
            except InputRefused:
                continue
            done += 1
            for before in (operation.eve, day - timedelta(days=40), date(2024, 6, 1)):
                assert tree(change.after, before) == tree(register, before), operation
            assert not check_units(change.after, {})
            register = change.after
        assert read_units(Source("units.csv", write_units(register))) == register
    assert done > 50, "most of what was drawn was refused"
