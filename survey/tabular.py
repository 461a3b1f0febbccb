"""Reading tables that people made in Excel: encodings, separators, bounds, and errors with row and column."""

from __future__ import annotations

import codecs
import csv
import io
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from survey import limits
from survey.errors import MANY_PROBLEMS, N_, InputRefused, Problem, Said, shown
from survey.source import Source, read_text
from survey.table_finding import HEADER_ROWS, Wanted, chosen_sheet, find_header, separator_of, wanted_of
from survey.vietnamese import same, tidy
from survey.workbook import EVERY, SUFFIXES, Row, read_sheets, refuse_size

_BLOCK = 2**23


def read_table(
    source: Source,
    *,
    required: Collection[str],
    optional: Collection[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    said: list[Said] | None = None,
    sheet: str = "",
    header_row: int | None = None,
) -> pd.DataFrame:
    """A table of strings, indexed by the row number a spreadsheet shows.

    CSV with any separator, or that sheet of a workbook which has the columns; the header may stand below titles, its
    names in any form that is the same to a reader (survey.vietnamese.same) or among `aliases`. Empty rows, columns
    without a name, and those for readers (STT, Ghi chú) do not exist. `optional=None` accepts any other column. What was
    found elsewhere than in the first row of the first sheet is told in `said`. Raises InputRefused naming every missing
    or unknown column and every row of a wrong length, or the bound of survey.limits that the file breaks.
    """
    wanted = wanted_of(required, optional, aliases)
    title, rows, widths = _rows(source, wanted, sheet)
    header = find_header(rows, wanted, widths, header_row)
    told = said if said is not None else []
    if title:
        told.append(Said(N_('The table was read from the sheet "{sheet}".'), {"sheet": title}))
    if header.place:
        told.append(Said(N_("The header was found in row {row}; the rows above it were left out."), {"row": header.number}))
    problems = list(header.problems)
    body: list[list[str]] = []
    numbers: list[int] = []
    columns = list(header.names.values())
    widest = max(columns, default=-1) + 1
    is_csv = source.suffix not in SUFFIXES
    for number, row in rows[header.place + 1 :]:
        if is_csv and len(row) > header.width:
            problems.append(
                Problem(
                    row=number,
                    column=str(header.width + 1),
                    message=N_("the row has {found} columns, the header {expected}."),
                    cure=N_("Put a text that contains the separator in quotation marks."),
                    values={"found": len(row), "expected": header.width},
                )
            )
            if len(problems) >= MANY_PROBLEMS:
                break
        if len(row) < widest:
            row = row + [""] * (widest - len(row))
        body.append([row[column] for column in columns])
        numbers.append(number)
    if problems:
        raise InputRefused(source.name, problems)
    return pd.DataFrame(body, columns=list(header.names), index=numbers, dtype=object)


def read_rows(source: Source) -> dict[str, list[Row]]:
    """The rows of every sheet that are not empty, by its title ("" of a CSV), for whoever looks for a table in them."""
    if source.suffix not in SUFFIXES:
        return {"": _csv_rows(source, wanted_of((), None))[0]}
    sheets = read_sheets(source.name, source.content, EVERY)
    return {title: [(number, [tidy(cell) for cell in cells]) for number, cells in rows] for title, rows in sheets.items()}


def read_coded_table(source: Source, *, required: Collection[str], optional: Collection[str] | None = None) -> pd.DataFrame:
    """As read_table, but the columns are categorical: a long table of few different words, read without a list of rows.

    A file that a machine wrote plainly is read by pandas. Whatever is odd or wrong goes to the careful reader, whose
    answer this is then.
    """
    plain = _plain_table(source)
    known = None if optional is None else {*required, *optional}
    if plain is None or not set(required) <= set(plain.columns) or (known is not None and not set(plain.columns) <= known):
        return read_table(source, required=required, optional=optional).astype("category")
    return plain


def read_words(
    source: Source, *, required: Collection[str], said: list[Said], sheet: str = "", header_row: int | None = None
) -> pd.DataFrame:
    """As read_table with any other column welcome, but the columns are categorical: many people's answers in few words."""
    plain = _plain_table(source, gaps=True) if header_row in (None, 1) and not sheet else None
    if plain is None or not set(required) <= set(plain.columns):
        return read_table(source, required=required, said=said, sheet=sheet, header_row=header_row).astype("category")
    return plain


def _rows(source: Source, wanted: Wanted, sheet: str) -> tuple[str, list[Row], dict[int, int]]:
    """(title of the sheet where it is not the first, rows that are not empty without the empty cells at their end, how wide
    the first rows of a CSV are with them)."""
    if source.suffix not in SUFFIXES:
        return ("", *_csv_rows(source, wanted))
    title, rows = _workbook_rows(source, wanted, sheet)
    return title, rows, {}


def _workbook_rows(source: Source, wanted: Wanted, sheet: str) -> tuple[str, list[Row]]:
    sheets = read_sheets(source.name, source.content)
    first = next(iter(sheets), "")
    title = first
    if (sheet and same(sheet) != same(first)) or chosen_sheet(sheets, wanted) != first or not _has(sheets, wanted):
        sheets = read_sheets(source.name, source.content, EVERY)
        title = next((one for one in sheets if same(one) == same(sheet)), "") if sheet else chosen_sheet(sheets, wanted)
        if sheet and not title:
            message, cure = N_('the workbook has no sheet "{sheet}".'), N_("Its sheets are: {sheets}.")
            raise InputRefused(
                source.name, [Problem(message=message, cure=cure, values={"sheet": sheet, "sheets": shown(", ".join(sheets), 2_000)})]
            )
    rows = sheets.get(title, [])
    for _number, row in rows:
        row[:] = [tidy(cell) for cell in row]
    _check_cells(source, rows)
    return (title if title != first else ""), rows


def _has(sheets: Mapping[str, list[Row]], wanted: Wanted) -> bool:
    return any(wanted.complete(cells) for rows in sheets.values() for _number, cells in rows[:HEADER_ROWS])


def _csv_rows(source: Source, wanted: Wanted) -> tuple[list[Row], dict[int, int]]:
    text = read_text(source)
    separator, skip = separator_of(text, wanted)
    if text.count(separator) > limits.SEPARATORS:
        refuse_size(source.name, "cells")
    rows: list[Row] = []
    widths: dict[int, int] = {}
    cells = 0
    first = 2 if skip else 1
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text[skip:], newline=""), delimiter=separator, strict=True), start=first):
            if len(rows) < HEADER_ROWS:
                widths[number] = len(row)
            while row and not row[-1].strip():
                row.pop()
            if row:
                cells += len(row)
                _check_size(source, len(rows), len(row), cells)
                rows.append((number, row))
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
    _check_cells(source, rows)
    return rows, widths


