"""Tables of any size and shape: read within bounds, or refused with a sentence; never the end of the server."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from survey import limits, table_finding, tabular
from survey.errors import InputRefused
from survey.source import Source
from survey.tabular import read_table
from tests.counting import calls

pytestmark = pytest.mark.usefixtures("new_readers")

SHEET = "xl/worksheets/sheet1.xml"
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383  # from nought


def book(**cells: object) -> bytes:
    """A workbook of id, name_vi and one unit, and further cells by their place."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "name_vi"])
        sheet.write_row(1, 0, ["t.a", "Sở A"])
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for place, value in cells.items():
            if isinstance(value, date):
                sheet.write_datetime(place, datetime.combine(value, datetime.min.time()), day)
            else:
                sheet.write(place, value)
    return out.getvalue()


def formatted_corner() -> bytes:
    """Whole columns are formatted, and the very last cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet, bold = made.add_worksheet(), made.add_format({"bold": True})
        sheet.write_row(0, 0, ["id", "name_vi"])
        sheet.write_row(1, 0, ["t.a", "Sở A"])
        sheet.set_column(0, LAST_COLUMN, 12, bold)
        sheet.write_blank(LAST_ROW, LAST_COLUMN, None, bold)
    return out.getvalue()


def formatted_down() -> bytes:
    """Every row down to the last is formatted."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(3, LAST_ROW + 2))
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        sheet = archive.read(SHEET).decode()
    return with_sheet(sheet.replace("</sheetData>", rows + "</sheetData>").replace("A1:B2", "A1:B1048576").encode())


def with_sheet(*parts: bytes) -> bytes:
    """The workbook with another sheet, written in parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as honest, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in honest.namelist():
            if name != SHEET:
                made.writestr(name, honest.read(name))
        with made.open(SHEET, "w") as sheet:
            for part in parts:
                sheet.write(part)
    return out.getvalue()


def told(source: Source, *, required: tuple[str, ...] = ("id",)) -> str:
    with pytest.raises(InputRefused) as caught:
        read_table(source, required=required)
    return caught.value.text(lambda text, **values: text.format(**values))


def test_empty_rows_and_columns_at_the_end_do_not_exist() -> None:
    for content in (formatted_corner(), formatted_down()):
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        assert sheet.max_row == LAST_ROW + 1, "the file does not provoke what it should"
        # Bounded by limits.SECONDS, after which it is refused; how long it takes: benchmarks/fuzz_files.py.
        table = read_table(Source("u.xlsx", content), required=("id", "name_vi"), optional=())
        assert table.to_numpy().tolist() == [["t.a", "Sở A"]] and table.index.tolist() == [2]


def test_one_word_in_the_last_corner_is_refused_and_the_process_lives() -> None:
    content = book(XFD1048576="x")
    assert len(content) < 6_000
    assert "not a proper Excel workbook" in told(Source("u.xlsx", content)) or "columns" in told(Source("u.xlsx", content))


def test_one_word_in_the_last_row_does_not_cost_the_rows_between() -> None:
    assert "more than 1000000 rows" in told(Source("u.xlsx", book(A1048576="x")))
    assert read_table(Source("u.xlsx", book(A400000="t.b")), required=("id",)).index.tolist() == [2, 400_000]


def test_cells_are_what_a_person_sees() -> None:
    table = read_table(Source("u.xlsx", book(C1="headcount", D1="valid_from", C2=40.0, D2=date(2025, 3, 1))), required=("id",))
    assert table.iloc[0].tolist() == ["t.a", "Sở A", "40", "2025-03-01"]


def test_one_text_in_very_many_cells_is_counted_as_often_as_it_stands() -> None:
    """A workbook keeps a text once for all its cells: 11,000 cells of 20,000 characters are a small file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "id")
        for row in range(1, 11_001):
            sheet.write_string(row, 0, "x" * 20_000)
    assert len(out.getvalue()) < 200_000
    assert "characters" in told(Source("u.xlsx", out.getvalue()))


def with_declared_size(content: bytes, part: str, size: int) -> bytes:
    """The workbook, whose directory tells another unpacked size of one part than it has."""
    changed = bytearray(content)
    for mark, place_of_size, place_of_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        for found in re.finditer(re.escape(mark), content):
            start = found.start()
            if content[start + place_of_name :].startswith(part.encode()):
                changed[start + place_of_size : start + place_of_size + 4] = size.to_bytes(4, "little")
    return bytes(changed)


def bomb(mebibytes: int) -> bytes:
    """A workbook whose sheet is spaces, a thousandth of their size packed."""
    return with_sheet(b"<worksheet><sheetData>", *([b" " * 2**20] * mebibytes), b"</sheetData></worksheet>")


