"""Reports read back as files: the official layout, the release's own numbers, nothing hidden, the mark on every page."""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.parts.document import DocumentPart
from openpyxl import load_workbook
from pypdf import PdfReader

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.disclose.release import FORMS, INDEX, PROTECTS, Cell, Release
from survey.disseminate.look import bound_of
from survey.disseminate.report.model import SIGNS
from survey.errors import NotAllowed, SurveyError
from survey.i18n import Locale
from tests.disseminate.conftest import Make
from tests.past_world import HIDDEN, secrets

VI = Locale("vi")
MARK = "SỐ LIỆU MINH HỌA"
UNIT, WHOLE, KHOI = "t.a", "t", "t:so_ban_nganh"


@cache
def word(content: bytes) -> Doc:
    """Read once; nobody writes in it."""
    return Document(io.BytesIO(content))


def tables(document: Doc) -> list[list[list[str]]]:
    return _tables(document.part)


@cache
def _tables(part: DocumentPart) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in part.document.tables]


def rows(document: Doc, heading: str) -> list[list[str]]:
    """The table that has this text in its first row."""
    return next(table for table in tables(document) if heading in table[0])


@cache
def printed(content: bytes) -> list[str]:
    """The text of every page of a PDF."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def text(document: Doc) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_layout_is_that_of_an_official_document(make: Make) -> None:
    document = word(make(UNIT, "docx"))
    first = document.sections[0]
    upright = [section for section in document.sections if section.orientation == WD_ORIENT.PORTRAIT]
    across = [section for section in document.sections if section.orientation == WD_ORIENT.LANDSCAPE]
    assert {(round(s.page_width.mm), round(s.page_height.mm)) for s in upright} == {(210, 297)}
    assert {(round(s.page_width.mm), round(s.page_height.mm)) for s in across} == {(297, 210)}
    for section in document.sections:
        assert [round(m.mm) for m in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)] == [
            20,
            20,
            30,
            15,
        ]
    for name in ("Normal", "Heading 1", "Heading 2", "Header", "Footer"):
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{place}")) for place in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
        assert not [place for place in fonts.attrib if "Theme" in place]
        assert style.font.size.pt == 14
    number = first.header.paragraphs[0]
    assert "PAGE" in number._p.xml and number.alignment == 1  # centred
    assert first.different_first_page_header_footer and first.first_page_header.paragraphs[0].text == ""
    assert not any(section.different_first_page_header_footer for section in list(document.sections)[1:])


def test_the_parts_stand_in_their_order_and_what_is_not_ours_is_left_in_brackets(make: Make) -> None:
    document = word(make(UNIT, "docx"))
    parts = [p.text for p in document.paragraphs if p.style.name == "Heading 1" and re.match(r"[IV]+\. ", p.text)]
    assert [part.split(".")[0] for part in parts] == ["I", "II", "III", "IV", "V"]
    assert "TỒN TẠI, HẠN CHẾ" in parts[2]
    said = text(document)
    assert said.count("[Phần do cơ quan, đơn vị soạn") == 4
    head = [cell.text for cell in document.tables[0].rows[0].cells]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in head[1]
    assert "[TÊN CƠ QUAN BAN HÀNH]" in head[0] and "Số: ....../BC-" in head[0]
    annexes = [p.text for p in document.paragraphs if p.text.startswith("PHỤ LỤC")]
    assert [annex.split(".")[0] for annex in annexes] == [f"PHỤ LỤC {n}" for n in range(1, len(annexes) + 1)]
    assert "công khai" in annexes[-1]


def test_every_number_of_the_annex_is_the_releases_own(make: Make, releases: tuple[Release, ...]) -> None:
    release, document = releases[-1], word(make(UNIT, "docx"))
    themes = rows(document, "Khoảng tin cậy 95%")
    labels = {theme.vi: f"theme:{theme.id}" for theme in release.questionnaire.themes} | {"Chỉ số văn hóa công sở": INDEX}
    assert len(themes) == 1 + len(labels)
    for name, score, interval, base, group, difference, whole, _other in themes[1:]:
        cell, above, top = (release.cell(unit, labels[name]) for unit in (UNIT, KHOI, WHOLE))
        assert isinstance(cell, Cell) and isinstance(above, Cell) and isinstance(top, Cell)
        assert (score, base, group, whole) == (VI.number(cell.score), str(cell.base), VI.number(above.score), VI.number(top.score))
        assert interval == f"{VI.number(cell.low)} – {VI.number(cell.high)}"
        assert difference.split()[0] == VI.number((cell.score or 0) - (above.score or 0), sign=True)
    answers = rows(document, "Đồng ý")
    printed = {row[0].split(".")[0]: row for row in answers if row[-1]}
    assert set(printed) == {"Câu hỏi", *(item.id for item in release.questionnaire.items)}
    for item in release.questionnaire.items:
        cell = release.cell(UNIT, f"item:{item.id}")
        assert isinstance(cell, Cell)
        if cell.options:
            assert [int(entry.split(" ")[0]) for entry in printed[item.id][1:6]] == list(cell.options)
        else:  # nearly all on one side
            assert set(printed[item.id][1:6]) == {SIGNS[PROTECTS]}
        share, score = (f"{bound_of(cell, name)} {VI.number(getattr(cell, name))}".strip() for name in ("favourable", "score"))
        assert printed[item.id][-3:] == [str(cell.base), share, score]
    said = text(document)
    index = release.cell(UNIT, INDEX)
    assert isinstance(index, Cell) and f"Sở A đạt {VI.number(index.score)} trên 100 điểm" in said
    assert releases[-1].hash in "".join(cell for row in rows(document, "Giá trị") for cell in row)


def test_a_hidden_unit_is_a_row_of_dashes_with_the_reason_and_its_own_report_says_why(make: Make) -> None:
    document = word(make(WHOLE, "docx"))
    for heading in ("Số người được hỏi", "Liêm chính, tiết kiệm"):
        for table in tables(document):
            if heading in table[0]:
                for row in table:
                    if row[0] == "=Sở Nhỏ":
                        assert set(row[2 if heading.startswith("Số người") else 1 :]) <= {"–", "–*", "–**"}, row
    assert "– số liệu ẩn do chưa đủ số phiếu tối thiểu." in text(document)
    own = word(make(HIDDEN, "docx"))
    assert "chỉ số không hiển thị (ẩn do chưa đủ số phiếu)" in text(own)
    assert all(row[1] == "–" and row[2] == "" and row[3] == "–" for row in rows(own, "Khoảng tin cậy 95%")[1:])
    answers = [row for row in rows(own, "Đồng ý")[1:] if any(row[1:])]
    assert len(answers) == 39  # every question is named, none is answered
    assert {entry for row in answers for entry in row[1:]} == {"–"}


@pytest.mark.parametrize("unit", [WHOLE, KHOI, HIDDEN, "t.p", "t.m", UNIT])
def test_no_hidden_number_is_in_any_cell_of_any_workbook(unit: str, telling_services: Services, telling: tuple[Release, ...]) -> None:
    cells = telling[-1].cells
    neutral = {round(value, 6) for value in (100 - cells["favourable"] - cells["unfavourable"]).dropna()}  # shown as well
    kept = secrets(telling_services, "2025", telling[-1]) - neutral
    assert len(kept) > 25
    book = load_workbook(io.BytesIO(telling_services.reports.one(OPERATOR, "2025", unit, "xlsx", VI).content))
    numbers = {
        round(float(cell.value), 6) for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)
    }
    assert numbers
    assert not numbers & kept
    # Word prints the same model: no number with more than one decimal, hence none to recognise a hidden one by.
    document = telling_services.reports.one(OPERATOR, "2025", unit, "docx", VI).content
    content = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
    assert not re.findall(r"<w:t[^>]*>[^<]*\d[.,]\d\d(?!\d)[^<]*</w:t>", content)


def test_the_workbook_has_native_charts_a_codebook_and_no_text_where_a_chart_reads(make: Make) -> None:
    content = make("t.m", "xlsx")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sum(name.startswith("xl/charts/chart") for name in names) >= 3
    book = load_workbook(io.BytesIO(content))
    codes = {cell.value for cell in book["Bảng mã"]["A"]}
    assert {"score", "measure=KC1", "status=too-few"} <= codes
    trend = next(sheet for sheet in book if "qua các đợt" in str(sheet["A3"].value))
    head = [cell.value for cell in trend[5]]
    assert head[:3] == ["Đợt khảo sát", "Ngày đóng đợt", "Sở B và C"]
    assert [cell.value for cell in trend[6]][2] is None and "2023" in str(trend["A6"].value)  # the unit did not exist


def test_every_page_sheet_and_section_says_that_the_figures_are_illustrative(make: Make) -> None:
    document = word(make(UNIT, "docx"))
    assert MARK in document.sections[0].first_page_footer.paragraphs[0].text
    assert all(MARK in section.footer.paragraphs[0].text for section in document.sections)
    pages = printed(make(UNIT, "pdf"))
    assert len(pages) > 5
    assert all(MARK in page for page in pages)
    book = load_workbook(io.BytesIO(make(UNIT, "xlsx")))
    for sheet in book.worksheets[:-2]:
        assert MARK in str(sheet["A2"].value) and MARK in sheet.oddFooter.center.text


def test_the_pdf_says_what_the_word_document_says_in_letters_it_holds(
    past_services: Services, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        content = past_services.reports.one(OPERATOR, "2025", UNIT, "pdf", VI).content
    assert not caplog.records
    assert content == make(UNIT, "pdf")  # the same release gives the same bytes
    said = re.sub(r"\s+", " ", " ".join(printed(content)))
    for paragraph in word(make(UNIT, "docx")).paragraphs:
        wanted = re.sub(r"\s+", " ", paragraph.text).strip()
        assert wanted in said or len(wanted) > 90 or "___" in wanted, wanted  # long ones may go over a page's end
    numbers = [page.split("\n")[0] for page in printed(content)]
    assert numbers[1:] == [str(n) for n in range(2, len(numbers) + 1)]
    assert numbers[0] != "1"


def test_differences_are_called_in_words_only_where_they_were_called(past_services: Services, make: Make) -> None:
    for unit in past_services.reports.units(OPERATOR, "2025"):
        document = word(make(unit, "docx"))
        said = text(document)
        table = rows(document, "Khoảng tin cậy 95%")
        against = table[0][4] if len(table[0]) > 5 else "Khối"  # a group's is the whole
        marks = {"▲": f"Cao hơn rõ rệt so với {against}", "▼": f"Thấp hơn rõ rệt so với {against}"}
        for mark, words in marks.items():
            called = any(mark in row[5] for row in table[2:]) if len(table[0]) > 5 else False
            assert (words in said) == called, (unit, mark)


def test_a_leader_has_the_reports_of_his_own_units_and_no_others(past_services: Services, make: Make) -> None:
    of_a = Viewer(name="giamdoc.a", role=Role.LEADER, unit="t.a")
    reports = past_services.reports
    assert reports.units(of_a, "2025") == ("t.a",)
    mine = reports.one(of_a, "2025", "t.a", "docx", VI).content
    assert [p.text for p in word(mine).paragraphs] == [p.text for p in word(make("t.a", "docx")).paragraphs]
    for unit in ("t", KHOI, "t.o"):
        with pytest.raises(NotAllowed):
            reports.one(of_a, "2025", unit, "docx", VI)
    with pytest.raises(NotAllowed):
        reports.one(None, "2025", "t.a", "docx", VI)
    with pytest.raises(SurveyError, match="no unit nobody"):
        reports.one(of_a, "2025", "nobody", "docx", VI)
    other = word(mine).element.xml + "".join(cell.text for table in word(mine).tables for row in table.rows for cell in row.cells)
    assert "Sở O" not in other and "Huyện" not in other


def test_english_readers_get_an_english_report(past_services: Services) -> None:
    document = word(past_services.reports.one(OPERATOR, "2025", UNIT, "docx", Locale("en")).content)
    assert "II. RESULTS" in text(document)
    assert re.search(r"Department A scores \d\d\.\d of 100 points", text(document))


@pytest.mark.slow
def test_libreoffice_opens_them_all_and_prints_a_sane_number_of_pages(make: Make, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
    for name, unit in (("unit", UNIT), ("whole", WHOLE)):
        (tmp_path / f"{name}.docx").write_bytes(make(unit, "docx"))
    (tmp_path / "book.xlsx").write_bytes(make(UNIT, "xlsx"))
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "pdf"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    unit, whole, book = (PdfReader(tmp_path / "pdf" / f"{name}.pdf") for name in ("unit", "whole", "book"))
    assert 7 <= len(unit.pages) <= 18
    assert 9 <= len(whole.pages) <= 24
    assert len(book.pages) >= 7
    for page in [*unit.pages, *whole.pages]:  # no page is empty but for its number and its mark
        assert MARK in page.extract_text()
        assert len(page.extract_text()) > 150 or page.images, page.page_number
    first = unit.pages[0].extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first and not first.strip().startswith("1")
    assert unit.pages[1].extract_text().strip().startswith("2")
    assert {round(float(page.mediabox.width)) for page in unit.pages} == {595, 842}


def test_a_wave_whose_forms_are_hidden_says_so_for_the_number_of_forms(make: Make, releases: tuple[Release, ...]) -> None:
    assert not isinstance(releases[-1].cell(HIDDEN, FORMS), Cell)
    assert "Số phiếu hợp lệ không được hiển thị do có quá ít người trả lời." in text(word(make(HIDDEN, "docx")))
