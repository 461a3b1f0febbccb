"""A release by the criteria of its plan: means of printed items, an error that is never too small, an honest verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.change import HIDDEN as NOT_SHOWN
from survey.analyse.change import NO_SPREAD, PARTS, SMALL_BASE, State, side, standard_error
from survey.analyse.criteria import Line, Reading, Standing, _mean, _tested_together, reading
from survey.analyse.trend import NOT_EXISTING
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, Cell, Release, Suppressed
from survey.errors import NotAllowed, SurveyError
from survey.process.scores import item_scores
from tests.past_world import HIDDEN, past_in, responses, secrets, settle_past

GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
OF_A = Viewer(name="giamdoc.a", role=Role.LEADER, unit="t.a")
OF_M = Viewer(name="giamdoc.m", role=Role.LEADER, unit="t.m")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("criteria")) as made:
        yield made


def read(services: Services, unit: str, wave: str = "2025", viewer: Viewer = GOVERNOR) -> Reading:
    found = services.results.criteria(viewer, wave, unit)
    assert found is not None
    return found


def line(found: Reading, criterion: str) -> Line:
    one = found.line(criterion)
    assert one is not None
    return one


@pytest.mark.parametrize("unit", ["t", "t:so_ban_nganh", "t.a", "t.m", "t.p", HIDDEN])
def test_a_score_is_the_mean_of_the_printed_items_and_says_how_many_there_are(unit: str, services: Services) -> None:
    found = read(services, unit)
    assert [one.criterion for one in found.lines] == list(found.release.questionnaire.criteria)
    for one in found.lines:
        printed = [cell.score for _item, cell in one.items if isinstance(cell, Cell) and cell.score is not None]
        assert (one.now.shown, one.now.asked) == (len(printed), len(one.items))
        assert one.now.score == (pytest.approx(sum(printed) / len(printed)) if printed else None)
        if isinstance(one.now.cell, Cell):
            assert one.now.cell.partial == (len(printed) < len(one.items))
    assert all(one.now.score is None for one in found.lines) == (unit in (HIDDEN, "t.p"))  # nine people: no single question is shown


def test_nothing_of_the_hidden_is_in_a_reading(services: Services) -> None:
    release = services.results.release(OPERATOR, "2025")
    kept = secrets(services, "2025", release)
    assert len(kept) > 25
    for unit in ("t", "t:so_ban_nganh", HIDDEN):
        for one in read(services, unit).lines:
            assert HIDDEN not in {ranked.unit for ranked in one.units}
            shown = [cell for _item, cell in one.items if isinstance(cell, Cell)]
            assert not {round(cell.score or 0, 6) for cell in shown} & kept


def test_the_error_is_never_smaller_than_that_of_the_people_themselves(services: Services, questionnaire: Questionnaire) -> None:
    """The mean of each person's items has an error that a release does not know; what stands for it must not be smaller."""
    release = services.results.release(OPERATOR, "2025")
    found = read(services, "t.h")
    given = [one for one in responses(questionnaire, release.wave) if one.unit == "t.h"]
    places = {item.id: place for place, item in enumerate(questionnaire.items)}
    answers = np.array([[one.answers[item.id] for item in questionnaire.items] for one in given])
    scores = item_scores(questionnaire, answers)
    correction = (standard_error(side(release, "t.h", "item:KC1")) or 0) / (
        getattr(release.cell("t.h", "item:KC1"), "sd", 0) / len(given) ** 0.5
    )
    compared = 0
    for one in found.lines:
        if one.now.shown == one.now.asked and one.now.error is not None:
            person = scores[:, [places[item.id] for item, _cell in one.items]].mean(axis=1)
            true = person.std(ddof=1) / len(given) ** 0.5 * correction
            assert one.now.error >= true - 0.01  # the release keeps two decimals
            compared += 1
    assert compared > 20


def _standings(
    rng: np.random.Generator, release: Release, people: int, rises: list[float], alike: float
) -> list[tuple[Standing, Standing]]:
    """For each criterion of three items (now, launch) of other people; `alike`: how far a person's answers go together."""

    def wave(rise: float) -> Standing:
        person = rng.normal(0, 20 * alike**0.5, (people, 1))
        scores = 50 + rise + person + rng.normal(0, 20 * (1 - alike) ** 0.5, (people, 3))
        cells = [Cell(base=people, score=float(s.mean()), sd=float(s.std(ddof=1))) for s in scores.T]
        sides = [replace(side(release, "t.a", "item:KC1"), cell=cell, headcount=None) for cell in cells]
        return _mean(release, "t.a", sides, 3)

    return [(wave(rise), wave(0)) for rise in rises]


