"""The sheets of an XLSForm workbook as rows of text that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.design.xlsform import languages
from survey.errors import N_, InputRefused, Problem
from survey.source import Source
from survey.vietnamese import tidy
from survey.workbook import Row as WorkbookRow
from survey.workbook import read_sheets as read_sheets_of_file

CRITERIA = "lng_criteria"  # a sheet of our own; other tools pass it over
UNTRANSLATED = "lng_untranslated"  # which texts of a row stand in English as they are in Vietnamese, because nobody has translated them
SHEETS = ("survey", "choices", "settings", CRITERIA)
_TEXTS = ("label", "hint", "guidance_hint")  # what people read: line breaks stay, marks of other programs go
_TAGS = re.compile(r"</?(?:b|i|u|em|strong|span|p|font|div|small|big|center|h[1-6]|a|ul|ol|li)\b[^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:https?|mailto):[^()\s]*\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_ESCAPED = re.compile(r"\\([*_#~\[\]()])")  # Migrant\*innen: no mark, but the sign itself
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_KEPT = "\ue000"  # of the private use area
_ALIASES = {
    "command": "type", "tag": "name", "caption": "label", "relevance": "relevant", "read_only": "readonly", "calculate": "calculation",
    "constraining_message": "constraint_message", "requiredmsg": "required_message", "list": "list_name",
    "bind::relevant": "relevant", "bind::constraint": "constraint", "bind::required": "required", "bind::calculate": "calculation",
    "bind::readonly": "readonly", "bind::jr:constraintmsg": "constraint_message", "control::appearance": "appearance",
    "count": "repeat_count",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row; `cells` holds what is not empty, by column ("name", "label", "label::vi", "lng_role")."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def text(self, column: str, language: str) -> str:
        """In a language; a text without one counts as Vietnamese."""
        return self.get(f"{column}::{language}") or (self.get(column) if language == "vi" else "")

    @property
    def vi(self) -> str:
        return self.text("label", "vi")

    @property
    def en(self) -> str:
        return self.text("label", "en")


@dataclass(frozen=True)
class Sheets:
    """Rows by sheet; `instead`: the language a sheet is shown in because it has no Vietnamese."""

    rows: Mapping[str, tuple[Row, ...]]
    instead: Mapping[str, str]

    def __getitem__(self, name: str) -> tuple[Row, ...]:
        return self.rows[name]


def found_in(source: Source) -> dict[str, list[WorkbookRow]]:
    """What the workbook holds of survey, choices, settings and our criteria."""
    return {title.strip().lower(): rows for title, rows in read_sheets_of_file(source.name, source.content, SHEETS).items()}


def read_sheets(source: Source, found: Mapping[str, list[WorkbookRow]]) -> Sheets:
    """The rows of those that were `found_in` the workbook (empty where there is no such sheet)."""
    settings = tuple(_rows(found.get("settings", [])))
    default = languages.language(settings[0].get("default_language")) if settings else ""
    rows: dict[str, tuple[Row, ...]] = {"settings": settings}
    instead: dict[str, str] = {}
    for name in SHEETS:
        if name != "settings":
            raw = list(_rows(found.get(name, [])))
            renamed, instead[name] = languages.settled({column for row in raw for column in row.cells}, default)
            rows[name] = tuple(Row(row.number, _translated(languages.apply(row.cells, renamed, instead[name]))) for row in raw)
    if not rows["survey"]:
        message = N_('the workbook has no sheet "survey" with questions.')
        raise InputRefused(source.name, [Problem(message=message, cure=N_("An XLSForm has the sheets survey, choices and settings."))])
    return Sheets(rows, instead)


def _translated(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Without the English texts that are no translation: what somebody has put in their place since is one."""
    marked = cells.get(UNTRANSLATED, "").split()
    same = {f"{base}::en" for base in marked if cells.get(f"{base}::en") == (cells.get(f"{base}::vi") or cells.get(base))}
    return {column: text for column, text in cells.items() if column not in same}


def _rows(raw: list[WorkbookRow]) -> Iterator[Row]:
    header: list[str] = []
    for number, values in raw:
        if not header:
            header = [_column(_INVISIBLE.sub("", tidy(value))) for value in values]
            continue
        cells: dict[str, str] = {}
        for column, value in zip(header, values, strict=False):
            # What people read keeps the apostrophe its author typed; names and codes are folded.
            shown = column.partition("::")[0] in _TEXTS
            text = (
                plain(tidy(value.replace("\u2019", _KEPT)).replace(_KEPT, "\u2019"))
                if shown
                else " ".join(_INVISIBLE.sub("", tidy(value)).split())
            )
            if column and text:
                cells.setdefault(column, text)
        yield Row(number, cells)


def plain(text: str) -> str:
    """Without the marks of HTML and Markdown, which a form here would show as they stand."""
    text = _TAGS.sub("", _BREAKS.sub("\n", _INVISIBLE.sub("", text)))
    text = _ESCAPED.sub(r"\1", _BOLD.sub(r"\2", _LINK.sub(r"\1", text)))
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _column(header: str) -> str:
    """`Label::Tiếng Việt (vi)` -> `label::vi`, `list name` -> `list_name`."""
    base, _, rest = header.replace("::", ":").partition(":")
    base = re.sub(r"[\s_]+", "_", base.strip().lower())
    rest = rest.strip()
    if base in languages.TRANSLATED and rest:
        return f"{base}::{languages.language(rest)}"
    name = f"{base}::{rest.lower()}" if rest else base
    return _ALIASES.get(name, name)
