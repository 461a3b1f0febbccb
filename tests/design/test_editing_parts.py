"""Themes, lists of answers and questions about the person in the document of a questionnaire, and a questionnaire from nothing."""

from __future__ import annotations

import pytest

from survey.analyse.comparable import OTHER_WORDING
from survey.analyse.versions import ANSWERS, PLACE, Change, difference
from survey.design import editing, editing_answers, editing_themes
from survey.design.acceptance import DECLINED
from survey.design.blank import blank
from survey.design.editing import ABOUT, Document, theme_part
from survey.design.editing_answers import LISTS
from survey.design.files import read_form
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import shipped_questionnaires
from survey.errors import InputRefused

BEFORE = shipped_questionnaires()[0]
USED = editing.names_in(BEFORE)
OFTEN = ("Không bao giờ", "Đôi khi", "Luôn luôn")


@pytest.fixture
def document() -> Document:
    return editing.begun(BEFORE, [BEFORE.version])


def read(document: Document) -> Questionnaire:
    return read_form(editing.as_source(editing.settled(document).document), leave_out=False).questionnaire


def with_theme(document: Document) -> tuple[Document, str]:
    made = editing_themes.theme_added(document, "Chuyển đổi số", "Going digital", USED)
    part = theme_part(made["themes"][-1]["id"])
    for words in ("Tôi làm việc trên hệ thống điện tử.", "Hệ thống chạy ổn định."):
        made = editing.added(made, part, words, USED)
    return made, part


def test_a_new_theme_with_questions_and_a_list_of_its_own_begins_a_series_and_ends_none(document: Document) -> None:
    made, part = with_theme(document)
    made = editing_answers.list_added(made, OFTEN, ("Never", "Sometimes", "Always"), True, USED)
    made = editing.changed(made, part, editing.entries(made, part)[0]["id"], scale=made["scales"][-1]["id"])
    after = read(made)
    assert (after.themes[-1].id, after.themes[-1].vi, after.themes[-1].en) == ("CDS", "Chuyển đổi số", "Going digital")
    assert [item.id for item in after.items_of("CDS")] == ["CDS1", "CDS2"]
    scale = after.scale_of("CDS1")
    assert [(point.value, point.vi, point.en) for point in scale.points] == [(1, "Không bao giờ", "Never"), (2, "Đôi khi", "Sometimes"), (3, "Luôn luôn", "Always")]  # fmt: skip
    assert scale.dont_know_value == 0 and after.scale_of("CDS2") == BEFORE.scale_of("KC1")
    found = difference(BEFORE, after)
    assert [(one.id, one.kind) for one in found.themes] == [("CDS", Change.NEW)]
    assert {one.kind for one in found.questions} == {Change.NEW} and not any(reason for _measure, reason in found.series)


def test_no_theme_takes_an_id_that_any_version_has_used(document: Document) -> None:
    gone = BEFORE.theme["KC"]
    made = editing_themes.theme_without(document, "KC")
    made = editing_themes.theme_added(made, "Kiên cường", "", USED)
    assert made["themes"][-1]["id"] == "KC-2" and gone.id not in [theme["id"] for theme in made["themes"]]
    assert editing_themes.initials("   2030 …", set()) == "N2" and editing_themes.initials("…", set()) == "N"


def test_a_theme_is_left_out_with_its_questions_and_put_back_as_it_was(document: Document) -> None:
    made = editing_themes.theme_without(document, "KC")
    after = read(made)
    assert "KC" not in after.theme and not [item for item in (*after.items, *after.optional_items) if item.theme == "KC"]
    assert [one.kind for one in difference(BEFORE, after).themes] == [Change.GONE]
    assert [theme["id"] for theme in editing_themes.themes_left_out(made, BEFORE.source)] == ["KC"]
    back = read(editing_themes.theme_put_back(made, BEFORE.source, "KC"))
    assert (back.themes, back.items) == (BEFORE.themes, BEFORE.items)
    assert {item.id for item in back.optional_items} == {item.id for item in BEFORE.optional_items}


def test_a_theme_moved_is_one_change_and_its_questions_are_not_called_moved(document: Document) -> None:
    after = read(editing_themes.theme_moved(document, "KC", -1))
    found = difference(BEFORE, after)
    (one,) = found.themes
    assert one.aspects == (PLACE,) and not one.breaks and not found.questions
    first = BEFORE.themes[0].id
    assert editing_themes.theme_moved(document, first, -1) == document


def test_words_of_an_answer_end_the_series_of_who_is_asked_with_it_and_the_values_stay(document: Document) -> None:
    name = BEFORE.item["KC1"].scale
    after = read(editing_answers.answer_changed(document, LISTS, name, 4, vi="Hết sức đồng ý"))
    assert after.scales[name].values == BEFORE.scales[name].values
    (one,) = [one for one in difference(BEFORE, after).questions if one.id == "KC1"]
    assert (one.kind, one.aspects, one.breaks) == (Change.OTHERWISE, (ANSWERS,), OTHER_WORDING)
    assert "Hết sức đồng ý" in one.after and "Hết sức đồng ý" not in one.before


