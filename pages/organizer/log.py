"""The access log: what people with accounts did, newest first, and whether the chain of hashes is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.organizer.log_words import ACCOUNTS, about
from pages.widgets import organizer as desk
from survey.access import Permission, Viewer
from survey.access_log import Action, Entry, Verdict
from survey.design.units import UnitRegister
from survey.disseminate.spreadsheet import csv_bytes
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

ACTIONS = {
    Action.SIGN_IN: N_("Signed in"),
    Action.SIGN_IN_FAILED: N_("Wrong password"),
    Action.SIGN_OUT: N_("Signed out"),
    Action.SIGN_OUT_EVERYWHERE: N_("Signed out everywhere"),
    Action.ACCOUNT_ADDED: N_("Account added"),
    Action.ACCOUNT_DISABLED: N_("Account disabled"),
    Action.PASSWORD_GIVEN: N_("Password given to somebody"),
    Action.LINK_GIVEN: N_("Link to an account given to somebody"),
    Action.LINK_USED: N_("Account taken over by its link"),
    Action.PASSWORD_CHANGED: N_("Own password changed"),
    Action.UNITS_SAVED: N_("Units saved"),
    Action.UNITS_REORGANISED: N_("Units reorganised"),
    Action.QUESTIONNAIRE_SAVED: N_("Questionnaire saved"),
    Action.WAVE_CREATED: N_("Wave created"),
    Action.WAVE_DELETED: N_("Draft deleted"),
    Action.SLIPS_MADE: N_("Slips made"),
    Action.SLIPS_ADDED: N_("Extra slips made"),
    Action.PEOPLE_LISTED: N_("People listed for invitations"),
    Action.SLIPS_LISTED: N_("List of the codes saved"),
    Action.PERSON_WITHDRAWN: N_("Invitation withdrawn"),
    Action.LETTERS_SENT: N_("Invitations sent"),
    Action.REMINDERS_SENT: N_("Reminders sent"),
    Action.WAVE_OPENED: N_("Wave opened"),
    Action.WAVE_EDITED: N_("Draft edited"),
    Action.WAVE_EXTENDED: N_("Wave extended"),
    Action.FORMS_ENTERED: N_("Paper forms entered"),
    Action.WAVE_SHUT: N_("Box shut"),
    Action.WAVE_REOPENED: N_("Box reopened"),
    Action.WAVE_CANCELLED: N_("Opening taken back"),
    Action.WAVE_CLOSED: N_("Wave closed"),
    Action.COMMENTS_REVIEWED: N_("Comments looked at"),
    Action.WAVE_PUBLISHED: N_("Wave published"),
    Action.WAVE_WITHDRAWN: N_("Publication taken back"),
    Action.WAVE_DISCARDED: N_("Imported draft thrown away"),
    Action.RESULTS_IMPORTED: N_("Past results imported"),
    Action.RESULTS_EXPORTED: N_("Results exported"),
    Action.INSTALLATION_CHANGED: N_("Settings of the installation changed"),
    Action.UNDERTAKING_ADDED: N_("Action of a unit added"),
    Action.UNDERTAKING_CHANGED: N_("Action of a unit changed"),
    Action.UNDERTAKING_REMOVED: N_("Action of a unit removed"),
    Action.BACKUP_WRITTEN: N_("Backup written"),
    Action.BACKUP_RESTORED: N_("Backup restored"),
}
SHOWN = 500
HASH_SHOWN = 12
ANCHOR = "log.anchor"


@desk.asks(Permission.LOG_SEE)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Access log"),
        _("Who signed in, published, exported, changed accounts. Only people with accounts and the operator; never anybody who answers."),
    )
    entries = services.access_log.entries(viewer)
    if not entries:
        st.info(_("Nothing has been done yet."))
        return
    _verified(services.access_log.verify(viewer, st.session_state.get(ANCHOR, "")), _)
    chosen, local, register = _filtered(entries, _), services.clock.local, services.design.units(viewer)
    st.caption(_("{n} of {total} lines", n=_.number(min(len(chosen), SHOWN), 0), total=_.number(len(entries), 0)))
    widths = {_("Number"): st.column_config.NumberColumn(width=60), _("Concerning"): st.column_config.TextColumn(width=330)}
    st.dataframe(_table(chosen[:SHOWN], register, local, _, HASH_SHOWN), hide_index=True, width="stretch", column_config=widths)
    st.download_button(
        _("Save these lines (CSV)"),
        lambda: csv_bytes(_table(chosen, register, local, _), _.language),
        "nhat-ky-truy-cap.csv",
        "text/csv",
        on_click="ignore",
    )


def _verified(verdict: Verdict, locale: Locale) -> None:
    _ = locale
    if verdict.broken is not None:
        st.error(
            _("Line {number} was changed, or a line before it was removed. Compare with a backup, and find out who can write to the database.",
              number=_.number(verdict.broken, 0))
        )  # fmt: skip
    elif verdict.anchored is False:
        st.error(_("The chain is whole, but no line has the hash noted earlier: lines were removed at the end, or all was written anew."))
    else:
        st.success(_("✓ Verified: no line was changed or removed between the first and the last."))
    st.markdown(
        _(
            "Hash of the last line. Note it in the minutes: whoever cuts lines off at the end can be found out only by a hash kept elsewhere."
        )
    )
    st.code(verdict.tip.hash, language=None, wrap_lines=True)
    st.text_input(_("A hash noted earlier, to see whether its line is still here (optional)"), max_chars=64, key=ANCHOR)


def _filtered(entries: tuple[Entry, ...], locale: Locale) -> list[Entry]:
    _ = locale
    every_account, everything = _("All accounts"), _("Everything")
    one, two = st.columns(2)
    names = [every_account, *sorted({entry.account for entry in entries})]
    account = one.selectbox(_("Account"), names, format_func=lambda name: _(ACCOUNTS.get(name, name)), key="log.account")
    kinds = {action: _(ACTIONS[action]) for action in Action if any(entry.action == action for entry in entries)}
    action = two.selectbox(_("What was done"), [everything, *kinds.values()], key="log.action")
    wanted = {name.value for name, label in kinds.items() if label == action}
    return [e for e in entries if (account == every_account or e.account == account) and (action == everything or e.action in wanted)]


def _table(
    entries: list[Entry], register: UnitRegister, local: Callable[[datetime], datetime], locale: Locale, shown: int | None = None
) -> pd.DataFrame:
    """`shown`: characters of a hash on the screen."""
    _ = locale
    return pd.DataFrame(
        {
            _("Number"): [entry.number for entry in entries],
            _("Time"): [_when(entry.minute, local) for entry in entries],
            _("Account"): [_(ACCOUNTS.get(entry.account, entry.account)) for entry in entries],
            _("What was done"): [_(ACTIONS[Action(entry.action)]) for entry in entries],
            _("Concerning"): [about(entry, register, _, shown) for entry in entries],
            _("Hash"): [entry.hash[:shown] for entry in entries],
        }
    )


def _when(minute: str, local: Callable[[datetime], datetime]) -> str:
    """The province's time, as Vietnamese offices write it."""
    at = local(datetime.strptime(minute, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC))
    return at.strftime("%d/%m/%Y %H:%M")
