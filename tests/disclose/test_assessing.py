"""What a release says of its reliability: only of what it shows, coarse, and no way round the minimum bases."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.assessing import apart, assessed, reliability
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.quality import Level, Quality, Why
from survey.disclose.release import INDEX, Release
from survey.process.quality import Signs
from survey.process.tallies import tally
from tests.process.test_quality import noisy, person
from tests.process.test_scores import wave_over

UNITS = "t,Tỉnh,tinh,,\nt.a,A,so,t,100\nt.b,B,so,t,100\nt.c,C,so,t,50\nt.d,D,so,t,20\nt.e,E,so,t,20\n"
POLICY = Policy.load()
HONEST = Signs(forms=60, contradictory=2, duplicated=0, straight=0, spread=12, top=20)


def responses_of(questionnaire: Questionnaire) -> list[Response]:
    """A honest, B with a third of straight lines, C nearly absent, D and E too few to be shown."""
    lines = [person(questionnaire, "t.b", raw=4)] * 25
    return [
        *noisy(questionnaire, 80, 1, "t.a"), *noisy(questionnaire, 45, 2, "t.b"), *lines, *noisy(questionnaire, 12, 3, "t.c"),
        *noisy(questionnaire, 3, 4, "t.d"), *noisy(questionnaire, 3, 6, "t.e"),
    ]  # fmt: skip


def released(questionnaire: Questionnaire, responses: list[Response]) -> Release:
    wave = wave_over(UNITS)
    return assessed(protect(tally(wave, questionnaire, responses), wave.plan, POLICY), responses, POLICY)


@pytest.fixture(scope="module")
def release(questionnaire: Questionnaire) -> Release:
    return released(questionnaire, responses_of(questionnaire))


def quality_of(release: Release) -> Quality:
    assert release.quality is not None
    return release.quality


def test_units_are_marked_with_coarse_reasons(release: Release) -> None:
    marks = quality_of(release).units
    assert marks["t.a"].level is Level.HIGH and marks["t.a"].reasons == ()
    assert marks["t.b"].level is Level.LOW and set(marks["t.b"].reasons) == {Why.CONTRADICTIONS, Why.ALIKE}
    assert marks["t.c"].level is Level.MEDIUM and set(marks["t.c"].reasons) == {Why.FEW, Why.RATE}


def test_a_unit_whose_index_is_hidden_has_no_mark(release: Release) -> None:
    assert not release.visible("t.d", INDEX)
    assert set(quality_of(release).units) == {unit for unit in ("t.a", "t.b", "t.c", "t.d") if release.visible(unit, INDEX)}


@pytest.mark.parametrize(
    ("changed", "level", "reasons"),
    [
        ({}, Level.HIGH, ()),
        ({"contradictory": 9.9, "duplicated": 4.9, "straight": 4.9}, Level.HIGH, ()),
        ({"contradictory": 10}, Level.MEDIUM, (Why.CONTRADICTIONS,)),
        ({"contradictory": 30}, Level.LOW, (Why.CONTRADICTIONS,)),
        ({"duplicated": 5}, Level.MEDIUM, (Why.ALIKE,)),
        ({"duplicated": 20}, Level.LOW, (Why.ALIKE,)),
        ({"straight": 20}, Level.LOW, (Why.ALIKE,)),
        ({"spread": 4.9}, Level.LOW, (Why.ALIKE,)),
        ({"top": 95.0}, Level.LOW, (Why.ALIKE,)),
        ({"contradictory": 30, "duplicated": 20}, Level.LOW, (Why.CONTRADICTIONS, Why.ALIKE)),
    ],
)
def test_the_limits_of_the_policy(release: Release, changed: dict[str, float], level: Level, reasons: tuple[Why, ...]) -> None:
    found = reliability(release, "t.a", replace(HONEST, **changed), POLICY)
    assert (found.level, found.reasons) == (level, reasons)


def test_a_small_unit_is_not_judged_by_its_answers(release: Release) -> None:
    """In twelve forms one person is eight percent: a mark would speak of single people."""
    found = reliability(release, "t.c", replace(HONEST, contradictory=50, duplicated=50), POLICY)
    assert (found.level, set(found.reasons)) == (Level.MEDIUM, {Why.FEW, Why.RATE})


def test_more_forms_than_staff_is_low(questionnaire: Questionnaire) -> None:
    stuffed = [
        *noisy(questionnaire, 80, 1, "t.a"),
        *noisy(questionnaire, 12, 4, "t.d"),
        *noisy(questionnaire, 12, 7, "t.e"),
        *noisy(questionnaire, 60, 2, "t.c"),
        *noisy(questionnaire, 60, 3, "t.b"),
    ]
    found = quality_of(released(questionnaire, stuffed)).units["t.c"]
    assert found.level is Level.LOW and found.reasons[0] is Why.MORE_THAN_STAFF


def test_the_reasons_never_tell_that_everybody_answered_alike(questionnaire: Questionnaire) -> None:
    """Copies, strings and unanimity share one reason: whoever reads it cannot say what anybody answered."""
    best = {item.id: 1 if item.reverse else 5 for item in questionnaire.items}
    honest = [
        *noisy(questionnaire, 80, 1, "t.a"),
        *noisy(questionnaire, 20, 4, "t.c"),
        *noisy(questionnaire, 12, 5, "t.d"),
        *noisy(questionnaire, 12, 7, "t.e"),
    ]
    unanimous = quality_of(released(questionnaire, [*honest, *[person(questionnaire, "t.b", **best)] * 60])).units["t.b"]
    copied = quality_of(released(questionnaire, [*honest, *noisy(questionnaire, 30, 2, "t.b"), *noisy(questionnaire, 30, 2, "t.b")])).units[
        "t.b"
    ]
    assert unanimous == copied


def test_the_whole_with_and_without_marked_forms_is_for_the_organizer(questionnaire: Questionnaire) -> None:
    lines = [person(questionnaire, "t.b", raw=1)] * 25
    release = released(questionnaire, [*noisy(questionnaire, 80, 1, "t.a"), *noisy(questionnaire, 45, 2, "t.b"), *lines])
    totals = quality_of(release).totals
    assert totals is not None and totals.marked == 15
    assert totals.without - totals.index >= 3
    assert quality_of(release.for_leaders).totals is None
    assert quality_of(release.restricted({"t", "t.a"})).totals is None
    assert release.for_leaders.hash == release.hash


def test_two_totals_are_never_shown_that_tell_about_fewer_people_than_the_minimum(questionnaire: Questionnaire) -> None:
    few = [*noisy(questionnaire, 80, 1, "t.a"), *noisy(questionnaire, 70, 2, "t.b"), *[person(questionnaire, "t.b", raw=4)] * 4]
    nobody = [*noisy(questionnaire, 80, 1, "t.a"), *noisy(questionnaire, 70, 2, "t.b")]
    assert quality_of(released(questionnaire, few)).totals is None
    assert quality_of(released(questionnaire, nobody)).totals is None  # and cannot be told from the case above


def test_marked_people_who_are_nearly_a_unit_are_not_taken_out(questionnaire: Questionnaire) -> None:
    """The whole without them would be the whole without that unit, and unit and total are published: three people follow."""
    people = [*noisy(questionnaire, 100, 1, "t.a"), *noisy(questionnaire, 3, 2, "t.b"), *[person(questionnaire, "t.b", raw=4)] * 40]
    release = released(questionnaire, people)
    assert quality_of(release).totals is None
    marked = np.array([False] * 103 + [True] * 40)
    assert not apart(release, people, marked, POLICY.item)
    assert not apart(release, people, ~marked, POLICY.item)
    marked[:20] = True
    assert apart(release, people, marked, POLICY.item)


def test_alphas_and_drivers_are_of_groups_from_a_hundred_people(release: Release, questionnaire: Questionnaire) -> None:
    quality = quality_of(release)
    assert set(quality.alphas) == {"t", "t:so"} and set(quality.alphas["t"]) <= set(questionnaire.theme)
    small = quality_of(released(questionnaire, noisy(questionnaire, 90, 1, "t.a")))
    assert small.alphas == {} and small.drivers == {}


def test_drivers_with_wide_intervals_are_hidden(questionnaire: Questionnaire) -> None:
    wave = wave_over(UNITS)
    people = responses_of(questionnaire)
    protected = protect(tally(wave, questionnaire, people), wave.plan, POLICY)
    wide = quality_of(assessed(protected, people, replace(POLICY, drivers_widest=100.0, drivers_least=0)))
    narrow = quality_of(assessed(protected, people, replace(POLICY, drivers_widest=0.0, drivers_least=0)))
    assert len(wide.drivers["t"].themes) == 8 and narrow.drivers["t"].themes == ()
    assert wide.drivers["t"].people % 10 == 0
    assert all(theme.low <= theme.share <= theme.high for theme in wide.drivers["t"].themes)
    unexplained = quality_of(assessed(protected, people, replace(POLICY, drivers_least=101)))
    assert unexplained.drivers == {}


def test_the_same_answers_in_another_order_give_the_same_release(questionnaire: Questionnaire) -> None:
    people = responses_of(questionnaire)
    assert released(questionnaire, people).hash == released(questionnaire, people[::-1]).hash


def test_the_hash_covers_the_quality_and_json_gives_the_same_value_back(release: Release) -> None:
    quality = quality_of(release)
    assert Quality.from_dict(json.loads(json.dumps(quality.as_dict()))) == quality
    assert replace(release, quality=None).hash != release.hash
    assert replace(release, quality=replace(quality, units={})).hash != release.hash


def test_a_restricted_release_has_no_marks_of_others(release: Release) -> None:
    assert set(quality_of(release.restricted({"t.a"})).units) == {"t.a"}
    assert quality_of(release.restricted({"t.a"})).drivers == {}
