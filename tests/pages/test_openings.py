"""The three sentences every page opens with claim exactly what was called: over random releases, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

import numpy as np
import pytest

from pages.leader import breakdowns
from survey.analyse.change import Comparison, State, compare, parent_of, side
from survey.analyse.overview import overview
from survey.analyse.priorities import priorities
from survey.analyse.since import sides
from survey.analyse.trend import as_it_was, unbroken, whole_change
from survey.analyse.verdicts import GROUP, PREVIOUS, Verdicts
from survey.design.plan import make_plan
from survey.design.questionnaire import Response
from survey.design.wave import Wave
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import INDEX, Release
from survey.disseminate import sentences
from survey.i18n import Locale
from survey.process.tallies import tally
from tests.reorganising import ask, founded

EN, VI = Locale("en"), Locale("vi")
PEOPLE = {"a": 90, "b": 45, "c": 60, "d": 12}
BREAKDOWN = "breakdown_fields: [{id: g, vi: Nhóm, en: Group, options: [{code: x, vi: Nhóm X, en: X}, {code: y, vi: Nhóm Y, en: Y}]}]"
# What a sentence says when nothing was called; what is left of it must not claim anything.
DENIALS = re.compile(
    r"Nothing is clearly (higher|lower)|No group of people is clearly (higher|lower)|No unit's index is clearly (higher|lower)|In no wave was there a clear (rise|fall)|"
    r"No change that could be tested is a clear (rise|fall)|"
    r"No clear (change|difference)|no clear difference|Không (đơn vị|nội dung|đợt) nào [^.]*rõ rệt|[Kk]hông có [^.]*rõ rệt|[Cc]hưa có khác biệt rõ rệt"
)
UP = re.compile(r"clearly higher|clearly up|clear rise|cao hơn rõ rệt|tăng rõ rệt", re.IGNORECASE)
DOWN = re.compile(r"clearly lower|clearly down|clear fall|thấp hơn rõ rệt|giảm rõ rệt", re.IGNORECASE)


@cache
def waves(seed: int) -> tuple[Release, ...]:
    """Three waves of four units at random levels; some differ much, some not at all."""
    rng = np.random.default_rng(seed)
    register, asked = founded(PEOPLE), ask(more=BREAKDOWN)
    level = {unit: rng.normal(0, rng.choice([0.0, 0.5])) for unit in PEOPLE}
    made = []
    for year in (2023, 2024, 2025):
        day = date(year, 11, 30)
        plan = make_plan(register, day, breakdowns=["g"])
        wave = Wave(id=str(year), questionnaire=asked.id, version=asked.version, opens=day, closes=day, plan=plan)
        shift = rng.normal(0, rng.choice([0.0, 0.4]), len(PEOPLE))
        responses = [
            Response(
                unit=unit,
                answers={
                    one.id: int(np.clip(round(rng.normal(3.2 + level[unit] + shift[place], 0.9)), 1, 5)) for one in asked.items
                },
                comments={},
                breakdowns={"g": "xy"[person % 2]},
            )
            for place, unit in enumerate(PEOPLE)
            for person in range(int(PEOPLE[unit] * rng.uniform(0.5, 0.95)))
        ]  # fmt: skip
        made.append(protect(tally(wave, asked, responses), plan, Policy.load()))
    return tuple(made)


def claims(said: str) -> tuple[bool, bool]:
    left = DENIALS.sub("", said)
    return bool(UP.search(left)), bool(DOWN.search(left))


def called(found: Iterable[Comparison | None]) -> tuple[bool, bool]:
    states = {one.state for one in found if one is not None}
    return State.HIGHER in states, State.LOWER in states


@pytest.mark.parametrize("locale", [EN, VI], ids=["en", "vi"])
@pytest.mark.parametrize("seed", range(15))
def test_every_opening_claims_what_was_called_and_nothing_else(seed: int, locale: Locale) -> None:
    releases = waves(seed)
    release = releases[-1]
    verdicts = [Verdicts(releases[: place + 1]) for place in range(len(releases))]
    labels = {INDEX: "Index", "theme:A": "Theme"}
    units = ["a", "b", "c", "d"]
    for unit in [node.id for node in release.nodes()]:
        group = parent_of(release, unit)
        of = overview(release, unit, releases, verdicts[-1])
        against, changed = of.against, of.changed
        said = sentences.opening(of, labels, locale)
        if release.visible(unit):
            assert claims(" ".join(sentences.standing(of, locale))) == called([*filter(None, (against.get(INDEX), changed.get(INDEX)))])
            themes = [one for measure, one in changed.items() if measure != INDEX]
            assert claims(said[0])[0] == called(against.values())[0] and not claims(said[0])[1]
            assert claims(said[1])[1] == called(against.values())[1] and not claims(said[1])[0]
            assert claims(said[2]) == called(themes)
        else:
            assert claims(" ".join(said)) == (False, False)
        for one in release.questionnaire.items:
            tested, change = (verdicts[-1].of(unit, f"item:{one.id}", which) for which in (GROUP, PREVIOUS))
            text = sentences.item(release, unit, one, group, tested, change, "2024", locale)
            expected = (tested, change) if release.visible(unit, f"item:{one.id}") else ()
            assert claims(" ".join(text)) == called(expected)
        stretch = unbroken(as_it_was(releases, unit))
        of_wave = {one.releases[-1].wave.id: one for one in verdicts}
        walked = [(point, of_wave[point.release.wave.id].of(unit, INDEX, PREVIOUS)) for point in stretch[1:]]
        assert claims(" ".join(sentences.rises_and_falls(walked, locale))) == called(one for _point, one in walked)
        whole = whole_change(stretch, INDEX, "base_score")
        assert claims(sentences.trend("Unit", stretch, whole, locale)) == called([whole])
        for one in priorities(release, unit, verdicts[-1]):
            assert claims(sentences.priority(one, locale))[1] == called([one.against, one.change])[1]
    names = {unit: unit.upper() for unit in units}
    index = {unit: one for (unit, _m), one in verdicts[-1].table(units, [INDEX], GROUP).items()}
    good, bad = sentences.index_calls(names, index, "all", locale)
    assert (claims(good)[0], claims(bad)[1]) == called(index.values())
    past = {unit: one for (unit, _m), one in verdicts[-1].table(units, [INDEX], PREVIOUS).items()}
    assert claims(sentences.index_changes(names, past, "2024", locale)) == called(past.values())


def test_random_releases_hold_both_called_and_uncalled_differences() -> None:
    found = [Verdicts(waves(seed)).table(["a", "b", "c"], [INDEX], GROUP) for seed in range(15)]
    states = {one.state for table in found for one in table.values()}
    assert states >= {State.HIGHER, State.LOWER, State.NO_CLEAR_DIFFERENCE}


@pytest.mark.parametrize("seed", range(8))
def test_breakdowns_open_with_what_was_called_among_the_categories(seed: int) -> None:
    before, release = waves(seed)[-2:]
    field = release.questionnaire.breakdowns[0]
    places = [("g", str(category.value)) for category in field.published]
    against = compare([(side(release, "a", INDEX, *place), side(release, "a", INDEX)) for place in places], release.policy)
    since = compare([sides(release, before, "a", INDEX, *place) for place in places], release.policy)
    good, bad, changed = breakdowns._said(release, "a", [field], INDEX, before, "", EN)
    assert (claims(good)[0], claims(bad)[1]) == called(against)
    assert claims(changed) == called(since)
