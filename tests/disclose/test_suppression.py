from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.hide.pattern import Pattern, pattern
from survey.disclose.policy import Policy
from survey.disclose.protect import frozen, protect
from survey.disclose.release import PROTECTS, TOO_FEW, Cell, Release, Suppressed
from survey.errors import SurveyError
from survey.process.tallies import EVERYBODY, Tallies, tally
from tests.conftest import many
from tests.disclose.leaky import thresholds_only
from tests.process.test_scores import people, wave_over

POLICY = Policy.load()
NO_TIME = replace(POLICY, optimiser_seconds=0)  # the block rule
FINDINGS = ("under_minimum", "intervals_too_narrow", "combinations", "unanimous", "composites")


def counted(questionnaire: Questionnaire, units: dict[str, int], breakdowns: dict[str, dict[str, int]] | None = None) -> Tallies:
    """A province r over `units` with so many forms each; `breakdowns`: unit -> gender -> people."""
    rows = "r,R,,,\n" + "".join(f"{unit},{unit.upper()},,r,{max(count, 40)}\n" for unit, count in units.items())
    wave = wave_over(rows, breakdowns=("gender",) if breakdowns else ())
    responses: list[Response] = []
    for number, (unit, count) in enumerate(units.items()):
        made = people(questionnaire, unit, [1 + (number + k) % 5 for k in range(count)])
        genders = [g for g, n in (breakdowns or {}).get(unit, {}).items() for _ in range(n)]
        genders += [""] * (count - len(genders))
        responses += [
            Response(unit=unit, answers=person.answers, comments={}, breakdowns={"gender": gender} if gender else {})
            for person, gender in zip(made, genders, strict=True)
        ]
    return tally(wave, questionnaire, responses)


def released(
    questionnaire: Questionnaire, units: dict[str, int], breakdowns: dict[str, dict[str, int]] | None = None, policy: Policy = POLICY
) -> Release:
    tallies = counted(questionnaire, units, breakdowns)
    return protect(tallies, tallies.wave.plan, policy)


def findings(tallies: Tallies, leaky: Pattern) -> tuple[str, ...]:
    """What the audit says of a release in which `leaky` is hidden."""
    with pytest.raises(AuditFailed) as caught:
        frozen(tallies, tallies.wave.plan, POLICY, leaky, "control")
    return caught.value.findings


def hidden(release: Release, measure: str = "index", **where: str) -> dict[str, str]:
    cells = {node.id: release.cell(node.id, measure, **where) for node in release.plan.nodes}
    return {unit: cell.reason for unit, cell in cells.items() if isinstance(cell, Suppressed)}


def test_a_unit_under_the_minimum_is_hidden_with_its_next_smallest_sibling(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, {"a": 3, "b": 12, "c": 30})
    assert hidden(release) == {"a": TOO_FEW, "b": PROTECTS}


def test_two_small_units_that_together_reach_the_minimum_hide_each_other(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, {"a": 3, "b": 4, "c": 30, "d": 31})
    assert hidden(release) == {"a": TOO_FEW, "b": TOO_FEW}


def test_two_small_units_that_do_not_reach_it_take_a_third(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, {"a": 1, "b": 2, "c": 20, "d": 31})
    assert hidden(release) == {"a": TOO_FEW, "b": TOO_FEW, "c": PROTECTS}


def test_a_unit_where_nobody_answered_counts_as_too_few(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, {"a": 0, "b": 20, "c": 31})
    assert hidden(release) == {"a": TOO_FEW, "b": PROTECTS}


def test_items_need_more_people_than_scores(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, {"a": 7, "b": 12, "c": 30})
    assert hidden(release) == {}
    assert hidden(release, "item:KC1") == {"a": TOO_FEW, "b": PROTECTS}


GENDERS = {"a": {"m": 20, "f": 20}, "b": {"m": 30, "f": 10}, "c": {"m": 30, "f": 3}, "d": {"m": 10, "f": 4}, "e": {"m": 9, "f": 9}}
FORMS = {"a": 40, "b": 40, "c": 40, "d": 20, "e": 20}


def test_a_unit_may_show_some_categories_and_hide_others(questionnaire: Questionnaire) -> None:
    # Seven people of c gave no gender, and d hides women too: the three women of c can stand for others.
    release = released(questionnaire, FORMS, GENDERS)
    men, women = (hidden(release, breakdown="gender", category=category) for category in ("m", "f"))
    assert women["c"] == TOO_FEW and "c" not in men
    assert men["d"] == women["d"] == TOO_FEW  # fewer than 30 forms
    assert release.audit["method"] == "optimiser"


def test_out_of_time_a_breakdown_is_shown_whole_or_not_at_all(questionnaire: Questionnaire) -> None:
    release = released(questionnaire, FORMS, GENDERS, NO_TIME)
    by_category = [hidden(release, breakdown="gender", category=category) for category in ("m", "f")]
    assert by_category[0] == by_category[1]
    assert {"c", "d"} <= set(by_category[0])  # three women in c; d has fewer than 30 forms
    assert release.audit["method"] == "block rule" and release.audit["intervals_too_narrow"] == 0


def test_people_who_gave_no_category_are_none_or_enough(questionnaire: Questionnaire) -> None:
    shown = released(questionnaire, {"a": 45}, {"a": {"m": 20, "f": 20}})  # five say nothing
    three = {"units": {"a": 43}, "breakdowns": {"a": {"m": 21, "f": 19}}}  # three say nothing: they would follow
    part, shut = released(questionnaire, **three), released(questionnaire, **three, policy=NO_TIME)
    assert all("a" not in hidden(shown, breakdown="gender", category=category) for category in ("m", "f"))
    assert hidden(part, breakdown="gender", category="f")["a"] == PROTECTS and "a" not in hidden(part, breakdown="gender", category="m")
    assert not shut.breakdown_shown("a", "gender")


