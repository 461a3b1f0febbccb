"""The groups of an XLSForm: which are open around a row, what role they give it, and which become themes."""

from __future__ import annotations

from typing import Any

from survey.design.xlsform.choices import short
from survey.design.xlsform.kinds import Kind
from survey.design.xlsform.report import Report
from survey.design.xlsform.rows import ROLES, own_role
from survey.design.xlsform.sheets import Row
from survey.errors import N_
from survey.limits import ID

_OUTSIDE = {"name": "general", "label::vi": "Câu hỏi chung", "label::en": "General questions"}


class Groups:
    """Follows the rows in their order. `around`: the groups that are open; `themes`: those that became one, with their entries."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.around: list[Row] = []
        self.themes: list[tuple[Row, dict[str, Any]]] = []
        self._skipped: list[Row] = []  # repeats and the like that are open: nothing in them can be asked
        self._outside: Row | None = None
        self._ids: dict[int, str] = {}

    @property
    def choices(self) -> str:
        """The list that Kobo's table of scores names for its rows."""
        return self.around[-1].get("kobo--score-choices") if self.around else ""

    def open(self, row: Row) -> None:
        self.role(row)
        self.around.append(row)

    def close(self, row: Row) -> None:
        if self.around:
            self.around.pop()
        else:
            self.report.add("survey.type", N_("no group is open here."), N_("Remove the row or add its begin_group."), row)

    def end(self) -> None:
        for group in (*self.around, *self._skipped):
            self.report.add("survey.type", N_("the group is never closed."), N_("Add a row end_group behind its last question."), group)

    def skip(self, row: Row, kind: Kind) -> bool:
        """Whether the row stands in a repeat (or in a table of Kobo's that is none of ours), which is left out as a whole."""
        begins, _, what = kind.name.partition("_")
        if what in ("repeat", "rank", "kobomatrix") and begins in ("begin", "end"):
            if begins == "end":
                if self._skipped:
                    self._skipped.pop()
                return True
            if not self._skipped:
                message = N_('type "{type}": it cannot be asked here, nor the questions in it.')
                self.report.leave("survey.type", message, N_("Remove its rows, or ask them as single questions."), row, type=kind.name)
            self._skipped.append(row)
            return True
        return bool(self._skipped)

    def role(self, row: Row) -> str:
        """The role of the row or, where it has none, of the nearest group around it."""
        own = row.get("lng_role")
        if own and own.lower() not in ROLES:
            message = N_('the role "{role}" is not known.')
            self.report.add("survey.lng_role", message, N_("Known are: {keys}."), row, role=own, keys=", ".join(ROLES))
        return next((role for near in (row, *reversed(self.around)) if (role := own_role(near))), "")

    def theme_of(self, row: Row) -> str:
        """The theme named in the row, else the innermost group; a group becomes a theme with its first item."""
        if row.get("lng_theme"):
            return row.get("lng_theme")
        group = next((group for group in reversed(self.around) if not own_role(group)), None)
        if group is None:
            group = self._outside = self._outside or Row(row.number, _OUTSIDE)
            return self._themed(group, 0)
        return self._themed(group, group.number)

    def _themed(self, group: Row, key: int) -> str:
        if key not in self._ids:
            name = wanted = short(group.get("name"), ID) or "group"
            while name in self._ids.values():
                name = f"{wanted[: ID - 5]}-{group.number}"
                wanted = name
            self._ids[key] = name
            if not group.vi and self.report.leaving:
                message = N_('the group has no title; its name "{name}" is shown.')
                self.report.leave("survey.label", message, N_("Write it in the column label::Tiếng Việt (vi) or label."), group, name=name)
                group = Row(group.number, {**group.cells, "label::vi": name})
            marks = {"sensitive": self.report.yes(group, "lng_sensitive")}
            if group.get("lng_in_index"):
                marks["in_index"] = self.report.yes(group, "lng_in_index", True)
            self.themes.append((group, {"id": name, "vi": group.vi, "en": group.en, **marks}))
        return self._ids[key]
