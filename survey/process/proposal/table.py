"""Where the table stands in a file that somebody else made, and what stands in each of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from survey.errors import N_, InputRefused, Problem
from survey.process.proposal.likeness import bare, folded
from survey.source import Source
from survey.table_finding import HEADER_ROWS
from survey.tabular import read_rows, read_table
from survey.vietnamese import same, tidy
from survey.workbook import Row

_SHOWN_ROWS = 15  # that a header may be chosen from
_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class Column:
    """`values`: what stands in it -> in how many rows, the first met first; empty cells are not counted. `first`: value -> the
    number of the first row with it."""

    head: str
    values: Mapping[str, int]
    first: Mapping[str, int]

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(self.values)[:_EXAMPLES]

    @property
    def filled(self) -> int:
        return sum(self.values.values())


@dataclass(frozen=True, kw_only=True)
class Table:
    """`sheets`: of a workbook, else none; `header_row`: its number as the spreadsheet shows it; `top`: the first rows by
    their numbers; `rows`: below the header."""

    sheets: tuple[str, ...]
    sheet: str
    header_row: int
    first_row: int
    top: Mapping[int, tuple[str, ...]]
    columns: tuple[Column, ...]
    rows: int


def look_at(source: Source, known: Collection[str], sheet: str = "", header_row: int | None = None) -> Table:
    """`known`: texts (folded) that headers of such a file say; the sheet and row that say most of them are its header,
    unless `sheet` and `header_row` say better."""
    sheets = read_rows(source)
    words = frozenset(known)
    if sheet not in sheets:
        sheet = max(sheets, key=lambda title: _best(sheets[title], words)[0], default="")
    rows = sheets.get(sheet, [])
    if not rows:
        message, cure = N_("the file has no rows."), N_("Add one row for each person.")
        raise InputRefused(source.name, [Problem(message=message, cure=cure)])
    numbers = [number for number, _cells in rows]
    found = header_row if header_row in numbers else _best(rows, words)[1]
    table = read_table(source, required=(), sheet=sheet, header_row=found)
    numbers_below = [int(number) for number in table.index]
    columns = tuple(_column(str(head), table[head].tolist(), numbers_below) for head in table.columns)
    top = {number: tuple(cell for cell in cells if cell) for number, cells in rows[:_SHOWN_ROWS]}
    return Table(
        sheets=tuple(title for title in sheets if title), sheet=sheet, header_row=found, first_row=numbers[0], top=top,
        columns=columns, rows=len(table),
    )  # fmt: skip


def _column(head: str, cells: Sequence[object], numbers: Sequence[int]) -> Column:
    """Spellings that are the same to a reader are one value, as it was written first."""
    spelled: dict[str, str] = {}
    counted: Counter[str] = Counter()
    first: dict[str, int] = {}
    seen = dict(zip(reversed(cells), reversed(numbers), strict=True))
    for raw, rows in Counter(cells).items():
        if cell := tidy(str(raw)):
            value = spelled.setdefault(same(cell), cell)
            counted[value] += rows
            first.setdefault(value, seen[raw])
    return Column(head=head, values=dict(counted), first=first)


def _best(rows: Sequence[Row], known: frozenset[str]) -> tuple[tuple[int, int], int]:
    """((known texts, filled columns) of the row most like a header, its number). Equal rows: the first."""
    widest = max((len(set(cells)) for _number, cells in rows[:HEADER_ROWS]), default=0)
    best, place = (-1, -1), 1
    for number, cells in rows[:HEADER_ROWS]:
        texts = [cell for cell in cells if cell.strip()]
        met = sum(folded(cell) in known or bare(cell) in known for cell in texts)
        full = len(set(texts)) >= 0.6 * widest
        if (met, int(full)) > best:
            best, place = (met, int(full)), number
    return best, place
