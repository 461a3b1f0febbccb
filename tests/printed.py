"""A PDF as a reader of paper sees it: its words, and the modules of a QR code."""

from __future__ import annotations

import io
import re

from pypdf import PageObject, PdfReader


def pages(content: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(content)).pages)


def words(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


def drawn_modules(page: PageObject, size: int) -> list[list[bool]]:
    """The grid that the filled rectangles of a page with one QR code make."""
    drawn: bytes = page.get_contents().get_data()  # type: ignore[union-attr]
    filled = b" ".join(re.findall(rb"(?:[\d.]+ [\d.]+ [\d.]+ -[\d.]+ re\s+)+f\b", drawn))
    runs = [tuple(map(float, run)) for run in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) -([\d.]+) re", filled)]
    left, top, module = min(x for x, *_ in runs), max(y for _, y, *_ in runs), runs[0][3]
    grid = [[False] * size for _ in range(size)]
    for x, y, width, _ in runs:
        start = round((x - left) / module)
        for column in range(start, start + round(width / module)):
            grid[round((top - y) / module)][column] = True
    return grid
