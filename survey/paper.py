"""A4 pages in our typeface: what slips, share sheets and protocols have in common."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import cast

from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.svg import SVGObject

from survey import fonts
from survey.issuer import Issuer
from survey.qr import qr_matrix

POINT = 25.4 / 72  # millimetres
MARK = 16.0  # millimetres, the longer side of an organisation's mark
NAME_LINE = 5.5
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

    def letterhead(self, issuer: Issuer, left: float, width: float) -> None:
        """The organisation's mark and name from here on, and where they end; nothing where none is set."""
        picture, top, beside = _drawable(issuer.picture), self.get_y(), left
        if picture:
            self.image(io.BytesIO(picture), x=left, y=top, w=MARK, h=MARK, keep_aspect_ratio=True)
            beside += MARK + 4
        if issuer.name:
            self.use(11, "B")
            room = width - (beside - left)
            high = self.multi_cell(room, NAME_LINE, issuer.name, align="L", dry_run=True, output="HEIGHT")
            self.set_xy(beside, top + max(0.0, (MARK - cast(float, high)) / 2) if picture else top)
            self.multi_cell(room, NAME_LINE, issuer.name, align="L", new_x="LMARGIN", new_y="NEXT")
        if picture or issuer.name:
            self.set_xy(left, max(self.get_y(), top + MARK if picture else top) + 3)

    def forget(self) -> None:
        """Close the typefaces of a paper that is never put out."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def qr(self, content: str, left: float, top: float, size: float, mask: int | None = None) -> None:
        """A QR code as rectangles, one for each run of dark modules in a row: sharp at any size."""
        matrix = qr_matrix(content, mask)
        module = size / len(matrix)
        corners = (
            (left + start * module, self.h - top - number * module, length * module)
            for number, row in enumerate(matrix)
            for start, length in _dark_runs(row)
        )
        k = self.k  # points of a millimetre
        # One path that is filled once: a slip has hundreds of them, and rect() would draw and fill each.
        self._out("\n".join(f"{x * k:.2f} {y * k:.2f} {width * k:.2f} {-module * k:.2f} re" for x, y, width in corners) + " f")


def _drawable(picture: bytes) -> bytes:
    """The picture, where this library can draw it: of an SVG it knows most, not all."""
    if picture.startswith(b"\x89PNG"):
        return picture
    try:
        return picture if SVGObject(picture) and picture else b""
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, NotImplementedError, SyntaxError):
        return b""


def _dark_runs(row: bytes | bytearray) -> Iterator[tuple[int, int]]:
    place = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield place, length
        place += length
