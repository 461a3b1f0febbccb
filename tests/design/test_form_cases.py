"""Small forms as other programs and other officers make them, through `questionnaire import` as an officer types it.

Each row says what the file holds (opened and read by eye) and what must become of it: `strict` without --leave-out,
`left` the columns that --leave-out names. A scale is its labels from worst to best with the value of each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import read_questionnaire, shipped_questionnaires, write_questionnaire
from survey.design.xlsform import read_form, read_xlsform, write_xlsform
from survey.design.xlsform.sheets import plain
from survey.errors import InputRefused
from survey.process.scores import option_scores
from survey.source import Source
from tests.command_line import Line, stored
from tests.conftest import REPOSITORY

CASES = REPOSITORY / "tests" / "data" / "cases"
FIVE = {"Rất tệ": 1, "Tệ": 2, "Vừa": 3, "Tốt": 4, "Rất tốt": 5}
AGREE = {"Rất không đồng ý": 1, "Không đồng ý": 2, "Phân vân": 3, "Đồng ý": 4, "Rất đồng ý": 5}
TWO = {"Tệ": 1, "Tốt": 2}


@dataclass(frozen=True)
class Case:
    items: dict[str, str]  # id -> text
    scale: dict[str, int]  # of the first item, from worst to best
    strict: tuple[str, ...] = ()  # columns named when it is refused without --leave-out; () = taken
    breakdowns: dict[str, list[str]] = field(default_factory=dict)
    dont_know: tuple[int, str] | None = None
    titles: tuple[str, ...] = ("A",)
    english: str = ""


def one(text: str = "Một", **rest: Any) -> Case:
    return Case({"q1": text}, rest.pop("scale", FIVE), **rest)


LANGUAGE = one(scale=TWO, titles=("Nhóm",), english="One")
CASE = {
    "x01-list-nolabel": Case({"q1": "Phòng làm việc", "q2": "Trang thiết bị"}, FIVE, titles=("Môi trường",)),
    "x02-kobo-score": Case({"q1": "Phòng làm việc", "q2": "Thiết bị"}, FIVE, titles=("Đánh giá",)),
    "x03-nbsp-type": one(),
    "x03b-double-space": Case({"q1": "Một", "q2": "Hai"}, FIVE),
    "x03c-nbsp-list": one(),
    **{path.stem: LANGUAGE for path in sorted(CASES.glob("bugs/x04-lang-*"))},
    "x05-named-choices": one(scale={"Rất tệ": 1, "Tệ": 2, "Tốt": 3}),
    "x05b-likert-reversed": one(scale={"Tệ": 1, "Tốt": 2, "Rất tốt": 3}),
    "x06-long-names": Case({"_1_Anh_ch_c_h_i_l_ng_v_i_i_u_ki_n-be0e59": "Một"}, FIVE),
    "x07-markdown": one("Phòng làm việc rất tốt\nnhé", titles=("Môi trường",)),
    "x09-or-other": one(strict=("survey.type",)),
    "x09b-dk-98": one(dont_know=(98, "Không áp dụng")),
    "x09e-mid-noopinion": one(scale={"Rất tệ": 1, "Tệ": 2, "Tốt": 4, "Rất tốt": 5}, dont_know=(3, "Không có ý kiến")),
    "x10-floats": one(scale={"a": 1, "b": 2}),
    "x10b-zero-ten": one(scale={str(n): n for n in range(11)}),
    "x11-demography": one(breakdowns={"gioi_tinh": ["nam", "nu"]}),
    "x11b-demo-numeric-in-group": one(breakdowns={"gioi_tinh": ["1", "2"]}),
    "x12-default-lang-en": one(titles=("Nhóm",), english="One"),
    "x13-space-rows": one(),
    "x14-nfd-names": one("Một đội"),
    "x15-hash-comment": one(),
    "x16-wrong-col": one(strict=("survey.relevant",)),
    "x17-required-constraint": one(strict=("survey.bind::x", "survey.constraint_message", "survey.parameters")),
    "x18-two-scales-same-list-likert": Case({"q1": "Một", "q2": "Hai"}, TWO),
    "x19-choice-order": one(),
    "x20-scale-1best": one(
        scale={"Rất không hài lòng": 5, "Không hài lòng": 4, "Bình thường": 3, "Hài lòng": 2, "Rất hài lòng": 1}
    ),
    "q1_don_gian": Case(
        {"mt1": "Tôi có đủ phương tiện làm việc", "mt2": "Phòng làm việc sạch sẽ, an toàn",
         "ld1": "Lãnh đạo lắng nghe ý kiến của tôi", "ld2": "Lãnh đạo phân công công bằng"},
        AGREE, breakdowns={"gioitinh": ["nam", "nu"]}, titles=("Môi trường làm việc", "Lãnh đạo trực tiếp"),
    ),
    "q2_re_nhanh": Case(
        {"mt1": "Tôi có đủ phương tiện làm việc", "mt2": "Phòng làm việc sạch sẽ, an toàn", "ld1": "Lãnh đạo lắng nghe ý kiến của tôi",
         "ld2": "Lãnh đạo phân công công bằng", "daotao2": "Khóa đào tạo có ích"},
        AGREE, strict=("survey.type", "survey.type"), breakdowns={"daotao": ["co", "khong"], "gioitinh": ["nam", "nu"]},
        titles=("Môi trường làm việc", "Lãnh đạo trực tiếp", "Câu hỏi chung"),
    ),
    "q4_bang_cau_hoi": Case({"C1": "Tôi có đủ phương tiện làm việc", "C2": "Lãnh đạo lắng nghe"}, AGREE, titles=("Câu hỏi chung",)),
    "q5_bay_gioi_tinh": Case({"mt1": "Tôi có đủ phương tiện làm việc"}, AGREE, breakdowns={"gt": ["1", "2"]}, titles=("Môi trường",)),
}  # fmt: skip


def form(name: str) -> Path:
    return CASES / ("officer" if name.startswith("q") else "bugs") / f"{name}.xlsx"


@pytest.fixture
def line(tmp_path: Path, new_files: Path) -> Line:
    shutil.copytree(new_files, tmp_path / "data")
    return Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "data")}))


def kept(line: Line, questionnaire_id: str) -> Questionnaire:
    services: Services = build(line.settings)
    try:
        return services.design.questionnaire(OPERATOR, questionnaire_id)
    finally:
        services.close()


def test_every_case_is_known_here() -> None:
    assert {path.stem for path in CASES.glob("*/[xq]*.xlsx")} == {*CASE, "x08-reference"}


@pytest.mark.parametrize("name", CASE)
def test_a_form_is_taken_rightly_or_refused_by_name(line: Line, name: str) -> None:
    case = CASE[name]
    if case.strict:
        line.done("units", "export", line.settings.data_dir.parent / "u.csv")  # what the first command brings up to date is no change
        before = stored(line.settings)
        said = line.refused("questionnaire", "import", form(name))
        assert [column for column in case.strict if f"column {column}:" in said] == list(case.strict), said
        assert stored(line.settings) == before
    told = line.json("questionnaire", "import", form(name), *(["--leave-out"] if case.strict else []))
    assert len(told["left_out"]) == len(case.strict)
    found = kept(line, told["id"])
    assert {item.id: item.vi for item in found.items} == case.items
    assert tuple(theme.vi for theme in found.themes) == case.titles
    assert {field.id: [option.value for option in field.categories] for field in found.breakdowns} == case.breakdowns
    scale = found.scale_of(found.items[0].id)
    assert {point.vi: point.value for point in scale.points} == case.scale
    assert [point.vi for point in scale.points] == list(case.scale)
    scores = option_scores(found.items[0], scale)
    assert (scores[0], scores[-1]) == (0, 100) and list(scores) == sorted(scores)
    assert (scale.dont_know and (scale.dont_know.value, scale.dont_know.vi)) == case.dont_know
    assert found.items[0].en == case.english


def test_a_reference_to_another_answer_is_never_shown_raw(line: Line) -> None:
    for options in ((), ("--leave-out",)):
        said = line.refused("questionnaire", "import", form("x08-reference"), *options)
        assert "row 3, column survey.label" in said and "${unit_name}" in said


def test_hints_required_and_skip_logic_are_kept() -> None:
    found = read_form(Source.open(form("q2_re_nhanh")), leave_out=True).questionnaire
    assert found.item["mt2"].hint_vi == "Kể cả nhà vệ sinh" and found.item["mt1"].required
    assert found.item["daotao2"].relevant == "${daotao} = 'co'"
    hinted = read_form(Source.open(form("x17-required-constraint")), leave_out=True).questionnaire.items[0]
    assert (hinted.hint_vi, hinted.hint_en, hinted.required) == ("Gợi ý", "Hint text", True)


def test_an_answer_that_stands_for_an_empty_question_is_no_category_of_results() -> None:
    """97 "refused" of x09b: who would choose it leaves the question empty."""
    scale = read_form(Source.open(form("x09b-dk-98"))).questionnaire.scales["l5"]
    assert "Từ chối trả lời" not in {option.vi for option in (*scale.points, scale.dont_know) if option}


def test_a_sign_that_markdown_escapes_is_the_sign_itself() -> None:
    """`Migrant\\*innenorganisationen` of a real form stood on the phone with its stroke."""
    assert plain("Migrant\\*innen, **rất** tốt \\_5\\_ C:\\x") == "Migrant*innen, rất tốt _5_ C:\\x"


# Out and in again


def every_questionnaire() -> list[Any]:
    """How each is read, to be asked by its own test: reading them all takes seconds, and every process collects every test."""
    shipped = [pytest.param(lambda one=one: one, id=one.id) for one in shipped_questionnaires()]
    cases = [pytest.param(partial(_case, name), id=name) for name in CASE]
    data = [REPOSITORY / "tests" / "data" / name for name in ("pses.yaml", "limesurvey.yaml")]
    return [*shipped, *cases, *(pytest.param(partial(read_questionnaire, Source.open(path)), id=path.stem) for path in data)]


def _case(name: str) -> Questionnaire:
    return read_form(Source.open(form(name)), leave_out=True).questionnaire


@pytest.mark.parametrize("reading", every_questionnaire())
def test_out_and_in_again_changes_nothing(reading: Callable[[], Questionnaire], tmp_path: Path) -> None:
    found = reading()
    written = write_xlsform(found)
    read = read_xlsform(Source("again.xlsx", written))
    assert read == found
    assert write_xlsform(read) == written
    assert read_questionnaire(Source("again.yaml", write_questionnaire(read))) == found


def test_the_commands_do_the_same(line: Line, tmp_path: Path) -> None:
    line.done("questionnaire", "import", form("q2_re_nhanh"), "--leave-out")
    line.done("questionnaire", "export", "ksrn", tmp_path / "out.xlsx")
    first = kept(line, "ksrn")
    again = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "other")}))
    again.done("questionnaire", "import", tmp_path / "out.xlsx")
    assert kept(again, "ksrn") == first


# Real forms: what is left in, what is left out

REAL = {  # items, open questions, breakdowns, left out; None: nothing in it can be scored
    "correlaid_mitwirken_umfrage_de.xlsx": (1, 14, 7),
    "correlaid_testA.xlsx": (8, 4, 6),
    "gauteng_initial_survey.xlsx": (1, 1, 6),
    "kobo_good_eats_multilang.xls": (1, 2, 2),
    "kobo_tutorial_arabic_labels.xls": None,
    "pyxform_table-list.xls": None,
    "rhomis_core_v1.6_9langs_incl_vietnamese.xlsx": (2, 24, 62),
    "terrafirma_B_recolha_dados_pt.xlsx": None,
    "terrafirma_LEGEND_F_org_social_pt.xlsx": None,
    "terrafirma_LEGEND_K_registo_pessoas_cduats_pt.xlsx": None,
    "terrafirma_Z_LEGEND_perguntas_frequentes_pt.xlsx": None,
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_form_comes_in_without_what_cannot_be_asked(name: str, shared_data: Path) -> None:
    source = Source.open(shared_data / "xlsforms" / name)
    if REAL[name] is None:
        with pytest.raises(InputRefused) as refused:
            read_form(source, leave_out=True)
        assert "can be scored" in refused.value.problems[0].message and len(refused.value.problems) > 1
        return
    read = read_form(source, leave_out=True)
    found = read.questionnaire
    assert (len(found.items), len(found.open_questions), len(found.breakdowns)) == REAL[name]
    assert read.left_out and all(problem.cure for problem in read.left_out)
    assert read_xlsform(Source("again.xlsx", write_xlsform(found))) == found
