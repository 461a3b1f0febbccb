"""Criteria: what a plan, a directive or a motto asks for, in its own words; items say which of them they serve.

They change no question and no answer: they are one more way to read the same items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey import limits
from survey.design.document import DocumentReader
from survey.errors import N_
from survey.i18n import Locale
from survey.vietnamese import parse_date
from survey.yaml_file import Path as Place

# What a criterion is in its document, in the order they are read; the first counts where a file says nothing.
KINDS = {
    "aim": N_("Aims"),
    "staff": N_("Asked of every person"),
    "shortcoming": N_("Shortcomings named"),
    "movement": N_("Asked of the movement itself"),
    "directive": N_("Directive"),
    "motto": N_("Motto"),
}
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """`vi`, `en`: the wording; `date`: of the document, ISO, or the year alone where the day is not known, or empty."""

    id: str
    kind: str
    vi: str
    en: str = ""
    document_vi: str = ""
    document_en: str = ""
    date: str = ""


def wording(one: Criterion, locale: Locale) -> str:
    return locale.pick(one.vi, one.en)


def document(one: Criterion, locale: Locale) -> str:
    """ "Plan 363 (2019)", "Directive 08 (26/07/2016)"; empty where the file names none."""
    name, day = locale.pick(one.document_vi, one.document_en), dated(one.date, locale)
    return f"{name} ({day})" if name and day and day not in name else name or day


def dated(day: str, locale: Locale) -> str:
    return locale.day(parse_date(day)) if "-" in day else day


def read_criteria(reader: DocumentReader) -> tuple[Criterion, ...]:
    return tuple(_criterion(reader, place, entry) for place, entry in reader.entries("criteria"))


def _criterion(reader: DocumentReader, place: Place, entry: Mapping[str, Any]) -> Criterion:
    kind = reader.words(entry, place, "kind", limits.ID) or next(iter(KINDS))
    if kind not in KINDS:
        reader.problem(
            _at(reader, place, "kind"),
            "kind",
            N_('there is no kind of criterion "{kind}".'),
            N_("Allowed are: {keys}."),
            kind=kind,
            keys=", ".join(KINDS),
        )
    return Criterion(
        id=reader.text(entry, place, "id"),
        kind=kind,
        vi=reader.text(entry, place, "vi"),
        en=reader.words(entry, place, "en"),
        document_vi=reader.words(entry, place, "document", limits.NAME),
        document_en=reader.words(entry, place, "document_en", limits.NAME),
        date=_date(reader, place, entry),
    )


def _date(reader: DocumentReader, place: Place, entry: Mapping[str, Any]) -> str:
    value = entry.get("date")
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if _YEAR.fullmatch(text):
        return text
    try:
        return parse_date(text).isoformat()
    except ValueError:
        message = N_('"{value}" is not a date.')
        reader.problem(
            _at(reader, place, "date"), "date", message, N_("Write 2016-07-26 or 26/7/2016, or the year alone."), value=text[:40]
        )
        return ""


def _at(reader: DocumentReader, place: Place, key: str) -> Place:
    """The key's own line where the file has one (a workbook has only rows)."""
    return (*place, key) if (*place, key) in reader.lines else place


def served(reader: DocumentReader, place: Place, entry: Mapping[str, Any], known: Sequence[str]) -> tuple[str, ...]:
    """The criteria an item names, each known and named once."""
    found: list[str] = []
    at = _at(reader, place, "criteria")
    for value in reader.entries_of(entry, place, "criteria"):
        name = "" if isinstance(value, list | Mapping) else str(value)
        if name not in known:
            message = N_('item {item} names a criterion that is not under criteria: "{name}".')
            cure = N_("Give it one of: {criteria}.") if known else N_("List the criteria under criteria: with id and vi.")
            reader.problem(
                at, "criteria", message, cure,
                item=entry.get("id"), name=name[:40], criteria=", ".join(known),
            )  # fmt: skip
        elif name in found:
            reader.problem(
                at, "criteria", N_('item {item} names the criterion "{name}" twice.'), N_("Leave one out."),
                item=entry.get("id"), name=name,
            )  # fmt: skip
        else:
            found.append(name)
    return tuple(found)


def check_all_served(reader: DocumentReader, criteria: Sequence[Criterion], named: Iterator[str]) -> None:
    """A criterion that no item asks about would be a heading without a number for ever."""
    names = set(named)
    for number, criterion in enumerate(criteria):
        if criterion.id not in names:
            reader.problem(
                ("criteria", number), "criterion", N_('no item serves the criterion "{name}".'),
                N_("Name it under criteria: of an item, or remove it."), name=criterion.id,
            )  # fmt: skip
