"""Renames, mergers, splits, transfers and chains of them: what a recast may join, and where it must break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from survey.analyse.lineage import events, lineage_of
from survey.analyse.trend import (
    ABSENT_BEFORE,
    COUNTED_TOGETHER,
    HIDDEN_BEFORE,
    NOT_CONSERVED,
    NOT_EXISTING,
    SPLIT_BEFORE,
    as_it_was,
    recast,
    unbroken,
)
from survey.demonstration.build import REGISTER
from survey.design.units import UnitRegister
from survey.design.units_file import read_units
from survey.disclose.release import INDEX, Cell, Release
from survey.source import Source
from tests.conftest import many
from tests.reorganising import founded, hold, reorganise

MARCH, JULY = date(2025, 3, 1), date(2025, 7, 1)
BEFORE, AFTER, LAST = date(2024, 11, 30), date(2025, 6, 20), date(2026, 6, 20)
PEOPLE = {"a": 60, "b": 40, "c": 50, "d": 30}
LEVELS = {"a": 5, "b": 3, "c": 4, "d": 2}


def score(release: Release, unit: str) -> float:
    cell = release.cell(unit, INDEX)
    assert isinstance(cell, Cell) and cell.score is not None
    return cell.score


def province(*units: str) -> UnitRegister:
    """Some units of Đắk Nông, as the register has them."""
    register = read_units(Source.open(REGISTER))
    return UnitRegister(tuple(unit for unit in register if unit.id in units))


def everybody(register: UnitRegister, day: date) -> dict[str, int]:
    return {unit.id: 4 for unit in register.at(day) if unit.headcount}


def recast_of(moves: Mapping[str, Mapping[str, int]], unit: str) -> tuple[float | None, str]:
    """The recast point of the wave before the moves of March: its score, or the reason for the break."""
    register = reorganise(founded(PEOPLE), MARCH, moves)
    (point,) = recast([hold(register, BEFORE, LEVELS)], register, unit)
    return point.cell.score if point.cell else None, point.why


@pytest.fixture(scope="module")
def before() -> Release:
    return hold(founded(PEOPLE), BEFORE, LEVELS)


def test_a_renamed_unit_goes_on_with_its_own_number(before: Release) -> None:
    found, why = recast_of({"a": {"a2": 60}}, "a2")
    assert found == pytest.approx(score(before, "a")) and why == ""


def test_a_merged_unit_stands_on_the_headcount_weighted_mean(before: Release) -> None:
    found, why = recast_of({"a": {"m": 60}, "b": {"m": 40}}, "m")
    assert found == pytest.approx((60 * score(before, "a") + 40 * score(before, "b")) / 100) and why == ""


def test_neither_part_of_a_split_unit_inherits_its_number() -> None:
    assert recast_of({"a": {"x": 35, "y": 25}}, "x") == (None, SPLIT_BEFORE)
    assert recast_of({"a": {"x": 35, "y": 25}}, "y") == (None, SPLIT_BEFORE)


def test_a_transfer_breaks_both_who_gives_and_who_takes() -> None:
    moves = {"a": {"a2": 50, "b2": 10}, "b": {"b2": 40}}
    assert recast_of(moves, "a2") == (None, SPLIT_BEFORE)
    assert recast_of(moves, "b2") == (None, SPLIT_BEFORE)


def test_many_to_many_successors_break_everywhere_but_in_what_they_share() -> None:
    moves = {"a": {"x": 30, "y": 30}, "b": {"x": 20, "y": 20}, "c": {"z": 50}, "d": {"z": 30}}
    assert recast_of(moves, "x") == recast_of(moves, "y") == (None, SPLIT_BEFORE)
    assert recast_of(moves, "z")[1] == ""


def test_a_split_that_is_merged_again_is_whole_again(before: Release) -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"x": 35, "y": 25}, "b": {"b2": 40}})
    register = reorganise(register, JULY, {"x": {"w": 35}, "y": {"w": 25}, "b2": {"w": 40}})
    (first, second) = recast(
        [hold(register, BEFORE, LEVELS), hold(register, AFTER, {"x": 4, "y": 3, "b2": 5, "c": 4, "d": 4})], register, "w"
    )
    assert first.cell and first.cell.score == pytest.approx((60 * score(before, "a") + 40 * score(before, "b")) / 100)
    assert second.cell and second.cell.base == 28 + 20 + 32


def test_a_chain_of_rename_and_merger_is_followed_to_its_beginning(before: Release) -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"a2": 60}, "b": {"b2": 40}})
    register = reorganise(register, JULY, {"a2": {"m": 60}, "b2": {"m": 40}, "c": {"m": 50}})
    releases = [
        hold(register, BEFORE, LEVELS),
        hold(register, AFTER, {"a2": 4, "b2": 4, "c": 4, "d": 4}),
        hold(register, LAST, {"m": 4, "d": 4}),
    ]
    first, second = recast(releases, register, "m")
    assert first.cell and first.cell.score == pytest.approx(sum(PEOPLE[u] * score(before, u) for u in "abc") / 150)
    assert second.cell and second.cell.score == pytest.approx(score(releases[1], "a2"))
    assert [point.why for point in as_it_was(releases, "m")] == [NOT_EXISTING, NOT_EXISTING, ""]


def test_a_split_far_back_in_a_chain_breaks_that_wave_only() -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"x": 35, "y": 25}})
    register = reorganise(register, JULY, {"x": {"m": 35}, "b": {"m": 40}})
    releases = [
        hold(register, BEFORE, LEVELS),
        hold(register, AFTER, {"x": 4, "y": 4, "b": 3, "c": 4, "d": 4}),
        hold(register, LAST, {"m": 4}),
    ]
    first, second = recast(releases, register, "m")
    assert (first.cell, first.why) == (None, SPLIT_BEFORE)
    assert second.cell is not None


def test_a_unit_that_takes_another_in_and_lives_on_is_recast_with_it(before: Release) -> None:
    register = founded(PEOPLE)
    ended = reorganise(register, MARCH, {"b": {"gone": 40}}).by_id["b"]
    units = [unit for unit in register if unit.id not in ("a", "b")]
    register = UnitRegister((*units, replace(register.by_id["a"], headcount=100), replace(ended, successors=("a",))))
    first = hold(founded(PEOPLE), BEFORE, LEVELS)
    (point,) = recast([first, hold(register, AFTER, {"a": 4})], register, "a")
    assert point.cell and point.cell.score == pytest.approx((60 * score(before, "a") + 40 * score(before, "b")) / 100)
    assert as_it_was([first], "a")[0].cell == first.cell("a", INDEX)  # its own series is what it was


def test_people_from_outside_break_the_series() -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"m": 60}, "b": {"m": 40}})
    grown = UnitRegister(tuple(replace(unit, headcount=205) if unit.id == "m" else unit for unit in register))
    (point,) = recast([hold(register, BEFORE, LEVELS)], grown, "m")
    assert (point.cell, point.why) == (None, NOT_CONSERVED)


def test_a_whole_that_grew_from_outside_is_measured_by_its_parts() -> None:
    """Lâm Đồng holds three provinces; its headcount stands in no register, only in the units of its wave."""
    register = province("dn", "ld", "dn.stp", "dn.sct", "dn.syt", "ld.stp", "ld.sct", "ld.syt")
    releases = [hold(register, day, everybody(register, day)) for day in (BEFORE, date(2025, 12, 15))]
    (point,) = recast(releases, register, "ld")
    assert (point.cell, point.why) == (None, NOT_CONSERVED)


def test_a_hidden_predecessor_breaks_the_series() -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"m": 60}, "b": {"m": 40}})
    (point,) = recast([hold(register, BEFORE, {"a": 5, "c": 4, "d": 2})], register, "m")
    assert (point.cell, point.why) == (None, HIDDEN_BEFORE)


def test_a_predecessor_counted_with_a_stranger_breaks_the_series_and_one_counted_with_a_brother_does_not() -> None:
    register = reorganise(founded({"a": 60, "b": 14, "e": 13, "f": 12}), MARCH, {"a": {"m": 60}, "b": {"m": 14}})
    release = hold(register, BEFORE, {"a": 5, "b": 3, "e": 3, "f": 3}, joined=15)
    assert release.plan.reporting_unit["b"] not in ("b", "a")
    (point,) = recast([release], register, "m")
    assert (point.cell, point.why) == (None, ABSENT_BEFORE)
    assert [one.why for one in as_it_was([release], "b")] == [COUNTED_TOGETHER]
    brothers = reorganise(founded({"a": 60, "b": 14, "e": 13}), MARCH, {"a": {"m": 60}, "b": {"m": 14}, "e": {"m": 13}})
    together = hold(brothers, BEFORE, {"a": 5, "b": 3, "e": 3}, joined=15)
    (whole,) = recast([together], brothers, "m")
    assert whole.cell and whole.cell.base == 48 + 11 + 10


def test_a_predecessor_that_is_not_in_the_file_breaks_the_series() -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"m": 60}, "b": {"m": 40}})
    without = UnitRegister(tuple(unit for unit in founded(PEOPLE) if unit.id != "b"))
    (point,) = recast([hold(without, BEFORE, {"a": 5, "c": 4, "d": 2})], register, "m")
    assert (point.cell, point.why) == (None, ABSENT_BEFORE)


@pytest.mark.parametrize(("old", "new"), [("dn.stc", "dn.stc2"), ("dn.snv", "dn.snv2"), ("dn.sxd", "dn.sxd2"), ("dn.skhcn", "dn.skhcn2")])
def test_a_new_body_with_an_old_name_is_never_joined_by_it(old: str, new: str) -> None:
    whole = read_units(Source.open(REGISTER))
    parts = [unit.id for unit in whole.predecessors(new)]
    register = province("dn", "dn.stp", "dn.sct", *parts, new)
    assert register.by_id[old].name_vi == register.by_id[new].name_vi
    assert len(parts) == 2 and old in parts
    first, second = (hold(register, day, everybody(register, day) | dict(zip(parts, (5, 2), strict=True))) for day in (BEFORE, AFTER))
    assert [point.cell is not None for point in as_it_was([first, second], new)] == [False, True]
    assert [point.cell is not None for point in as_it_was([first, second], old)] == [True, False]
    (point,) = recast([first, second], register, new)
    sizes = [register.by_id[part].headcount or 0 for part in parts]
    expected = sum(size * score(first, part) for size, part in zip(sizes, parts, strict=True)) / sum(sizes)
    assert point.cell and point.cell.score == pytest.approx(expected)
    assert point.cell.score != pytest.approx(score(first, old))
    apart = UnitRegister(tuple(unit for unit in register if unit.id not in parts))  # without its lineage the name joins nothing
    assert recast([first, second], apart, new) == ()


def random_register(rng: np.random.Generator) -> tuple[UnitRegister, list[date]]:
    """Six units and five reorganisations of every kind, chained at random."""
    register = founded({f"u{number}": int(rng.integers(20, 90)) for number in range(6)})
    days = [date(2020 + year, 3, 1) for year in range(5)]
    for step, day in enumerate(days):
        alive = [unit for unit in register.at(day) if unit.parent == "p"]
        order = [alive[int(place)] for place in rng.permutation(len(alive))]
        kind = ("rename", "merge", "split", "transfer")[int(rng.integers(4))]
        if kind == "rename" or len(order) < 2:
            moves = {order[0].id: {f"r{step}": order[0].headcount or 0}}
        elif kind == "merge":
            moves = {unit.id: {f"m{step}": unit.headcount or 0} for unit in order[: int(rng.integers(2, len(order) + 1))]}
        else:
            whole = order[0].headcount or 0
            part = int(rng.integers(1, whole))
            moves = {order[0].id: {f"s{step}": part, f"t{step}": whole - part}}
            if kind == "transfer":
                moves[order[1].id] = {f"t{step}": order[1].headcount or 0}
        register = reorganise(register, day, moves)
    return register, days


@pytest.mark.parametrize("seed", many(40, quick=10))
def test_every_reorganisation_conserves_the_headcount_and_no_recast_counts_anybody_twice(seed: int) -> None:
    register, days = random_register(np.random.default_rng(seed))
    first, last = date(2019, 12, 1), date(2025, 12, 1)
    totals = {sum(unit.headcount or 0 for unit in register.at(day)) for day in (first, *days, last)}
    assert len(totals) == 1
    for event in events(register, register.by_id):
        there, here = event.headcounts
        assert there == here
    early = [unit.id for unit in register.at(first) if unit.parent == "p"]
    release = hold(register, first, {unit: 2 + number % 4 for number, unit in enumerate(early)})
    used: list[str] = []
    for unit in register.at(last):
        if unit.parent != "p" or unit.id in early:
            continue
        (point,) = recast([release], register, unit.id, day=last)
        origins = [one for one in early if one in register.origins(unit.id)]
        whole = all(register.became(one, last) == {unit.id} for one in origins)
        assert (point.cell is not None) == whole
        if point.cell:
            used += origins
            sizes = [register.by_id[one].headcount or 0 for one in origins]
            assert sum(sizes) == unit.headcount
            weighted = sum(size * score(release, one) for size, one in zip(sizes, origins, strict=True))
            assert point.cell.score == pytest.approx(weighted / sum(sizes))
    assert len(used) == len(set(used))


def test_the_lineage_of_a_merged_department_names_both_reorganisations() -> None:
    register = read_units(Source.open(REGISTER))
    found = lineage_of(register, "dn.snv2")
    assert [(day, {unit.id for unit in units}) for day, units in found.columns] == [
        (None, {"dn.snv", "dn.sldtbxh"}), (MARCH, {"dn.snv2"}), (JULY, {"ld.snv"}),
    ]  # fmt: skip
    assert set(found.links) == {("dn.snv", "dn.snv2"), ("dn.sldtbxh", "dn.snv2"), ("dn.snv2", "ld.snv")}
    commune = lineage_of(register, "ld.cx.bac_gia_nghia")
    assert len({before for before, after in commune.links if after == "ld.cx.bac_gia_nghia"}) > 2  # many to one
    assert len({after for before, after in commune.links if before == "dn.h.gn"}) == 3  # one to many
    assert lineage_of(register, "dn.vpdbqh").columns == ()


def test_a_wave_without_a_number_does_not_end_a_stretch(before: Release) -> None:
    points = as_it_was([before, hold(founded(PEOPLE), date(2025, 1, 1), {"b": 3}), before], "a")
    assert [point.cell is not None for point in points] == [True, False, True]
    assert len(unbroken(points)) == 2
