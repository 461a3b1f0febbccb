"""Tables for spreadsheets: CSV as a Vietnamese Excel opens it, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from survey.cells import safe_cell

DIGITS = 10  # significant digits in files: the same on every processor


def csv_bytes(frame: pd.DataFrame, language: str, separator: str = ";") -> bytes:
    """The frame as CSV: UTF-8 with BOM, CRLF, NFC, decimal comma where semicolons part the cells, in every language: a Vietnamese
    Excel reads 12.1 as a day. With tabs as the language has it."""
    if separator not in (";", ",", "\t"):
        raise ValueError(f"separator {separator!r}")
    comma = separator == ";" or (separator == "\t" and language == "vi")
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([_text(str(name)) for name in frame.columns])
    columns = [_column(frame.iloc[:, place], comma) for place in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")


def clean_text(text: str) -> str:
    """NFC and safe to open: what every text cell of a file goes through."""
    return _text(text)


def _text(text: str) -> str:
    return safe_cell(unicodedata.normalize("NFC", text))


def _column(values: pd.Series[Any], comma: bool) -> list[str]:
    """The column's cells as written; each different value is formatted once."""
    known: dict[tuple[type, Any], str] = {}
    cells: list[str] = []
    for value in values.tolist():
        key = (type(value), value)
        cell = known.get(key)
        if cell is None:
            cell = known[key] = _cell(value, comma)
        cells.append(cell)
    return cells


def _cell(value: Any, comma: bool) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        text = number_text(float(value))
        return text.replace(".", ",") if comma else text
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return _text(str(value))


def number_text(value: float) -> str:
    """Ten significant digits, a decimal point, no exponent, no thousands separator; nothing for NaN."""
    if not math.isfinite(value):
        return ""
    if value == 0:
        return "0"
    text = f"{value:.{DIGITS}g}"
    return np.format_float_positional(float(text), trim="-") if "e" in text else text
