"""Three things to mend: weak, clearly below the group or clearly fallen, and driving; who has more reasons comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.analyse.change import State
from survey.analyse.priorities import drivers_of, priorities
from survey.analyse.verdicts import Verdicts
from survey.disclose.quality import Driver, Drivers, Quality
from survey.disclose.release import Cell, Release
from survey.disseminate import sentences
from survey.i18n import Locale
from tests.past_world import HIDDEN, settle_past

GROUP = "t:so_ban_nganh"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Release, ...]]:
    folder: Path = tmp_path_factory.mktemp("priorities")
    services: Services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    settle_past(services)
    yield services.results.history(OPERATOR, "2025")
    services.close()


def test_what_is_weak_and_clearly_below_the_group_comes_before_what_is_only_weak(releases: tuple[Release, ...]) -> None:
    found = priorities(releases[1], "t.b", Verdicts(releases[:2]), few=100)
    reasons = [one.reasons for one in found]
    assert reasons == sorted(reasons, reverse=True) and reasons[0] == 2
    for one in found:
        below = [test for test in (one.against, one.change) if test.state is State.LOWER]
        assert one.reasons == one.weak + bool(below)
    scores = sorted(one.cell.score or 0 for one in found)
    assert sum(one.weak for one in found) >= round(len(found) / 3)
    assert all((one.cell.score or 0) <= scores[round(len(found) / 3) - 1] for one in found if one.weak)


def test_a_clear_fall_is_a_reason_by_itself(releases: tuple[Release, ...]) -> None:
    backwards = priorities(releases[0], "t.a", Verdicts((releases[2], releases[0])), few=100)  # 2025 was half a step higher everywhere
    fallen = [one for one in backwards if one.change.state is State.LOWER]
    assert fallen and all(one.gap < 0 for one in fallen)
    said = sentences.priority(fallen[0], Locale("en"))
    assert "clearly down by" in said and "since wave 2025" in said


def test_a_driving_theme_is_a_reason_where_drivers_could_be_told(releases: tuple[Release, ...]) -> None:
    release = releases[1]
    assert drivers_of(release, "t.b") == ()
    plain = priorities(release, "t.b", Verdicts((release,)), few=100)
    last = [one for one in plain if one.reasons == 2][-1]
    shares = [Driver(theme=last.item.theme, share=31, low=25, high=37), Driver(theme="TN", share=9, low=4, high=13)]
    told = replace(release, quality=Quality(drivers={GROUP: Drivers(people=160, explained=55.0, themes=tuple(shares))}))
    assert drivers_of(told, "t.b") == (last.item.theme,)  # more than an eighth; the unit takes its group's
    first = priorities(told, "t.b", Verdicts((told,)))[0]
    assert first.item.theme == last.item.theme and first.driving and first.reasons == 3
    assert "goes closely with" in sentences.priority(first, Locale("en"))


def test_impressions_are_left_out_and_a_hidden_unit_has_none(releases: tuple[Release, ...]) -> None:
    release = releases[1]
    outside = {item.id for item in release.questionnaire.items if not release.questionnaire.theme[item.theme].in_index}
    assert outside and not {one.item.id for one in priorities(release, "t", Verdicts((release,)), few=100)} & outside
    assert priorities(release, HIDDEN, Verdicts((release,))) == ()
    lowest = priorities(release, "t", Verdicts((release,)))[0]
    cells = [release.cell("t", f"item:{item.id}") for item in release.questionnaire.items if item.id not in outside]
    assert lowest.cell.score == min(cell.score or 0 for cell in cells if isinstance(cell, Cell))
