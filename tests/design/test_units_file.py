"""Lists of units as offices keep them, laid over a register that is there; and the workbook that goes out and comes in again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from bootstrap import Settings
from survey.demonstration.build import REGISTER
from survey.design.units import Unit, UnitRegister
from survey.design.units_file import How, read_units
from survey.design.units_workbook import HEADERS, write_units_workbook
from survey.errors import InputRefused, Said
from survey.source import Source
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.small_world import UNITS

DAKNONG = read_units(Source.open(REGISTER))
KNOWN = read_units(Source("units.csv", UNITS.encode()))
OFFICER = REPOSITORY / "tests" / "data" / "cases" / "officer"


def read(text: str, said: list[Said] | None = None, register: UnitRegister = KNOWN) -> UnitRegister:
    return read_units(Source("danh-sach.csv", text.encode()), How(register=register), said)


def office_list(*rows: tuple[object, ...]) -> Source:
    """Title rows, a header further down, STT, a row of totals."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        titles = [("UBND TỈNH THỬ",), ("DANH SÁCH ĐƠN VỊ",), (), ("STT", "Tên đơn vị", "Số CBCCVC")]
        for number, row in enumerate([*titles, *rows, ("", "TỔNG CỘNG", 999)]):
            sheet.write_row(number, 0, row)
    return Source("danh-sach.xlsx", out.getvalue())


def test_one_new_commune_comes_without_the_row_of_its_parent() -> None:
    assert read("id;name_vi;parent;headcount\nx.moi;Xã Mới;t.h;30\n").by_id["x.moi"].parent == "t.h"
    by_name = read("Tên đơn vị;Khối;Trực thuộc;Số CBCCVC\nXã Mới;Cấp xã;Huyện H;30\n")
    assert [(unit.id, unit.parent, unit.group, unit.headcount) for unit in by_name] == [("xa-moi", "t.h", "cap_xa", 30)]


def test_a_parent_that_nobody_knows_is_still_refused_with_its_row() -> None:
    with pytest.raises(InputRefused) as caught:
        read("id;name_vi;parent\nx.moi;Xã Mới;t.khong\n")
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [(2, "parent")]


def test_a_list_of_names_and_numbers_changes_the_numbers_alone() -> None:
    said: list[Said] = []
    read_now = read_units(office_list((1, "Sở A", 44), (2, "SỞ  B", 31)), How(register=KNOWN), said)
    assert list(read_now) == [replace(KNOWN.by_id["t.a"], headcount=44), replace(KNOWN.by_id["t.b"], name_vi="SỞ B", headcount=31)]
    told = " ".join(one.text(str.format) for one in said)
    assert "is a total" in told and "header was found in row 4" in told and "no column for" in told and "parent" in told


def test_an_empty_cell_of_a_column_that_is_there_empties_what_is_stored() -> None:
    assert read("id;name_vi;headcount;valid_to\nt.a;Sở A;;\n").by_id["t.a"].headcount is None


def test_a_file_that_ends_the_parent_of_units_it_does_not_name_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        read("id;name_vi;valid_to\nt;Tỉnh Thử;2025-06-30\n")
    assert "still has units below it" in caught.value.problems[0].message and caught.value.problems[0].row == 2


def test_what_was_wrong_before_is_not_laid_at_the_files_door() -> None:
    wrong = UnitRegister((*KNOWN, Unit(id="z", name_vi="Z", parent="nirgends")))
    assert read("id;name_vi;parent\nx.moi;Xã Mới;t.h\n", register=wrong).by_id["x.moi"].parent == "t.h"


@pytest.mark.parametrize("name", ["a_lon_xon", "b2_stt_tong", "b_tieu_de_viet", "c1_mau_ngay_excel", "w4_sheet2"])
def test_an_officers_workbook_goes_out_and_comes_in_again_unchanged(name: str) -> None:
    units = read_units(Source.open(OFFICER / f"{name}.xlsx"))
    assert read_units(Source("lai.xlsx", write_units_workbook(units))) == units


def test_the_province_goes_out_with_vietnamese_headers_and_comes_in_again_unchanged() -> None:
    strange = Unit(
        id="0.1", name_vi="=Sở Nhỏ", name_en="+A", group="lạ", valid_from=date(1890, 5, 1), valid_to=date(2025, 6, 30), headcount=0
    )
    units = UnitRegister((*DAKNONG, strange))
    content = write_units_workbook(units)
    assert read_units(Source("units.xlsx", content)) == units
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [header for header, _width, _note in HEADERS.values()]
    assert sheet["E4"].value == "Khối sở, ban, ngành" and sheet["G2"].is_date and sheet["G2"].number_format == "dd/mm/yyyy"
    assert [cell.value for cell in book["Cách ghi"]["A"]] == [cell.value for cell in sheet[1]]


def test_the_command_writes_the_workbook_too(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    line.done("units", "import", REGISTER)
    line.done("units", "export", tmp_path / "don-vi.xlsx")
    assert read_units(Source.open(tmp_path / "don-vi.xlsx")) == DAKNONG
    assert line.json("units", "import", tmp_path / "don-vi.xlsx")["register"] == len(DAKNONG)