def test_a_zip_bomb_is_refused_by_what_its_directory_says_or_by_what_comes_out() -> None:
    honest = bomb(limits.WORKBOOK_BYTES // 2**20 + 1)
    assert len(honest) < 2**20
    assert "unpacked, the workbook is larger than 512 MB" in told(Source("u.xlsx", honest))
    lying = with_declared_size(honest, SHEET, 100)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert archive.getinfo(SHEET).file_size == 100
    assert told(Source("u.xlsx", lying))


def ods(table: str) -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        body = f'<office:body><office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet></office:body>'
        made.writestr("content.xml", f'<?xml version="1.0"?><office:document-content {names}>{body}</office:document-content>')
    return out.getvalue()


def test_open_document_tables_are_read_and_their_repeated_cells_bounded() -> None:
    def cell(text: str, more: str = "") -> str:
        return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'

    rows = f"<table:table-row>{cell('id')}{cell('name_vi')}</table:table-row><table:table-row>{cell('t.a')}{cell('Sở A')}</table:table-row>"
    empty = (
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read_table(Source("u.ods", ods(rows + empty)), required=("id", "name_vi")).to_numpy().tolist() == [["t.a", "Sở A"]]
    wide = cell("x", 'table:number-columns-repeated="16384"')
    many = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    assert told(Source("u.ods", ods(rows + many)))


# CSV


def test_csv_has_the_same_bounds() -> None:
    columns = ";".join(f"c{number}" for number in range(limits.COLUMNS + 1))
    assert f"more than {limits.COLUMNS} columns" in told(Source("u.csv", columns.encode()))
    assert f"more than {limits.ROWS} rows" in told(Source("u.csv", b"id\n" + b"x\n" * (limits.ROWS + 1)))
    long = b"id;name_vi\nt.a;" + b"x" * (limits.CELL_CHARS + 1)
    assert f"row 2, column 2: it has {limits.CELL_CHARS + 1} characters" in told(Source("u.csv", long))
    assert f"more than {limits.CELLS} cells" in told(Source("u.csv", b"id;x\n" + b";" * (limits.SEPARATORS + 1)))
    table = read_table(Source("u.csv", b"id;name_vi;;;;\nt.a;A;;;;\n" + b";;;;;\n" * 100_000), required=("id", "name_vi"), optional=())
    assert len(table) == 1


class Compared(str):
    """A text whose comparisons are calls, within lists and dictionaries too."""

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) is True

    def __hash__(self) -> int:
        return str.__hash__(self)


def growth(monkeypatch: pytest.MonkeyPatch) -> float:
    """By how much more is called, comparisons of cells and names included, for a header of 1,900 columns than for one of 100."""
    read, same = csv.reader, table_finding.same
    monkeypatch.setattr(csv, "reader", lambda *of, **how: ([Compared(cell) for cell in row] for row in read(*of, **how)))
    monkeypatch.setattr(table_finding, "same", lambda text: Compared(same(text)))

    def counted(columns: int) -> int:
        content = ("id;" + ";".join("x" for _ in range(columns)) + "\n" + ";".join("1" for _ in range(columns + 9)) + "\n").encode()
        return calls(lambda: told(Source("u.csv", content)))

    return counted(1_900) / counted(100)


def test_work_grows_with_the_columns_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    assert growth(monkeypatch) < 30  # 19 times as many columns; the square is 361


def test_work_that_grows_with_the_square_of_the_columns_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: for every column, all are looked through for its name."""

    def leaky(rows: list[tuple[int, list[str]]], *rest: Any) -> table_finding.Header:
        cells = rows[0][1]
        assert sum(cells.count(cell) for cell in cells) > len(cells)
        return table_finding.find_header(rows, *rest)

    monkeypatch.setattr(tabular, "find_header", leaky)
    assert growth(monkeypatch) > 60


# What comes packed


def test_a_gz_is_refused_early_when_huge_and_clearly_when_damaged(tmp_path: Path) -> None:
    mebibytes = limits.FILE_BYTES // 2**20 + 1
    packer = zlib.compressobj(9, wbits=31)
    huge = b"".join(packer.compress(b"1" * 2**20) for _ in range(mebibytes)) + packer.flush()
    assert len(huge) < 2**20
    for content in (huge, huge[:-4] + (100).to_bytes(4, "little")):  # the second lies about its length
        with pytest.raises(InputRefused, match="refused") as caught:
            Source.received("c.csv.gz", content)
        assert "larger than" in caught.value.text(lambda text, **values: text.format(**values)) or content is not huge
    good = gzip.compress(b"id\n" + b"x\n" * 9_000)
    middle = bytearray(good)
    middle[len(good) // 2] ^= 255
    for content in (good[:-9], good[:4], b"", b"not gzip", bytes(middle), good + b"rest"):
        (tmp_path / "c.csv.gz").write_bytes(content)
        with pytest.raises(InputRefused):
            read_table(Source.open(tmp_path / "c.csv.gz"), required=("id",))
    assert Source.received("c.csv.gz", good + good).content == gzip.decompress(good) * 2
    with pytest.raises(zlib.error):  # what a reader must expect beside OSError and EOFError
        gzip.decompress(bytes(middle))


def test_a_file_that_cannot_be_named_is_told_by_a_name_that_can(tmp_path: Path) -> None:
    source = Source.received("a\x1b[31m\udcff.csv", b"id\nx\n")
    assert source.name.encode() and source.name.isprintable()
