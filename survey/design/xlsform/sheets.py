"""The sheets of an XLSForm workbook as rows of text that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.errors import N_, InputRefused, Problem
from survey.tabular import Source
from survey.vietnamese import tidy, without_marks
from survey.workbook import Row as WorkbookRow
from survey.workbook import read_sheets as read_sheets_of_file

CRITERIA = "lng_criteria"  # a sheet of our own; other tools pass it over
SHEETS = ("survey", "choices", "settings", CRITERIA)
_LANGUAGES = {"vi": "vi", "vietnamese": "vi", "tieng viet": "vi", "en": "en", "english": "en", "tieng anh": "en"}
_OLE = b"\xd0\xcf\x11\xe0"  # the old .xls, whatever the file is called


@dataclass(frozen=True)
class Row:
    """One row; `cells` holds what is not empty, by column ("name", "label", "label::vi", "lng_role")."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def vi(self) -> str:
        """The Vietnamese label; a label without a language counts as Vietnamese."""
        return self.get("label::vi") or self.get("label")

    @property
    def en(self) -> str:
        return self.get("label::en")


def read_sheets(source: Source) -> dict[str, tuple[Row, ...]]:
    """The rows of survey, choices, settings and our criteria (empty where there is no such sheet)."""
    if source.content.startswith(_OLE) or source.suffix == ".xls":
        _refuse(source, N_("this is the old Excel format .xls."), N_('In Excel choose "Save as" and the type "Excel Workbook (*.xlsx)".'))
    found = {title.strip().lower(): rows for title, rows in read_sheets_of_file(source.name, source.content, SHEETS).items()}
    read = {name: tuple(_rows(found.get(name, []))) for name in SHEETS}
    if not read["survey"]:
        _refuse(
            source, N_('the workbook has no sheet "survey" with questions.'), N_("An XLSForm has the sheets survey, choices and settings.")
        )
    return read


def _refuse(source: Source, message: str, cure: str) -> None:
    raise InputRefused(source.name, [Problem(message=message, cure=cure)])


def _rows(raw: list[WorkbookRow]) -> Iterator[Row]:
    header: list[str] = []
    for number, values in raw:
        texts = [tidy(value) for value in values]
        if not header:
            header = [_column(text) for text in texts]
            continue
        cells: dict[str, str] = {}
        for column, text in zip(header, texts, strict=False):
            if column and text:
                cells.setdefault(column, text)
        yield Row(number, cells)


def _column(header: str) -> str:
    """`Label::Tiếng Việt (vi)` -> `label::vi`, `list name` -> `list_name`."""
    base, _, language = header.replace("::", ":").partition(":")
    base = re.sub(r"\s+", "_", base.strip().lower())
    if not language:
        return base
    code = re.search(r"\(\s*([\w-]+)\s*\)\s*$", language)
    spoken = without_marks(code[1] if code else language)
    return f"{base}::{_LANGUAGES.get(spoken, spoken)}"
