"""A4 pages in our typeface: what slips, share sheets and protocols have in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby

from fpdf import FPDF
from fpdf.enums import RenderStyle
from fpdf.fonts import TTFFont

from survey import fonts
from survey.qr import qr_matrix

POINT = 25.4 / 72  # millimetres
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # a file must not tell when it was made


class Paper(FPDF):
    """The same content gives the same bytes. Nothing is broken over pages unless asked for."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_creation_date(UNDATED)
        self.set_title(title)
        self.set_lang(language)
        self.add_font(fonts.FAMILY, "", fonts.REGULAR)
        self.add_font(fonts.FAMILY, "B", fonts.BOLD)

    def use(self, size: float, style: str = "") -> None:
        """Write in this size (points) and style ("" or "B") from here on."""
        self.set_font(fonts.FAMILY, style, size)

    def forget(self) -> None:
        """Close the typefaces of a paper that is never put out."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def qr(self, content: str, left: float, top: float, size: float, mask: int | None = None) -> None:
        """A QR code as rectangles, one for each run of dark modules in a row: sharp at any size."""
        matrix = qr_matrix(content, mask)
        module = size / len(matrix)
        for number, row in enumerate(matrix):
            for start, length in _dark_runs(row):
                self.rect(left + start * module, top + number * module, length * module, module, style=RenderStyle.F)


def _dark_runs(row: bytes | bytearray) -> Iterator[tuple[int, int]]:
    place = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield place, length
        place += length
