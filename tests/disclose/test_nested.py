from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.nested import keep_apart, memberships, nested_pairs
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Release
from survey.process.tallies import EVERYBODY, tally
from tests.process.test_scores import people, wave_over

UNITS = "r,R,,,\na,A,,r,40\nb,B,,r,40\n"
GENDER, AGE = ("gender", "f"), ("age_band", "51plus")


def answers(unit: str, people: list[tuple[str, str]]) -> list[Response]:
    """One response for each (gender, age); '' = not given."""
    return [
        Response(unit=unit, answers={}, comments={}, breakdowns={k: v for k, v in (("gender", gender), ("age_band", age)) if v})
        for gender, age in people
    ]


def pairs(responses: list[Response], *categories: tuple[str, str]) -> set[tuple[frozenset[str], int, bool]]:
    found = nested_pairs(memberships(wave_over(UNITS).plan, responses, categories or (GENDER, AGE)), 5)
    return {(frozenset(f"{node} {c[1] or 'all'}" for node, c in (pair.first, pair.second)), pair.people, pair.joined) for pair in found}


def test_two_categories_that_are_the_same_people_but_one_are_found() -> None:
    # Leaky control: in unit a all women but one are over 50.
    people = [("f", "51plus")] * 8 + [("f", "31_40")] + [("m", "31_40")] * 20
    found = pairs(answers("a", people) + answers("b", [("f", "31_40")] * 10 + [("m", "51plus")] * 10))
    assert (frozenset({"a f", "a 51plus"}), 1, False) in found
    assert not any("b f" in groups for groups, _, _ in found)


def test_the_very_same_people_tell_nothing_new() -> None:
    people = [("f", "51plus")] * 8 + [("m", "31_40")] * 20
    assert pairs(answers("a", people) + answers("b", [("m", "31_40")] * 10)) == set()


def test_a_category_that_is_what_another_leaves_of_the_unit_is_found() -> None:
    # Everybody is a woman or over 50, except two: total minus women minus "over 50" is two people.
    people = [("f", "31_40")] * 10 + [("m", "51plus")] * 10 + [("m", "31_40")] * 2
    found = pairs(answers("a", people) + answers("b", [("f", "51plus")] * 7 + [("m", "31_40")] * 7))
    assert (frozenset({"a f", "a 51plus"}), 2, True) in found


def test_a_unit_that_is_nearly_its_whole_parent_is_found() -> None:
    found = pairs(answers("a", [("", "")] * 20) + answers("b", [("", "")] * 3))
    assert found == {(frozenset({"r all", "a all"}), 3, False)}


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_what_comparing_every_two_groups_finds(questionnaire: Questionnaire, seed: int) -> None:
    rng = np.random.default_rng(seed)
    categories = [(b.id, str(c.value)) for b in questionnaire.breakdowns[:3] for c in b.published]
    responses = []
    for unit in "ab":
        for _ in range(14):
            given = {b.id: str(rng.choice([str(c.value) for c in b.published])) for b in questionnaire.breakdowns[:3] if rng.random() < 0.9}
            responses.append(Response(unit=unit, answers={}, comments={}, breakdowns=given))
    members = memberships(wave_over(UNITS).plan, responses, categories)
    found = {frozenset((pair.first, pair.second)): pair.people for pair in nested_pairs(members, 5) if not pair.joined}
    expected = {}
    counted = {
        (node, category): {
            k
            for k, r in enumerate(responses)
            if node in ("r", r.unit) and (category == EVERYBODY or r.breakdowns.get(category[0]) == category[1])
        }
        for node in ("r", "a", "b")
        for category in (EVERYBODY, *categories)
    }
    for one, first in counted.items():
        for two, second in counted.items():
            if one < two and min(len(first), len(second)) >= 5 and 0 < len(first ^ second) < 5:
                expected[frozenset((one, two))] = len(first ^ second)
    assert found == expected


@pytest.mark.parametrize("seconds", [120, 0], ids=["optimiser", "block rule"])
def test_a_release_never_shows_two_groups_that_are_nearly_the_same_people(questionnaire: Questionnaire, seconds: int) -> None:
    # In unit a the women are the long-serving but one; each group alone could be shown.
    policy = replace(Policy.load(), optimiser_seconds=seconds)
    wave = wave_over(UNITS, breakdowns=("gender", "seniority_band"))
    first, *others = (str(c.value) for c in next(b for b in questionnaire.breakdowns if b.id == "seniority_band").published)
    groups = {
        "a": [("f", first)] * 19 + [("f", others[0])] + [("m", years) for years in others for _ in range(7)][:20],
        "b": [(gender, years) for gender in "fm" for years in (first, *others) for _ in range(5)],
    }
    responses = []
    for unit in "ab":
        answered = people(questionnaire, unit, [1 + k % 5 for k in range(40)])
        responses += [
            replace(person, breakdowns={"gender": gender, "seniority_band": years})
            for person, (gender, years) in zip(answered, groups[unit], strict=True)
        ]
    tallies = tally(wave, questionnaire, responses)

    def both(release: Release) -> bool:
        cells = (release.cell("a", "index", "gender", "f"), release.cell("a", "index", "seniority_band", first))
        return all(isinstance(cell, Cell) for cell in cells)

    assert both(protect(tallies, wave.plan, policy))  # leaky control: without the rows nobody can know
    safe = keep_apart(tallies, responses, policy)
    assert (("a", ("gender", "f")), ("a", ("seniority_band", first))) in {tuple(sorted(pair)) for pair in safe.apart}
    assert not both(protect(safe, wave.plan, policy))