@pytest.mark.slow
@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0])
def test_where_nothing_changed_hardly_anything_is_called_and_ten_points_are_seen(alike: float, services: Services) -> None:
    release = services.results.release(OPERATOR, "2025")
    rng = np.random.default_rng(363)
    nothing = [any(one.called for one in _tested_together(release, _standings(rng, release, 60, [0.0] * 10, alike))) for _run in range(200)]
    assert np.mean(nothing) <= 0.05 + 2 * (0.05 * 0.95 / 200) ** 0.5
    planted = [_tested_together(release, _standings(rng, release, 100, [10.0] + [0.0] * 9, alike))[0] for _run in range(100)]
    assert np.mean([one.state is State.HIGHER for one in planted]) >= (0.6 if alike == 1.0 else 0.8)


def test_the_launch_is_the_first_wave_and_a_rise_since_then_is_called(services: Services) -> None:
    found = read(services, "t.h")
    assert (found.launch.id, [wave.id for wave in found.waves], found.milestones) == ("2023", ["2023", "2024", "2025"], (0, 1, 2))
    since = [one.since for one in found.lines if one.since is not None]
    assert sum(one.state is State.HIGHER for one in since) > 15 and not any(one.state is State.LOWER for one in since)
    # The made-up people of 2024 are others, drawn by chance, and nearly all of them were asked: a step or two may be real.
    assert sum(one.since.called for one in read(services, "t.h", "2024").lines if one.since) <= 2
    assert all(one.since is None for one in read(services, "t.h", "2023").lines)


def test_what_cannot_be_tested_says_why(services: Services) -> None:
    assert {one.since.reason for one in read(services, "t.m").lines if one.since} == {NOT_EXISTING}
    small = {len(one.items): one.since for one in read(services, "t.k").lines if one.since}
    assert small[2].state is not State.NOT_TESTED
    single = line(read(services, "t.p"), "DG").since
    assert single is not None and single.state is State.NOT_TESTED and single.reason in (SMALL_BASE, NOT_SHOWN)


def test_another_wording_leaves_the_item_out_and_the_criterion_untested(services: Services) -> None:
    first, *rest, last = services.results.history(OPERATOR, "2025")
    reworded = tuple(replace(item, vi="Câu khác hẳn?") if item.id == "KC1" else item for item in first.questionnaire.items)
    other = replace(first, questionnaire=replace(first.questionnaire, version="0.9", items=reworded))
    found = reading((other, *rest, last), "t.h")
    assert found is not None
    mt3, mt4 = line(found, "MT3"), line(found, "MT4")
    assert (mt3.waves[0].shown, mt3.waves[0].asked) == (1, 2)
    assert mt3.since is not None and (mt3.since.state, mt3.since.reason) == (State.NOT_TESTED, PARTS)
    assert mt3.since.difference is not None
    assert mt4.since is not None and mt4.since.reason == ""


def test_bounds_to_both_sides_are_no_mean(services: Services) -> None:
    release = services.results.release(OPERATOR, "2025")

    def mean(*marks: str) -> Standing:
        sides = [
            replace(side(release, "t.a", "item:KC1"), cell=Cell(base=40, score=90.0, sd=9.0, clamped=f"score{mark}" if mark else ""))
            for mark in marks
        ]
        return _mean(release, "t.a", sides, len(marks))

    assert [getattr(mean(*marks).cell, "clamped", None) for marks in ((AT_LEAST, ""), (AT_LEAST, AT_LEAST), (ABOUT, ""), ("", ""))] == [
        "score≥", "score≥", "score≈", ""
    ]  # fmt: skip
    both = mean(AT_LEAST, AT_MOST)
    assert both.mixed and isinstance(both.cell, Cell) and both.cell.bound("score") == ABOUT
    one = _tested_together(release, [(mean("", ""), both)])[0]
    assert one.state is State.NOT_TESTED and one.difference == 0


