"""The trend page over versions of a questionnaire: reworded items, other scales, what an organizer declares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.comparable import OTHER_SCALE, OTHER_WORDING, apart
from survey.analyse.trend import as_it_was, unbroken
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Origin, WaveState
from survey.disclose.release import INDEX, Cell, Release
from survey.errors import InputRefused
from survey.i18n import Locale
from tests.figure_reading import specification, texts
from tests.pages.looking import look
from tests.reorganising import ask, founded, hold

DAYS = (date(2019, 11, 30), date(2022, 11, 30), date(2025, 6, 20))
LEVELS = {"a": 4, "b": 3}
FOUR, SEVEN = (1, 2, 3, 4), (1, 2, 3, 4, 5, 6, 7)
NOTE = "comparable_with: [{{id: {id}, version: '{version}', note_vi: 'Thang 4 mức năm 2019 quy đổi về 0-100', note_en: 'Four points turned into 0-100'}}]"
GOVERNOR = Viewer(name="lanhdao", role=Role.LEADER)
VI = Locale("vi")


def waves(first: Questionnaire, *later: Questionnaire) -> tuple[Release, ...]:
    asked = [first, *later, *[(later or (first,))[-1]] * (3 - 1 - len(later))]
    register = founded({"a": 60, "b": 40, "c": 50})
    return tuple(hold(register, day, LEVELS | {"c": 3}, questionnaire) for day, questionnaire in zip(DAYS, asked, strict=True))


def joined(releases: tuple[Release, ...], measure: str) -> list[bool]:
    """Does a line lead from each wave to the next?"""
    return [not point.parted for point in as_it_was(releases, "a", measure)[1:]]


def test_a_reworded_item_breaks_its_own_series_alone() -> None:
    releases = waves(ask("1"), ask("2", text="Câu một viết lại"))
    assert joined(releases, "item:A1") == [False, True]
    assert joined(releases, "item:A2") == joined(releases, "theme:A") == joined(releases, INDEX) == [True, True]
    assert [point.day for point in unbroken(as_it_was(releases, "a", "item:A1"))] == [*DAYS[1:]]
    assert apart(ask("1"), ask("2", text="câu  một."), "item:A1") == ""  # case, spaces and a full stop are no other question


def test_the_same_id_in_another_questionnaire_is_the_same_item_only_when_it_asks_the_same() -> None:
    assert apart(ask(), ask(questionnaire="other"), "item:A1") == ""
    assert apart(ask(), ask(questionnaire="other", text="Câu khác"), "item:A1") == OTHER_WORDING
    assert apart(ask(), ask(questionnaire="other"), INDEX) != ""


@pytest.mark.parametrize("points", [FOUR, SEVEN])
def test_another_scale_is_on_0_to_100_by_the_same_formula_and_breaks_every_series(points: tuple[int, ...]) -> None:
    releases = waves(ask("1", points=points), ask("2"))
    cell = releases[0].cell("a", "item:A1")
    assert isinstance(cell, Cell) and cell.score == round((3.5 - 1) / (len(points) - 1) * 100, 2)  # half say 4, half say 3
    for measure in ("item:A1", "theme:A", INDEX):
        assert joined(releases, measure) == [False, True]
        assert apart(releases[0].questionnaire, releases[1].questionnaire, measure) == OTHER_SCALE


def test_a_declared_scale_joins_the_series_but_never_a_reworded_item() -> None:
    more = NOTE.format(id="q", version="1")
    releases = waves(ask("1", points=FOUR), ask("2", more=more))
    assert joined(releases, INDEX) == joined(releases, "item:A1") == [True, True]
    assert joined(waves(ask("1", points=FOUR), ask("2", text="Khác", more=more)), "item:A1") == [False, True]
    assert joined(waves(ask("1", points=FOUR, questionnaire="old"), ask("2", more=NOTE.format(id="old", version="1"))), INDEX) == [
        True,
        True,
    ]


def test_a_declaration_without_a_note_or_about_itself_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        ask("2", more="comparable_with: [{id: q, version: '1'}, {id: q, version: '2', note_vi: Nó}]")
    assert [(problem.column, problem.row) for problem in refused.value.problems] == [("note_vi", 8), ("version", 8)]


def chart_of(services: Services, releases: tuple[Release, ...], measure: str = INDEX) -> dict[str, Any]:
    services.design.save_units(OPERATOR, founded({"a": 60, "b": 40, "c": 50}))
    for questionnaire in {release.questionnaire.version: release.questionnaire for release in releases}.values():
        services.design.save_questionnaire(OPERATOR, questionnaire)
    for release in releases:
        wave = replace(release.wave, state=WaveState.PUBLISHED, origin=Origin.COUNTS)
        services.importing.store(OPERATOR, [replace(release, wave=wave)])
    at = look("leader.trend", services, GOVERNOR, unit="a", measure=measure)
    return specification(at.get("plotly_chart")[0].proto.spec)


def test_the_chart_marks_the_scale_and_breaks_over_it(sqlite_services: Services) -> None:
    spec = chart_of(sqlite_services, waves(ask("1", points=FOUR), ask("2")))
    assert spec["layout"]["xaxis"]["ticktext"][0] == "2019<br>thang 4 mức"
    assert "đứt chuỗi số liệu: dùng thang trả lời khác" in " ".join(texts(spec["layout"]["annotations"]))
    assert [shape["line"]["dash"] for shape in spec["layout"]["shapes"]] == ["dot"]
    assert len(spec["data"][0]["x"]) == 4  # three waves and the gap


def test_the_chart_prints_the_note_of_what_was_declared_comparable(sqlite_services: Services) -> None:
    spec = chart_of(sqlite_services, waves(ask("1", points=FOUR), ask("2", more=NOTE.format(id="q", version="1"))))
    said = " ".join(texts(spec["layout"]["annotations"])).replace("<br>", " ")
    assert "Thang 4 mức năm 2019 quy đổi về 0-100" in said and "đứt chuỗi" not in said
    assert spec["layout"]["xaxis"]["ticktext"][0] == "2019<br>thang 4 mức"
    assert len(spec["data"][0]["x"]) == 3


def test_a_reworded_question_breaks_on_its_own_chart_only(sqlite_services: Services) -> None:
    spec = chart_of(sqlite_services, waves(ask("1"), ask("2", text="Câu một viết lại")), "item:A1")
    assert "đứt chuỗi số liệu: câu hỏi có cách hỏi" in " ".join(texts(spec["layout"]["annotations"])).replace("<br>", " ")
