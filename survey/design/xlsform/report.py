"""What is wrong with a form and what of it cannot be asked here, with sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from survey.design.questionnaire_file import MAX_ID
from survey.design.xlsform.sheets import Row
from survey.errors import N_, Problem

_YES, _NO = ("yes", "true", "1", "có", "true()"), ("no", "false", "0", "không", "false()")


class Report:
    """Collects problems; `column` is written "choices.name" (sheet and column).

    What is `added` refuses the form. What is `left` (a row, a cell, an answer that cannot be asked or scored here) refuses it
    too, unless the officer has said that such things may be left out: then they are listed.
    """

    def __init__(self, leave_out: bool = False) -> None:
        self.leaving = leave_out
        self._problems: list[Problem] = []
        self._left: list[Problem] = []

    @property
    def problems(self) -> list[Problem]:
        """Sheet by sheet, row by row; the lists of answers first, because what follows rests on them."""
        return _ordered(self._problems if self.leaving else [*self._problems, *self._left])

    @property
    def left_out(self) -> list[Problem]:
        return _ordered(self._left)

    def add(self, column: str, message: str, cure: str, row: Row, **values: Any) -> None:
        self._problems.append(Problem(row=row.number or None, column=column, message=message, cure=cure, values=values))

    def leave(self, column: str, message: str, cure: str, row: Row, **values: Any) -> None:
        self._left.append(Problem(row=row.number or None, column=column, message=message, cure=cure, values=values))

    def check_name(self, column: str, row: Row, name: str) -> None:
        if len(name) > MAX_ID or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            self.add(column, N_('the name "{name}" is not usable.'), N_("Use up to 40 letters a-z, digits, - and _."), row, name=name)

    def check_labels(self, sheet: str, rows: Collection[Row]) -> None:
        """Each row needs a Vietnamese label; where none has one, that is one problem, not hundreds."""
        cure = N_("Write it in the column label::Tiếng Việt (vi) or label.")
        missing = [row for row in rows if not row.vi]
        if missing and len(missing) == len(rows):
            self.add(f"{sheet}.label", N_("the sheet has no Vietnamese labels."), cure, Row(1, {}))
            return
        for row in missing:
            self.add(f"{sheet}.label", N_("the Vietnamese label is missing."), cure, row)

    def yes(self, row: Row, column: str, otherwise: bool = False) -> bool:
        """Whether the cell says yes; `otherwise` where it is empty."""
        said = row.get(column).lower()
        if said and said not in _YES + _NO:
            self.add(f"survey.{column}", N_('"{value}" is neither yes nor no.'), N_("Write yes or no."), row, value=said)
        return said in _YES if said else otherwise


def _ordered(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: ((problem.column or "").split(".")[0], problem.row or 0))