def test_scores_without_a_spread_are_laid_side_by_side_and_not_tested(services: Services) -> None:
    history = [
        replace(one, cells=one.cells.assign(sd=float("nan"), low=float("nan"), high=float("nan")))
        for one in services.results.history(OPERATOR, "2025")
    ]
    found = reading(history, "t.h")
    assert found is not None
    since = line(found, "MT3").since
    assert since is not None and since.difference is not None and since.reason == NO_SPREAD
    assert line(found, "MT3").units == ()


def test_units_stand_in_bands_and_what_lacks_an_item_is_not_among_them(services: Services) -> None:
    for one in read(services, "t:so_ban_nganh").lines:
        scores = [ranked.cell.score for ranked in one.units]
        assert scores == sorted(scores, key=lambda score: -(score or 0))
        assert HIDDEN not in [ranked.unit for ranked in one.units]
    best = line(read(services, "t"), "MT3")
    assert best.units[0].unit == "t.a" and best.told_apart
    assert [one.unit for one in line(read(services, "t.o"), "MT3").units] == [
        one.unit for one in line(read(services, "t:so_ban_nganh"), "MT3").units
    ]


def test_a_leader_of_one_unit_reads_the_verdicts_that_everybody_reads(services: Services) -> None:
    for viewer, unit in ((OF_A, "t.a"), (OF_M, "t.m")):
        own, all_ = read(services, unit, viewer=viewer), read(services, unit)
        assert own.launch.id == all_.launch.id == "2023"
        assert [one.since for one in own.lines] == [one.since for one in all_.lines]
        assert {ranked.unit for one in own.lines for ranked in one.units} <= {unit}
    assert services.results.has_criteria(OF_M)


def test_who_may_not_see_a_unit_gets_no_reading_of_it(services: Services) -> None:
    with pytest.raises(SurveyError, match="no unit"):
        services.results.criteria(OF_A, "2025", "t.o")
    with pytest.raises(SurveyError, match="no unit"):
        services.results.criteria(GOVERNOR, "2025", "nowhere")
    with pytest.raises(SurveyError):
        services.results.criteria(GOVERNOR, "1999", "t")
    with pytest.raises(NotAllowed):
        services.results.criteria(None, "2025", "t")


def without_criteria(questionnaire: Questionnaire, version: str) -> Questionnaire:
    """The same questions as an earlier version asked them."""
    source = {name: part for name, part in questionnaire.source.items() if name != "criteria"}
    for section in ("overall_items", "items"):
        source[section] = [{key: value for key, value in item.items() if key != "criteria"} for item in source[section]]
    return build_questionnaire("old", source | {"meta": source["meta"] | {"version": version}}, {})


@pytest.mark.slow
def test_waves_of_a_version_without_criteria_are_read_once_a_later_version_brings_them(
    sqlite_services: Services, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = without_criteria(questionnaire, "1.0")
    monkeypatch.setattr("tests.past_world.shipped_questionnaires", lambda: (old,))
    settle_past(sqlite_services, ("2023", "2025"))
    results = sqlite_services.results
    assert not results.has_criteria(GOVERNOR)
    assert results.criteria(GOVERNOR, "2025", "t") is None
    sqlite_services.design.save_questionnaire(OPERATOR, questionnaire)
    assert results.has_criteria(GOVERNOR)
    found = read(sqlite_services, "t.h")
    assert found.release.questionnaire.version == "1.0" and len(found.lines) == len(questionnaire.criteria)
    assert sum(one.since.called for one in found.lines if one.since) > 15


def test_a_criterion_whose_items_a_wave_did_not_choose_has_no_score(services: Services) -> None:
    history = services.results.history(OPERATOR, "2025")
    asked = history[-1].questionnaire
    extra = replace(asked.criteria[0], id="QB")
    bank = tuple(replace(item, criteria=("QB",)) if item.id == "QB1" else item for item in asked.optional_items)
    plan = replace(asked, version="2", criteria=(*asked.criteria, extra), optional_items=bank)
    found = reading(history, "t.h", plan)
    assert found is not None
    one = line(found, "QB")
    assert one.items == () and isinstance(one.now.cell, Suppressed) and one.units == ()
    assert one.since is not None and one.since.state is State.NOT_TESTED
    assert date(2025, 6, 20) == found.waves[-1].closes
