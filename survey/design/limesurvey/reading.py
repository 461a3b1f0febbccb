"""From an .lss file to a questionnaire; what cannot be asked here is named by the code of its question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from survey.design import conditions
from survey.design.answer_lists import Listed, Understood, understand
from survey.design.conditions import NotFollowed
from survey.design.form_read import FormRead
from survey.design.limesurvey.tables import Entry, Tables, read_tables
from survey.design.questionnaire_file import build_questionnaire
from survey.design.xlsform.choices import short
from survey.design.xlsform.rows import form_id, tells_who
from survey.design.xlsform.sheets import Row
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.limits import CATEGORIES, CODE, ID
from survey.source import Source

_ARRAYS, _LISTS, _TEXTS = "FH", "L!O", "STU"
_POINTS = {"A": 5, "B": 10, "5": 5}
_FIXED = {
    "Y": (("Y", "Có", "Yes"), ("N", "Không", "No")),
    "G": (("M", "Nam", "Male"), ("F", "Nữ", "Female")),
}
_KINDS = {
    "M": "multiple choice", "P": "multiple choice with comments", "R": "ranking", "N": "numerical input", "K": "multiple numerical input",
    "D": "date", "|": "file upload", "Q": "multiple short text", ":": "array of numbers", ";": "array of texts", "1": "array dual scale",
    "C": "array yes/no/uncertain", "E": "array increase/same/decrease", "*": "equation", "I": "language switch",
}  # fmt: skip
_FIELD = re.compile(r"\b\d+X\d+X(?P<qid>\d+)(?P<sub>\w*?)(?:\.(?:NAOK|value|shown))?(?=\W|$)")
_CODE = re.compile(r"\b(?P<title>[A-Za-z]\w*)(?:\.(?:NAOK|value))(?=\W|$)")


def read_lss(source: Source, leave_out: bool = False) -> FormRead:
    """Raises InputRefused with every question that cannot be asked here, unless they may be left out."""
    reader = _Reader(read_tables(source), source.name)
    document = reader.document()
    if not leave_out:
        refuse_if(source.name, reader.left)
    try:
        questionnaire = build_questionnaire(source.name, document, {})
    except InputRefused as refused:
        raise InputRefused(source.name, [*refused.problems, *reader.left]) from None
    return FormRead(questionnaire=questionnaire, left_out=tuple(reader.left))


class _Reader:
    def __init__(self, tables: Tables, name: str) -> None:
        self.tables = tables
        self.name = name
        self.left: list[Problem] = []
        self.vi = "vi" if "vi" in tables.languages else tables.base
        self._scales: dict[tuple[tuple[str, str], ...], str] = {}
        self._ids: dict[str, str] = {}  # code, or code_subcode -> id here
        self._titles = {question.get("qid"): question.get("title") for question in tables.questions}
        self._codes: dict[str, Mapping[str, int | str]] = {}
        self._note: dict[str, str] = {}
        self._doc: dict[str, Any] = {
            "scales": [], "themes": [], "items": [], "open_questions": [], "breakdown_fields": [],
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        tables = self.tables
        title = tables.title.get(self.vi, "") or self.name
        self._doc["meta"] = {
            "id": form_id(f"lime-{tables.sid}" if tables.sid else self.name), "version": "1",
            "title_vi": title, "title_en": tables.title.get("en", ""),
        }  # fmt: skip
        intro = {"vi": tables.welcome.get(self.vi, ""), "en": tables.welcome.get("en", "")}
        self._doc["intro"] = {code: text.split("\n") for code, text in intro.items() if text}
        if self.vi != "vi":
            self._leave("", N_("there are no Vietnamese texts; those in {language} are shown instead."), N_("Add the language in LimeSurvey."),
                        language=self.vi)  # fmt: skip
        for group in tables.groups:
            for question in tables.questions:
                if question.get("gid") == group.get("gid"):
                    self._question(question, group)
        return {name: part for name, part in self._doc.items() if part}

    def _leave(self, code: str, message: str, cure: str, **values: Any) -> None:
        self.left.append(Problem(column=code or None, message=message, cure=cure, values=values))

    def _texts(self, entry: Entry, name: str = "question") -> dict[str, str]:
        return {"vi": entry.text(name, self.vi), "en": entry.text(name, "en")}

    def _question(self, question: Entry, group: Entry) -> None:
        kind, code = question.get("type"), question.get("title")
        texts = self._texts(question)
        below = self.tables.subquestions.get(question.get("qid"), ())
        if kind == "X":
            self._note = texts
        elif kind in _ARRAYS and below:
            self._array(question, group, below, self._listed(question))
        elif kind in ("A", "B") and below:
            self._array(question, group, below, _numbered(_POINTS[kind]))
        elif kind == "5":
            self._item(code, question, group, texts, understand(_numbered(5)))
        elif kind in _LISTS or kind in _FIXED:
            self._choice(question, group)
        elif kind in _TEXTS:
            if tells_who(Row(0, {"name": code, **{f"label::{key}": text for key, text in texts.items()}})):
                self._leave(code, N_("the answer would say who the person is."), N_("An anonymous survey does not collect it."))
            else:
                self._add("open_questions", code, question, texts, {"max_chars": 500})
        else:
            message = N_('a question of the kind "{kind}" cannot be asked here.')
            self._leave(code, message, N_("Ask it as an array, a list or a text."), kind=_KINDS.get(kind, kind))

    def _listed(self, question: Entry) -> list[Listed]:
        answers = self.tables.answers.get(question.get("qid"), ())
        return [
            Listed(code=answer.get("code"), vi=answer.text("answer", self.vi), en=answer.text("answer", "en"))
            for answer in answers
            if answer.get("scale_id") in ("", "0")
        ]

    def _array(self, question: Entry, group: Entry, below: Sequence[Entry], options: list[Listed]) -> None:
        code, found = question.get("title"), understand(options)
        if not found:
            self._leave(code, N_("the answers have no order that could be scored."), N_("Ask each row as a list of its own."))
            return
        self._note = {key: "\n".join(filter(None, (self._note.get(key), text))) for key, text in self._texts(question).items()}
        for one in below:
            self._item(f"{code}_{one.get('title')}", question, group, self._texts(one), found)

    def _choice(self, question: Entry, group: Entry) -> None:
        code, kind = question.get("title"), question.get("type")
        options = [Listed(code=c, vi=vi, en=en) for c, vi, en in _FIXED[kind]] if kind in _FIXED else self._listed(question)
        found = understand(options)
        if found:
            self._item(code, question, group, self._texts(question), found)
            return
        if question.get("other") == "Y":
            options.append(Listed(code="-oth-", vi="Khác", en="Other"))
        if not 2 <= len(options) <= CATEGORIES:
            message = N_("{count} answers cannot be a breakdown: so many categories would tell who answered.")
            self._leave(code, message, N_("Join them to {most} at most."), count=len(options), most=CATEGORIES)
            return
        entries = [{"code": short(one.code, CODE), "vi": one.vi, "en": one.en} for one in options]
        self._add("breakdown_fields", code, question, self._texts(question), {"options": entries}, {one.code: one.code for one in options})

    def _item(self, code: str, question: Entry, group: Entry, texts: dict[str, str], found: Understood | None) -> None:
        assert found
        for one in (*found.lost, *found.doubtful):
            self._leave(code, N_('the answer "{label}" is not a point of the scale.'), N_("Remove it; who has no answer may leave the question empty."),
                        label=one.vi)  # fmt: skip
        codes = {one.code: value for value, one in (*found.points, *((found.dont_know,) if found.dont_know else ()))}
        self._add("items", code, question, texts, {"theme": self._theme(group), "scale": self._scale(found)}, codes)

    def _scale(self, found: Understood) -> str:
        key = tuple((one.vi, one.code) for _value, one in found.points)
        if key not in self._scales:
            self._scales[key] = f"scale{len(self._scales) + 1}"
            entry: dict[str, Any] = {"id": self._scales[key], "best": found.best}
            entry["points"] = [{"value": value, "vi": one.vi, "en": one.en} for value, one in found.points]
            if found.dont_know:
                entry["dont_know"] = {
                    "value": found.dont_know[0],
                    "vi": found.dont_know[1].vi,
                    "en": found.dont_know[1].en,
                    "scored": False,
                }
            self._doc["scales"].append(entry)
        return self._scales[key]

    def _theme(self, group: Entry) -> str:
        name = f"G{group.get('gid')}"
        if all(theme["id"] != name for theme in self._doc["themes"]):
            texts = self._texts(group, "group_name")
            self._doc["themes"].append({"id": name, "vi": texts["vi"] or name, "en": texts["en"]})
        return name

    def _add(
        self, section: str, code: str, question: Entry, texts: dict[str, str], rest: dict[str, Any],
        codes: Mapping[str, int | str] | None = None,
    ) -> None:  # fmt: skip
        entry = {"id": short(code, ID), **texts, **rest}
        for key, text in self._note.items():
            if text:
                entry[f"note_{key}"] = text
        self._note = {}
        for key, text in self._texts(question, "help").items():
            if text:
                entry[f"hint_{key}"] = text
        if condition := self._condition(code, question.get("relevance")):
            entry["relevant"] = condition
        if question.get("mandatory") == "Y":
            entry["required"] = True
        if not texts["vi"]:
            self._leave(code, N_("the question has no text."), N_("Write one."))
            return
        self._ids[code] = str(entry["id"])
        self._codes[code] = codes or {}
        self._doc[section].append(entry)

    def _condition(self, code: str, equation: str) -> str:
        """The relevance equation in our words, or nothing and a line in the list."""
        if equation.strip() in ("", "1"):
            return ""
        text = _FIELD.sub(lambda found: f"${{{self._field(found['qid'], found['sub'])}}}", equation)
        text = _CODE.sub(lambda found: f"${{{found['title']}}}", text).replace("==", "=").replace("&&", " and ").replace("||", " or ")
        try:
            tree = conditions.parse(text)
            if set(conditions.names(tree)) <= set(self._ids):
                return conditions.written(conditions.renamed(tree, self._here))
        except NotFollowed:
            pass
        message = N_('the condition "{value}" cannot be followed here: the question would be asked of everybody.')
        self._leave(code, message, N_("Remove the condition in LimeSurvey, or say in the question whom it is for."), value=equation)
        return ""

    def _field(self, qid: str, sub: str) -> str:
        title = self._titles.get(qid, "?")
        return f"{title}_{sub}" if sub else title

    def _here(self, name: str, value: str) -> tuple[str, str]:
        return self._ids[name], str(self._codes[name].get(value, value))


def _numbered(points: int) -> list[Listed]:
    return [Listed(code=str(value), vi=str(value), en=str(value)) for value in range(1, points + 1)]
