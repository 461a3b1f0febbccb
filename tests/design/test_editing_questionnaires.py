"""Operations on the document of a questionnaire, and that what they give is checked like an imported file."""

from __future__ import annotations

from copy import deepcopy

import pytest

from survey.analyse.versions import difference
from survey.design import editing
from survey.design.editing import OPEN, OPTIONAL, Document, theme_part
from survey.design.files import read_form
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import shipped_questionnaires
from survey.errors import InputRefused
from survey.source import Source
from tests.conftest import REPOSITORY

BEFORE = shipped_questionnaires()[0]
KC = theme_part("KC")


@pytest.fixture
def document() -> Document:
    return editing.begun(BEFORE, [BEFORE.version])


def read(document: Document) -> Questionnaire:
    return read_form(editing.as_source(document), leave_out=False).questionnaire


def ids(document: Document, part: str) -> list[str]:
    return [entry["id"] for entry in editing.entries(document, part)]


def test_the_copy_reads_as_the_version_it_was_made_from_under_a_number_of_its_own(document: Document) -> None:
    copy = read(document)
    assert copy.version == "1.2" and not difference(BEFORE, copy).questions
    assert BEFORE.source["meta"]["version"] == "1.1"


@pytest.mark.parametrize(
    ("version", "taken", "proposed"),
    [("1.1", ["1.0", "1.1"], "1.2"), ("1.9", ["1.9"], "1.10"), ("1.1", ["1.1", "1.2", "1.3"], "1.4"), ("2026", [], "2027"), ("draft", ["draft-2"], "draft-3")],
)  # fmt: skip
def test_the_proposed_version_is_the_next_that_is_free(version: str, taken: list[str], proposed: str) -> None:
    assert editing.next_version(version, taken) == proposed


def test_words_change_and_the_document_before_stays_as_it_was(document: Document) -> None:
    kept = deepcopy(document)
    made = editing.changed(document, KC, "KC1", vi="Lời mới.", hint_vi="Gợi ý", relevant="${gender} = 'f'")
    item = read(editing.settled(made).document).item["KC1"]
    assert (item.vi, item.hint_vi, item.relevant) == ("Lời mới.", "Gợi ý", "${gender} = 'f'")
    assert document == kept
    assert "hint_vi" not in editing.changed(made, KC, "KC1", hint_vi="")["items"][0]


def test_a_question_moves_within_its_theme_only(document: Document) -> None:
    first, second, *_rest, last = ids(document, KC)
    made = editing.moved(document, KC, second, -1)
    assert ids(made, KC)[:2] == [second, first]
    assert [item.id for item in read(made).items_of("KC")][:2] == [second, first]
    assert [one.id for one in difference(BEFORE, read(made)).questions] in ([first], [second])
    assert editing.moved(document, KC, first, -1) == document == editing.moved(document, KC, last, 1)
    orders = [int(entry["order"]) for entry in editing.entries(made, KC)]
    assert orders == sorted(orders)


def test_a_theme_in_two_sections_is_one_run() -> None:
    document = {
        "themes": [{"id": "A", "vi": "A"}],
        "overall_items": [{"id": "A1", "theme": "A"}],
        "items": [{"id": "B1", "theme": "B"}, {"id": "A2", "theme": "A"}],
    }
    made = editing.moved(document, theme_part("A"), "A2", -1)
    assert [one["id"] for one in made["overall_items"]] == ["A2"] and [one["id"] for one in made["items"]] == ["B1", "A1"]


def test_a_new_question_never_takes_an_id_that_any_version_has_used(document: Document) -> None:
    gone = ids(document, KC)[-1]
    document = editing.without(document, KC, gone)
    made = editing.added(document, KC, "Câu mới.", taken={item.id for item in BEFORE.items})
    assert ids(made, KC)[-1] not in {item.id for item in BEFORE.items}
    assert read(editing.settled(made).document).items_of("KC")[-1].vi == "Câu mới."
    opened = editing.added(document, OPEN, "Ông/Bà còn góp ý gì?")
    assert read(editing.settled(opened).document).open_questions[-1].vi == "Ông/Bà còn góp ý gì?"


def test_what_is_left_out_comes_back_where_it_was(document: Document) -> None:
    name = ids(document, KC)[2]
    made = editing.without(document, KC, name)
    assert [entry["id"] for entry in editing.left_out(made, BEFORE.source, KC)] == [name]
    assert ids(editing.put_back(made, BEFORE.source, KC, name), KC) == ids(document, KC)
    first = ids(document, KC)[0]
    made = editing.without(document, KC, first)
    assert ids(editing.put_back(made, BEFORE.source, KC, first), KC) == ids(document, KC)


