"""Where a table begins in a file that people made: which separator, which sheet, which row is its header, which columns count."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.errors import N_, Problem, shown
from survey.vietnamese import same
from survey.workbook import Row

SEPARATORS = (",", ";", "\t", "|")  # in the order that decides where nothing else does, comma first as it always was
HEADER_ROWS = 40  # how far down a header may stand below titles
_SEP_LINE = re.compile(r"sep=(.)\r?\n?")
# Columns that lists have for their readers: numbered lines and remarks.
_FOR_READERS = frozenset(map(same, ("stt", "tt", "số tt", "số thứ tự", "no", "no.", "#", "ghi chú", "note", "notes", "")))


@dataclass(frozen=True)
class Wanted:
    """The columns a reader asks for: by their names, or by other headers that mean them (`aliases`: header -> name).

    `optional=None`: any other column is welcome too.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(init=False)  # what is compared -> name

    def __post_init__(self) -> None:
        named = {same(header): name for header, name in self.aliases.items()}
        named |= {same(name): name for name in (*(self.optional or ()), *self.required)}
        object.__setattr__(self, "names", named)

    def met(self, row: Sequence[str]) -> int:
        """How many of the wanted columns a row names, the required ones first of all."""
        found = {self.names.get(same(cell)) for cell in row}
        return 1_000 * len(found & set(self.required)) + len(found - {None})

    def complete(self, row: Sequence[str]) -> bool:
        return set(self.required) <= {self.names.get(same(cell)) for cell in row}


@dataclass(frozen=True)
class Header:
    """A header found. `place`: of its row among the rows; `number`: as the spreadsheet shows it; `names`: name -> column."""

    place: int
    number: int
    names: Mapping[str, int]
    width: int
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def separator_of(text: str, wanted: Wanted | None = None) -> tuple[str, int]:
    """(separator, characters to skip) of a CSV: what its first line says (sep=;), what finds the most of the wanted columns,
    else what divides its first lines into equally many columns, and into the most."""
    if said := _SEP_LINE.match(text):
        return said[1], said.end()
    top = "".join(line for line, _ in zip(io.StringIO(text[: 2**18], newline=""), range(HEADER_ROWS), strict=False))
    best, most = ",", (0, False, 0)
    for separator in SEPARATORS:
        if separator not in top:
            continue
        rows = _loosely(top, separator)
        met = max((wanted.met(row) for row in rows), default=0) if wanted else 0
        widths = [len(row) for row in rows if row]
        # Where no name decides: a comma within the texts divides every row otherwise.
        agree = bool(widths) and min(widths) == max(widths) > 1
        if (met, agree, max(widths[:1], default=0)) > most:
            best, most = separator, (met, agree, max(widths[:1], default=0))
    return best, 0


def _loosely(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def find_header(rows: Sequence[Row], wanted: Wanted, widths: Mapping[int, int], row: int | None = None) -> Header:
    """The first row that names every required column, else the one that names the most; `row`: the number that somebody named."""
    top = rows[:HEADER_ROWS]
    place = next((place for place, (_number, cells) in enumerate(top) if wanted.complete(cells)), None)
    if row is not None:
        place = next((place for place, (number, _cells) in enumerate(rows) if number == row), None)
    if place is None:
        counts = [wanted.met(cells) for _number, cells in top]
        most = max(counts, default=0)
        place = counts.index(most) if most else 0
    number, cells = rows[place] if place < len(rows) else (1, [])
    problems = list(_missing(number, cells, wanted))
    names: dict[str, int] = {}
    ignored: list[str] = []
    known = {*wanted.required, *(wanted.optional or ())}
    direct = {name for cell in cells if (name := wanted.names.get(same(cell))) and same(name) == same(cell)}
    listed = shown(", ".join(sorted(known)), 2_000)
    for column, cell in enumerate(cells):
        name = wanted.names.get(same(cell))
        if name in direct and same(cell) != same(name or ""):
            name = None  # both "Mã" and "id": the header itself counts
        if name is not None and name not in names:
            names[name] = column
        elif name is not None or (wanted.optional is not None and same(cell) not in _FOR_READERS):
            message, cure = N_("the column is unknown or named twice."), N_("Remove it or correct its name; allowed are: {columns}.")
            problems.append(Problem(row=number, column=shown(cell) or "?", message=message, cure=cure, values={"columns": listed}))
        elif wanted.optional is None and cell and cell not in names:
            names[cell] = column
        else:
            ignored.append(cell or str(column + 1))
    return Header(place, number, names, max(len(cells), widths.get(number, 0)), tuple(problems), tuple(ignored))


def _missing(number: int, cells: Sequence[str], wanted: Wanted) -> Iterator[Problem]:
    there = {wanted.names.get(same(cell)) for cell in cells}
    found = shown(", ".join(f'"{cell}"' for cell in cells if cell), 2_000)
    for name in wanted.required:
        if name not in there:
            message, cure = N_("the column is missing."), N_("Add it, or correct its name; the columns of the file are: {columns}.")
            yield Problem(row=number, column=name, message=message, cure=cure, values={"columns": found})


def chosen_sheet(sheets: Mapping[str, list[Row]], wanted: Wanted) -> str:
    """The first sheet with a row that names every required column, else the first of all."""
    for title, rows in sheets.items():
        if any(wanted.complete(cells) for _number, cells in rows[:HEADER_ROWS]):
            return title
    return next(iter(sheets), "")


def wanted_of(required: Collection[str], optional: Collection[str] | None, aliases: Mapping[str, str] | None = None) -> Wanted:
    return Wanted(tuple(required), None if optional is None else tuple(optional), aliases or {})
