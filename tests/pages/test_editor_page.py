"""The editor of a questionnaire: a stored version is copied, changed on the page, and saved as another version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect.slips import normalise
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from tests.pages import looking
from tests.pages.looking import click, said, unbroken
from tests.pages.test_shown_as_text import BAD, hostile_questionnaire, marked
from tests.small_world import open_wave, settle

Look = Callable[..., AppTest]
SAVE = "Save the questionnaire vhcs\\-core 1\\.2"


@pytest.fixture
def at(sqlite_services: Services) -> AppTest:
    settle(sqlite_services)
    return part(looking.look("organizer.editor", sqlite_services, OPERATOR, "en", questionnaire="vhcs-core", version="1.1"), "theme:KC")


def part(at: AppTest, name: str) -> AppTest:
    return unbroken(at.selectbox[0].set_value(name).run())


def field(at: AppTest, *of: str) -> Any:
    ending = "." + ".".join(of)
    return next(one for kind in ("text_area", "text_input", "checkbox", "button", "selectbox") for one in at.get(kind) if (one.key or "").endswith(ending))  # fmt: skip


def button(at: AppTest, label: str) -> Any:
    return next(one for one in at.button if one.label == label)


def versions(services: Services) -> list[str]:
    return [one.version for one in services.design.questionnaires(OPERATOR)]


def stored(services: Services, version: str) -> Questionnaire:
    return services.design.questionnaire(OPERATOR, "vhcs-core", version)


def previewed(at: AppTest, services: Services) -> Questionnaire:
    code = normalise(at.session_state["organizer.edited"])
    opened = services.trials.find(code, services.clock.today())
    assert opened is not None
    return opened.questionnaire


def test_the_editor_is_reached_from_the_version_and_begins_with_a_copy_under_the_next_number(
    at: AppTest, sqlite_services: Services
) -> None:
    listed = looking.look("organizer.questionnaires", sqlite_services, OPERATOR, "en")
    links = [(one.proto.page, one.proto.query_string) for one in listed.get("page_link")]
    assert ("organize-editor", "questionnaire=vhcs-core&version=1.1") in links
    assert at.text_input[-1].value == "1.2" and button(at, SAVE).disabled and "Nothing is changed yet" in said(at)
    assert versions(sqlite_services) == ["1.1"]


def test_without_an_address_it_asks_what_to_begin_from(sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = looking.look("organizer.editor", sqlite_services, OPERATOR, "en")
    click(at, "Start a new version from this one")
    assert at.text_input[-1].value == "1.2"


def test_words_order_hint_condition_and_a_new_question_are_saved_as_a_new_version(at: AppTest, sqlite_services: Services) -> None:
    before = stored(sqlite_services, "1.1")
    first, second, third = (item.id for item in before.items_of("KC")[:3])
    field(at, first, "vi").set_value("Mọi người đi làm đúng giờ.")
    field(at, first, "hint_vi").set_value("Kể cả lãnh đạo.")
    field(at, second, "relevant").set_value("${gender} = 'f' and ${KC1} >= 4")
    unbroken(at.run())
    assert 'Asked only if "Gender" is answered with "Female"' in at.caption[0].value.replace("\\", "")
    unbroken(field(at, third, "by-1").click().run())
    field(at, "new", "theme:KC").set_value("Nội quy được niêm yết.")
    click(at, "Add the question")
    assert previewed(at, sqlite_services).items_of("KC")[-1].vi == "Nội quy được niêm yết."
    assert any("Mọi người đi làm đúng giờ\\." in table.value.to_numpy() for table in at.table)
    assert versions(sqlite_services) == ["1.1"]  # shown, not stored
    click(at, SAVE)
    after = stored(sqlite_services, "1.2")
    assert [item.id for item in after.items_of("KC")][:3] == [first, third, second]
    assert (after.item[first].vi, after.item[first].hint_vi) == ("Mọi người đi làm đúng giờ.", "Kể cả lãnh đạo.")
    assert after.item[second].relevant == "${gender} = 'f' and ${KC1} >= 4"
    assert stored(sqlite_services, "1.1") == before and stored(sqlite_services, "1.1").source == before.source
    assert "organizer.rewriting" not in at.session_state


def test_what_is_typed_in_one_theme_stays_when_another_is_looked_at(at: AppTest, sqlite_services: Services) -> None:
    field(at, "KC1", "vi").set_value("Lời mới.").run()
    part(at, "first")
    field(at, "intro", "vi").set_value("Kính gửi Ông/Bà,\n\nĐợt năm nay có vài câu mới.").run()
    part(at, "open_questions")
    part(at, "theme:KC")
    assert field(at, "KC1", "vi").value == "Lời mới."
    read = previewed(at, sqlite_services)
    assert read.item["KC1"].vi == "Lời mới." and read.intro_vi == ("Kính gửi Ông/Bà,", "Đợt năm nay có vài câu mới.")


def test_what_is_typed_is_not_lost_to_a_button_of_another_question(at: AppTest, sqlite_services: Services) -> None:
    field(at, "KC3", "vi").set_value("Gõ dở.")
    unbroken(field(at, "KC1", "by1").click().run())
    assert field(at, "KC3", "vi").value == "Gõ dở." and previewed(at, sqlite_services).item["KC3"].vi == "Gõ dở."
    field(at, "KC3", "en").set_value("Half typed").run()
    assert "KC3 · Half typed" in [one.label for one in at.expander]


def test_bad_input_is_named_with_its_question_stays_typed_and_stores_nothing(at: AppTest, sqlite_services: Services) -> None:
    field(at, "KC1", "vi").set_value("")
    field(at, "KC2", "relevant").set_value("${nobody} = 'x'")
    field(at, "KC3", "relevant").set_value("count(${gender})")
    unbroken(at.run())
    table = at.table[0].value
    assert list(table["Where"]) == ["KC1 · in Vietnamese", "KC2 · asked only if", "KC3 · asked only if"]
    assert all(table["What to do"]) and "Errors: 3" in at.error[-1].value
    assert "cannot be followed" in said(at)
    assert not [one for one in at.button if one.label.startswith("Save the questionnaire")]
    assert field(at, "KC2", "relevant").value == "${nobody} = 'x'" and field(at, "KC1", "vi").value == ""
    assert previewed(at, sqlite_services).item["KC1"].vi  # what was last in order
    assert versions(sqlite_services) == ["1.1"]
    for name in ("KC2", "KC3"):
        field(at, name, "relevant").set_value("")
    field(at, "KC1", "vi").set_value("Lời mới.").run()
    click(at, SAVE)
    assert versions(sqlite_services) == ["1.1", "1.2"]


def test_an_empty_question_is_not_added(at: AppTest) -> None:
    click(at, "Add the question")
    assert "Write the question before it is added" in said(at)
    assert button(at, SAVE).disabled


def test_a_version_that_is_in_use_is_never_changed(sqlite_services: Services) -> None:
    wave, _codes, _shares = open_wave(sqlite_services, today=sqlite_services.clock.today())
    before = stored(sqlite_services, wave.version)
    at = looking.look("organizer.editor", sqlite_services, OPERATOR, "en", questionnaire="vhcs-core", version="1.1")
    part(at, "theme:KC")
    field(at, "KC1", "vi").set_value("Lời mới.")
    field(at, "version").set_value("1.1").run()
    assert "is stored already and stays as it is" in said(at)
    assert button(at, "Save the questionnaire vhcs\\-core 1\\.1").disabled
    field(at, "version").set_value("").run()
    assert list(at.table[0].value["Where"]) == ["Number of the new version"]
    field(at, "version").set_value("2026").run()
    click(at, "Save the questionnaire vhcs\\-core 2026")
    assert versions(sqlite_services) == ["1.1", "2026"] and stored(sqlite_services, "1.1").source == before.source
    assert sqlite_services.design.wave(OPERATOR, wave.id).version == "1.1"


def test_two_who_save_the_same_number_do_not_write_over_each_other(at: AppTest, sqlite_services: Services) -> None:
    field(at, "KC1", "vi").set_value("Của người thứ nhất.").run()
    other = looking.look("organizer.editor", sqlite_services, OPERATOR, "en", questionnaire="vhcs-core", version="1.1")
    part(other, "theme:KC")
    field(other, "KC1", "vi").set_value("Của người thứ hai.").run()
    click(at, SAVE)
    other.run()
    assert "is stored already" in said(other) and button(other, SAVE).disabled
    assert (
        stored(sqlite_services, "1.2").item["KC1"].vi == "Của người thứ nhất." and field(other, "KC1", "vi").value == "Của người thứ hai."
    )


def test_a_question_is_left_out_and_put_back_and_a_theme_goes_with_its_last(at: AppTest, sqlite_services: Services) -> None:
    names = [item.id for item in stored(sqlite_services, "1.1").items_of("KC")]
    unbroken(field(at, names[0], "out").click().run())
    assert f"Left out: {names[0]}" in said(at) and not button(at, SAVE).disabled
    unbroken(field(at, names[0], "back").click().run())
    assert button(at, SAVE).disabled
    for name in names:
        unbroken(field(at, name, "out").click().run())
    assert "have no question and are left out" in said(at) and "KC" not in previewed(at, sqlite_services).theme


def test_beginning_again_empties_every_field(at: AppTest) -> None:
    words = field(at, "KC1", "vi").value
    field(at, "KC1", "vi").set_value("Lời mới.").run()
    unbroken(at.button(key="again").click().run())
    assert field(part(at, "theme:KC"), "KC1", "vi").value == words and button(at, SAVE).disabled


def test_the_answer_list_is_chosen_among_those_of_the_questionnaire(at: AppTest, sqlite_services: Services) -> None:
    with pytest.raises(StopIteration):
        field(at, "KC1", "scale")  # one list is no choice
    points = [{"value": "1", "vi": "Không bao giờ"}, {"value": "2", "vi": "Luôn luôn"}]
    source = {**stored(sqlite_services, "1.1").source, "scales": [{"id": "often2", "points": points}]}
    source["meta"] = {**source["meta"], "version": "1.2"}
    sqlite_services.design.save_questionnaire(OPERATOR, build_questionnaire("q.yaml", source, {}))
    at = part(looking.look("organizer.editor", sqlite_services, OPERATOR, "vi", questionnaire="vhcs-core", version="1.2"), "theme:KC")
    field(at, "KC1", "scale").set_value("often2").run()
    field(at, "KC1", "reverse").check().run()
    assert any("kết thúc" in str(table.value.to_numpy()) for table in at.table), said(at)
    click(at, "Lưu phiếu khảo sát vhcs\\-core 1\\.3")
    after = stored(sqlite_services, "1.3").item["KC1"]
    assert (after.scale, after.reverse) == ("often2", True)


def test_the_editor_makes_nothing_of_what_was_written(sqlite_services: Services) -> None:
    sqlite_services.design.save_questionnaire(OPERATOR, hostile_questionnaire())
    at = looking.look("organizer.editor", sqlite_services, OPERATOR, "vi", questionnaire="vhcs-core", version="1.1")
    for name in ("first", "theme:KC", "optional_items", "open_questions", "breakdown_fields"):
        assert not marked(part(at, name))
    part(at, "theme:KC")
    field(at, "KC1", "vi").set_value(f"{BAD} mới")
    field(at, "KC2", "relevant").set_value("${gender} = 'f' and ${KC1} > 3")
    assert not marked(unbroken(at.run())) and at.caption
    assert not marked(unbroken(field(at, "KC1", "out").click().run())), "what was left out is named"


def fill(at: AppTest, **lines: str) -> None:
    """Fields of a pad by the ends of their keys, with _ for the dots."""
    for name, text in lines.items():
        field(at, *name.split("__")).set_value(text)


def test_a_theme_its_questions_and_a_list_of_answers_are_made_on_the_page(at: AppTest, sqlite_services: Services) -> None:
    part(at, "themes")
    click(at, "Add the theme")
    assert "Write the name of the theme" in said(at) and button(at, SAVE).disabled
    fill(at, new__theme__vi="Chuyển đổi số", new__theme__en="Going digital")
    click(at, "Add the theme")
    assert at.selectbox[0].value == "theme:CDS", "its questions come next"
    assert "have no question and are left out" in said(at)
    for words in ("Hồ sơ được xử lý trên mạng.", "Phần mềm chạy ổn định."):
        field(at, "new", "theme:CDS").set_value(words)
        click(at, "Add the question")
    part(at, "scales")
    fill(at, scales__answers__vi="Không bao giờ\nĐôi khi", scales__answers__en="Never")
    click(at, "Add the list")
    assert "There are 2 answers in Vietnamese and 1 in English" in said(at)
    assert field(at, "scales", "answers", "vi").value == "Không bao giờ\nĐôi khi", "what was typed stays"
    fill(at, scales__answers__vi="Không bao giờ\nĐôi khi\nđôi khi", scales__answers__en="")
    click(at, "Add the list")
    assert "“đôi khi” stands twice" in said(at)
    fill(at, scales__answers__vi="Luôn luôn\n\nĐôi khi\nKhông bao giờ")
    click(at, "Add the list")
    assert "“Luôn luôn” is scored as the worst answer" in said(at)
    click(at, "Turn the list round")
    part(at, "theme:CDS")
    field(at, "CDS1", "scale").set_value("list1").run()
    read = previewed(at, sqlite_services)
    assert [point.vi for point in read.scale_of("CDS1").points] == ["Không bao giờ", "Đôi khi", "Luôn luôn"]
    rows = [row for table in at.table if "Its series" in table.value for row in table.value.itertuples(index=False)]
    assert [tuple(row)[1] for row in rows] == ["new"] * 3 and {tuple(row)[4] for row in rows} == {"begins with this version"}
    click(at, SAVE)
    assert stored(sqlite_services, "1.2").scale_of("CDS1") == read.scale_of("CDS1")


def test_a_question_about_the_respondent_is_made_and_what_it_costs_is_told(at: AppTest, sqlite_services: Services) -> None:
    part(at, "breakdown_fields")
    told = at.info[0].value
    assert "at least 30 forms" in told and "at least 5 people" in told and "Questions: 4; combinations of their answers: 160" in told
    assert "waits for the answer" not in said(at)
    fill(at, new__breakdown_fields__vi="Trình độ đào tạo", breakdown_fields__answers__vi="Đại học")
    click(at, "Add the question")
    assert "Write at least two answers" in said(at) and field(at, "new", "breakdown_fields", "vi").value == "Trình độ đào tạo"
    fill(at, breakdown_fields__answers__vi="Đại học\nKhác", breakdown_fields__answers__en="Degree\nOther")
    click(at, "Add the question")
    assert "Questions: 5; combinations of their answers: 320" in at.info[0].value
    fill(at, new__breakdown_fields__trinh_do_dao_tao="Sau đại học")
    field(at, "breakdown_fields.gender.0", "1", "vi").set_value("Nữ giới")  # with the same click
    unbroken(next(one for one in at.button if (one.key or "").endswith("new.breakdown_fields.trinh_do_dao_tao.add")).click().run())
    after = previewed(at, sqlite_services).breakdowns
    assert [one.vi for one in after[-1].categories] == ["Đại học", "Khác", "Sau đại học", "Không muốn trả lời"]
    assert [one.vi for one in after[1].categories][:2] == ["Nam", "Nữ giới"]
    unbroken(field(at, "breakdown_fields.gender.0", "1", "answer_up").click().run())
    assert field(at, "breakdown_fields.gender.1", "0", "vi").value == "Nữ giới"
    assert "No series: open questions" in " ".join(one.value for one in at.caption)
    for times in (1, 2):
        unbroken(field(at, f"breakdown_fields.gender.{times}", "0", "answer_without").click().run())
    assert "Add answers to the question" in at.table[0].value["What to do"][0] and at.table[0].value["Where"][0] == "gender · answers"


def test_a_question_is_given_another_criterion_to_serve(at: AppTest, sqlite_services: Services) -> None:
    before = stored(sqlite_services, "1.1")
    other = next(one.id for one in before.criteria if one.id not in before.item["KC1"].criteria)
    chosen = next(one for one in at.multiselect if (one.key or "").endswith(".KC1.criteria"))
    chosen.set_value([*before.item["KC1"].criteria, other]).run()
    assert "criteria it serves" in str([table.value.to_numpy() for table in at.table])
    click(at, SAVE)
    assert stored(sqlite_services, "1.2").item["KC1"].criteria == (*before.item["KC1"].criteria, other)


def test_a_condition_that_waits_for_an_answer_taken_out_is_told(at: AppTest) -> None:
    field(at, "KC2", "relevant").set_value("${gender} = 'f' or ${KC1} >= 4").run()
    assert "waits for the answer" not in said(at)
    part(at, "breakdown_fields")
    unbroken(field(at, "breakdown_fields.gender.0", "1", "answer_without").click().run())
    assert "KC2 waits for the answer f to gender" in said(at)


def test_a_questionnaire_is_made_from_nothing(sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = looking.look("organizer.editor", sqlite_services, OPERATOR, "en")
    click(at, "Start an empty questionnaire")
    assert "Write its title first" in said(at)
    at.text_input[0].set_value("Khảo sát chuyển đổi số")
    click(at, "Start an empty questionnaire")
    assert "The form appears here with the first question" in said(at)
    assert list(at.table[0].value["Where"]) == ["Questions"] and not [one for one in at.button if one.label.startswith("Save")]
    fill(at, new__theme__vi="Chuyển đổi số")
    click(at, "Add the theme")
    field(at, "new", "theme:CDS").set_value("Phần mềm chạy ổn định.")
    click(at, "Add the question")
    assert previewed(at, sqlite_services).items[0].vi == "Phần mềm chạy ổn định."
    click(at, "Save the questionnaire khao\\-sat\\-chuyen\\-doi\\-so 1")
    assert sqlite_services.design.questionnaire(OPERATOR, "khao-sat-chuyen-doi-so", "1").themes[0].vi == "Chuyển đổi số"


def test_what_was_begun_is_thrown_away_for_something_else(at: AppTest) -> None:
    unbroken(at.button(key="otherwise").click().run())
    assert "a questionnaire of its own" in said(at).lower() and "organizer.rewriting" not in at.session_state
