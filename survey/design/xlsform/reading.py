"""From an XLSForm to a questionnaire, every problem noted with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import build_questionnaire
from survey.design.xlsform import criteria
from survey.design.xlsform.choices import WHOLE, Choices
from survey.design.xlsform.report import Report
from survey.design.xlsform.sheets import CRITERIA, Row, read_sheets
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.tabular import Source
from survey.yaml_file import Path as Place

_TIME = N_('type "{type}": the time of answering could tell who answered.')
_DEVICE = N_('type "{type}": a device, an account or a telephone number tells who answered.')
_PLACE = N_('type "{type}": a place could tell who answered.')
_MEDIA = N_('type "{type}": pictures, sound and files can tell who answered.')
REFUSED = {
    **dict.fromkeys(("start", "end", "today", "audit"), _TIME),
    **dict.fromkeys(("deviceid", "subscriberid", "simserial", "phonenumber", "username", "email"), _DEVICE),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "gps", "start-geopoint", "background-geopoint"), _PLACE),
    **dict.fromkeys(("image", "photo", "audio", "background-audio", "video", "file", "barcode"), _MEDIA),
}
ASKED = ("begin_group", "select_one", "text", "note")
WITHOUT_EFFECT = {"relevant", "constraint", "choice_filter", "default", "calculation", "repeat_count", "hint", "media"}
ROLES = ("breakdown", "optional", "warning")
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
    """The questionnaire of an .xlsx workbook. Raises InputRefused with sheet, row, column and cure of every problem."""
    form = _Form(read_sheets(source), default_id=re.sub(r"[^A-Za-z0-9_-]+", "-", Path(source.name).stem).strip("-"))
    document = form.document()
    refuse_if(source.name, form.report.problems)
    try:
        return build_questionnaire(source.name, document, form.lines)
    except InputRefused as refused:
        raise InputRefused(source.name, [_placed(problem) for problem in refused.problems]) from None


def _placed(problem: Problem) -> Problem:
    """A problem of the document, told in the words of the workbook."""
    return replace(problem, column=_PLACES.get(problem.column or "", f"survey.{problem.column}"))


class _Form:
    """Walks the sheets once. `document()` fills `report` and `lines`, the rows the entries come from."""

    def __init__(self, sheets: Mapping[str, tuple[Row, ...]], default_id: str) -> None:
        self.sheets = sheets
        self.default_id = default_id
        self.report = Report()
        self.lines: dict[Place, int] = {}
        self._choices = Choices(sheets["choices"], self.report)
        self._groups: list[Row] = []
        self._labelled: list[Row] = []
        self._theme_rows: set[int] = set()
        self._names: dict[str, set[str]] = {"themes": set(), "questions": set(), "scales": set()}
        self._doc: dict[str, Any] = {
            "meta": {}, "scales": [], "intro": {"vi": [], "en": []}, "themes": [], "items": [],
            "optional_items": [], "criteria": [], "open_warning": {}, "open_questions": [], "breakdown_fields": [],
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The document of `build_questionnaire`; of use only while the report stays empty."""
        for row in self.sheets["survey"]:
            if row.get("disabled").lower() not in ("yes", "true"):
                self._row(row)
        for group in self._groups:
            self.report.add("survey.type", N_("the group is never closed."), N_("Add a row end_group behind its last question."), group)
        self.report.check_labels("survey", self._labelled)
        self._choices.check_labels()
        for row, entry in criteria.criteria_of(self.sheets[CRITERIA], self.report):
            self._append("criteria", row, entry)
        self._settings(next(iter(self.sheets["settings"]), Row(2, {})))
        return {name: part for name, part in self._doc.items() if part}

    def _settings(self, row: Row) -> None:
        form_id = row.get("form_id") or row.get("id_string") or self.default_id
        self.report.check_name("settings.form_id", row, form_id)
        self._doc["meta"] = {
            "id": form_id,
            "version": row.get("version") or "1",
            "title_vi": row.get("form_title::vi") or row.get("form_title") or form_id,
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
        kind, _, rest = row.get("type").partition(" ")
        kind = kind.lower()
        if kind in ("begin", "end", "select") and rest:  # "begin group", "select one LIST"
            second, _, rest = rest.strip().partition(" ")
            kind = f"{kind}_{second.lower()}"
        if not kind:
            if row.cells:
                self.report.add("survey.type", N_("the row has no type."), N_("Give it a type or empty it."), row)
            return
        if kind in ASKED:
            self._check_without_effect(row)
        match kind:
            case "begin_group":
                self._role(row)
                self._groups.append(row)
            case "end_group":
                self._end(row)
            case "select_one":
                self._select(row, rest.strip())
            case "text":
                self._open_question(row)
            case "note":
                self._note(row)
            case "end_repeat":
                pass  # its beginning has been refused
            case _:
                self._refuse_type(row, kind)

    def _refuse_type(self, row: Row, kind: str) -> None:
        if kind in REFUSED:
            self.report.add("survey.type", REFUSED[kind], N_("An anonymous survey does not collect it: remove the row."), row, type=kind)
        else:
            self.report.add(
                "survey.type",
                N_('type "{type}" cannot be asked here.'),
                N_("Use select_one (items, breakdowns), text (open questions), note (introduction) or begin_group (themes), or remove the row."),
                row, type=kind,
            )  # fmt: skip

    def _check_without_effect(self, row: Row) -> None:
        for column in sorted({column.split("::")[0] for column in row.cells} & WITHOUT_EFFECT):
            self.report.add(
                f"survey.{column}",
                N_("this would be lost: every question is asked of everybody, with its label only."),
                N_("Empty the cell; what must be read belongs into the label."),
                row,
            )

    def _end(self, row: Row) -> None:
        if self._groups:
            self._groups.pop()
        else:
            self.report.add("survey.type", N_("no group is open here."), N_("Remove the row or add its begin_group."), row)

    def _note(self, row: Row) -> None:
        if self._role(row) == "warning":
            self._doc["open_warning"] = {"vi": row.vi, "en": row.en}
        elif any(self._doc[section] for section in _QUESTIONS):
            self.report.add(
                "survey.type",
                N_("a note can stand before the first question only, as the introduction."),
                N_("Move it up, or put its text into the label of the group."),
                row,
            )
        else:
            for language, text in (("vi", row.vi), ("en", row.en)):
                self._doc["intro"][language] += [text] if text else []

    def _open_question(self, row: Row) -> None:
        length = row.get("lng_max_chars") or "500"
        if not WHOLE.fullmatch(length):
            self.report.add("survey.lng_max_chars", N_("this is not a whole number."), N_("Write a whole number or empty the cell."), row)
            length = "500"
        self._add("open_questions", row, {"max_chars": int(length)})

    def _select(self, row: Row, rest: str) -> None:
        list_name, _, other = rest.partition(" ")
        role = self._role(row)
        if other:
            self.report.add("survey.type", N_('"{words}" behind the list is not possible here.'), N_("Remove it."), row, words=other)
        elif list_name not in self._choices.lists:
            message = N_('the sheet choices has no list "{list}".')
            self.report.add("survey.type", message, N_("Add its choices or correct the name."), row, list=list_name)
        elif role == "breakdown":
            self._add("breakdown_fields", row, {"options": self._choices.categories(list_name)})
        else:
            self._item("optional_items" if role == "optional" else "items", row, list_name)

    def _item(self, section: str, row: Row, list_name: str) -> None:
        if list_name not in self._names["scales"]:
            self._names["scales"].add(list_name)
            self._append("scales", self._choices.lists[list_name][0], self._choices.scale(list_name, row))
        marks = {
            "theme": self._theme(row),
            "scale": list_name,
            "reverse": self.report.yes(row, "lng_reverse"),
            "sensitive": self.report.yes(row, "lng_sensitive"),
            "source_phrase": row.get("lng_source"),
            "criteria": criteria.named(row),
        }
        self._add(section, row, marks)

    def _theme(self, row: Row) -> str:
        """The theme named in the row, else the innermost group; a group becomes a theme with its first item."""
        if row.get("lng_theme"):
            return row.get("lng_theme")
        group = next((group for group in reversed(self._groups) if not _own_role(group)), None)
        if group is None:
            self.report.add(
                "survey.type",
                N_("the question stands in no group, so it has no theme."),
                N_("Put it between begin_group and end_group, or give it the role breakdown in the column lng_role."),
                row,
            )
            return ""
        if group.number not in self._theme_rows:
            self._theme_rows.add(group.number)
            marks = {"in_index": self.report.yes(group, "lng_in_index", True), "sensitive": self.report.yes(group, "lng_sensitive")}
            self._add("themes", group, marks)
        return group.get("name")

    def _add(self, section: str, row: Row, rest: Mapping[str, Any]) -> None:
        name, names = row.get("name"), self._names["themes" if section == "themes" else "questions"]
        self.report.check_name("survey.name", row, name)
        if name in names:
            self.report.add("survey.name", N_('the name "{name}" stands twice.'), N_("Names must differ: rename one."), row, name=name)
        names.add(name)
        self._labelled.append(row)
        self._append(section, row, {"id": name, "vi": row.vi, "en": row.en, **rest})

    def _append(self, section: str, row: Row, entry: dict[str, Any]) -> None:
        self.lines[section, len(self._doc[section])] = row.number
        self._doc[section].append(entry)

    def _role(self, row: Row) -> str:
        """The role of the row or, where it has none, of the nearest group around it."""
        own = row.get("lng_role")
        if own and own.lower() not in ROLES:
            message = N_('the role "{role}" is not known.')
            self.report.add("survey.lng_role", message, N_("Known are: {keys}."), row, role=own, keys=", ".join(ROLES))
        return next((role for near in (row, *reversed(self._groups)) if (role := _own_role(near))), "")


def _own_role(row: Row) -> str:
    marked = re.search(r"\blng:(\w+)", row.get("appearance"))
    role = row.get("lng_role").lower() or (marked[1].lower() if marked else "")
    return role if role in ROLES else ""
