"""The same people under another wave id: refused; two real waves, two samples of one opinion: not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.demonstration.answers import simulate
from survey.demonstration.build import REGISTER
from survey.design.plan import Plan, make_plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.units_file import read_units
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Release
from survey.errors import SurveyError
from survey.process.tallies import tally
from survey.publish import importing
from survey.publish.same_people import SamePeople, distance_between
from survey.source import Source
from tests.conftest import quick_first
from tests.importing import import_counts
from tests.process.test_scores import wave_over
from tests.small_world import settle

POLICY = replace(Policy.load(), optimiser_seconds=0)  # the block rule: totals and items are the same, and it takes no time
UNITS = ("t.a", "t.b", "t.h")
People = Callable[[int, int], list[Response]]


def release_of(questionnaire: Questionnaire, plan: Plan, responses: list[Response]) -> Release:
    wave = replace(wave_over("r,R,,,\n"), plan=plan)
    return protect(tally(wave, questionnaire, responses), plan, POLICY)


@pytest.fixture(scope="module")
def province() -> Plan:
    """Without breakdowns: they play no part here."""
    return make_plan(read_units(Source.open(REGISTER)), date(2023, 11, 30), breakdowns=())


@pytest.fixture(scope="module")
def people(questionnaire: Questionnaire, province: Plan) -> People:
    """Who answered in a year, by the seed of the sample; drawn once."""
    return cache(lambda year, seed: simulate(questionnaire, province, year, seed=seed))


@pytest.fixture(scope="module")
def published(questionnaire: Questionnaire, province: Plan, people: People) -> Release:
    return release_of(questionnaire, province, people(2022, 1))


@pytest.mark.parametrize("year", quick_first(2022, 2023, 2025))
def test_other_years_and_other_samples_of_one_opinion_are_other_people(
    questionnaire: Questionnaire, province: Plan, people: People, published: Release, year: int
) -> None:
    other = release_of(questionnaire, province, people(year, year - 2000))
    found = distance_between(other, published.cells)
    assert found is not None and found.units > 60 and 0.85 < found.share < 2 and not found.nearly_the_same


@pytest.mark.parametrize("share", quick_first(0.1, 0, 0.01))
def test_dropped_added_and_changed_people_are_the_same_people(
    questionnaire: Questionnaire, province: Plan, people: People, published: Release, share: float
) -> None:
    rng = np.random.default_rng(5)
    first, others = people(2022, 1), people(2022, 7)
    kept = [one for one in first if rng.random() >= share]
    changed = [replace(other, unit=one.unit) if rng.random() < share else one for one, other in zip(first, others * 2, strict=False)]
    dropped, put_right = (release_of(questionnaire, province, some) for some in (kept, changed))
    for new, old, limit in ((dropped, published, 0.001), (published, dropped, 0.001), (put_right, published, np.sqrt(share) + 0.001)):
        found = distance_between(new, old.cells)
        assert found is not None and found.nearly_the_same and found.share <= limit, found


def test_one_unit_alone_that_is_the_same_is_found_among_many_others(
    questionnaire: Questionnaire, province: Plan, people: People, published: Release
) -> None:
    same = people(2022, 1)
    other = [one for one in people(2022, 9) if one.unit != "dn.snv"]
    found = distance_between(release_of(questionnaire, province, [*other, *(one for one in same if one.unit == "dn.snv")]), published.cells)
    assert found is not None and found.nearly_the_same and (found.units, found.share) == (1, 0)


def test_units_too_small_for_items_are_told_by_their_themes(questionnaire: Questionnaire) -> None:
    register = read_units(
        Source("u.csv", ("id,name_vi,parent,headcount\nr,R,,\n" + "".join(f"u{n},U{n},r,20\n" for n in range(12))).encode())
    )
    plan = make_plan(register, date(2026, 1, 1), breakdowns=())

    def nine(seed: int) -> Release:
        everybody = simulate(questionnaire, plan, 2022, seed=seed)
        few = [one for unit in range(12) for one in [r for r in everybody if r.unit == f"u{unit}"][:9]]
        return release_of(questionnaire, plan, few)

    first, again, other = nine(1), nine(1), nine(2)
    same, different = (distance_between(one, first.cells) for one in (again, other))
    assert same is not None and same.nearly_the_same and different is not None and not different.nearly_the_same


def counts(questionnaire: Questionnaire, wave: str, change: Callable[[str, str, int, int], int] = lambda *_: 0) -> Source:
    rng = np.random.default_rng(0)
    rows = ["wave,unit,item,option,n"]
    for unit in UNITS:
        for item in questionnaire.items:
            some = 3 + rng.multinomial(25, [0.15, 0.2, 0.2, 0.25, 0.2])
            rows += [f"{wave},{unit},{item.id},{value},{n + change(unit, item.id, value, n)}" for value, n in enumerate(some, start=1)]
    return Source("counts.csv", ("\n".join(rows) + "\n").encode())


def one_more(unit: str, _item: str, value: int, _n: int) -> int:
    return int(unit == "t.a" and value == 4)  # one person who answered 4 everywhere


def imported(services: Services, questionnaire: Questionnaire, source: Source) -> Release:
    return import_counts(services, source, questionnaire)[0]


def test_an_import_of_a_published_wave_under_another_id_is_refused_with_its_name(services: Services) -> None:
    questionnaire = settle(services)
    old = imported(services, questionnaire, counts(questionnaire, "2019"))
    with pytest.raises(SamePeople, match=r"(?s)2020.*nearly those of wave 2019.*--replace"):
        imported(services, questionnaire, counts(questionnaire, "2020", one_more))
    assert [wave.id for wave in services.design.waves(OPERATOR)] == ["2019"]
    assert services.results.release(OPERATOR, "2019").hash == old.hash


def test_without_the_check_the_two_waves_tell_what_the_one_person_answered(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaky control."""
    questionnaire = settle(sqlite_services)
    monkeypatch.setattr(importing, "refuse_same_people", lambda *_: None)
    releases = [imported(sqlite_services, questionnaire, counts(questionnaire, wave, how)) for wave, how in PAIR]
    told = {}
    for item in questionnaire.items:
        new, old = (release.cell("t.a", f"item:{item.id}") for release in reversed(releases))
        assert isinstance(new, Cell) and isinstance(old, Cell)
        told[item.id] = [a - b for a, b in zip(new.options, old.options, strict=True)]
    assert set(map(tuple, told.values())) == {(0, 0, 0, 1, 0)}  # the person's answer to every question


