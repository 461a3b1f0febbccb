from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Release, Suppressed
from survey.disclose.superseded import Superseded
from survey.process.tallies import Tallies, tally
from survey.publish.correction import CorrectionRefused, EarlierReleaseLost, correct, told_by_both, told_together
from tests.disclose.test_clamp import mixed
from tests.process.test_scores import wave_over

POLICY = Policy.load()
UNITS = "r,R,,,\ng,G,,r,\n" + "".join(f"{unit},{unit.upper()},,{above},60\n" for unit, above in zip("abcd", "ggrr", strict=True))
PEOPLE = {"a": 40, "b": 40, "c": 40, "d": 40}
_RELEASED: dict[tuple[tuple[str, int], ...], tuple[Tallies, Release]] = {}


def answers(questionnaire: Questionnaire, people: dict[str, int] | None = None) -> list[Response]:
    """The first so many of always the same people of each unit."""
    everybody = {unit: mixed(questionnaire, unit, 55, seed=ord(unit)) for unit in PEOPLE}
    return [one for unit, number in (people or PEOPLE).items() for one in everybody[unit][:number]]


def counted(questionnaire: Questionnaire, responses: list[Response]) -> Tallies:
    return tally(wave_over(UNITS, breakdowns=["gender"]), questionnaire, responses)


def undivided(questionnaire: Questionnaire, people: dict[str, int]) -> Tallies:
    """The same without a breakdown."""
    return counted(questionnaire, [replace(one, breakdowns={}) for one in answers(questionnaire, people)])


@pytest.fixture(scope="module")
def first(questionnaire: Questionnaire) -> tuple[Tallies, Release]:
    """With a breakdown, protected when nothing had been released before."""
    tallies = counted(questionnaire, answers(questionnaire))
    return tallies, protect(tallies, tallies.wave.plan, POLICY)


def released(questionnaire: Questionnaire, people: dict[str, int]) -> tuple[Tallies, Release]:
    """Undivided, and protected as if nothing had been released before: once, for the tests only read it."""
    asked = tuple(people.items())
    if asked not in _RELEASED:
        tallies = undivided(questionnaire, people)
        _RELEASED[asked] = tallies, protect(tallies, tallies.wave.plan, POLICY)
    return _RELEASED[asked]


def test_the_same_answers_again_hide_nothing_more(first: tuple[Tallies, Release]) -> None:
    tallies, old = first
    new = correct(tallies, tallies.wave.plan, POLICY, old)
    assert new.hash == old.hash and new.audit["replaces"] == old.hash and new.audit["told_by_both"] == 0
    assert new.audit["compared"] == (old.cells["reason"] == "").sum()


def test_one_more_person_is_refused_and_the_unaudited_release_would_tell_the_answers(
    questionnaire: Questionnaire, first: tuple[Tallies, Release]
) -> None:
    _, old = first
    second = counted(questionnaire, answers(questionnaire, {**PEOPLE, "a": 41}))
    with pytest.raises(CorrectionRefused):
        correct(second, second.wave.plan, POLICY, old)
    # Leaky control: published without looking at the old one, unit a gives the 41st person's score away.
    leaky = protect(second, second.wave.plan, POLICY)
    assert (("a", ("", "")), "item:KC1") in told_by_both(leaky, old, 5)
    one, other = (release.cell("a", "item:KC1") for release in (leaky, old))
    assert isinstance(one, Cell) and isinstance(other, Cell) and one.score is not None and other.score is not None
    person = answers(questionnaire, {**PEOPLE, "a": 41})[40]
    told = 41 * one.score - 40 * other.score  # of scores with two decimals; answers lie 25 points apart
    assert told == pytest.approx(25 * (person.answers["KC1"] - 1), abs=0.5)


def test_an_answer_put_right_is_refused_too(questionnaire: Questionnaire, first: tuple[Tallies, Release]) -> None:
    _, old = first
    one, *others = answers(questionnaire)
    put_right = [replace(one, answers={**one.answers, "KC1": 1 + one.answers["KC1"] % 5}), *others]
    again = counted(questionnaire, put_right)
    with pytest.raises(CorrectionRefused):
        correct(again, again.wave.plan, POLICY, old)


def test_enough_people_in_every_unit_that_changes_are_published(questionnaire: Questionnaire) -> None:
    _, old = released(questionnaire, PEOPLE)
    again = undivided(questionnaire, {**PEOPLE, "a": 50})
    new = correct(again, again.wave.plan, POLICY, old)
    cell = new.cell("a", "index")
    assert isinstance(cell, Cell) and cell.base == 50 and new.audit["replaces"] == old.hash


def test_few_people_in_a_unit_among_many_are_hidden_there(questionnaire: Questionnaire) -> None:
    _, old = released(questionnaire, PEOPLE)
    second, leaky = released(questionnaire, {**PEOPLE, "a": 50, "b": 43})
    assert told_by_both(leaky, old, 5)  # the control
    new = correct(second, second.wave.plan, POLICY, old)
    assert isinstance(new.cell("b", "index"), Suppressed) and isinstance(new.cell("r", "index"), Cell)
    assert not told_by_both(new, old, 5)


