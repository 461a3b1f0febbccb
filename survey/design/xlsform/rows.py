"""What stands around a question of an XLSForm: its role, hint, note and condition, and what of it has no place here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.design import conditions
from survey.design.conditions import NotFollowed
from survey.design.xlsform.choices import short
from survey.design.xlsform.report import Report
from survey.design.xlsform.sheets import Row
from survey.errors import N_
from survey.limits import ID
from survey.vietnamese import without_marks

ROLES = ("breakdown", "optional", "warning", "above")
_LOST = ("constraint", "choice_filter", "default", "calculation", "repeat_count", "readonly", "parameters", "trigger", "autoplay")
_LOST_GROUPS = ("media", "bind", "image", "audio", "video", "big-image")
_REFERENCE = re.compile(r"\$\{")
_TELLS = re.compile(
    r"\be-?mail\b|dien thoai|\bsdt\b|\bphone|telef|handynummer|\bho (va |,? ?chu )?(ten|dem)\b|your name|full name|\bcccd\b|\bcmnd\b|can cuoc"
    r"|passport|so tai khoan|ngay sinh|date of birth|\bnome d[eoa]\b|nome do"
)


@dataclass
class _Around:
    """What is known of the questions read so far."""

    names: dict[str, str] = field(default_factory=dict)  # name in the form -> id here
    codes: dict[str, Mapping[str, int | str]] = field(default_factory=dict)  # and what its answers are here
    conditions: list[tuple[dict[str, Any], str, Row]] = field(default_factory=list)


class Marks:
    """Reads what stands around questions, in the order of the form."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.around = _Around()
        self._notes: list[Row] = []

    def readable(self, row: Row) -> bool:
        """A text that shows another answer cannot be filled in here, and would be shown raw."""
        for column, text in row.cells.items():
            if column.partition("::")[0] in ("label", "hint") and _REFERENCE.search(text):
                message = N_('the text refers to another answer: "{value}".')
                cure = N_("Write it without ${{...}}, or remove the row.")
                self.report.leave("survey.label", message, cure, row, value=text)
                return False
        return True

    def note(self, row: Row) -> None:
        """It is shown above the next question."""
        if (row.vi or row.en) and self.readable(row):
            if row.get("relevant"):
                message = N_("a note that only some are shown has no place here.")
                self.report.leave("survey.type", message, N_("Empty its cell relevant, or remove the row."), row)
            else:
                self._notes.append(row)

    def end(self) -> None:
        for row in self._notes:
            message = N_("a note behind the last question has no place here: the form ends with its own thanks.")
            self.report.leave("survey.type", message, N_("Remove it, or move it above a question."), row)

    def of(self, row: Row, groups: Sequence[Row]) -> dict[str, Any]:
        """The entries of `Asked` that the row has."""
        self._lost(row)
        found: dict[str, Any] = {}
        for language in ("vi", "en"):
            hints = [row.text(column, language) for column in ("hint", "guidance_hint")]
            found[f"hint_{language}"] = "\n".join(hint for hint in hints if hint)
            found[f"note_{language}"] = "\n\n".join(note.text("label", language) for note in self._notes).strip()
        self._notes = []
        found["required"] = self.report.yes(row, "required") if row.get("required").lower() in _PLAIN else bool(row.get("required"))
        found["relevant"] = " and ".join(f"({one.get('relevant')})" for one in (*groups, row) if one.get("relevant"))
        return {key: value for key, value in found.items() if value}

    def asked(self, row: Row, entry: dict[str, Any], codes: Mapping[str, int | str]) -> None:
        name = row.get("name")
        self.around.names.setdefault(name, str(entry["id"]))
        self.around.codes.setdefault(name, codes)
        if entry.get("relevant"):
            self.around.conditions.append((entry, name, row))

    def _lost(self, row: Row) -> None:
        for column in sorted(row.cells):
            base = column.partition("::")[0]
            alone = base == "constraint_message" and not row.get("constraint")
            if base in _LOST or base in _LOST_GROUPS or alone:
                message = N_("this would be lost: here it has no effect.")
                self.report.leave(f"survey.{column}", message, N_("Empty the cell."), row)


_PLAIN = ("yes", "no", "true", "false", "1", "0", "có", "không", "true()", "false()", "")


def conditions_of(document: Mapping[str, Any], marks: Marks, report: Report) -> None:
    """Each condition in the names and values of the questionnaire, or left out with its reason."""
    around = marks.around
    order = list(around.names)
    for entry, name, row in around.conditions:
        known = {one for one in order[: order.index(name)] if around.codes[one]}  # closed questions
        try:
            tree = conditions.parse(str(entry["relevant"]))
            unknown = sorted(set(conditions.names(tree)) - known)
        except NotFollowed:
            tree, unknown = [], []
        if not tree or unknown:
            del entry["relevant"]
            message = (
                N_("the condition looks at {names}, which is not asked before: the question would be asked of everybody.")
                if unknown
                else N_('the condition "{value}" cannot be followed here: the question would be asked of everybody.')
            )
            cure = N_("Write it like ${{trained}} = 'yes', after the question it looks at; or empty the cell.")
            report.leave("survey.relevant", message, cure, row, names=", ".join(unknown), value=row.get("relevant"))
        else:
            entry["relevant"] = conditions.written(conditions.renamed(tree, lambda one, value: _here(marks, one, value)))


def _here(marks: Marks, name: str, value: str) -> tuple[str, str]:
    codes = marks.around.codes[name]
    return marks.around.names[name], str(codes.get(value, value))


def own_role(row: Row) -> str:
    marked = re.search(r"\blng:(\w+)", row.get("appearance"))
    role = row.get("lng_role").lower() or (marked[1].lower() if marked else "")
    return role if role in ROLES else ""


def is_likert(row: Row) -> bool:
    return "likert" in row.get("appearance").split()


def tells_who(row: Row) -> bool:
    """Whether an open question asks for a name, an address or a number of a person."""
    return any(_TELLS.search(without_marks(text)) for text in (row.vi, row.en, row.get("name").replace("_", " ")))


def form_id(said: str) -> str:
    return short(re.sub(r"[^A-Za-z0-9_-]+", "-", said).strip("-") or "form", ID)
