"""What a line of the access log is about, in words: no codes of roles, no days as a computer writes them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from pages.organizer.installation import FIELDS
from survey.access import OPERATOR, Role
from survey.access_log import NOBODY, Entry
from survey.design.reorganisation import Kind
from survey.design.units import UnitRegister
from survey.disseminate.reorganisation_words import KINDS
from survey.errors import N_
from survey.i18n import Locale
from survey.undertaking import PROGRESS, Progress

ACCOUNTS = {NOBODY: N_("(unknown name)"), OPERATOR.name: N_("(command on the server)")}
SUBJECTS = {
    "account": N_("account"),
    "role": N_("role"),
    "unit": N_("unit"),
    "sessions": N_("browsers"),
    "settings": N_("settings"),
    "saved": N_("units saved"),
    "units": N_("units"),
    "operation": N_("operation"),
    "on": N_("from the day"),
    "ended": N_("units ended"),
    "begun": N_("units begun"),
    "questionnaire": N_("questionnaire"),
    "version": N_("version"),
    "wave": N_("wave"),
    "plan": N_("plan"),
    "opens": N_("first day"),
    "closes": N_("last day"),
    "slips": N_("slips"),
    "people": N_("people"),
    "letters": N_("letters"),
    "shares": N_("key shares"),
    "needed": N_("needed to open"),
    "release": N_("release"),
    "replaces": N_("release that was replaced"),
    "draft": N_("draft"),
    "format": N_("format"),
    "times": N_("times in an hour"),
    "open_box": N_("with open box"),
    "of": N_("backup of the day"),
    "looked": N_("looked at"),
    "masked": N_("with words masked"),
    "withheld": N_("withheld"),
    "measure": N_("theme or question"),
    "progress": N_("progress"),
}
_ROLES = {Role.ORGANIZER: N_("organizer"), Role.LEADER: N_("leader"), Role.CUSTODIAN: N_("custodian")}
# The value of a name, as a code -> in words. What stands in no list is a name or a number already.
VALUES: dict[str, dict[str, str]] = {
    "role": {role.value: words for role, words in _ROLES.items()},
    "operation": {kind.value: KINDS[kind] for kind in Kind},
    "progress": {one.value: PROGRESS[one] for one in Progress},
    "open_box": {"yes": N_("yes"), "no": N_("no")},
    "draft": {"1": N_("yes")},
    "format": {"codebook": N_("Codebook"), "xlsx": "Excel", "sav": "SPSS", "csv": "CSV", "docx": "Word", "pdf": "PDF"},
    "settings": {name: label for name, (label, _help) in FIELDS.items()}
    | {"timezone": N_("Time zone"), "mark": N_("Mark (logo) of the organisation")},
}
_DAYS = ("on", "opens", "closes", "of")
_COUNTS = ("sessions", "saved", "units", "ended", "begun", "slips", "people", "letters", "looked", "masked", "withheld", "times")


def about(entry: Entry, register: UnitRegister, locale: Locale, shown: int | None) -> str:
    """`shown`: characters of a hash; None for all. Units by name where the register still has them."""

    def value(name: str, text: str) -> str:
        if name in _DAYS:
            with suppress(ValueError):
                return locale.day(date.fromisoformat(text))
        if name in _COUNTS and text.isdecimal():
            return locale.number(int(text), 0)
        if name in ("unit", "units"):
            return ", ".join(
                locale.pick(unit.name_vi, unit.name_en) if (unit := register.by_id.get(one)) else one for one in text.split(",")
            )
        if name == "measure":
            return text.rpartition(":")[2]
        known = VALUES.get(name, {})
        said = ", ".join(locale(known[one]) if one in known else one for one in text.split(","))
        return said[:shown] if len(said) == len(entry.hash) else said

    return "; ".join(f"{locale(SUBJECTS.get(name, name))}: {value(name, text)}" for name, text in entry.about.items())
