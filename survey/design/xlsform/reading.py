"""From an XLSForm to a questionnaire, every problem noted with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.design.form_read import FormRead
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from survey.design.xlsform import criteria
from survey.design.xlsform.choices import Choices, short
from survey.design.xlsform.groups import Groups
from survey.design.xlsform.kinds import REFUSED, Kind, kind_of
from survey.design.xlsform.paper import read_paper_grid
from survey.design.xlsform.report import Report
from survey.design.xlsform.rows import Marks, conditions_of, form_id, is_likert, own_role, tells_who
from survey.design.xlsform.sheets import CRITERIA, Row, Sheets, found_in, read_sheets
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.limits import CATEGORIES, ID
from survey.source import Source
from survey.yaml_file import Path as Place

_QUESTIONS = ("items", "optional_items", "open_questions", "breakdown_fields")
_PLACES = {
    "points": "choices.list_name",
    "value": "choices.name",
    "options": "survey.type",
    "items": "survey.type",
    "theme": "survey.lng_theme",
    **criteria.PLACES,
}


def read_xlsform(source: Source) -> Questionnaire:
    """The questionnaire of a workbook. Raises InputRefused with sheet, row, column and cure of every problem."""
    return read_form(source).questionnaire


def read_form(source: Source, leave_out: bool = False) -> FormRead:
    """The questionnaire of a workbook; with `leave_out` without what cannot be asked or scored here, which is listed."""
    found = found_in(source)
    on_paper = read_paper_grid(source, found)
    if on_paper:
        return FormRead(questionnaire=on_paper)
    form = _Form(read_sheets(source, found), form_id(Path(source.name).stem), leave_out)
    document = form.document()
    refuse_if(source.name, form.report.problems)
    if not document.get("items"):
        message = N_("no question of the form can be scored, so it has no results to show.")
        nothing = Problem(message=message, cure=SCALE_CURE)
        raise InputRefused(source.name, [nothing, *form.report.left_out])
    try:
        questionnaire = build_questionnaire(source.name, document, form.lines)
    except InputRefused as refused:
        problems = [_placed(problem) for problem in refused.problems]
        raise InputRefused(source.name, [*problems, *form.report.left_out]) from None
    return FormRead(questionnaire=questionnaire, left_out=tuple(form.report.left_out))


def _placed(problem: Problem) -> Problem:
    """A problem of the document, told in the words of the workbook."""
    return replace(problem, column=_PLACES.get(problem.column or "", f"survey.{problem.column}"))


class _Form:
    """Walks the sheets once. `document()` fills `report` and `lines`, the rows the entries come from."""

    def __init__(self, sheets: Sheets, default_id: str, leave_out: bool) -> None:
        self.sheets = sheets
        self.default_id = default_id
        self.report = Report(leave_out)
        self.lines: dict[Place, int] = {}
        self._choices = Choices(sheets["choices"], self.report)
        self._likert = {kind_of(row.get("type")).list for row in sheets["survey"] if is_likert(row)}
        self._groups = Groups(self.report)
        self._labelled: list[Row] = []
        self._names: dict[str, set[str]] = {"questions": set(), "scales": set()}
        self._marks = Marks(self.report)
        self._doc: dict[str, Any] = {
            "meta": {}, "scales": [], "intro": {"vi": [], "en": []}, "themes": [], "items": [],
            "optional_items": [], "criteria": [], "open_warning": {}, "open_questions": [], "breakdown_fields": [],
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The document of `build_questionnaire`; of use only while the report stays empty."""
        for sheet, language in self.sheets.instead.items():
            if language:
                message = N_("the sheet has no Vietnamese labels; those in {language} are shown instead.")
                cure = N_("Write it in the column label::Tiếng Việt (vi) or label.")
                self.report.leave(f"{sheet}.label", message, cure, Row(1, {}), language=language)
        for row in self.sheets["survey"]:
            if row.get("disabled").lower() not in ("yes", "true") and not row.get("type").startswith("#"):
                self._row(row)
        self._groups.end()
        for row, entry in self._groups.themes:
            self._append("themes", row, entry)
        self.report.check_labels("survey", [*self._labelled, *(row for row, _theme in self._groups.themes)])
        self._choices.check_labels()
        self._marks.end()
        conditions_of(self._doc, self._marks, self.report)
        for row, entry in criteria.criteria_of(self.sheets[CRITERIA], self.report):
            self._append("criteria", row, entry)
        self._settings(next(iter(self.sheets["settings"]), Row(2, {})))
        return {name: part for name, part in self._doc.items() if part}

    def _settings(self, row: Row) -> None:
        said = row.get("form_id") or row.get("id_string")
        self._doc["meta"] = {
            "id": form_id(said) if said else self.default_id,
            "version": row.get("version") or "1",
            "title_vi": row.get("form_title::vi") or row.get("form_title") or said or self.default_id,
            "title_en": row.get("lng_title_en") or row.get("form_title::en"),
            "status": row.get("lng_status"),
        }
        pairs = [part.split() for part in row.get("lng_antonyms").split(";") if part.strip()]
        items = {item["id"] for section in ("items", "optional_items") for item in self._doc[section]}
        if any(len(pair) != 2 or not items.issuperset(pair) for pair in pairs):
            self.report.add("settings.lng_antonyms", N_("these are not pairs of items."), N_('Write them like "KC4 KC3; TN2 TN3".'), row)
        if pairs:
            self._doc["quality_checks"] = {"antonym_pairs": pairs}

    def _row(self, row: Row) -> None:
        kind = kind_of(row.get("type"))
        if self._groups.skip(row, kind):
            return
        if not kind.name:
            if row.cells:
                self.report.add("survey.type", N_("the row has no type."), N_("Give it a type or empty it."), row)
            return
        match kind.name:
            case "begin_group" | "begin_score":
                self._groups.open(row)
            case "end_group" | "end_score":
                self._groups.close(row)
            case "select_one" if "label" in row.get("appearance").split():
                self._marks.note(row)  # the heading of a grid
            case "select_one":
                self._select(row, kind)
            case "score__row":
                self._select(row, Kind("select_one", self._groups.choices))
            case "text":
                self._open_question(row)
            case "note":
                self._note(row)
            case _:
                self._refuse_type(row, kind.name)

    def _refuse_type(self, row: Row, kind: str) -> None:
        if kind in REFUSED:
            self.report.leave("survey.type", REFUSED[kind], N_("An anonymous survey does not collect it: remove the row."), row, type=kind)
        else:
            self.report.leave(
                "survey.type",
                N_('type "{type}" cannot be asked here.'),
                N_("Use select_one (items, breakdowns), text (open questions), note (introduction) or begin_group (themes), or remove the row."),
                row, type=kind,
            )  # fmt: skip

    def _note(self, row: Row) -> None:
        if self._groups.role(row) == "warning":
            self._doc["open_warning"] = {"vi": row.vi, "en": row.en}
        elif own_role(row) == "above" or any(self._doc[section] for section in _QUESTIONS) or row.get("relevant"):
            self._marks.note(row)
        elif self._marks.readable(row):
            for language, text in (("vi", row.vi), ("en", row.en)):
                self._doc["intro"][language] += [text] if text else []

    def _open_question(self, row: Row) -> None:
        length = row.get("lng_max_chars") or "500"
        if not re.fullmatch(r"\d{1,6}", length):
            self.report.add("survey.lng_max_chars", N_("this is not a whole number."), N_("Write a whole number or empty the cell."), row)
            length = "500"
        if tells_who(row):
            self._leave(row, TELLS_WHO, N_("An anonymous survey does not collect it: remove the row."))
        else:
            self._add("open_questions", row, {"max_chars": int(length)})

    def _leave(self, row: Row, message: str, cure: str, **values: Any) -> None:
        self.report.leave("survey.type", message, cure, row, **values)

    def _select(self, row: Row, kind: Kind) -> None:
        role, list_name = self._groups.role(row), kind.list
        if list_name not in self._choices.lists:
            message = N_('the sheet choices has no list "{list}".')
            self._leave(row, message, N_("Add its choices or correct the name."), list=list_name)
            return
        if self._choices.is_broken(list_name):
            if not self.report.leaving:
                return  # what is wrong with the list is said at its rows
            self._leave(row, N_('the list "{list}" cannot be used.'), N_("See what is said of it on the sheet choices."), list=list_name)
            return
        found = None if role == "breakdown" else self._choices.understood(list_name, list_name in self._likert)
        if kind.words:
            message = N_('"{words}" behind the list is not possible here.')
            self.report.leave("survey.type", message, N_("Remove it."), row, words=kind.words)
        if found:
            self._item("optional_items" if role == "optional" else "items", row, list_name)
        elif role == "optional":
            self._leave(row, NOT_A_SCALE, SCALE_CURE, list=list_name)
        else:
            self._breakdown(row, list_name)

    def _breakdown(self, row: Row, list_name: str) -> None:
        categories = self._choices.categories(list_name)
        if tells_who(row):
            self._leave(row, TELLS_WHO, N_("An anonymous survey does not collect it: remove the row."))
        elif len(categories) > CATEGORIES and not own_role(row):
            message = N_('the list "{list}" has {count} answers: so many categories would tell who answered.')
            self._leave(
                row, message, N_("Join them to {most} at most, or remove the row."), list=list_name, count=len(categories), most=CATEGORIES
            )
        elif self._choices.answers_in(list_name) < 2:
            self.report.leave("choices.list_name", N_("a list needs two or more answers."), N_("Add them, or remove the question."),
                              self._choices.lists[list_name][0])  # fmt: skip
        else:
            codes = {entry["code"]: entry["code"] for entry in categories}
            self._add("breakdown_fields", row, {"options": categories}, codes)

    def _item(self, section: str, row: Row, list_name: str) -> None:
        found = self._choices.understood(list_name, list_name in self._likert)
        assert found
        if list_name not in self._names["scales"]:
            self._names["scales"].add(list_name)
            self._append("scales", self._choices.lists[list_name][0], self._choices.scale(list_name, found))
        marks = {
            "theme": "",
            "scale": short(list_name, ID),
            "reverse": self.report.yes(row, "lng_reverse"),
            "sensitive": self.report.yes(row, "lng_sensitive"),
            "source_phrase": row.get("lng_source"),
            "criteria": criteria.named(row),
        }
        codes = {one.code: value for value, one in (*found.points, *((found.dont_know,) if found.dont_know else ()))}
        if entry := self._add(section, row, marks, codes):
            entry["theme"] = self._groups.theme_of(row)

    def _add(self, section: str, row: Row, rest: Mapping[str, Any], codes: Mapping[str, int | str] | None = None) -> dict[str, Any] | None:
        name = row.get("name")
        if not name or re.search(r"\s", name):
            self.report.check_name("survey.name", row, name)
        elif name in self._names["questions"]:
            self.report.leave("survey.name", N_('the name "{name}" stands twice.'), N_("Names must differ: rename one."), row, name=name)
            return None
        if not self._marks.readable(row):
            return None
        if not row.vi and self.report.leaving:
            self.report.leave(
                "survey.label", N_("the Vietnamese label is missing."), N_("Write it in the column label::Tiếng Việt (vi) or label."), row
            )
            return None
        self._names["questions"].add(name)
        self._labelled.append(row)
        entry = {"id": short(name, ID), "vi": row.vi, "en": row.en, **rest, **self._marks.of(row, self._groups.around)}
        self._marks.asked(row, entry, codes or {})
        self._append(section, row, entry)
        return entry

    def _append(self, section: str, row: Row, entry: dict[str, Any]) -> None:
        self.lines[section, len(self._doc[section])] = row.number
        self._doc[section].append(entry)


TELLS_WHO = N_("the answer would say who the person is.")
NOT_A_SCALE = N_('the answers of the list "{list}" have no order that could be scored.')
SCALE_CURE = N_(
    "Write high or low in the column lng_best of its first choice, or give the question the role breakdown in the column lng_role."
)
