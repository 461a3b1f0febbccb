"""A cell that no spreadsheet takes for a formula: for every file that people open in one."""

from __future__ import annotations

import re
import unicodedata

_RUNS = frozenset("=+-@")
_ENDS = frozenset("\t\r\n")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could take it for a formula.

    Looks behind spaces, marks of direction, zero-width and control characters, and through
    full-width letters. A plain number keeps its sign.
    """
    if not text:
        return text
    if text[0] in _ENDS:
        return "'" + text
    first = next((char for char in text if unicodedata.category(char)[0] not in "ZC"), "")
    if unicodedata.normalize("NFKC", first)[:1] in _RUNS and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def as_before(cell: str) -> str:
    """A text that safe_cell() has guarded, without its guard; any other as it is."""
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell
