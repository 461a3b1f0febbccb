"""Reliability, drivers and comments as leaders and organizers see them, over a small province with planted copies and names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units_file import read_units
from survey.design.wave import Origin, WaveState
from survey.disclose.assessing import assessed
from survey.disclose.comments import ReleasedComment
from survey.disclose.protect import protect
from survey.i18n import Locale
from survey.process.tallies import tally
from survey.source import Source
from tests.pages import looking
from tests.pages.looking import click
from tests.process.test_quality import noisy, person
from tests.small_world import UNITS

VI = Locale("vi")
LEADER = Viewer(name="l", role=Role.LEADER)
OF_B = Viewer(name="b", role=Role.LEADER, unit="t.b")
TELLING = "Nhắc anh Nguyễn Văn Mẫu, số 0900 000 123, *đúng* hẹn."


@pytest.fixture
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One wave: Sở B with a third of straight lines; comments at Sở A and the whole, not looked at."""
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("quality"))}))
    units = UNITS.replace(";40\n", ";100\n").replace(";30\n", ";100\n")
    made.design.save_units(OPERATOR, read_units(Source("units.csv", units.encode())))
    questionnaire = shipped_questionnaires()[0]
    made.design.save_questionnaire(OPERATOR, questionnaire)
    draft = made.design.draft_wave(OPERATOR, "2025", questionnaire.id, date(2025, 6, 1), date(2025, 6, 20), illustrative=True)
    wave = replace(draft, state=WaveState.CLOSED, origin=Origin.RESPONSES)
    people = [
        *noisy(questionnaire, 80, 1, "t.a"), *noisy(questionnaire, 45, 2, "t.b"), *[person(questionnaire, "t.b", raw=4)] * 25,
        *noisy(questionnaire, 15, 3, "t.c"), *noisy(questionnaire, 18, 4, "t.h"), *noisy(questionnaire, 18, 5, "t.k"),
    ]  # fmt: skip
    release = assessed(protect(tally(wave, questionnaire, people), wave.plan, made.policy), people, made.policy)
    comments = [ReleasedComment("t.a", "MO1", f"{TELLING} {n}") for n in range(6)] + [ReleasedComment("t", "MO2", "Nên bớt họp.")] * 5
    made.importing.store(OPERATOR, [release], {"2025": comments}, draft=True)
    yield made
    made.close()


Look = Callable[..., AppTest]


@pytest.fixture
def look(services: Services) -> Look:
    def run(page: str, viewer: Viewer | None = LEADER, **query: str) -> AppTest:
        return looking.look(page, services, viewer, **query)

    return run


def published(services: Services) -> None:
    services.commenting.accept(OPERATOR, "2025")
    services.closing.publish(OPERATOR, "2025")


def words(at: AppTest) -> str:
    kinds = ("title", "header", "markdown", "caption", "info", "warning", "success", "error", "metric")
    return "\n".join(str(one.value) for kind in kinds for one in at.get(kind))


def test_the_overview_says_how_far_a_unit_may_be_relied_on(look: Look, services: Services) -> None:
    published(services)
    assert "Độ tin cậy\\: ●○○ thấp – nhiều phiếu tự mâu thuẫn; câu trả lời giống nhau khác thường" in words(
        look("leader.overview", unit="t.b")
    )
    assert "Độ tin cậy\\: ●●● cao" in words(look("leader.overview", unit="t.a"))
    assert "Độ tin cậy" not in words(look("leader.overview", unit="t"))


def test_the_comparison_names_units_with_low_reliability_and_a_leader_of_one_unit_sees_only_his_own(look: Look, services: Services) -> None:
    published(services)
    at = looking.with_tables(look("leader.comparison", group="t:so_ban_nganh"))
    assert "Thấp ở Sở B" in words(at)
    marks = at.table[-1].value
    assert next(iter(marks[VI("Unit")])) == "Sở B" and set(marks[VI("Unit")]) == {"Sở A", "Sở B", "Sở C"}
    own = looking.with_tables(look("leader.comparison", viewer=OF_B, group="t:so_ban_nganh"))
    assert set(own.table[-1].value[VI("Unit")]) == {"Sở B"}


def test_the_drivers_go_with_and_never_cause(look: Look, services: Services) -> None:
    published(services)
    at = looking.with_tables(look("leader.drivers", group="t"))
    said = words(at)
    assert "đi cùng" in said
    assert "gây ra" not in said and "nguyên nhân" not in said
    assert len(at.get("plotly_chart")) == 1
    assert VI("Cronbach's alpha") in at.table[0].value.columns
    assert "khối có từ 100 phiếu" in words(look("leader.drivers", group="t:cap_huyen"))


def test_leaders_read_masked_comments_in_their_own_part_beside_no_score(look: Look, services: Services) -> None:
    published(services)
    said = words(look("leader.comments"))
    assert "anh \\[…\\], số \\[…\\], \\*đúng\\* hẹn" in said
    assert "Mẫu" not in said and "0900" not in said
    assert not look("leader.comments").get("metric")
    own = words(look("leader.comments", viewer=OF_B))
    assert "Nên bớt họp" not in own and "đúng" not in own and "Không có ý kiến nào" in own


def test_comments_are_found_with_and_without_marks(look: Look, services: Services) -> None:
    published(services)
    at = look("leader.comments")
    at.text_input[0].set_value("bot hop").run()
    assert "5 ý kiến" in words(at) and "\\*đúng" not in words(at)


def test_a_comment_nobody_looked_at_is_on_no_leaders_page(look: Look, services: Services) -> None:
    services.closing.publish(OPERATOR, "2025", comments_later=True)
    assert "hẹn" not in words(look("leader.comments"))


def test_the_organizer_masks_withholds_and_only_then_publishes(look: Look, services: Services) -> None:
    at = look("organizer.close", viewer=OPERATOR, wave="2025")
    assert "Còn 11 ý kiến" in words(at)
    assert "Khoảng 10% số phiếu có dấu hiệu" in words(at)
    at.checkbox[0].check().run()
    assert at.button[-1].disabled
    at = look("organizer.comments", viewer=OPERATOR, wave="2025")
    assert [metric.value for metric in at.metric] == ["11", "0", "0", "0"]
    assert len(at.multiselect) == 11
    telling = at.multiselect[0]  # what has something to mask comes first
    assert "Mẫu," in telling.options
    assert len(telling.value) == 6  # three words of the name, three groups of the number
    at.checkbox[0].check().run()
    assert "~~" in words(at)
    at.button[0].click().run()
    assert not at.exception
    assert "Đã xem tất cả các ý kiến" in words(at)
    assert services.commenting.counts(OPERATOR, "2025")["withheld"] == 1
    at = look("organizer.close", viewer=OPERATOR, wave="2025")
    at.checkbox[0].check().run()
    at.button[-1].click().run()
    assert not at.exception
    assert services.design.wave(OPERATOR, "2025").state is WaveState.PUBLISHED


def test_nobody_without_the_right_looks_at_comments(look: Look) -> None:
    for page, viewer in (("organizer.comments", LEADER), ("organizer.comments", None), ("leader.comments", None), ("leader.drivers", None)):
        at = look(page, viewer=viewer)
        assert at.error
        assert "hẹn" not in words(at)


def test_comments_are_searched_without_marks_filtered_and_looked_at_page_by_page(look: Look, services: Services) -> None:
    at = look("organizer.comments", viewer=OPERATOR, wave="2025")
    assert "11 trên 11 ý kiến" in captions(at)
    at.text_input(key="search.2025").set_value("NEN BOT").run()
    assert "5 trên 11 ý kiến" in captions(at) and len(at.multiselect) == 5
    at.text_input(key="search.2025").set_value("").run()
    at.selectbox(key="unit.2025").set_value("t.a").run()
    assert "6 trên 11 ý kiến" in captions(at)
    at.selectbox(key="asked.2025").set_value("MO2").run()
    assert "0 trên 11 ý kiến" in captions(at) and not at.multiselect
    at.selectbox(key="asked.2025").set_value("all").run()
    at.selectbox(key="unit.2025").set_value("all").run()
    at.selectbox(key="state.2025.True").set_value("telling").run()
    at = click(at, "Tôi đã xem hết 6 ý kiến trên trang này")
    assert services.closing.unseen("2025") == 5 and all(
        "[…]" in one.text for one in services.commenting.comments(OPERATOR, "2025") if one.seen
    )
    at.selectbox(key="state.2025.True").set_value("new").run()
    at = click(at, "Tôi đã xem hết 5 ý kiến trên trang này")
    assert services.closing.unseen("2025") == 0 and at.selectbox(key="state.2025.False").value == "seen"


def captions(at: AppTest) -> str:
    return "\n".join(str(one.value) for one in at.caption)