def _plain_table(source: Source, gaps: bool = False) -> pd.DataFrame | None:
    """A CSV without quotes, all of whose rows are alike and within the bounds; None where the careful reader must look.

    `gaps`: cells may be empty; rows of nothing else do not exist.
    """
    content = source.content
    if (
        source.suffix in SUFFIXES
        or content.startswith(b"sep=")
        or b'"' in content
        or b"\0" in content
        or content.count(b"\r") != content.count(b"\r\n")
    ):
        return None
    if not content.isascii():
        _check_utf8(source)
    first = content.partition(b"\n")[0].removeprefix(BOM_UTF8).rstrip(b"\r")
    separator = b";" if first.count(b";") > first.count(b",") else b","
    header = [tidy(name) for name in first.decode("utf-8").split(separator.decode())]
    rows = content.count(b"\n") + 1
    if not all(header) or len(set(header)) < len(header) or not _within(rows, len(header), content.count(separator)):
        return None
    parts = []
    for block in _blocks(content, content.find(b"\n") + 1 or len(content)):
        if not _are_alike(block, separator, len(header)):
            return None
        # Not dtype="category" at once: pandas makes numbers of the categories then, and "01" is 1.
        part = pd.read_csv(
            io.BytesIO(block), sep=separator.decode(), names=header, dtype=str, encoding="utf-8",
            quoting=csv.QUOTE_NONE, na_filter=False, skip_blank_lines=False, index_col=False,
        )  # fmt: skip
        parts.append(part.astype("category"))
    if not parts:
        return None
    made = pd.DataFrame({name: union_categoricals([part[name] for part in parts]) for name in header})
    made.index = pd.RangeIndex(2, len(made) + 2)
    blank = [np.array([not word.strip() for word in made[name].cat.categories], dtype=bool) for name in header]
    if not any(one.any() for one in blank):
        return made
    # Blanks at the end of a row, and rows of nothing else, do not exist: the careful reader knows.
    if not gaps:
        return None
    nothing = np.ones(len(made), dtype=bool)
    for name, one in zip(header, blank, strict=True):
        nothing &= one[made[name].cat.codes.to_numpy()]
    return made[~nothing]


def _check_utf8(source: Source) -> None:
    """Refused where it is not; without a second copy of the whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(source.content), _BLOCK):
            decoder.decode(source.content[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        read_text(source)


def _within(rows: int, columns: int, separators: int) -> bool:
    """Surely within the bounds; one column alone is left to the careful reader."""
    bounded = rows <= limits.ROWS and rows * columns <= limits.CELLS and separators <= limits.SEPARATORS
    return bounded and 2 <= columns <= limits.COLUMNS


def _blocks(content: bytes, start: int) -> Iterator[bytes]:
    """Whole lines from `start` on, some megabytes at a time."""
    while start < len(content):
        end = content.find(b"\n", start + _BLOCK) + 1 or len(content)
        yield content[start:end]
        start = end


def _are_alike(block: bytes, separator: bytes, columns: int) -> bool:
    """Has every line so many columns, none of them too long?"""
    letters = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(letters))
    places = np.flatnonzero(letters == ord(separator))
    if len(places) != len(ends) * (columns - 1):
        return False
    grid = np.column_stack([np.concatenate([[-1], ends[:-1]]), places.reshape(len(ends), columns - 1), ends])
    widths = np.diff(grid, axis=1)  # one more than the letters between; less where a separator stands in another line
    return bool(widths.min() > 0 and widths.max() <= limits.CELL_CHARS)


def _check_size(source: Source, rows: int, columns: int, cells: int) -> None:
    for what, number, longest in (("rows", rows, limits.ROWS), ("columns", columns, limits.COLUMNS), ("cells", cells, limits.CELLS)):
        if number > longest:
            refuse_size(source.name, what)


def _check_cells(source: Source, rows: list[Row]) -> None:
    problems = [
        Problem(row=number, column=str(place), message=limits.TOO_LONG, cure=limits.SHORTEN, values={"length": len(cell), "longest": limits.CELL_CHARS})
        for number, row in rows
        if max(map(len, row)) > limits.CELL_CHARS
        for place, cell in enumerate(row, start=1)
        if len(cell) > limits.CELL_CHARS
    ]  # fmt: skip
    if problems:
        raise InputRefused(source.name, problems)