def test_hidden_cells_hold_a_reason_and_nothing_else(questionnaire: Questionnaire) -> None:
    cells = released(questionnaire, {"a": 3, "b": 12, "c": 30}).cells
    rows = cells[(cells["reason"] != "") & (cells["measure"] != "forms")]
    assert len(rows) and rows[["base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know"]].isna().all().all()
    assert (rows["options"] == "").all()


@pytest.mark.parametrize("policy", [POLICY, NO_TIME], ids=["optimiser", "block rule"])
@pytest.mark.parametrize("seed", many(20, quick=2))
def test_random_organisations_pass_the_audit(questionnaire: Questionnaire, seed: int, policy: Policy) -> None:
    rng = np.random.default_rng(seed)
    units = {f"u{k}": int(rng.choice([0, 1, 3, 5, 8, 20, 45, 60])) for k in range(12)}
    genders = {u: {"m": (m := int(rng.integers(0, n + 1))), "f": int(rng.integers(0, n - m + 1))} for u, n in units.items()}
    release = released(questionnaire, units, genders, policy)
    assert all(release.audit[finding] == 0 for finding in FINDINGS)
    for node in release.plan.nodes:
        cell = release.cell(node.id, "index")
        assert isinstance(cell, Suppressed) or cell.base >= 5


@pytest.mark.parametrize("seconds", [0, 1], ids=["no time", "time is up half-way"])
def test_out_of_time_the_block_rule_hides_more_and_is_audited_as_well(
    questionnaire: Questionnaire, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = {f"u{k}": n for k, n in enumerate((3, 4, 33, 40, 38, 50, 8, 60))}
    genders = {unit: {"m": number // 3, "f": number // 2} for unit, number in units.items()}
    best = released(questionnaire, units, genders)
    clock = iter(range(1_000_000))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))  # a second goes by whenever somebody looks
    block = released(questionnaire, units, genders, replace(POLICY, optimiser_seconds=seconds))
    monkeypatch.undo()
    assert (best.audit["method"], block.audit["method"]) == ("optimiser", "block rule")
    assert block.audit["hidden"] >= best.audit["hidden"]
    assert all(block.audit[found] == 0 for found in FINDINGS)


def test_the_audit_catches_a_table_with_primary_suppression_only(questionnaire: Questionnaire) -> None:
    # Leaky control: the total, two of three units shown; the third follows by subtraction.
    tallies = counted(questionnaire, {"a": 3, "b": 12, "c": 30})
    found = findings(tallies, thresholds_only(tallies, tallies.wave.plan, POLICY))
    # The index has the same people, so it is asked about once.
    assert {"forms: 3 people alone, from r/0", "forms: a/0 within 0 people", "item:KC1: 3 people alone, under r"} <= {*found}


def test_the_audit_catches_a_number_under_the_minimum(questionnaire: Questionnaire) -> None:
    tallies = counted(questionnaire, {"a": 3, "b": 12, "c": 30})
    leaky = pattern(tallies, tallies.wave.plan, POLICY)
    assert leaky is not None
    leaky.cells[EVERYBODY][[node.id for node in tallies.wave.plan.nodes].index("a"), 0] = ""
    assert any("index" in one and "a" in one.split() for one in findings(tallies, leaky))


def test_the_audit_catches_a_remainder_of_people_who_said_nothing(questionnaire: Questionnaire) -> None:
    # Total and both categories shown: the three who gave none follow. Six are enough.
    for silent, caught in ((3, True), (6, False)):
        tallies = counted(questionnaire, {"a": 40 + silent}, {"a": {"m": 20, "f": 20}})
        leaky = thresholds_only(tallies, tallies.wave.plan, POLICY)
        if caught:
            assert any(one.startswith("index: 3 people alone") for one in findings(tallies, leaky))
        else:
            assert frozen(tallies, tallies.wave.plan, POLICY, leaky, "control").audit["combinations"] == 0


def test_a_plan_may_raise_a_minimum_and_never_lower_it() -> None:
    assert POLICY.raised({"unit": 10}).unit == 10
    for wanted in ({"unit": 4}, {"step": 1}, {"smallest": 0}):
        with pytest.raises(SurveyError):
            POLICY.raised(wanted)


def test_the_release_hash_changes_with_one_number_and_with_nothing_else(questionnaire: Questionnaire) -> None:
    one, two = (released(questionnaire, {"a": 12, "b": 30}) for _ in range(2))
    assert one.hash == two.hash != released(questionnaire, {"a": 13, "b": 30}).hash
    shuffled = two.cells.sample(frac=1, random_state=1)
    assert replace(two, cells=shuffled).hash == one.hash


def test_a_group_shows_one_kind_of_figure_only(questionnaire: Questionnaire) -> None:
    # Weighted and unweighted means side by side would be two equations about two hidden units.
    release = released(questionnaire, {"a": 3, "b": 12, "c": 30})
    cell = release.cell("r", "item:KC1")
    assert isinstance(cell, Cell)
    scores = np.array([0, 25, 50, 75, 100])
    from_options = float(np.dot(cell.options, scores) / sum(cell.options))
    assert cell.score == pytest.approx(from_options)
