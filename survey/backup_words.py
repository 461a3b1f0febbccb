"""What a backup holds and what restoring it gives, in words: the same on the command line and on the pages."""

from __future__ import annotations

from datetime import date

from survey.copies import Held
from survey.errors import N_
from survey.i18n import Locale

COUNTED = {
    "unit": N_("units"),
    "questionnaire": N_("questionnaires"),
    "wave": N_("waves"),
    "release": N_("releases"),
    "comment": N_("comments"),
    "undertaking": N_("actions"),
    "account": N_("accounts"),
    "access_log": N_("lines of the access log"),
}
_NO_BOX = N_("Wave {wave} was open, and its codes and ballots are not in the backup: print new slips, or plan it again.")


def counts(held: Held, locale: Locale) -> list[tuple[str, str]]:
    """(what, how many) of what people know by name."""
    return [(locale(name), locale.number(held.manifest.rows.get(table, 0), 0)) for table, name in COUNTED.items()]


def lines(held: Held, locale: Locale) -> list[str]:
    """What is in it, of which version, and that it is whole."""
    _ = locale
    return [
        _("Backup of {day}.", day=_day(held, _)),
        " · ".join(f"{number} {name}" for name, number in counts(held, _)),
        _("It is whole: every file is as it was written, and it was restored on trial into stores that are gone again. Nothing was changed here."),
        _("Its tables are those of this version.") if held.current else _("It was made by an earlier version; restoring it brings it up to date."),
        who(held, _),
    ]  # fmt: skip


def who(held: Held, locale: Locale) -> str:
    """Who can sign in afterwards."""
    _ = locale
    if held.organizers:
        return _("Organizers who can sign in with the password they had: {names}.", names=", ".join(held.organizers))
    if held.manifest.rows.get("account"):
        return _("No organizer of this backup can sign in. On the server: langnghe account add NAME --role organizer --link")
    return _("There is no account in this backup: the first one is made after restoring it.")


def restored(held: Held, locale: Locale) -> str:
    return locale("Restored the backup of {day}.", day=_day(held, locale))


def notes(held: Held, locale: Locale) -> list[str]:
    """What is missing, or not as it should be."""
    _ = locale
    missing = () if held.manifest.with_open_box else held.manifest.in_field
    found = [_(_NO_BOX, wave=wave) for wave in missing]
    if held.changed:
        message = N_("Releases are not what they were when written: {waves}. Restore them from a backup.")
        found.append(_(message, waves=", ".join(held.changed)))
    return found


def _day(held: Held, locale: Locale) -> str:
    return locale.day(date.fromisoformat(held.manifest.day))