PAIR: list[tuple[str, Callable[[str, str, int, int], int]]] = [("2019", lambda *_: 0), ("2020", one_more)]


def test_two_waves_of_one_file_are_compared_too_and_another_body_s_are_not(sqlite_services: Services) -> None:
    questionnaire = settle(sqlite_services)
    first, second = (counts(questionnaire, wave, how).content.decode() for wave, how in PAIR)
    both = Source("both.csv", (first + second.split("\n", 1)[1]).encode())
    with pytest.raises(SamePeople):
        import_counts(sqlite_services, both, questionnaire)
    assert sqlite_services.design.waves(OPERATOR) == ()
    assert len(import_counts(sqlite_services, both, questionnaire, published=True)) == 2


@pytest.mark.slow
def test_a_wave_once_replaced_is_still_compared(sqlite_services: Services) -> None:
    questionnaire = settle(sqlite_services)
    imported(sqlite_services, questionnaire, counts(questionnaire, "2019"))

    def turned(_unit: str, _item: str, value: int, _n: int) -> int:
        return 20 * (value == 1)

    import_counts(sqlite_services, counts(questionnaire, "2019", turned), questionnaire, replacing=True)
    with pytest.raises(SurveyError, match="2019"):
        imported(sqlite_services, questionnaire, counts(questionnaire, "2020", one_more))
