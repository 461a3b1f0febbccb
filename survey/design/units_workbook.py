"""The list of units as an Excel workbook with Vietnamese headers, which is read again as it was written."""

from __future__ import annotations

import io
from datetime import date

from survey.cells import safe_cell
from survey.design.plan import GROUP_NAMES
from survey.design.units import BEGINNING, Unit, UnitRegister

# Column -> header, width, and what an officer writes there (survey.design.units_list.ALIASES reads the headers).
HEADERS = {
    "id": ("Mã đơn vị", 16, "Chữ a-z không dấu, số, dấu chấm; không bao giờ đổi."),
    "name_vi": ("Tên đơn vị", 44, "Tên đầy đủ."),
    "name_en": ("Tên tiếng Anh", 36, "Có thể để trống."),
    "kind": ("Loại", 12, "Ví dụ: so, huyen, xa."),
    "group": ("Khối", 26, "Chọn trong danh sách; đơn vị được so sánh trong khối."),
    "parent": ("Trực thuộc", 16, "Mã của đơn vị cấp trên; để trống với đơn vị trên cùng."),
    "valid_from": ("Từ ngày", 12, "Ngày đầu tiên; để trống nếu đã có từ trước."),
    "valid_to": ("Đến ngày", 12, "Ngày cuối cùng; để trống nếu còn hoạt động."),
    "successors": ("Đơn vị kế thừa", 22, "Mã các đơn vị kế thừa, cách nhau bằng dấu chấm phẩy."),
    "headcount": ("Số CBCCVC", 12, "Số người được phát phiếu."),
}
_NOTES = "Cách ghi"
_FIRST_YEAR = 1900  # what Excel takes for a day begins here, and wrongly


def write_units_workbook(units: UnitRegister) -> bytes:
    """.xlsx: the units, dates and numbers as such, and a second sheet that explains the columns."""
    import xlsxwriter  # slow to import, and rarely needed

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd/mm/yyyy"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Đơn vị")
        sheet.freeze_panes(1, 2)
        for column, (name, (header, width, _note)) in enumerate(HEADERS.items()):
            sheet.set_column(column, column, width, day if name.startswith("valid") else text if name != "headcount" else None)
            sheet.write_string(0, column, header, head)
        for row, unit in enumerate(units, start=1):
            for column, value in enumerate(_cells(unit)):
                if isinstance(value, date) and value.year <= _FIRST_YEAR:
                    sheet.write_string(row, column, value.isoformat(), text)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(row, column, value)
                elif value:
                    sheet.write_string(row, column, safe_cell(value), text)
        choice = {"validate": "list", "source": f"='{_NOTES}'!$D$2:$D${len(GROUP_NAMES) + 1}", "error_type": "information"}
        sheet.data_validation(1, 4, len(units) + 500, 4, choice)
        notes = book.add_worksheet(_NOTES)
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 70)
        for row, (header, _width, note) in enumerate(HEADERS.values()):
            notes.write_string(row, 0, header, head)
            notes.write_string(row, 1, note)
        notes.set_column(3, 3, 26)
        notes.write_column(0, 3, ["Các khối", *map(_group, GROUP_NAMES)])
    return out.getvalue()


def _cells(unit: Unit) -> tuple[str | int | date | None, ...]:
    return (
        unit.id, unit.name_vi, unit.name_en, unit.kind, _group(unit.group), unit.parent, None if unit.valid_from == BEGINNING else unit.valid_from,
        unit.valid_to, ";".join(unit.successors), unit.headcount,
    )  # fmt: skip


def _group(code: str) -> str:
    return GROUP_NAMES[code][0] if code in GROUP_NAMES else code
