"""By criteria on paper, in tables and in public: the reading's own numbers, nothing hidden, absent where there is nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.criteria import Reading, reading
from survey.design.criteria import Criterion, document, wording
from survey.disclose.release import Cell, Release
from survey.disseminate import criteria_tables, figures, sentences
from survey.i18n import Locale
from tests.conftest import quick_first
from tests.disseminate.conftest import Make
from tests.disseminate.test_report import tables, word
from tests.disseminate.test_tables import read
from tests.figure_reading import numbers, specification, texts
from tests.past_world import HIDDEN, secrets

VI, EN = Locale("vi"), Locale("en")


def found(services: Services, unit: str, wave: str = "2025") -> Reading:
    made = services.results.criteria(OPERATOR, wave, unit)
    assert made is not None
    return made


@pytest.mark.parametrize("unit", quick_first("t.a", "t.m", "t:so_ban_nganh"))
def test_the_annex_prints_the_reading_and_nothing_else(unit: str, past_services: Services, make: Make) -> None:
    made = found(past_services, unit)
    paper = word(make(unit, "docx"))
    rows = {row[0]: row for row in next(table for table in tables(paper) if table[0][0] == "Tiêu chí")}
    for one in made.lines:
        row = rows[one.criterion.vi]
        assert isinstance(one.now.cell, Cell)
        assert row[2 + len(made.milestones) - 1].removeprefix("≥ ").removeprefix("≈ ") == VI.number(one.now.score), row
        assert row[1].startswith(VI.number(one.now.shown, 0))
    assert any(
        "Theo tiêu chí của Kế hoạch" in paragraph.text.lower().capitalize() or "TIÊU CHÍ CỦA KẾ HOẠCH" in paragraph.text.upper()
        for paragraph in paper.paragraphs
    )
    book = load_workbook(io.BytesIO(make(unit, "xlsx")))
    assert any("Phòng, chống tham nhũng" in [cell.value for cell in row] for sheet in book for row in sheet.iter_rows())


def test_a_hidden_unit_and_a_questionnaire_without_criteria_have_no_annex(make: Make, releases: tuple[Release, ...]) -> None:
    assert "TIÊU CHÍ CỦA" not in "\n".join(p.text.upper() for p in word(make(HIDDEN, "docx")).paragraphs)
    bare = [replace(one, questionnaire=replace(one.questionnaire, criteria=())) for one in releases]
    assert reading(bare, "t") is None


@pytest.mark.parametrize("unit", ["t", "t:so_ban_nganh", "t.a", "t.p", HIDDEN])
def test_no_hidden_number_is_in_the_figure_the_tables_or_the_sentences(
    unit: str, telling_services: Services, telling: tuple[Release, ...]
) -> None:
    kept = secrets(telling_services, "2025", telling[-1])
    made = found(telling_services, unit)
    spec = specification(figures.criteria_dots(made, VI))
    assert not {round(number, 6) for number in numbers(spec)} & kept
    for table in (
        criteria_tables.criteria(made, VI),
        criteria_tables.whole(made, VI),
        *(criteria_tables.items(made, one, VI) for one in made.lines),
    ):
        shown = {round(float(value), 6) for column in table.frame.select_dtypes("number") for value in table.frame[column].dropna()}
        assert not shown & kept
    assert all(row["kind"] == "Số liệu minh họa" for row in read(criteria_tables.criteria(made, VI)))
    if unit == HIDDEN:
        assert sum("╱╱" in text for text in texts(spec)) == len(made.lines)
        assert sentences.criteria(made, VI) == [VI("No criterion can be shown in full here: too few answered its questions.")]


def test_only_what_was_called_is_called(past_services: Services) -> None:
    made = found(past_services, "t.h")
    up = sum(one.since.called for one in made.lines if one.since)
    assert up and f"{up} tiêu chí" in sentences.criteria(made, VI)[1]
    spec = specification(figures.criteria_dots(made, VI))
    assert sum("▲" in text for text in texts(spec["data"])) == up
    young = sentences.criteria(found(past_services, "t.m"), VI)
    assert len(young) == 2 and "Chưa kiểm định được" in young[1]
    assert VI("This is the launch: there is no earlier wave to compare with.") in sentences.criteria(
        found(past_services, "t.h", "2023"), VI
    )
    for one in made.lines:
        assert sentences.criterion(made, one, VI) and sentences.criterion(made, one, EN)


def test_a_wording_from_a_file_is_text_wherever_it_stands(past_services: Services) -> None:
    made = found(past_services, "t.h")
    hostile = replace(made.lines[0], criterion=replace(made.lines[0].criterion, vi="<b>x</b>", document_vi="<i>y</i>"))
    spec = specification(figures.criteria_dots(replace(made, lines=(hostile,)), VI, lambda one: f"?criterion={one.id}"))
    assert "<b>x</b>" not in " ".join(texts(spec["layout"]["annotations"])) and "&lt;b&gt;x" in " ".join(texts(spec))


def test_a_document_is_named_with_its_day_once() -> None:
    one = Criterion(id="a", kind="aim", vi="Gọn", document_vi="Kế hoạch 1", date="2016-07-26")
    assert document(one, VI) == "Kế hoạch 1 (26/07/2016)"
    assert document(replace(one, date="2019"), VI) == "Kế hoạch 1 (2019)"
    assert document(replace(one, document_vi="", date=""), VI) == ""
    assert document(replace(one, document_vi="", date="2019"), VI) == "2019"
    assert (wording(one, EN), wording(replace(one, en="Tidy"), EN)) == ("Gọn", "Tidy")