def test_what_a_group_and_its_units_leave_is_compared_too(questionnaire: Questionnaire) -> None:
    # g has 13 more, a 10 more; b, hidden in the old release, has the other three.
    _, old = released(questionnaire, PEOPLE)
    cells = old.cells.copy()
    of_b = cells["unit"] == "b"
    cells.loc[of_b, "reason"] = "too-few"
    _, new = released(questionnaire, {**PEOPLE, "a": 50, "b": 43})
    found = told_by_both(new, replace(old, cells=cells), 5)
    assert (("g", ("", "")), "index") in found and (("b", ("", "")), "index") not in found


def test_numbers_printed_by_another_body_are_replaced_as_they_are(questionnaire: Questionnaire) -> None:
    first = replace(counted(questionnaire, answers(questionnaire)), published=True)
    old = protect(first, first.wave.plan, POLICY)
    second = replace(counted(questionnaire, answers(questionnaire, {**PEOPLE, "a": 41})), published=True)
    new = correct(second, second.wave.plan, POLICY, old)
    assert new.audit["replaces"] == old.hash and np.isfinite(new.cells["base"].max())


@pytest.mark.slow
def test_the_third_release_is_compared_with_the_first_too(questionnaire: Questionnaire) -> None:
    # 40, then 50, then 41 people of unit a: each step concerns nine or ten, the first and the third differ by one.
    first_tallies, first = released(questionnaire, PEOPLE)
    plan = first_tallies.wave.plan
    second = correct(undivided(questionnaire, {**PEOPLE, "a": 50}), plan, POLICY, first)
    tallies = undivided(questionnaire, {**PEOPLE, "a": 41})
    kept = Superseded(1, first.hash, first.cells)
    with pytest.raises(CorrectionRefused):
        correct(tallies, plan, POLICY, second, [kept])
    # Leaky control: compared with the last alone it is published, and beside the first it tells the 41st person.
    leaky = correct(tallies, plan, POLICY, replace(second, audit={}))
    assert (("a", ("", "")), "item:KC1") in told_by_both(leaky, kept, 5)
    one, other = leaky.cell("a", "item:KC1"), first.cell("a", "item:KC1")
    assert isinstance(one, Cell) and isinstance(other, Cell) and one.score is not None and other.score is not None
    person = answers(questionnaire, {**PEOPLE, "a": 41})[40]
    assert 41 * one.score - 40 * other.score == pytest.approx(25 * (person.answers["KC1"] - 1), abs=0.5)


@pytest.mark.slow
def test_a_fourth_release_that_differs_from_each_by_many_is_published(questionnaire: Questionnaire) -> None:
    tallies, first = released(questionnaire, PEOPLE)
    plan = tallies.wave.plan
    second = correct(undivided(questionnaire, {**PEOPLE, "a": 46}), plan, POLICY, first)
    third = correct(undivided(questionnaire, {**PEOPLE, "a": 53}), plan, POLICY, second, [Superseded(1, first.hash, first.cells)])
    assert third.audit["releases_before"] == 2 and third.audit["replaces"] == second.hash
    assert third.audit["compared"] == sum((one.cells["reason"] == "").sum() for one in (first, second))


def test_a_wave_whose_first_release_was_not_kept_is_corrected_no_more(questionnaire: Questionnaire) -> None:
    tallies, first = released(questionnaire, PEOPLE)
    second = correct(undivided(questionnaire, {**PEOPLE, "a": 50}), tallies.wave.plan, POLICY, first)
    with pytest.raises(EarlierReleaseLost):
        correct(undivided(questionnaire, {**PEOPLE, "a": 55}), tallies.wave.plan, POLICY, second)


def test_one_of_two_hidden_units_shown_by_each_release_gives_both_away(questionnaire: Questionnaire) -> None:
    # c, with four people, is hidden, and for its sake b; the new release is made to hide d for it instead.
    people = {"a": 20, "b": 12, "c": 4, "d": 13}
    flat = UNITS.replace(",g,60", ",r,60").replace("g,G,,r,\n", "")
    everybody = [replace(one, breakdowns={}) for one in answers(questionnaire, people)]
    tallies = tally(wave_over(flat), questionnaire, everybody)
    plan = tallies.wave.plan
    first = protect(tallies, plan, POLICY)
    assert [node.id for node in plan.nodes if isinstance(first.cell(node.id, "index"), Suppressed)] == ["b", "c"]
    shown = first.cells.assign(reason=first.cells["reason"].where(first.cells["unit"] != "b", ""))
    shown.loc[shown["unit"] == "b", "base"] = 12.0
    shown.loc[shown["unit"] == "d", "reason"] = "protects-another"
    leaky = replace(first, cells=shown)  # shows b, hides c and d: safe by itself
    assert not told_by_both(leaky, first, 5)  # what both show is the same: compared number by number nothing is told
    found = told_together(leaky, [first], tallies, POLICY)
    assert (("b", ("", "")), "index") in found
    assert not told_together(first, [first], tallies, POLICY)
