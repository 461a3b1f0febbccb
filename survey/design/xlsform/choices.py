"""The sheet choices: the categories of breakdowns and the points of scales."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from survey.design.xlsform.report import Report
from survey.design.xlsform.sheets import Row
from survey.errors import N_
from survey.vietnamese import without_marks

WHOLE = re.compile(r"-?\d{1,6}")
_DONT_KNOW_NAMES = ("dont_know", "dontknow", "dk", "khong_biet", "99")
_DONT_KNOW_LABELS = re.compile(r"(khong biet|khong co y kien|khong y kien|don'?t know|do not know|no opinion)\b")


class Choices:
    """The lists by name, each row in its order."""

    def __init__(self, rows: tuple[Row, ...], report: Report) -> None:
        self.lists: dict[str, list[Row]] = {}
        self.used: set[str] = set()
        self._report = report
        for row in rows:
            self._read(row)

    def _read(self, row: Row) -> None:
        list_name, name = row.get("list_name"), row.get("name")
        listed = self.lists.setdefault(list_name, [])
        if not list_name:
            self._report.add("choices.list_name", N_("the choice belongs to no list."), N_("Write the name of its list."), row)
        if not name:
            self._report.add("choices.name", N_("the choice has no name."), N_("Give it a name or a whole number."), row)
        elif any(other.get("name") == name for other in listed):
            message = N_('the name "{name}" stands twice in the list "{list}".')
            cure = N_("Two answers with one name cannot be told apart: rename or remove one.")
            self._report.add("choices.name", message, cure, row, name=name, list=list_name)
        listed.append(row)

    def check_labels(self) -> None:
        """Of the lists that questions use."""
        self._report.check_labels("choices", [row for name in self.lists if name in self.used for row in self.lists[name]])

    def categories(self, list_name: str) -> list[dict[str, str]]:
        self.used.add(list_name)
        return [{"code": row.get("name"), "vi": row.vi, "en": row.en} for row in self.lists[list_name]]

    def scale(self, list_name: str, question: Row) -> dict[str, Any]:
        """The scale of an item: whole numbers are its values; under the appearance likert other names count 1, 2, 3."""
        self.used.add(list_name)
        rows = self.lists[list_name]
        self._report.check_name("choices.list_name", rows[0], list_name)
        unknown = [row for row in rows if _is_dont_know(row)]
        if len(unknown) > 1:
            self._report.add("choices.name", N_('the list has two answers "don\'t know".'), N_("Keep one."), unknown[1])
        points = [row for row in rows if row not in unknown]
        values = self._values(points, list_name, question)
        entry: dict[str, Any] = {"id": list_name, "points": [_point(row, values[row.number]) for row in points]}
        if unknown:
            entry["dont_know"] = {**_point(unknown[0], _free_value(unknown[0], values)), "scored": False}
        return entry

    def _values(self, points: list[Row], list_name: str, question: Row) -> dict[int, int]:
        if all(WHOLE.fullmatch(row.get("name")) for row in points):
            return {row.number: int(row.get("name")) for row in points}
        if "likert" not in question.get("appearance").split():
            message = N_('the answers of the list "{list}" are not whole numbers: an item needs a scale.')
            cure = N_("Number them, give the question the appearance likert, or the role breakdown in the column lng_role.")
            self._report.add("survey.type", message, cure, question, list=list_name)
        return {row.number: place for place, row in enumerate(points, start=1)}


def _free_value(unknown: Row, values: Mapping[int, int]) -> int:
    """The value of "don't know": its own number, else 0, else the next above the scale."""
    taken = set(values.values())
    named = [int(unknown.get("name"))] if WHOLE.fullmatch(unknown.get("name")) else []
    return next(value for value in (*named, 0, max(taken, default=0) + 1) if value not in taken)


def _point(row: Row, value: int) -> dict[str, Any]:
    return {"value": value, "vi": row.vi, "en": row.en}


def _is_dont_know(row: Row) -> bool:
    if row.get("lng_role").lower() == "dont_know" or row.get("name").lower() in _DONT_KNOW_NAMES:
        return True
    return any(_DONT_KNOW_LABELS.match(without_marks(label)) for label in (row.vi, row.en))
