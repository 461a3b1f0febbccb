from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Suppressed
from survey.process.tallies import Tallies, tally
from survey.publish.correction import CorrectionRefused, correct, told_by_both
from tests.disclose.test_clamp import mixed
from tests.process.test_scores import wave_over

POLICY = Policy.load()
UNITS = "r,R,,,\ng,G,,r,\n" + "".join(f"{unit},{unit.upper()},,{above},60\n" for unit, above in zip("abcd", "ggrr", strict=True))
PEOPLE = {"a": 40, "b": 40, "c": 40, "d": 40}


def answers(questionnaire: Questionnaire, people: dict[str, int] | None = None) -> list[Response]:
    """The first so many of always the same people of each unit."""
    everybody = {unit: mixed(questionnaire, unit, 55, seed=ord(unit)) for unit in PEOPLE}
    return [one for unit, number in (people or PEOPLE).items() for one in everybody[unit][:number]]


def counted(questionnaire: Questionnaire, responses: list[Response]) -> Tallies:
    return tally(wave_over(UNITS, breakdowns=["gender"]), questionnaire, responses)


def test_the_same_answers_again_hide_nothing_more(questionnaire: Questionnaire) -> None:
    tallies = counted(questionnaire, answers(questionnaire))
    old = protect(tallies, tallies.wave.plan, POLICY)
    new = correct(tallies, tallies.wave.plan, POLICY, old)
    assert new.hash == old.hash and new.audit["replaces"] == old.hash and new.audit["told_by_both"] == 0
    assert new.audit["compared"] == (old.cells["reason"] == "").sum()


def test_one_more_person_is_refused_and_the_unaudited_release_would_tell_the_answers(questionnaire: Questionnaire) -> None:
    first = counted(questionnaire, answers(questionnaire))
    old = protect(first, first.wave.plan, POLICY)
    second = counted(questionnaire, answers(questionnaire, {**PEOPLE, "a": 41}))
    with pytest.raises(CorrectionRefused):
        correct(second, second.wave.plan, POLICY, old)
    # Leaky control: published without looking at the old one, unit a gives the 41st person's score away.
    leaky = protect(second, second.wave.plan, POLICY)
    assert (("a", ("", "")), "item:KC1") in told_by_both(leaky, old, 5)
    one, other = (release.cell("a", "item:KC1") for release in (leaky, old))
    assert isinstance(one, Cell) and isinstance(other, Cell) and one.score is not None and other.score is not None
    person = answers(questionnaire, {**PEOPLE, "a": 41})[40]
    assert 41 * one.score - 40 * other.score == pytest.approx(25 * (person.answers["KC1"] - 1))


def test_an_answer_put_right_is_refused_too(questionnaire: Questionnaire) -> None:
    first = answers(questionnaire)
    tallies = counted(questionnaire, first)
    old = protect(tallies, tallies.wave.plan, POLICY)
    put_right = [replace(first[0], answers={**first[0].answers, "KC1": 1 + first[0].answers["KC1"] % 5}), *first[1:]]
    again = counted(questionnaire, put_right)
    with pytest.raises(CorrectionRefused):
        correct(again, again.wave.plan, POLICY, old)


def test_enough_people_in_every_unit_that_changes_are_published(questionnaire: Questionnaire) -> None:
    first = answers(questionnaire)
    tallies = counted(questionnaire, [replace(one, breakdowns={}) for one in first])
    old = protect(tallies, tallies.wave.plan, POLICY)
    more = [replace(one, breakdowns={}) for one in answers(questionnaire, {**PEOPLE, "a": 50})]
    again = counted(questionnaire, more)
    new = correct(again, again.wave.plan, POLICY, old)
    cell = new.cell("a", "index")
    assert isinstance(cell, Cell) and cell.base == 50 and new.audit["replaces"] == old.hash


def test_few_people_in_a_unit_among_many_are_hidden_there(questionnaire: Questionnaire) -> None:
    people = {**PEOPLE, "a": 50, "b": 43}
    first = counted(questionnaire, [replace(one, breakdowns={}) for one in answers(questionnaire)])
    old = protect(first, first.wave.plan, POLICY)
    second = counted(questionnaire, [replace(one, breakdowns={}) for one in answers(questionnaire, people)])
    assert told_by_both(protect(second, second.wave.plan, POLICY), old, 5)  # leaky control
    new = correct(second, second.wave.plan, POLICY, old)
    assert isinstance(new.cell("b", "index"), Suppressed) and isinstance(new.cell("r", "index"), Cell)
    assert not told_by_both(new, old, 5)


def test_what_a_group_and_its_units_leave_is_compared_too(questionnaire: Questionnaire) -> None:
    # g has 13 more, a 10 more; b, hidden in the old release, has the other three.
    first = counted(questionnaire, [replace(one, breakdowns={}) for one in answers(questionnaire)])
    old = protect(first, first.wave.plan, POLICY)
    cells = old.cells.copy()
    of_b = cells["unit"] == "b"
    cells.loc[of_b, "reason"] = "too-few"
    second = counted(questionnaire, [replace(one, breakdowns={}) for one in answers(questionnaire, {**PEOPLE, "a": 50, "b": 43})])
    found = told_by_both(protect(second, second.wave.plan, POLICY), replace(old, cells=cells), 5)
    assert (("g", ("", "")), "index") in found and (("b", ("", "")), "index") not in found


def test_numbers_printed_by_another_body_are_replaced_as_they_are(questionnaire: Questionnaire) -> None:
    first = replace(counted(questionnaire, answers(questionnaire)), published=True)
    old = protect(first, first.wave.plan, POLICY)
    second = replace(counted(questionnaire, answers(questionnaire, {**PEOPLE, "a": 41})), published=True)
    new = correct(second, second.wave.plan, POLICY, old)
    assert new.audit["replaces"] == old.hash and np.isfinite(new.cells["base"].max())
