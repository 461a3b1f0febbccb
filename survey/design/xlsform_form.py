"""From the rows of an XLSForm to the document a questionnaire is built from, every problem noted with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from survey.design.questionnaire_file import MAX_ID
from survey.design.xlsform_sheets import Row
from survey.errors import N_, Problem
from survey.vietnamese import without_marks
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
WITHOUT_EFFECT = ("relevant", "constraint", "choice_filter", "default", "calculation", "repeat_count", "hint")
ROLES = ("breakdown", "optional", "warning")
_YES, _NO = ("yes", "true", "1", "có"), ("no", "false", "0", "không")
_DONT_KNOW_NAMES = ("dont_know", "dontknow", "dk", "khong_biet", "99")
_DONT_KNOW_LABELS = re.compile(r"(khong biet|khong co y kien|khong y kien|don'?t know|do not know|no opinion)\b")
_QUESTIONS = ("items", "optional_items", "open_questions", "breakdown_fields")
_SHARED_NAMES = {"themes": ("themes",), **dict.fromkeys(_QUESTIONS, _QUESTIONS)}
_WHOLE = re.compile(r"-?\d{1,6}")


class Form:
    """Walks the sheets once. `document()` fills `problems` (sheet and column in `column`) and `lines`."""

    def __init__(self, sheets: Mapping[str, tuple[Row, ...]], default_id: str) -> None:
        self.sheets = sheets
        self.default_id = default_id
        self.problems: list[Problem] = []
        self.lines: dict[Place, int] = {}
        self._lists = self._read_lists()
        self._groups: list[Row] = []
        self._themes: set[str] = set()
        self._scales: set[str] = set()
        self._labelled: set[str] = set()
        self._doc: dict[str, Any] = {
            "meta": {}, "scales": [], "intro": {"vi": [], "en": []}, "themes": [], "items": [],
            "optional_items": [], "open_warning": {}, "open_questions": [], "breakdown_fields": [],
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        """The document of `build_questionnaire`; of use only while `problems` stays empty."""
        self._doc["meta"] = self._meta()
        for row in self.sheets["survey"]:
            if without_marks(row.get("disabled")) not in ("yes", "true"):
                self._row(row)
        for group in self._groups:
            self._problem("survey.type", N_("the group is never closed."), N_("Add a row end_group behind its last question."), group)
        return {name: part for name, part in self._doc.items() if part}

    def _problem(self, column: str, message: str, cure: str, row: Row | None = None, **values: Any) -> None:
        self.problems.append(Problem(row=row.number if row else None, column=column, message=message, cure=cure, values=values))

    # Settings

    def _meta(self) -> dict[str, str]:
        rows = self.sheets["settings"]
        row = rows[0] if rows else Row(2, {})
        form_id = row.get("form_id") or row.get("id_string") or self.default_id
        self._check_name("settings.form_id", row, form_id)
        if antonyms := row.get("lng_antonyms"):
            pairs = [part.split() for part in antonyms.split(";") if part.strip()]
            if any(len(pair) != 2 for pair in pairs):
                self._problem("settings.lng_antonyms", N_("these are not pairs of items."), N_('Write them like "KC4 KC3; TN2 TN3".'), row)
            self._doc["quality_checks"] = {"antonym_pairs": pairs}
        return {
            "id": form_id,
            "version": row.get("version") or "1",
            "title_vi": row.get("form_title::vi") or row.get("form_title") or form_id,
            "title_en": row.get("lng_title_en") or row.get("form_title::en"),
            "status": row.get("lng_status"),
        }

    # Choices

    def _read_lists(self) -> dict[str, list[Row]]:
        lists: dict[str, list[Row]] = {}
        for row in self.sheets["choices"]:
            listed = lists.setdefault(row.get("list_name"), [])
            name = row.get("name")
            if not row.get("list_name"):
                self._problem("choices.list_name", N_("the choice belongs to no list."), N_("Write the name of its list."), row)
            if not name:
                self._problem("choices.name", N_("the choice has no name."), N_("Give it a name or a whole number."), row)
            elif any(other.get("name") == name for other in listed):
                self._problem(
                    "choices.name",
                    N_('the name "{name}" stands twice in the list "{list}".'),
                    N_("Two answers with one name cannot be told apart: rename or remove one."),
                    row, name=name, list=row.get("list_name"),
                )  # fmt: skip
            listed.append(row)
        return lists

    # Survey

    def _row(self, row: Row) -> None:
        kind, _, rest = row.get("type").partition(" ")
        kind = kind.lower()
        if kind in ("begin", "end", "select") and rest:  # "begin group", "select one LIST"
            second, _, rest = rest.strip().partition(" ")
            kind = f"{kind}_{second.lower()}"
        if not kind:
            if row.cells:
                self._problem("survey.type", N_("the row has no type."), N_("Give it a type or empty it."), row)
            return
        self._check_without_effect(row)
        match kind:
            case "begin_group":
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
            self._problem("survey.type", REFUSED[kind], N_("An anonymous survey does not collect it: remove the row."), row, type=kind)
        else:
            self._problem(
                "survey.type",
                N_('type "{type}" cannot be asked here.'),
                N_("Use select_one (items, breakdowns), text (open questions), note (introduction) or begin_group (themes), or remove the row."),
                row, type=kind,
            )  # fmt: skip

    def _check_without_effect(self, row: Row) -> None:
        for column in row.cells:
            if column.split("::")[0] in WITHOUT_EFFECT or column.startswith("media::"):
                self._problem(
                    f"survey.{column}",
                    N_("this would be lost: every question is asked of everybody, with its label only."),
                    N_("Empty the cell; what must be read belongs into the label."),
                    row,
                )

    def _end(self, row: Row) -> None:
        if self._groups:
            self._groups.pop()
        else:
            self._problem("survey.type", N_("no group is open here."), N_("Remove the row or add its begin_group."), row)

    def _note(self, row: Row) -> None:
        if self._role(row) == "warning":
            self._doc["open_warning"] = {"vi": row.vi, "en": row.en}
        elif self._doc["items"] or self._doc["open_questions"] or self._doc["breakdown_fields"]:
            self._problem(
                "survey.type",
                N_("a note can stand before the first question only, as the introduction."),
                N_("Move it up, or put its text into the label of the group."),
                row,
            )
        else:
            for language, text in (("vi", row.vi), ("en", row.en)):
                self._doc["intro"][language] += [text] if text else []

    def _open_question(self, row: Row) -> None:
        length = row.get("lng_max_chars")
        if length and not _WHOLE.fullmatch(length):
            self._problem("survey.lng_max_chars", N_("this is not a whole number."), N_("Write a whole number or empty the cell."), row)
        elif length:
            self._add("open_questions", row, {"max_chars": int(length)})
        else:
            self._add("open_questions", row, {})

    def _select(self, row: Row, rest: str) -> None:
        list_name, _, other = rest.partition(" ")
        if other:
            self._problem(
                "survey.type", N_('"{words}" behind the list is not possible here.'), N_("Remove it."), row, words=other,
            )  # fmt: skip
        elif list_name not in self._lists:
            self._problem(
                "survey.type", N_('the sheet choices has no list "{list}".'), N_("Add its choices or correct the name."), row, list=list_name,
            )  # fmt: skip
        elif self._role(row) == "breakdown":
            options = [{"code": choice.get("name"), "vi": choice.vi, "en": choice.en} for choice in self._lists[list_name]]
            self._check_labels(list_name)
            self._add("breakdown_fields", row, {"options": options})
        else:
            self._item(row, list_name)

    def _item(self, row: Row, list_name: str) -> None:
        optional = self._role(row) == "optional"
        marks = {
            "reverse": self._yes(row, "lng_reverse"),
            "sensitive": self._yes(row, "lng_sensitive"),
            "source_phrase": row.get("lng_source"),
        }
        self._scale(row, list_name)
        self._add("optional_items" if optional else "items", row, {"theme": self._theme(row), "scale": list_name, **marks})

    def _theme(self, row: Row) -> str:
        """The theme named in the row, else the innermost group; a group becomes a theme with its first item."""
        if named := row.get("lng_theme"):
            if named not in self._themes and all(group.get("name") != named for group in self.sheets["survey"]):
                self._problem("survey.lng_theme", N_('there is no group "{name}".'), N_("Write the name of a group."), row, name=named)
            return named
        groups = [group for group in self._groups if not self._own_role(group)]
        if not groups:
            self._problem(
                "survey.type",
                N_("the question stands in no group, so it has no theme."),
                N_("Put it between begin_group and end_group, or give it the role breakdown in the column lng_role."),
                row,
            )
            return ""
        group = groups[-1]
        if group.get("name") not in self._themes:
            self._themes.add(group.get("name"))
            self._add(
                "themes", group, {"in_index": self._yes(group, "lng_in_index", "yes"), "sensitive": self._yes(group, "lng_sensitive")}
            )
        return group.get("name")

    def _scale(self, row: Row, list_name: str) -> None:
        if list_name in self._scales:
            return
        choices = self._lists[list_name]
        self._check_name("choices.list_name", choices[0], list_name)
        self._check_labels(list_name)
        unknown = [choice for choice in choices if _is_dont_know(choice)]
        points = [choice for choice in choices if choice not in unknown]
        if len(unknown) > 1:
            self._problem("choices.name", N_('the list has two answers "don\'t know".'), N_("Keep one."), unknown[1])
        values = {choice.number: int(choice.get("name")) for choice in choices if _WHOLE.fullmatch(choice.get("name"))}
        if any(choice.number not in values for choice in points):
            if "likert" not in row.get("appearance").split():
                self._problem(
                    "survey.type",
                    N_('the answers of the list "{list}" are not whole numbers: an item needs a scale.'),
                    N_("Number them, give the question the appearance likert, or the role breakdown in the column lng_role."),
                    row, list=list_name,
                )  # fmt: skip
            values = {choice.number: place for place, choice in enumerate(points, start=1)}
        taken = {values[choice.number] for choice in points}
        entry: dict[str, Any] = {"id": list_name, "points": [_point(choice, values[choice.number]) for choice in points]}
        if unknown:
            free = 0 if 0 not in taken else max(taken) + 1
            value = values.get(unknown[0].number, free)
            entry["dont_know"] = {**_point(unknown[0], free if value in taken else value), "scored": False}
        self._scales.add(list_name)
        self.lines["scales", len(self._doc["scales"])] = choices[0].number
        self._doc["scales"].append(entry)

    # What every row has

    def _add(self, section: str, row: Row, rest: Mapping[str, Any]) -> None:
        name = row.get("name")
        self._check_name("survey.name", row, name)
        if any(entry["id"] == name for part in _SHARED_NAMES[section] for entry in self._doc[part]):
            self._problem("survey.name", N_('the name "{name}" stands twice.'), N_("Names must differ: rename one."), row, name=name)
        if not row.vi:
            self._problem(
                "survey.label", N_("the Vietnamese label is missing."), N_("Write it in the column label::Tiếng Việt (vi) or label."), row,
            )  # fmt: skip
        entries = self._doc[section]
        self.lines[section, len(entries)] = row.number
        entries.append({"id": name, "vi": row.vi, "en": row.en, **rest})

    def _check_labels(self, list_name: str) -> None:
        if list_name in self._labelled:
            return
        self._labelled.add(list_name)
        for choice in self._lists[list_name]:
            if not choice.vi:
                self._problem(
                    "choices.label", N_("the Vietnamese label is missing."), N_("Write it in the column label::Tiếng Việt (vi) or label."), choice,
                )  # fmt: skip

    def _check_name(self, column: str, row: Row, name: str) -> None:
        if len(name) > MAX_ID or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            self._problem(column, N_('the name "{name}" is not usable.'), N_("Use up to 40 letters a-z, digits, - and _."), row, name=name)

    def _role(self, row: Row) -> str:
        """The role of the row or, where it has none, of the nearest group around it."""
        return next((role for near in (row, *reversed(self._groups)) if (role := self._own_role(near))), "")

    def _own_role(self, row: Row) -> str:
        marked = re.search(r"\blng:(\w+)", row.get("appearance"))
        role = row.get("lng_role").lower() or (marked[1].lower() if marked else "")
        return role if role in ROLES else ""

    def _yes(self, row: Row, column: str, otherwise: str = "no") -> bool:
        said = row.get(column).lower() or otherwise
        if said not in _YES + _NO:
            self._problem(f"survey.{column}", N_('"{value}" is neither yes nor no.'), N_("Write yes or no."), row, value=said)
        return said in _YES


def _point(choice: Row, value: int) -> dict[str, Any]:
    return {"value": value, "vi": choice.vi, "en": choice.en}


def _is_dont_know(choice: Row) -> bool:
    if choice.get("lng_role").lower() == "dont_know" or choice.get("name").lower() in _DONT_KNOW_NAMES:
        return True
    return any(_DONT_KNOW_LABELS.match(without_marks(label)) for label in (choice.vi, choice.en))
