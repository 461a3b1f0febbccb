"""Criteria of a plan in a questionnaire: read, refused with their place, written again."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from survey.design.criteria import KINDS
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import read_questionnaire, write_questionnaire
from survey.design.xlsform import read_xlsform, write_xlsform
from survey.errors import InputRefused
from survey.i18n import Locale
from survey.source import Source

FORM = """meta: {id: thu, version: '1', title_vi: Phiếu thử}
scale:
  id: s
  points:
  - {value: 1, vi: Không}
  - {value: 2, vi: Có}
themes:
- {id: T, vi: Chủ đề}
criteria:
- id: MT1
  vi: Đúng giờ
  document: Kế hoạch 1
  date: 26/7/2016
- {id: KH, kind: motto, vi: Gọn, en: Tidy, date: 2019}
items:
- id: T1
  theme: T
  vi: Câu một
  criteria: [MT1, KH]
- {id: T2, theme: T, vi: Câu hai, criteria: [KH]}
- {id: T3, theme: T, vi: Câu ba}
"""


def read(text: str) -> Questionnaire:
    return read_questionnaire(Source("thu.yaml", text.encode()))


def told(text: str) -> str:
    with pytest.raises(InputRefused) as refused:
        read(text)
    assert all(problem.cure for problem in refused.value.problems)
    return refused.value.text(Locale("en"))


def test_an_item_may_serve_several_criteria_and_a_criterion_may_have_several_items() -> None:
    found = read(FORM)
    assert [(one.id, one.kind, one.document_vi, one.date) for one in found.criteria] == [
        ("MT1", "aim", "Kế hoạch 1", "2016-07-26"), ("KH", "motto", "", "2019")
    ]  # fmt: skip
    assert [item.id for item in found.items_serving("KH")] == ["T1", "T2"]
    assert found.item["T1"].criteria == ("MT1", "KH") and found.item["T3"].criteria == ()


def test_a_questionnaire_without_criteria_is_as_good_as_ever() -> None:
    bare = FORM[: FORM.index("criteria:\n- id")] + FORM[FORM.index("items:") :].replace("\n  criteria: [MT1, KH]", "").replace(
        ", criteria: [KH]", ""
    )
    assert read(bare).criteria == ()
    assert b"lng_criteria" not in "".join(load_workbook(io.BytesIO(write_xlsform(read(bare)))).sheetnames).encode()


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ("criteria: [MT1, KH]", "criteria: [MT1, KH, XX]", 19, 'item T1 names a criterion that is not under criteria: "XX"'),
        ("criteria: [MT1, KH]", "criteria: MT1", 19, "this must be a list"),
        ("criteria: [MT1, KH]", "criteria: [MT1, MT1]", 19, 'item T1 names the criterion "MT1" twice'),
        ("criteria: [MT1, KH]", "criteria: [KH]", 10, 'no item serves the criterion "MT1"'),
        ("criteria: [MT1, KH]", "criteria: [MT1, [KH]]", 19, "names a criterion that is not under criteria"),
        ("id: KH,", "id: MT1,", 10, 'the id "MT1" stands twice'),
        ("kind: motto", "kind: slogan", 14, 'there is no kind of criterion "slogan"'),
        ("date: 26/7/2016", "date: 31/2/2016", 13, '"31/2/2016" is not a date'),
        ("date: 26/7/2016", "date: [2016]", 13, "is not a date"),
        ("vi: Đúng giờ", "en: On time", 10, "it is missing"),
        ("document: Kế hoạch 1", "document: [a, b]", 12, "this must be a text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line_and_a_cure(wrong: str, right: str, line: int, words: str) -> None:
    said = told(FORM.replace(wrong, right, 1))
    assert words in said, said
    assert any(f"row {line}," in told_line and words in told_line for told_line in said.splitlines()), said


def test_criteria_in_another_form_than_a_list_do_not_end_the_reading() -> None:
    for wrong in ("criteria: 5", "criteria: {a: b}", "criteria: [5, [], null]"):
        said = told(FORM[: FORM.index("criteria:\n- id")] + wrong + "\n" + FORM[FORM.index("items:") :])
        assert "item T2 names a criterion that is not under criteria" in said


def test_both_files_carry_the_criteria_there_and_back(questionnaire: Questionnaire) -> None:
    for one in (read(FORM), questionnaire):
        assert one.criteria
        assert read_xlsform(Source("a.xlsx", write_xlsform(one))) == one
        assert read(write_questionnaire(one).decode()) == one


def _without(one: Questionnaire, sheet: str, column: str, row: int, value: str | None) -> Source:
    book = load_workbook(io.BytesIO(write_xlsform(one)))
    heads = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(row, heads.index(column) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return Source("a.xlsx", out.getvalue())


@pytest.mark.parametrize(
    ("sheet", "column", "row", "value", "place"),
    [
        ("survey", "lng_criteria", 3, "MT1 XX", (3, "survey.lng_criteria")),
        ("survey", "lng_criteria", 3, "KH", (2, "lng_criteria.name")),
        ("lng_criteria", "name", 3, "MT1", (3, "lng_criteria.name")),
        ("lng_criteria", "name", 3, "không được", (3, "lng_criteria.name")),
        ("lng_criteria", "label::Tiếng Việt (vi)", 3, None, (3, "lng_criteria.label")),
        ("lng_criteria", "lng_kind", 3, "slogan", (3, "lng_criteria.lng_kind")),
        ("lng_criteria", "lng_date", 3, "hôm qua", (3, "lng_criteria.lng_date")),
    ],
)  # fmt: skip
def test_a_workbook_is_refused_with_sheet_row_and_column(
    sheet: str, column: str, row: int, value: str | None, place: tuple[int, str]
) -> None:
    with pytest.raises(InputRefused) as refused:
        read_xlsform(_without(read(FORM), sheet, column, row, value))
    assert place in [(problem.row, problem.column) for problem in refused.value.problems]


def test_the_shipped_questionnaire_asks_for_every_kind_of_criterion(questionnaire: Questionnaire) -> None:
    assert {one.kind for one in questionnaire.criteria} == set(KINDS)
    assert all(one.document_vi and one.en for one in questionnaire.criteria)
    assert [one.vi for one in questionnaire.criteria if one.kind == "motto"] == ["Đơn giản hơn", "Đúng hẹn hơn", "Thân thiện hơn"]
    assert not {one.id for one in questionnaire.criteria} & {item.id for item in questionnaire.items}
