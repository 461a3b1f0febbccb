"""What a group's printed number holds of the units hidden in it: their sum, and nothing else. In whole numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.attack.review import review
from survey.disclose.attack.whole_numbers import remainders, solutions, solved_counts
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.process.estimates import estimate
from survey.process.tallies import EVERYBODY, Tallies, tally
from tests.process.test_scores import wave_over

POLICY = Policy.load()
NUMBERS = ["base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know"]


def world(questionnaire: Questionnaire, seed: int, hidden: int, moved: int = 0, small: bool = False) -> Tallies:
    """Units of 20 and 24 forms beside `hidden` of 5 to 7 forms, whose items are hidden under the root; `moved` people
    of the first hidden unit have changed places with as many of the second; `small`: of 4 forms, so that all is hidden."""
    rng = np.random.default_rng([seed, hidden])
    forms = {"a": 20, "b": 24, **{f"h{k}": 4 if small else int(rng.integers(5, 8)) for k in range(hidden)}}
    heads = {unit: count + int(rng.integers(3, 20)) for unit, count in forms.items()}
    wave = wave_over("r,R,,,0\n" + "".join(f"{unit},{unit.upper()},,r,{head}\n" for unit, head in heads.items()), breakdowns=("gender",))
    responses = []
    for unit, count in forms.items():
        for _ in range(count):
            answers = {
                item.id: int(value) for item, value in zip(questionnaire.items, rng.integers(1, 6, len(questionnaire.items)), strict=True)
            }
            responses.append(Response(unit=unit, answers=answers, comments={}, breakdowns={"gender": "fm"[int(rng.integers(2))]}))
    mine = [[n for n, one in enumerate(responses) if one.unit == unit][:moved] for unit in ("h0", "h1")]
    for one, other in zip(*mine, strict=True):
        first, second = responses[one], responses[other]
        responses[one], responses[other] = replace(second, unit="h0"), replace(first, unit="h1")
    return tally(wave, questionnaire, responses)


def by_unit(release: Release, tallies: Tallies) -> Release:
    """As it was: every group weighted by each unit's own headcount and forms, whatever is hidden below it."""
    true = estimate(tallies, release.plan)
    node = {one.id: row for row, one in enumerate(release.plan.nodes)}
    column = {str(measure): place for place, measure in enumerate(tallies.measures)}
    cells = release.cells.copy()
    for row in cells.index[(cells["reason"] == "") & (cells["options"] != "") & cells["unit"].isin(release.plan.children)]:
        at = node[cells.at[row, "unit"]], column[cells.at[row, "measure"]]
        cells.loc[row, "score"] = true.score[at]
        cells.loc[row, "options"] = ",".join(f"{count:.10g}" for count in true.options[at][:5])
    return replace(release, cells=cells)


def solved(release: Release, tallies: Tallies, weights: dict[str, float]) -> tuple[int, int, int, int]:
    """(points asked about, solved by one set of counts, of these true, fewer sets than sharing the class's sum allows)."""
    asked = unique = true = fewer = 0
    table, column = tallies.tables[EVERYBODY], {str(m): place for place, m in enumerate(tallies.measures)}
    first = len(tallies.measures) - len(tallies.questionnaire.items)
    for left in remainders(release):
        units = [release.plan.nodes[node].id for node in left.units]
        places = [tallies.units.index(unit) for unit in units]
        forms = [int(table.forms[place]) for place in places]
        for point in range(5):
            truth = tuple(int(table.options[place, column[left.item] - first, point]) for place in places)
            found = solutions(
                [weights[unit] for unit in units], forms, float(left.answers[point]), left.slack + 0.02
            )  # printed shares add up to 100 within rounding
            total = sum(truth)
            shared = sum(1 for one in np.ndindex(*(count + 1 for count in forms)) if sum(one) == total)
            asked, unique, true = asked + 1, unique + (len(found) == 1), true + (found == [truth])
            fewer += len(found) < shared
    return asked, unique, true, fewer


@pytest.mark.parametrize("hidden", [2, 3])
def test_a_group_s_answers_leave_every_way_to_share_them_out(questionnaire: Questionnaire, hidden: int) -> None:
    totals = np.zeros(4, dtype=int)
    before = np.zeros(4, dtype=int)
    for seed in range(2):
        tallies = world(questionnaire, seed, hidden)
        release = protect(tallies, tallies.wave.plan, POLICY)
        units = [f"h{k}" for k in range(hidden)]
        totals += solved(release, tallies, dict.fromkeys(units, 1.0))
        assert review(release).found == () and solved_counts(release)[1] > 0
        # Leaky control: a weight for each unit, as it was.
        heads = {unit: tallies.wave.plan.by_id[unit].headcount or 0 for unit in units}
        forms = {unit: tallies.tables[EVERYBODY].forms[tallies.units.index(unit)] for unit in units}
        common = sum(heads.values()) / sum(forms.values())
        leaky = by_unit(release, tallies)
        before += solved(leaky, tallies, {unit: heads[unit] / forms[unit] / common for unit in units})
        assert any("whole numbers give the hidden units away" in one for one in review(leaky).found)
    asked, unique, true, fewer = totals
    assert asked >= 100 and fewer == 0
    assert true <= unique <= asked // 3  # nobody chose the point, or all did: the sum says so
    assert before[1] > 2 * unique and before[2] > 0.9 * before[1]


def test_people_who_change_places_in_a_class_move_nothing(questionnaire: Questionnaire) -> None:
    one, other = (world(questionnaire, 1, 3, moved, small=True) for moved in (0, 2))
    made = [protect(tallies, tallies.wave.plan, POLICY) for tallies in (one, other)]
    first, second = (release.cells for release in made)
    assert (first["reason"] == second["reason"]).all() and (first["note"] == second["note"]).all()
    items = first["measure"].str.startswith("item:") & (first["options"] != "") & (first["unit"] == "r")
    shown = first[first["reason"] == ""]
    assert {"index", "theme:KC", "item:KC1"} <= {*shown["measure"]} and (shown["breakdown"] != "").any()
    assert not shown["unit"].str.startswith("h").any() and items.sum() > 15
    for name in NUMBERS:
        moved = np.abs(first[name].to_numpy(float) - second[name].to_numpy(float))
        assert not (moved > 1e-9).any(), name
    assert (first["options"] == second["options"]).all()
    leaky = [by_unit(release, tallies).cells for release, tallies in zip(made, (one, other), strict=True)]  # control
    assert (leaky[0].loc[items, "options"] != leaky[1].loc[items, "options"]).any()


def decimals(release: Release) -> list[str]:
    """Numbers with more digits than are printed."""
    found = []
    for name in NUMBERS:
        values = release.cells[name].to_numpy(float)
        places = {"sd": 1, "base": 0, "dont_know": 0}.get(name, 2)
        found += [name] * int((np.abs(values - np.round(values, places)) > 1e-9).sum())
    return found


def test_points_and_percent_have_two_decimals_and_spreads_one(questionnaire: Questionnaire) -> None:
    tallies = world(questionnaire, 0, 2)
    release = protect(tallies, tallies.wave.plan, POLICY)
    assert decimals(release) == []
    assert set(decimals(replace(release, cells=release.cells.assign(score=release.cells["score"] + 1 / 3)))) == {"score"}
