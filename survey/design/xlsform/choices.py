"""The sheet choices: the categories of breakdowns and the points of scales."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from survey.design.answer_lists import Listed, Understood, silence, understand, whole
from survey.design.xlsform.report import Report
from survey.design.xlsform.sheets import Row
from survey.errors import N_
from survey.limits import CODE, ID

_BEST = ("high", "low")


class Choices:
    """The lists by name, each row in its order."""

    def __init__(self, rows: tuple[Row, ...], report: Report) -> None:
        self.lists: dict[str, list[Row]] = {}
        self.broken: set[str] = set()  # lists with a fault: no question can use them
        self.used: set[str] = set()
        self._report = report
        self._understood: dict[tuple[str, bool], Understood | None] = {}
        for row in rows:
            if row.cells:
                self._read(row)

    def _read(self, row: Row) -> None:
        list_name, name = row.get("list_name"), code_of(row)
        if not list_name:
            self._report.leave("choices.list_name", N_("the choice belongs to no list."), N_("Write the name of its list."), row)
            return
        listed = self.lists.setdefault(list_name, [])
        if not name:
            self._fault(list_name, N_("the choice has no name."), N_("Give it a name or a whole number."), row)
        elif any(code_of(other) == name for other in listed):
            message = N_('the name "{name}" stands twice in the list "{list}".')
            cure = N_("Two answers with one name cannot be told apart: rename or remove one.")
            self._fault(list_name, message, cure, row, name=name, list=list_name)
        listed.append(row)

    def _fault(self, list_name: str, message: str, cure: str, row: Row, **values: Any) -> None:
        self.broken.add(list_name)
        self._report.leave("choices.name", message, cure, row, **values)

    def check_labels(self) -> None:
        """Of the lists that questions use."""
        if self._report.leaving:
            return  # the questions that use such a list are left out
        self._report.check_labels("choices", [row for name in self.lists if name in self.used for row in self.lists[name]])

    def is_broken(self, list_name: str) -> bool:
        unlabelled = any(not row.vi for row in self.lists[list_name])
        if unlabelled:
            self.used.add(list_name)  # so that its rows are named
        return unlabelled or list_name in self.broken

    def answers_in(self, list_name: str) -> int:
        """Those that are more than "don't know"."""
        return sum(not silence(Listed(code=code_of(row), vi=row.vi, en=row.en)) for row in self.lists[list_name])

    def categories(self, list_name: str) -> list[dict[str, str]]:
        self.used.add(list_name)
        codes = [code_of(row) for row in self.lists[list_name]]
        codes = [code if len(code) <= CODE else short(code, CODE) for code in codes]
        return [{"code": code, "vi": row.vi, "en": row.en} for code, row in zip(codes, self.lists[list_name], strict=True)]

    def understood(self, list_name: str, likert: bool) -> Understood | None:
        """The list as a scale, or None where nothing says that its answers have an order."""
        if (list_name, likert) not in self._understood:
            rows = self.lists[list_name]
            best = next((row.get("lng_best").lower() for row in rows if row.get("lng_best")), "")
            if best and best not in _BEST:
                self._report.add("choices.lng_best", N_('"{value}" is neither high nor low.'), _WHICH, rows[0], value=best)
                best = ""
            listed = [Listed(code=code_of(row), vi=row.vi, en=row.en, role=row.get("lng_role").lower(), row=row.number) for row in rows]
            self._understood[list_name, likert] = understand(listed, likert=likert, best=best)
        return self._understood[list_name, likert]

    def scale(self, list_name: str, found: Understood) -> dict[str, Any]:
        """The entry of a scale; what of the list has no place in it is reported."""
        self.used.add(list_name)
        for one in found.doubtful:
            message = N_('the answer "{label}" stands apart from the scale of the list "{list}": is it one of its points?')
            cure = N_("Write dont_know or point in its column lng_role, or number it with the others.")
            self._report.leave("choices.name", message, cure, Row(one.row, {}), label=one.vi, list=list_name)
        for one in found.lost:
            message = N_('the answer "{label}" is not a point of the scale "{list}", and a scale has room for one answer "don\'t know".')
            cure = N_("Remove it; who has no answer may leave the question empty.")
            self._report.leave("choices.name", message, cure, Row(one.row, {}), label=one.vi, list=list_name)
        entry: dict[str, Any] = {"id": short(list_name, ID), "points": [_point(one, value) for value, one in found.points]}
        if found.best == "low":
            entry["best"] = "low"
        if found.dont_know:
            entry["dont_know"] = {**_point(found.dont_know[1], found.dont_know[0]), "scored": False}
        return entry


_WHICH = N_("Write which end is the good one.")


def code_of(row: Row) -> str:
    """The name of a choice; a whole number that a spreadsheet has written as 1.0 is 1."""
    name = row.get("name")
    number = whole(name)
    return str(number) if number is not None and "." in name else name


def short(name: str, longest: int) -> str:
    """The name as an id here: ASCII, and cut where it is too long, so that two names stay two."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    if plain == name and len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{plain[: longest - 7]}-{digest}"


def _point(one: Listed, value: int) -> dict[str, Any]:
    return {"value": value, "vi": one.vi, "en": one.en}
