"""The tables of an .lss file: rows of texts, each in as many languages as the survey has."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from survey.design.xlsform.languages import language
from survey.errors import N_, InputRefused, Problem
from survey.source import Source, read_text
from survey.vietnamese import tidy

Fields = Mapping[str, str]
_LARGEST = 8 * 2**20  # characters


@dataclass(frozen=True)
class Entry:
    """A group, question, subquestion or answer; `texts`: by language ("vi", "en", "de") and field."""

    fields: Fields
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    def text(self, name: str, spoken: str) -> str:
        return plain(self.texts.get(spoken, {}).get(name, ""))

    @property
    def order(self) -> tuple[int, int]:
        return _int(self.get("gid")), _int(self.get("question_order") or self.get("sortorder") or self.get("group_order"))


@dataclass(frozen=True)
class Tables:
    """`base`: the survey's own language; `languages`: all of them."""

    base: str
    languages: tuple[str, ...]
    title: dict[str, str]
    welcome: dict[str, str]
    sid: str
    groups: tuple[Entry, ...]
    questions: tuple[Entry, ...]
    subquestions: dict[str, tuple[Entry, ...]]
    answers: dict[str, tuple[Entry, ...]]


def read_tables(source: Source) -> Tables:
    """Raises InputRefused for what is not a LimeSurvey questionnaire."""
    root = _root(source)
    survey = next(iter(_rows(root, "surveys")), {})
    settings = _rows(root, "surveys_languagesettings")
    base = language(survey.get("language", "en"))
    spoken = {language(one.get("surveyls_language", "")): one for one in settings}
    questions = _entries(root, "questions", "question_l10ns", "qid", ("question", "help"), base)
    if not questions:
        refuse(source, N_("the file holds no question of LimeSurvey."), N_("In LimeSurvey export the survey structure (.lss)."))
    below = _entries(root, "subquestions", "question_l10ns", "qid", ("question", "help"), base)
    children = [one for one in questions if one.get("parent_qid") not in ("", "0")]
    return Tables(
        base=base,
        languages=tuple(spoken) or (base,),
        title={code: plain(one.get("surveyls_title", "")) for code, one in spoken.items()},
        welcome={code: plain(one.get("surveyls_welcometext", "")) for code, one in spoken.items()},
        sid=survey.get("sid", ""),
        groups=_entries(root, "groups", "group_l10ns", "gid", ("group_name", "description"), base),
        questions=tuple(one for one in questions if one not in children),
        subquestions=_by("parent_qid", (*below, *children)),
        answers=_by("qid", _entries(root, "answers", "answer_l10ns", "aid", ("answer",), base)),
    )


def plain(text: str) -> str:
    """Without HTML, each line of its own."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"</(p|div|li|h\d|blockquote)>|<br\s*/?>", "\n", text, flags=re.IGNORECASE)
    text = tidy(html.unescape(re.sub(r"<[^<>]+>", "", text)))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def refuse(source: Source, message: str, cure: str) -> NoReturn:
    raise InputRefused(source.name, [Problem(message=message, cure=cure)])


def _root(source: Source) -> ElementTree.Element:
    cure = N_("In LimeSurvey export the survey structure (.lss).")
    text = read_text(source)
    if len(text) > _LARGEST or "<!DOCTYPE" in text.partition("<document")[0]:  # its entities could grow without end
        refuse(source, N_("the file is not a valid LimeSurvey questionnaire."), cure)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  # no entities, see above
    except (ElementTree.ParseError, ValueError, LookupError):
        refuse(source, N_("the file is not a valid LimeSurvey questionnaire."), cure)
    if root.findtext("LimeSurveyDocType") != "Survey":
        refuse(source, N_("the file is not a LimeSurvey questionnaire."), cure)
    return root


def _rows(root: ElementTree.Element, table: str) -> list[Fields]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]


def _entries(root: ElementTree.Element, table: str, beside: str, key: str, texts: tuple[str, ...], base: str) -> tuple[Entry, ...]:
    """Old files repeat a row for each language; new ones keep the texts in a table beside it."""
    found: dict[tuple[str, ...], Entry] = {}
    for row in _rows(root, table):
        same = tuple(row.get(name, "") for name in ("qid", "gid", "code", "scale_id") if name in row)
        entry = found.setdefault(same, Entry(row))
        if any(name in row for name in texts):
            entry.texts[language(row.get("language", "")) or base] = {name: row.get(name, "") for name in texts}
    by_key = {entry.get(key): entry for entry in found.values()}
    for row in _rows(root, beside):
        if row.get(key) in by_key:
            by_key[row[key]].texts[language(row.get("language", "")) or base] = {name: row.get(name, "") for name in texts}
    return tuple(sorted(found.values(), key=lambda entry: entry.order))


def _by(name: str, entries: tuple[Entry, ...]) -> dict[str, tuple[Entry, ...]]:
    return {one: tuple(entry for entry in entries if entry.get(name) == one) for one in dict.fromkeys(e.get(name) for e in entries)}


def _int(text: str) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0