def test_answers_of_a_list_are_counted_from_the_worst_whatever_is_done_to_their_order(document: Document) -> None:
    made = editing_answers.list_added(document, OFTEN, (), True)
    name = made["scales"][-1]["id"]
    made = editing_answers.answer_added(made, LISTS, name, "Rất thường xuyên")
    made = editing_answers.answer_up(made, LISTS, name, 3)
    made = editing_answers.answer_without(made, LISTS, name, 0)
    made = editing_answers.answer_up(made, LISTS, name, 0)  # the first stays first
    assert [(one["value"], one["vi"]) for one in editing_answers.answers(made, LISTS, name)] == [
        ("1", "Đôi khi"), ("2", "Rất thường xuyên"), ("3", "Luôn luôn"),
    ]  # fmt: skip
    back = editing_answers.turned(made, name)
    assert editing_answers.is_upside_down(editing_answers.answers(back, LISTS, name))
    assert not editing_answers.is_upside_down(editing_answers.answers(made, LISTS, name))
    assert not editing_answers.is_upside_down([{"vi": "Có"}, {"vi": "Không"}]) and not editing_answers.is_upside_down([])
    assert editing_answers.using(made, name) == [] and "KC1" in editing_answers.using(made, BEFORE.item["KC1"].scale)
    assert "scales" not in read(editing_answers.list_without(made, name)).source or not read(editing_answers.list_without(made, name)).source["scales"]  # fmt: skip


def test_a_list_that_counts_from_the_best_goes_on_doing_so(document: Document) -> None:
    points = [{"value": str(value), "vi": words} for value, words in ((1, "Tốt"), (2, "Vừa"), (3, "Kém"))]
    made = {**document, "scales": [{"id": "down", "best": "low", "points": points, "dont_know": {"value": "4", "vi": "Không biết"}}]}
    assert [one["vi"] for one in editing_answers.answers(made, LISTS, "down")] == ["Kém", "Vừa", "Tốt"]
    made = editing_answers.answer_added(made, LISTS, "down", "Rất tốt")
    scale = read(made).scales["down"]
    assert [(point.value, point.vi) for point in scale.points] == [(4, "Kém"), (3, "Vừa"), (2, "Tốt"), (1, "Rất tốt")]
    assert scale.dont_know_value == 0, "its number went to a point"
    assert read(editing_answers.dont_know_changed(made, "down", None)).scales["down"].dont_know is None


def test_a_question_about_the_person_is_added_changed_and_left_out(document: Document) -> None:
    made = editing_answers.field_added(document, ("Trình độ đào tạo", "Education"), ("Đại học", "Khác"), ("Degree", "Other"), USED)
    made = editing_answers.answer_added(made, ABOUT, "trinh_do_dao_tao", "Sau đại học", USED)
    made = editing_answers.answer_up(made, ABOUT, "trinh_do_dao_tao", 2)
    field = read(made).breakdowns[-1]
    assert (field.id, field.en) == ("trinh_do_dao_tao", "Education")
    assert [(one.value, one.vi) for one in field.categories] == [
        ("c1", "Đại học"), ("c3", "Sau đại học"), ("c2", "Khác"), (DECLINED, "Không muốn trả lời"),
    ]  # fmt: skip
    (one,) = difference(BEFORE, read(made)).questions
    assert (one.kind, one.scored) == (Change.NEW, False) and "Sau đại học" in one.after
    assert read(editing.without(made, ABOUT, "gender")).breakdowns[0].id == BEFORE.breakdowns[0].id


def test_a_category_that_is_new_never_takes_the_code_of_one_that_was(document: Document) -> None:
    made = editing_answers.answer_without(document, ABOUT, "gender", 1)
    made = editing_answers.answer_added(made, ABOUT, "gender", "Khác", [*USED, "c1"])
    codes = [category.value for category in read(made).breakdowns[1].categories]
    assert codes == ["m", "c2", DECLINED]
    (one,) = difference(BEFORE, read(made)).questions
    assert one.aspects == (ANSWERS,) and "Nữ" in one.before and "Khác" in one.after


def test_a_questionnaire_begins_from_nothing_and_is_refused_until_something_is_asked() -> None:
    made = blank("Khảo sát chuyển đổi số năm 2026", ["vhcs-core"])
    assert made["meta"] == {"id": "khao-sat-chuyen-doi-so-nam-2026", "version": "1", "title_vi": "Khảo sát chuyển đổi số năm 2026"}
    assert blank("Khảo sát chuyển đổi số năm 2026", [made["meta"]["id"]])["meta"]["id"] == "khao-sat-chuyen-doi-so-nam-2026-2"
    assert blank("…", [])["meta"]["id"] == "phieu"
    with pytest.raises(InputRefused):
        read(made)
    after = read(with_theme(made)[0])
    assert [item.id for item in after.items] == ["CDS1", "CDS2"] and after.scale_of("CDS1").points == BEFORE.scale_of("KC1").points
