"""Attacks on what is published: by arithmetic, by linear programme, by groups that are nearly the same people, by unanimity."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Wave
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review import bounds, certificate, review
from survey.disclose.policy import Policy
from survey.disclose.protect import frozen, protect
from survey.disclose.release import FORMS, INDEX, TOO_FEW, Cell, Release
from survey.process.estimates import estimate
from survey.process.tallies import tally
from tests.disclose.leaky import side_by_side
from tests.process.test_scores import people, wave_over

POLICY = Policy.load()
BLOCKS = replace(POLICY, optimiser_seconds=0)
SEEDS = range(4)
NUMBERS = ["base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know"]

Made = tuple[list[Response], Release]


def organisation(questionnaire: Questionnaire, seed: int) -> tuple[list[Response], Wave]:
    """Twelve units in two groups under a root, of none to 70 people, who give gender and age or do not."""
    rng = np.random.default_rng(seed)
    counts = {f"u{n}": int(rng.choice([0, 1, 3, 4, 6, 9, 15, 33, 48, 70])) for n in range(12)}
    groups = {unit: "xy"[number % 2] for number, unit in enumerate(counts)}
    rows = "".join(f"{unit},{unit},,{groups[unit]},{max(count, 20)}\n" for unit, count in counts.items())
    wave = wave_over(f"r,R,,,\nx,X,,r,\ny,Y,,r,\n{rows}", breakdowns=("gender", "age_band"))
    ages = [str(one.value) for one in next(b for b in questionnaire.breakdowns if b.id == "age_band").published]
    made = []
    for unit, count in counts.items():
        for person in people(questionnaire, unit, rng.integers(1, 6, count).tolist()):
            given = {"gender": str(rng.choice(["f", "m", ""], p=[0.45, 0.45, 0.1])), "age_band": str(rng.choice([*ages, ""]))}
            made.append(replace(person, breakdowns={name: value for name, value in given.items() if value}))
    return made, wave


@pytest.fixture(scope="module", params=[("optimiser", POLICY), ("block rule", BLOCKS)], ids=lambda one: str(one[0]))
def releases(request: pytest.FixtureRequest, questionnaire: Questionnaire) -> list[Made]:
    method, policy = request.param
    found = []
    for seed in SEEDS:
        responses, wave = organisation(questionnaire, seed)
        release = protect(tally(wave, questionnaire, responses), wave.plan, policy)
        assert release.audit["method"] == method
        found.append((responses, release))
    return found


def test_nothing_is_found_in_protected_releases(releases: list[Made]) -> None:
    for _, release in releases:
        again = review(release)
        assert again.found == () and again.tried["bounds"] > 100
        assert certificate(release).items() <= release.audit.items() and bounds(release)["bounds"] == again.tried["bounds"]


def nearly_the_same(responses: list[Response], release: Release) -> tuple[int, list[str]]:
    """Pairs of groups of which one lies in the other but for 1 to k-1 people, on the true rows, which only the close can
    ask about: (how many, those that are both shown). tests/disclose/test_people.py asks for any number of groups."""
    plan = release.plan
    groups = {
        (node.id, *category): {
            number
            for number, one in enumerate(responses)
            if one.unit in plan.strata[node.id] and (not category or one.breakdowns.get(category[0]) == category[1])
        }
        for node in plan.nodes
        for category in [
            (),
            *((b.id, str(c.value)) for b in release.questionnaire.breakdowns for c in b.published if b.id in plan.breakdowns),
        ]
    }
    pairs = [(one, other) for one in groups for other in groups if groups[one] > groups[other]]
    pairs = [pair for pair in pairs if len(groups[pair[0]] - groups[pair[1]]) < POLICY.unit]
    shown = {group: isinstance(release.cell(group[0], INDEX, *group[1:]), Cell) for group in groups}
    return len(pairs), [f"{one} {other}" for one, other in pairs if shown[one] and shown[other]]


def test_no_two_published_groups_are_nearly_the_same_people(releases: list[Made]) -> None:
    found = [nearly_the_same(responses, release) for responses, release in releases]
    assert sum(pairs for pairs, _ in found) and not [both for _, both in found if both]


def test_groups_that_are_nearly_the_same_people_are_caught(questionnaire: Questionnaire) -> None:
    """Leaky control: breakdowns protected one by one, where the women are the young but one."""
    wave = wave_over("r,R,,,\na,A,,r,50\nb,B,,r,50\n", breakdowns=("gender", "age_band"))
    young, *older = (str(one.value) for one in next(b for b in questionnaire.breakdowns if b.id == "age_band").published)
    groups = [("f", young)] * 19 + [("f", older[0])] + [("m", older[n % 2]) for n in range(20)]
    responses = [
        replace(one, breakdowns={"gender": gender, "age_band": age})
        for unit in "ab"
        for one, (gender, age) in zip(people(questionnaire, unit, [1 + n % 5 for n in range(40)]), groups, strict=True)
    ]
    tallies = tally(wave, questionnaire, responses)
    sound = protect(tallies, wave.plan, POLICY)
    assert not nearly_the_same(responses, sound)[1]
    shown = side_by_side(tallies, wave.plan, POLICY).shown
    assert all(shown[category][1:, 0].all() for category in (("gender", "f"), ("age_band", young)))
    with pytest.raises(AuditFailed, match="1 people alone"):
        frozen(tallies, wave.plan, POLICY, side_by_side(tallies, wave.plan, POLICY), "control")


# Intervals, with the truth at hand


def truth_of(release: Release, responses: list[Response]) -> dict[tuple[str, str, str, str], float]:
    """The true number of people of every number of a release."""
    tallies = tally(release.wave, release.questionnaire, responses)
    found = {}
    for category in tallies.tables:
        true = estimate(tallies, release.plan, category)
        for row, node in enumerate(release.plan.nodes):
            found[(node.id, *category, FORMS)] = true.forms[row]
            found.update({(node.id, *category, str(m)): true.base[row, column] for column, m in enumerate(tallies.measures)})
    return found


def narrow(release: Release, responses: list[Response], measure: str) -> tuple[int, list[str]]:
    """(hidden groups of 1 to k-1 people, those that all published numbers together bound more narrowly than k).

    A linear programme of this test's own over reporting unit x gender x age, with nothing but the release.
    """
    truth, plan = truth_of(release, responses), release.plan
    asked_for = [b for b in release.questionnaire.breakdowns if b.id in plan.breakdowns]
    names, answers = [b.id for b in asked_for], [(*(str(one.value) for one in b.published), "") for b in asked_for]
    cells = [(node.id, combination) for node in plan.nodes if node.reporting for combination in product(*answers)]

    def row(unit: str, breakdown: str, category: str) -> np.ndarray:
        within = plan.strata[unit]
        return np.array([u in within and (not breakdown or given[names.index(breakdown)] == category) for u, given in cells], dtype=float)

    table = release.cells[release.cells["measure"] == measure]
    groups = list(table[["unit", "breakdown", "category", "reason", "base"]].itertuples(index=False, name=None))
    published = [(row(unit, b, c), base) for unit, b, c, reason, base in groups if not reason]
    known = {"A_eq": np.array([rows for rows, _ in published]), "b_eq": [base for _, base in published]} if published else {}
    k, asked, found = int(release.policy["item" if measure.startswith("item:") else "unit"]), 0, []
    for unit, b, c, reason, _ in groups:
        if reason and 0 < truth[unit, b, c, measure] < k:
            asked += 1
            ends = [linprog(sign * row(unit, b, c), bounds=(0, None), **known) for sign in (1, -1)]
            width = np.inf if ends[1].status == 3 else -ends[1].fun - ends[0].fun
            if width < k - 1e-6:
                found.append(f"{measure}: {unit} {c} within {width:g}")
    return asked, found


@pytest.mark.parametrize("measure", [INDEX, FORMS, "item:KC1"])
def test_every_hidden_small_number_keeps_an_interval_as_wide_as_the_minimum(releases: list[Made], measure: str) -> None:
    for responses, release in releases[:2]:
        asked, found = narrow(release, responses, measure)
        assert asked and found == []


def leaky(questionnaire: Questionnaire, seed: int, *, greedy: bool) -> Release:
    """A release with primary suppression only; `greedy`: and the next smallest beside each lone hidden number."""
    responses, wave = organisation(questionnaire, seed)
    release = protect(tally(wave, questionnaire, responses), wave.plan, BLOCKS)
    cells, truth = release.cells.copy(), truth_of(release, responses)
    keys = list(zip(cells["unit"], cells["breakdown"], cells["category"], cells["measure"], strict=True))
    base = np.array([truth[key] for key in keys], dtype=float)
    hidden = base < np.where(cells["measure"].str.startswith("item:"), POLICY.item, POLICY.unit)
    parents = cells.assign(parent=cells["unit"].map({node.id: node.parent or "" for node in wave.plan.nodes}))
    for rows in parents.groupby(["parent", "breakdown", "category", "measure"]).indices.values() if greedy else ():
        others = rows[~hidden[rows]]
        if len(rows) - len(others) == 1 and len(others):
            hidden[others[np.argmin(base[others])]] = True
    cells[NUMBERS] = np.nan
    cells["options"], cells["base"] = "", np.where(hidden, np.nan, base)
    return replace(release, cells=cells.assign(reason=np.where(hidden, TOO_FEW, "")))


@pytest.mark.parametrize("greedy", [False, True], ids=["primary only", "greedy"])
def test_leaky_tables_are_caught(questionnaire: Questionnaire, greedy: bool) -> None:
    """Leaky controls."""
    for seed in SEEDS[:2]:
        control = leaky(questionnaire, seed, greedy=greedy)
        assert any("has at most" in finding for finding in review(control).found)
        assert narrow(control, organisation(questionnaire, seed)[0], INDEX)[1]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"base": 4.0}, "base under the minimum: u"),
        ({"reason": TOO_FEW}, "a number in a hidden row: u"),
        ({"breakdown": "gender", "category": "f", "measure": "item:KC1"}, "outside the closed table plan: u"),
    ],
)
def test_a_release_changed_in_one_cell_is_caught(releases: list[Made], change: dict[str, Any], finding: str) -> None:
    """Leaky controls: one shown number of one unit is not what it may be."""
    release = releases[0][1]
    cells = release.cells.copy()
    row = cells.index[(cells["reason"] == "") & cells["unit"].str.startswith("u") & (cells["measure"] == INDEX)][0]
    cells.loc[row, list(change)] = list(change.values())
    changed = replace(release, cells=cells)
    assert any(found.startswith(finding) for found in review(changed).found)
    with pytest.raises(AuditFailed):
        certificate(changed)
    assert changed.cells_hash != release.audit["cells"]


def test_a_rate_beside_a_hidden_number_is_caught(releases: list[Made]) -> None:
    """Leaky control, found in an earlier version: 15 % of 20 people are three people."""
    release = releases[0][1]
    cells = release.cells.copy()
    row = cells.index[(cells["reason"] != "") & (cells["measure"] == "forms")][0]
    cells.loc[row, "score"] = 15.0
    assert any("forms" in found for found in review(replace(release, cells=cells)).found)


# Unanimity


def test_a_group_that_answered_alike_is_caught_when_its_numbers_are_exact(questionnaire: Questionnaire) -> None:
    """Everybody of one unit gives the best answer. Leaky control: the same release with the exact numbers put back."""
    wave = wave_over("r,R,,,\na,A,,r,20\nb,B,,r,20\nc,C,,r,20\n")
    mixed = [1, 2, 3, 4, 5] * 4
    responses = [one for unit, given in {"a": [5] * 20, "b": mixed, "c": mixed}.items() for one in people(questionnaire, unit, given)]
    release = protect(tally(wave, questionnaire, responses), wave.plan, POLICY)
    cells = release.cells.copy()
    here = (cells["unit"] == "a") & (cells["measure"] == INDEX)
    assert (cells.loc[here, "note"] != "").all() and review(release).found == ()
    cells.loc[here, ["score", "note"]] = [100.0, ""]
    assert "everybody answered alike: a  index score" in review(replace(release, cells=cells)).found