def test_pairs_that_check_answers_go_with_their_question(document: Document) -> None:
    first, _second = BEFORE.antonym_pairs[0]
    part = theme_part(BEFORE.item[first].theme)
    assert not any(first in pair for pair in read(editing.settled(editing.without(document, part, first)).document).antonym_pairs)


def test_a_theme_and_its_criteria_go_with_their_last_question(document: Document) -> None:
    for name in ids(document, KC):
        document = editing.without(document, KC, name)
    with pytest.raises(InputRefused):
        read(document)
    settled = editing.settled(document)
    assert settled.themes == (BEFORE.theme["KC"].vi,) and settled.criteria
    after = read(settled.document)
    assert "KC" not in after.theme and not [item for item in after.optional_items if item.theme == "KC"]
    assert len(after.criteria) == len(BEFORE.criteria) - len(settled.criteria)
    assert document["criteria"] == BEFORE.source["criteria"]  # a question put back has them again


def test_a_condition_takes_a_question_out_of_its_criterion(document: Document) -> None:
    alone = next(item for item in BEFORE.items if any(len(BEFORE.items_serving(name)) == 1 for name in item.criteria))
    made = editing.changed(document, theme_part(alone.theme), alone.id, relevant="${gender} = 'f'")
    settled = editing.settled(made)
    assert settled.criteria and read(settled.document).item[alone.id].of_some


def test_a_refusal_names_the_question_and_not_a_row_that_nobody_sees(document: Document) -> None:
    document = editing.changed(document, KC, "KC2", vi="")
    document = editing.changed(document, OPEN, ids(document, OPEN)[0], relevant="${nobody} = 'x'")
    document = editing.changed(document, OPTIONAL, "QB1", vi="Chuông \x07")
    source = editing.as_source(document)
    with pytest.raises(InputRefused) as refused:
        read_form(source, leave_out=False)
    assert (editing.placed(refused.value, source).problems[0].column or "").startswith("QB1")
    document = editing.changed(document, OPTIONAL, "QB1", vi="Chuông")
    source = editing.as_source(document)
    with pytest.raises(InputRefused) as refused:
        read_form(source, leave_out=False)
    found = editing.placed(refused.value, source).problems
    assert all(problem.row is None for problem in found)
    assert {problem.column for problem in found} == {"KC2 · vi", f"{ids(document, OPEN)[0]} · relevant"}


def test_the_introduction_and_the_title_change(document: Document) -> None:
    made = editing.texts_changed(document, "intro", vi=["Kính gửi Ông/Bà,", "Đoạn hai."])
    made = editing.texts_changed(made, "meta", title_vi="Phiếu mới")
    after = read(made)
    assert after.intro_vi == ("Kính gửi Ông/Bà,", "Đoạn hai.") and after.title_vi == "Phiếu mới" and after.intro_en == BEFORE.intro_en
    assert read(editing.texts_changed(made, "intro", vi=[], en=[])).intro_vi == ()
    assert read(editing.theme_changed(document, "KC", vi="Kỷ cương")).theme["KC"].vi == "Kỷ cương"


@pytest.mark.parametrize("form", ["officer", "limesurvey"])
def test_forms_of_other_programs_are_edited_like_our_own(form: str, request: pytest.FixtureRequest) -> None:
    if form == "officer":
        path = REPOSITORY / "tests" / "data" / "cases" / "officer" / "q5_bay_gioi_tinh.xlsx"
    else:
        path = request.getfixturevalue("shared_data") / "limesurvey" / "2017_uk_core_survey.lss"
    before = read_form(Source.open(path), leave_out=True).questionnaire
    document = editing.begun(before, [before.version])
    assert not difference(before, read(document)).questions
    name = before.items[0].id
    part = theme_part(before.items[0].theme)
    made = editing.changed(document, part, name, vi="Lời khác hẳn.", scale=list(before.scales)[-1])
    after = read(editing.added(editing.settled(made).document, part, "Câu mới."))
    assert (after.item[name].vi, after.item[name].scale) == ("Lời khác hẳn.", list(before.scales)[-1])
    assert len(after.items) == len(before.items) + 1 and after.version != before.version
