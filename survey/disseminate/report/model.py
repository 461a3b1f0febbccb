"""A report before it is a file: built once from releases, written as Word, PDF or Excel."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.disclose.release import NOT_AVAILABLE, NOT_GIVEN, ONLY_SOME, PROTECTS, TOO_FEW
from survey.i18n import DASH, Locale

# What stands for a hidden number, one sign for each reason; the note under the table explains it.
SIGNS = {TOO_FEW: DASH, PROTECTS: f"{DASH}*", NOT_AVAILABLE: f"{DASH}**", ONLY_SOME: f"{DASH}***", NOT_GIVEN: f"{DASH}°"}


@dataclass(frozen=True)
class Number:
    """A number unrounded, printed with `digits` decimals; None is hidden for the reason `hidden`.

    `mark`: ▲ or ▼ behind it; `percent`: of a count, printed behind it in brackets; `bound`: ≥, ≤ or ≈ before it.
    """

    value: float | None
    digits: int = 1
    sign: bool = False
    mark: str = ""
    percent: float | None = None
    hidden: str = NOT_AVAILABLE
    bound: str = ""

    def text(self, locale: Locale) -> str:
        if self.value is None:
            return SIGNS[self.hidden]
        text = f"{self.bound} {locale.number(self.value, self.digits, sign=self.sign)} {self.mark}".strip()
        return text if self.percent is None else f"{text} ({locale.percent(self.percent)})"


Entry = str | Number


@dataclass(frozen=True)
class Column:
    """`width`: share of the table's width; `number`: set to the right."""

    label: str
    width: float = 1.0
    number: bool = True


@dataclass(frozen=True, kw_only=True)
class Chart:
    """How Excel draws a table: `kind` bar, stacked or line; places of the columns with labels and values."""

    kind: str
    title: str
    labels: int
    values: tuple[int, ...]
    rows: tuple[int, int] | None = None  # first and last row, where not all are drawn


@dataclass(frozen=True, kw_only=True)
class Table:
    """`strong`: places of the rows in bold; `notes`: sentences under the table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: tuple[str, ...] = ()
    strong: frozenset[int] = frozenset()
    charts: tuple[Chart, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why numbers are hidden here, in a fixed order."""
        found = {entry.hidden for row in self.rows for entry in row if isinstance(entry, Number) and entry.value is None}
        return tuple(reason for reason in SIGNS if reason in found)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart as PNG, `width` and `height` on paper in millimetres; `text` says in words what it shows."""

    png: bytes = field(repr=False)
    width: float
    height: float
    caption: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`hint`: left to the author, in brackets; `item`: one of a list."""

    text: str
    hint: bool = False
    item: bool = False


Block = Paragraph | Table | Picture


@dataclass(frozen=True, kw_only=True)
class Section:
    """A numbered heading and what stands under it. `level` 1: part or annex; 2: a heading within. `wide`: landscape."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()
    level: int = 1
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The official frame: what stands in the head and the foot of the document, placeholders in brackets."""

    superior: str
    issuer: str
    number: str
    nation: str
    motto: str
    place_and_day: str
    kind: str
    subject: str
    opening: str
    recipients: tuple[str, ...]
    office: str
    signer: str
    annexes: str


@dataclass(frozen=True, kw_only=True)
class Report:
    frame: Frame
    parts: tuple[Section, ...]
    annexes: tuple[Section, ...]
    illustrative: str  # the mark on every page; empty for figures of a real wave
    name: str  # for the file's name
