"""XLSForm in and out: the shipped questionnaire, real forms of other people, and every refusal with its place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import read_questionnaire, write_questionnaire
from survey.design.xlsform import read_xlsform, write_xlsform
from survey.errors import InputRefused
from survey.i18n import Locale
from survey.source import Source
from tests.conftest import REPOSITORY

Rows = list[list[object]]
LIKERT: Rows = [
    ["list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"],
    ["agree", 1, "Không đồng ý", "Disagree"],
    ["agree", 2, "Đồng ý", "Agree"],
    ["agree", 99, "Không biết", "Don't know"],
    ["sex", "m", "Nam", "Male"],
    ["sex", "f", "Nữ", "Female"],
]
SURVEY: Rows = [
    ["type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "lng_role", "lng_reverse", "appearance"],
    ["note", "hello", "Kính gửi Ông/Bà,", "Dear colleague,"],
    ["begin group", "A", "Chung", "Overall"],
    ["select_one agree", "A1", "Tôi hài lòng.", "I am satisfied.", None, "yes"],
    ["end group"],
    ["text", "C1", "Góp ý", "Comment"],
    ["begin_group", "about", None, None, "breakdown"],
    ["select_one sex", "gender", "Giới tính", "Gender"],
    ["end_group"],
]
SETTINGS: Rows = [["form_title", "form_id", "version"], ["Phiếu thử", "thu", 3]]


def book(survey: Rows, choices: Rows = LIKERT, settings: Rows = SETTINGS) -> Source:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return Source("thu.xlsx", out.getvalue())


def places(source: Source) -> list[tuple[int | None, str | None]]:
    with pytest.raises(InputRefused) as refused:
        read_xlsform(source)
    assert all(problem.cure for problem in refused.value.problems)
    return [(problem.row, problem.column) for problem in refused.value.problems]


def with_row(*row: object, at: int = 5) -> Source:
    """The little form with one row more, which a spreadsheet shows as row `at`."""
    return book([*SURVEY[: at - 1], list(row), *SURVEY[at - 1 :]])


# Out and in again


def test_the_shipped_questionnaire_survives_writing_and_reading(questionnaire: Questionnaire) -> None:
    written = write_xlsform(questionnaire)
    assert read_xlsform(Source("a.xlsx", written)) == questionnaire
    assert write_xlsform(questionnaire) == written


@pytest.mark.parametrize("english", ["some", "none", "other words", "the same words"])
def test_what_nobody_has_translated_stands_in_vietnamese_where_other_tools_would_show_a_dash(english: str) -> None:
    label = {"some": "", "none": "", "other words": "Satisfied?", "the same words": "ISO 9001"}[english]
    survey, choices = [list(row) for row in SURVEY], [list(row) for row in LIKERT]
    for row in survey[1:] + choices[1:] if english == "none" else ():
        row[3:4] = [None]
    survey[3][2:4] = ["ISO 9001" if english == "the same words" else "Tôi hài lòng.", label]
    survey[0].append("hint::Tiếng Việt (vi)")
    survey[3] += [None, "Ở cơ quan"]
    found = read_xlsform(book(survey, choices))
    written = write_xlsform(found)
    header, *rows = load_workbook(io.BytesIO(written))["survey"].iter_rows(values_only=True)
    (shown,) = (dict(zip(header, row, strict=True)) for row in rows if row[1] == "A1")
    hint = None if english == "none" else "Ở cơ quan"
    assert (shown["label::English (en)"], shown["hint::English (en)"]) == (label or (hint and "Tôi hài lòng."), hint)
    assert read_xlsform(Source("a.xlsx", written)) == found
    translated = load_workbook(io.BytesIO(written))
    sheet = translated["survey"]
    place = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == "A1")
    sheet.cell(place, header.index("label::English (en)") + 1).value = "I am content."
    out = io.BytesIO()
    translated.save(out)
    assert read_xlsform(Source("a.xlsx", out.getvalue())).items[0].en == "I am content."


def test_a_questionnaire_with_two_scales_and_no_dont_know_survives_too() -> None:
    found = read_questionnaire(Source.open(REPOSITORY / "tests" / "data" / "pses.yaml"))
    again = read_xlsform(Source("a.xlsx", write_xlsform(found)))
    assert (again.scales, again.items[3].reverse, [item.scale for item in again.items]) == (
        found.scales,
        found.items[3].reverse,
        [item.scale for item in found.items],
    )


def test_what_came_from_xlsform_can_be_written_as_yaml() -> None:
    found = read_xlsform(book(SURVEY))
    assert read_questionnaire(Source("a.yaml", write_questionnaire(found))) == found


def test_no_text_of_a_questionnaire_is_written_as_a_formula(questionnaire: Questionnaire) -> None:
    from dataclasses import replace

    sheet = load_workbook(io.BytesIO(write_xlsform(replace(questionnaire, title_vi="=1+1"))))["settings"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


# The mapping


def test_groups_selects_texts_and_notes_become_themes_items_questions_and_breakdowns() -> None:
    found = read_xlsform(book(SURVEY))
    assert (found.id, found.version, found.title_vi, found.intro_vi, found.intro_en) == (
        "thu",
        "3",
        "Phiếu thử",
        ("Kính gửi Ông/Bà,",),
        ("Dear colleague,",),
    )
    assert [(item.id, item.theme, item.vi, item.en, item.reverse) for item in found.items] == [
        ("A1", "A", "Tôi hài lòng.", "I am satisfied.", True)
    ]
    assert (found.scales["agree"].values, found.scales["agree"].dont_know_value) == ((1, 2), 99)
    assert [question.id for question in found.open_questions] == ["C1"]
    assert [(breakdown.id, [c.value for c in breakdown.categories]) for breakdown in found.breakdowns] == [("gender", ["m", "f"])]


def test_the_appearance_carries_what_an_editor_has_no_column_for() -> None:
    found = read_xlsform(with_row("select_one sex", "B1", "Giới", "Sex", None, None, "minimal lng:breakdown"))
    assert [breakdown.id for breakdown in found.breakdowns] == ["B1", "gender"]


def test_named_answers_of_a_likert_question_count_in_their_order() -> None:
    choices = [*LIKERT, ["deg", "low", "Thấp", ""], ["deg", "high", "Cao", ""], ["deg", "dont_know", "Không rõ", ""]]
    rows = [*SURVEY[:4], ["select_one deg", "A2", "Mức độ", "", None, None, "likert"], *SURVEY[4:]]
    scale = read_xlsform(book(rows, choices)).scales["deg"]
    assert ([(p.value, p.vi) for p in scale.points], scale.dont_know_value) == ([(1, "Thấp"), (2, "Cao")], 0)


# What is refused


@pytest.mark.parametrize(
    "kind",
    [
        "start",
        "end",
        "today",
        "audit",
        "deviceid",
        "phonenumber",
        "username",
        "email",
        "geopoint",
        "gps",
        "image",
        "audio",
        "video",
        "file",
        "barcode",
    ],
)
def test_what_could_tell_who_answered_is_refused_with_the_reason(kind: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_xlsform(with_row(kind, "x"))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (5, "survey.type")
    assert "anonymous survey" in problem.cure and "who answered" in problem.message
    assert "ẩn danh" in problem.text(Locale("vi"))


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (["integer", "A2", "Tuổi"], (5, "survey.type")),
        (["select_multiple sex", "A2", "Giới"], (5, "survey.type")),
        (["select_one nothing", "A2", "Câu hỏi"], (5, "survey.type")),
        (["select_one agree or_other", "A2", "Câu hỏi"], (5, "survey.type")),
        (["select_one agree", "A1", "Câu hỏi"], (5, "survey.name")),
        (["select_one agree", "câu 2", "Câu hỏi"], (5, "survey.name")),
        (["select_one agree", "A2", None], (5, "survey.label")),
        (["select_one agree", "A2", "Câu hỏi", "", "breakdwon"], (5, "survey.lng_role")),
        (["select_one agree", "A2", "Câu hỏi", "", None, "perhaps"], (5, "survey.lng_reverse")),
        ([None, "A2", "Câu hỏi"], (5, "survey.type")),
    ],
)
def test_a_wrong_row_is_named_with_sheet_row_and_column(row: list[object], place: tuple[int, str]) -> None:
    assert places(with_row(*row)) == [place]


def test_groups_that_do_not_match_are_named() -> None:
    assert places(book([*SURVEY, ["end group"]])) == [(10, "survey.type")]
    assert places(book([*SURVEY[:4], *SURVEY[5:]])) == [(3, "survey.type")]


def test_a_repeat_is_named_once_and_refused_whole() -> None:
    rows = [*SURVEY[:4], ["begin repeat", "R", "Lặp"], ["text", "R1", "Trong lặp"], ["end repeat"], *SURVEY[4:]]
    assert places(book(rows)) == [(5, "survey.type")]
    assert places(book([*SURVEY, ["begin repeat", "R", "Lặp"]])) == [(10, "survey.type"), (10, "survey.type")]  # and never closed


def test_questions_outside_of_every_group_make_a_theme_of_their_own() -> None:
    found = read_xlsform(with_row("select_one agree", "A2", "Câu hỏi", at=6))
    assert [(theme.id, [item.id for item in found.items_of(theme.id)]) for theme in found.themes] == [("A", ["A1"]), ("general", ["A2"])]


def test_answers_without_an_order_are_a_breakdown_whatever_group_they_stand_in() -> None:
    found = read_xlsform(with_row("select_one sex", "A2", "Giới"))
    assert [breakdown.id for breakdown in found.breakdowns] == ["A2", "gender"] and [item.id for item in found.items] == ["A1"]


def test_a_note_among_the_questions_stands_above_the_next_one_and_a_hint_below() -> None:
    rows = [[*SURVEY[0], "hint::Tiếng Việt (vi)"], *SURVEY[1:3], ["note", "n", "Về nơi làm việc", "On your place"],
            [*SURVEY[3], None, "Kể cả hành lang"], *SURVEY[4:]]  # fmt: skip
    item = read_xlsform(book(rows)).items[0]
    assert (item.note_vi, item.note_en, item.hint_vi) == ("", "", "Kể cả hành lang")  # before the first question: the introduction
    rows = [*rows[:3], ["select_one agree", "A0", "Trước"], *rows[3:]]
    item = read_xlsform(book(rows)).items[1]
    assert (item.note_vi, item.note_en) == ("Về nơi làm việc", "On your place")


@pytest.mark.parametrize("column", ["relevant", "constraint", "choice_filter", "default", "parameters", "media::image", "bind::x"])
def test_what_would_be_lost_is_refused_not_dropped(column: str) -> None:
    rows = [[*SURVEY[0], column], *SURVEY[1:3], [*SURVEY[3], None, "x"], *SURVEY[4:]]
    assert places(book(rows)) == [(4, f"survey.{column}")]


def test_wrong_choices_are_named_on_their_sheet() -> None:
    wrong: Rows = [["agree", 1, "Lần nữa", ""], ["sex", None, "Khác", ""], [None, "x", "Không", ""], ["sex", "o", None, ""]]
    assert places(book(SURVEY, [*LIKERT, *wrong])) == [
        (7, "choices.name"),
        (8, "choices.name"),
        (9, "choices.list_name"),
        (10, "choices.label"),
    ]


def test_a_scale_of_one_point_is_refused_at_its_list() -> None:
    assert places(book(SURVEY, [LIKERT[0], *LIKERT[2:]])) == [(2, "choices.list_name")]


def test_antonyms_must_be_pairs_of_items() -> None:
    assert places(book(SURVEY, settings=[[*SETTINGS[0], "lng_antonyms"], [*SETTINGS[1], "A1 Z9"]])) == [(2, "settings.lng_antonyms")]


def test_a_form_without_vietnamese_is_one_problem_not_hundreds() -> None:
    english = [["type", "name", "label::English (en)"], ["begin_group", "A", "Overall"], ["select_one agree", "A1", "Fine."], ["end_group"]]
    assert places(book(english)) == [(1, "survey.label")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"id;name\r\n"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert places(Source("a.xlsx", content)) == [(None, None)]


def test_a_workbook_without_questions_is_refused() -> None:
    assert places(book([["type", "name"]])) == [(None, None)]


# Real forms that nobody here wrote

REAL = {
    "correlaid_mitwirken_umfrage_de.xlsx": {(1, "survey.label"), (7, "survey.type"), (8, "survey.relevant")},
    "correlaid_testA.xlsx": {(8, "survey.type"), (10, "survey.type"), (13, "survey.label")},
    "gauteng_initial_survey.xlsx": {(2, "survey.type"), (3, "survey.type"), (7, "survey.type")},
    "kobo_good_eats_multilang.xls": {(1, "survey.label"), (2, "survey.type")},
    "kobo_tutorial_arabic_labels.xls": {(1, "survey.label"), (3, "survey.type")},
    "pyxform_table-list.xls": {(8, "survey.type"), (9, "survey.type")},
    "rhomis_core_v1.6_9langs_incl_vietnamese.xlsx": {(67, "choices.name"), (271, "choices.name"), (8, "survey.type")},
    "terrafirma_B_recolha_dados_pt.xlsx": {(3, "survey.type"), (8, "survey.type")},
    "terrafirma_LEGEND_F_org_social_pt.xlsx": {(3, "survey.type"), (7, "survey.constraint")},
    "terrafirma_LEGEND_K_registo_pessoas_cduats_pt.xlsx": {(3, "survey.type"), (7, "survey.type")},
    "terrafirma_Z_LEGEND_perguntas_frequentes_pt.xlsx": {(3, "survey.type"), (10, "survey.type")},
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_form_is_refused_at_the_rows_that_an_anonymous_survey_cannot_ask(name: str, shared_data: Path) -> None:
    assert REAL[name] <= set(places(Source.open(shared_data / "xlsforms" / name)))


def test_every_real_form_is_known_here(shared_data: Path) -> None:
    assert {path.name for path in (shared_data / "xlsforms").iterdir()} == set(REAL)


def test_the_cures_cure_a_real_form(shared_data: Path) -> None:
    """CorrelAid's form after its organizer did what the report said, row by row."""
    form = load_workbook(shared_data / "xlsforms" / "correlaid_testA.xlsx")
    sheet = form["survey"]
    header = {cell.value: cell.column for cell in sheet[1]}
    role = len(header) + 1
    sheet.cell(1, role, "lng_role")
    out = io.BytesIO()
    form.save(out)
    with pytest.raises(InputRefused) as refused:
        read_xlsform(Source("a.xlsx", out.getvalue()))
    remove = set()
    for problem in refused.value.problems:
        assert problem.row is not None and problem.column is not None
        column = problem.column.partition(".")[2]
        if "not whole numbers" in problem.message:
            sheet.cell(problem.row, role, "breakdown")
        elif column == "label":
            sheet.cell(problem.row, header["label"], "Teil")
        elif column == "type":
            remove.add(problem.row)
        else:
            sheet.cell(problem.row, header[column]).value = None
    for row in sorted(remove, reverse=True):
        sheet.delete_rows(row)
    out = io.BytesIO()
    form.save(out)
    found = read_xlsform(Source("a.xlsx", out.getvalue()))
    assert found.id == "testwerk_wirkung_2025"
    assert found.scale_of("wohlfuehlen").values == (1, 2, 3, 4, 5)
