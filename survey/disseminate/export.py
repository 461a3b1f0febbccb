"""A release as a file for others: CSV, Excel, SPSS."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyreadstat
import xlsxwriter

from survey.disclose.release import FORMS, INDEX, Release
from survey.disseminate.result_table import COUNTS, KINDS, NUMBERS, codebook, result_table
from survey.disseminate.sheets import BOOK, codebook_sheet, notes_sheet, results_sheet, title_of, units_sheet, waves_sheet
from survey.disseminate.spreadsheet import clean_text, csv_bytes
from survey.i18n import Locale

VALUE_LABEL = 115  # bytes; SPSS and PSPP keep 120 of a value label
MORE = "…"
ORDERED = ("wave", "wave_before", "reliability")


def to_csv(release: Release, locale: Locale, separator: str = ";", earlier: Release | None = None) -> bytes:
    """The result table as CSV; `earlier`: the wave before in the series, if any. The codebook is a file of its own."""
    return csv_bytes(result_table(release, locale, earlier), locale.language, separator)


def codebook_csv(release: Release, locale: Locale, separator: str = ";") -> bytes:
    """What the headers and codes of all these files mean."""
    return csv_bytes(codebook(release, locale), locale.language, separator)


def to_xlsx(release: Release, locale: Locale, earlier: Release | None = None, series: Sequence[Release] = ()) -> bytes:
    """A workbook of four sheets: units at a glance (a page to print), results, codebook, notes. `series`: the whole over these waves on a fifth."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, BOOK)
    # The same release gives the same file: no trace of when it was made.
    book.set_properties({"title": title_of(release, locale), "created": datetime(release.wave.closes.year, 1, 1)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1})
    units_sheet(book, head, release, locale)
    if series:
        waves_sheet(book, head, series, locale)
    results_sheet(book, head, result_table(release, locale, earlier), locale)
    codebook_sheet(book, head, codebook(release, locale), locale)
    notes_sheet(book, release, locale)
    book.close()
    return out.getvalue()


def to_sav(release: Release, locale: Locale, earlier: Release | None = None) -> bytes:
    """The result table for SPSS, with labels of variables and codes."""
    table = result_table(release, locale, earlier)
    for name in COUNTS:
        table[name] = table[name].astype(float)
    for name in table.columns.difference([*NUMBERS, *COUNTS]):
        if not str(name).startswith("option_"):
            table[name] = table[name].fillna("").map(clean_text).astype(object)
    codes = codebook(release, locale)
    label = "label_en" if locale.language == "en" else "label_vi"
    labels = dict(zip(codes["code"], codes[label], strict=True))
    values: dict[str, Any] = {"measure": {FORMS: locale(KINDS[FORMS]), INDEX: locale(KINDS[INDEX])}}
    for code, text in labels.items():
        column, equals, value = str(code).partition("=")
        if equals:
            # A category's code stands alone in its column; the first field that uses it names it.
            values.setdefault(column, {}).setdefault(value.rpartition(":")[2], text)
    apart: dict[str, Any] = {column: kept_apart(texts) for column, texts in values.items()}
    with tempfile.TemporaryDirectory(prefix="langnghe-") as folder:
        path = Path(folder) / "results.sav"
        pyreadstat.write_sav(
            table,
            str(path),
            file_label=cut(title_of(release, locale), 60),
            column_labels={name: cut(labels[name], 250) for name in table.columns},
            variable_value_labels=apart,
            variable_measure={str(name): _level(str(name)) for name in table.columns},
        )
        return path.read_bytes()


def _level(name: str) -> str:
    """SPSS's measurement level: without it every column is taken for what its first values look like."""
    if name in NUMBERS or name in COUNTS or name.startswith("option_"):
        return "scale"
    return "ordinal" if name in ORDERED else "nominal"


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes, ended between words where the text does not fit."""
    text = clean_text(text)
    if len(text.encode()) <= limit:
        return text
    room = text.encode()[: limit - len(MORE.encode())].decode(errors="ignore")
    return (room.rpartition(" ")[0] or room).rstrip(" ,;:.(") + MORE


def kept_apart(texts: Mapping[str, str]) -> dict[str, str]:
    """Labels of one column by code; texts that differ stay different when they are cut: the code then stands before them."""
    short = {code: cut(text, VALUE_LABEL) for code, text in texts.items()}
    how_often = Counter(short.values())
    return {
        code: text if how_often[text] == 1 or texts[code] == text else cut(f"{code}: {texts[code]}", VALUE_LABEL)
        for code, text in short.items()
    }
