"""Looking after the installation: what is wrong, a backup made now, and what is deleted when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import wave_name
from survey import backup_words
from survey.access import Permission, Viewer
from survey.errors import N_
from survey.i18n import Locale
from survey.operations import LIFETIMES, Fate, OfWave
from survey.source import Source

if TYPE_CHECKING:
    from bootstrap import Services

FATES = {
    Fate.NONE_YET: N_("Nothing is stored yet."),
    Fate.AT_CLOSE: N_("Stored now. Destroyed when the wave is closed; its last day is {day}."),
    Fate.GONE: N_("Destroyed when the wave was closed (last day {day}). Looked up: nothing is left."),
    Fate.LEFT: N_("Something is left that should be destroyed. Start the server again, or ask whoever runs it."),
    Fate.NEVER_HELD: N_("Imported results: no ballots, codes or addresses were ever here."),
}


@desk.asks(Permission.INSTALLATION_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(_, _("Operations"), _("Is the installation sound? A backup to take home, and what is deleted when."))
    check, backup, deleted = st.tabs([_("Check"), _("Backup"), _("What is deleted when")])
    with check:
        _check(services, viewer, _)
    with backup:
        _backup(services, viewer, _)
    with deleted:
        _deleted(services, viewer, _)


def _check(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    found = desk.kept("check", tuple)
    if found is None:  # it reads every release: once, and when asked for
        found = services.operations.findings(viewer)
        desk.keep("check", found)
    wrong = [one for one in found if one.wrong]
    if not wrong:
        st.success(_("{count} things have been looked at; all are as they should be.", count=_.number(len(found), 0)))
    else:
        st.warning(
            _("{count} things have been looked at; {wrong} need care:", count=_.number(len(found), 0), wrong=_.number(len(wrong), 0))
        )
    for one in wrong:
        st.markdown("- " + desk.plain(_(one.wrong, **one.values)))
    if st.button(_("Look again")):
        desk.forget("check")
        st.rerun()
    st.caption(_("The same as the command langnghe check. Nothing is changed by looking."))


def _backup(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.markdown(
        _(
            "A file with units, questionnaires, waves, results, accounts and the access log, made when you click. "
            "**Codes and ballots of a wave in the field are never in it**: two copies side by side would show which ballots came between them."
        )
    )
    st.markdown(_("It holds the accounts' password hashes and the settings: keep it where only those who run the survey can read it."))
    name = f"langnghe-{services.clock.today().isoformat()}.zip"
    st.download_button(
        _("Make a backup and save it (.zip)"), lambda: services.copying.packed(viewer), name, "application/zip",
        type="primary", on_click="ignore",
    )  # fmt: skip
    st.subheader(_("Look into a backup"))
    st.markdown(_("What is in it, of which version, and whether all of it can be restored. Nothing here is changed."))
    chosen = st.file_uploader(_("Backup (.zip)"), type=["zip"], key="operations.backup")
    if chosen is not None and st.button(_("Look into this backup")):
        with st.spinner(_("It is restored on trial …")), desk.refusals(_):
            held = services.copying.examined(viewer, Source.received(chosen.name, chosen.getvalue()))
            st.success("\n\n".join(desk.plain(line) for line in backup_words.lines(held, _)))
            for note in backup_words.notes(held, _):
                st.warning(desk.plain(note))
    st.subheader(_("Restoring"))
    st.markdown(_("A backup goes into a new, empty installation only, and never over a running one. So it goes:"))
    steps = (
        _("On the new computer, or on this one: set LANGNGHE_DATA_DIR to a new folder (PostgreSQL: two new databases) and start the server with langnghe serve."),
        _("Open the link that the server prints in its window, and choose “Restore a backup” under the form of the first account."),
        _("Choose the ZIP file. Everybody signs in with the password of then; links that were open, and signed-in browsers, are not in a backup."),
        _("Look at the tab “Check” there. This installation stays as it is until you switch it off."),
    )  # fmt: skip
    st.markdown("\n".join(f"{place}. {step}" for place, step in enumerate(steps, start=1)))
    st.caption(_("The same by command, also for a folder of the nightly backup; with --dry-run it only looks into it:"))
    st.code(f"langnghe restore {_('FOLDER')}", language=None)


def _deleted(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    rows = [{_("What"): _(one.what), _("Until when"): _(one.until, hours=one.hours) if one.hours else _(one.until)} for one in LIFETIMES]
    st.table(rows, hide_index=True)
    st.subheader(_("Ballots, codes and addresses of each wave"))
    waves = services.operations.lifetimes(viewer)
    if not waves:
        st.info(_("There is no wave yet."))
        return
    st.table([_row(one, _) for one in waves], hide_index=True)


def _row(one: OfWave, locale: Locale) -> dict[str, str]:
    _ = locale
    message = FATES[one.fate]
    said = _(message, day=_.day(one.day)) if "{day}" in message else _(message)
    return {_("Wave"): desk.plain(wave_name(one.wave, _)), _("State of what was collected"): said}
