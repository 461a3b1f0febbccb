"""Reading tables that people made in Excel: encodings, separators, and errors with row and column."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl import load_workbook

from survey.errors import N_, InputRefused, Problem
from survey.vietnamese import tidy


@dataclass(frozen=True)
class Source:
    """A file's name (for messages) and its bytes; what a page uploads and a command opens.

    `packed`: the file as it lies on the disk, where the content was unpacked from it.
    """

    name: str
    content: bytes
    packed: bytes = b""

    @property
    def sha256(self) -> str:
        """Hex digest of the file on the disk: what `sha256sum` prints."""
        return hashlib.sha256(self.packed or self.content).hexdigest()

    @classmethod
    def open(cls, path: str | Path) -> Source:
        path = Path(path)
        try:
            content = path.read_bytes()
            return cls(path.name, gzip.decompress(content), content) if path.suffix == ".gz" else cls(path.name, content)
        except (OSError, EOFError) as error:
            raise InputRefused(
                str(path),
                [
                    Problem(
                        message=N_("the file cannot be read: {reason}."),
                        cure=N_("Check its name and place."),
                        values={"reason": getattr(error, "strerror", None) or error},
                    )
                ],
            ) from error

    @property
    def suffix(self) -> str:
        return Path(self.name.removesuffix(".gz")).suffix.lower()


def read_text(source: Source) -> str:
    """The source as text: UTF-8 with or without BOM; anything else is refused with its place."""
    try:
        return source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source.content[: error.start]
        raise InputRefused(
            source.name,
            [
                Problem(
                    row=before.count(b"\n") + 1,
                    column=_column_at(before) if source.suffix == ".csv" else str(len(before) - before.rfind(b"\n")),
                    message=N_("the file is not UTF-8 (it looks like cp1258 or another old encoding)."),
                    cure=N_('In Excel choose "Save as" and the type "CSV UTF-8 (Comma delimited)".'),
                )
            ],
        ) from None


def read_table(source: Source, *, required: Collection[str], optional: Collection[str] | None = None) -> pd.DataFrame:
    """A table of strings, indexed by the row number a spreadsheet shows (the header is row 1).

    CSV with `,` or `;`, or the first sheet of an .xlsx. `optional=None` accepts any other column.
    Raises InputRefused naming every missing or unknown column and every row of a wrong length.
    """
    rows = _xlsx_rows(source) if source.suffix == ".xlsx" else _csv_rows(source)
    header = [tidy(str(name)) for name in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    problems = [
        Problem(
            row=1,
            column=name,
            message=N_("the column is missing."),
            cure=N_("Add it; the columns are: {columns}."),
            values={"columns": ", ".join(required)},
        )
        for name in required
        if name not in header
    ]
    known = set(header) if optional is None else {*required, *optional}
    problems += [
        Problem(
            row=1,
            column=name or "?",
            message=N_("the column is unknown or named twice."),
            cure=N_("Remove it or correct its name; known are: {columns}."),
            values={"columns": ", ".join(sorted(known))},
        )
        for place, name in enumerate(header)
        if name not in known or name in header[:place]
    ]
    body: list[list[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        if len(row) > len(header) and any(row[len(header) :]):
            problems.append(
                Problem(
                    row=number,
                    column=str(len(header) + 1),
                    message=N_("the row has {found} columns, the header {expected}."),
                    cure=N_("Put a text that contains the separator in quotation marks."),
                    values={"found": len(row), "expected": len(header)},
                )
            )
        body.append((row + [""] * len(header))[: len(header)])
        numbers.append(number)
    if problems:
        raise InputRefused(source.name, problems)
    return pd.DataFrame(body, columns=header, index=numbers, dtype=object)


def _column_at(before: bytes) -> str:
    """The header over the last byte of `before`, else the number of its column."""
    header, line = before.partition(b"\n")[0], before[before.rfind(b"\n") + 1 :]
    separator = b";" if header.count(b";") > header.count(b",") else b","
    place = line.count(separator)
    names = header.decode("ascii", "replace").strip("\ufffd\r").split(separator.decode())
    return names[place] if b"\n" in before and place < len(names) and names[place] else str(place + 1)


def _csv_rows(source: Source) -> list[list[str]]:
    text = read_text(source)
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputRefused(
            source.name,
            [
                Problem(
                    message=N_("the file is not a proper CSV: {reason}."),
                    cure=N_("Save it again as CSV UTF-8 from Excel."),
                    values={"reason": error},
                )
            ],
        ) from None


def _xlsx_rows(source: Source) -> list[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about formatting that is not read
            book = load_workbook(io.BytesIO(source.content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            return [["" if cell is None else _plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # openpyxl raises many kinds for a broken file; each means the same here
        raise InputRefused(
            source.name,
            [
                Problem(
                    message=N_("the file is not a proper Excel workbook."),
                    cure=N_("Save it again as .xlsx from Excel."),
                )
            ],
        ) from error


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(str(cell))
