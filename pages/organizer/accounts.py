"""Accounts of organizers, leaders and custodians. Respondents have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.organizer import account_link
from pages.widgets import organizer as desk
from pages.widgets.tree import in_tree_order
from survey import limits
from survey.access import Permission, Role, Viewer
from survey.accounts import Account
from survey.design.units import UnitRegister
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

ROLES = {
    Role.LEADER: N_("Leader: sees results"),
    Role.ORGANIZER: N_("Organizer: prepares, opens, closes, publishes"),
    Role.CUSTODIAN: N_("Custodian: keeps a key share"),
}
EVERYTHING = ""


@desk.asks(Permission.ACCOUNTS_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(_, _("Accounts"), _("Who may sign in. People who answer need no account and never have one."))
    existing = services.accounts.list(viewer)
    register = services.design.units(viewer)
    units = {
        unit.id: "\u2003" * depth + _.pick(unit.name_vi, unit.name_en) for depth, unit in in_tree_order(register.at(services.clock.today()))
    }
    account_link.show(services, _)
    st.table([_row(account, register, _) for account in existing], hide_index=True)
    with st.expander(_("Add an account"), expanded=len(existing) < 2):
        _add(services, viewer, units, _)
    if existing:
        with st.expander(_("New link, or enable again")):
            _renew(services, viewer, existing, _)
        with st.expander(_("Disable an account")):
            _disable(services, viewer, existing, _)


def _row(account: Account, register: UnitRegister, locale: Locale) -> dict[str, str]:
    _ = locale
    waits = _("Waits for its first sign-in") if account.password else _("Waits until its link is opened")
    state = _("Disabled") if not account.active else waits if account.one_time else _("Active")
    if account.demonstration:
        state += " · " + _("demonstration, this computer only")
    unit = register.by_id.get(account.unit or "")
    sees = _("Everything") if account.unit is None else account.unit if unit is None else _.pick(unit.name_vi, unit.name_en)
    return {
        _("Account name"): desk.plain(account.name),
        _("Role"): _(ROLES[account.role]),
        _("Sees"): desk.plain(sees) if account.role is not Role.CUSTODIAN else _("No results of any unit"),
        _("State"): state,
    }


def _add(services: Services, viewer: Viewer | None, units: dict[str, str], locale: Locale) -> None:
    _ = locale
    name = st.text_input(
        _("Account name"),
        max_chars=limits.ACCOUNT,
        help=_("3 to 60 letters a-z without marks, digits, dots, dashes: for example nguyen.van.a"),
        key=desk.renewed("account.name"),
    )
    role = st.radio(_("Role"), list(ROLES), format_func=lambda one: _(ROLES[one]), key=desk.renewed("account.role"))
    unit = EVERYTHING
    if role is Role.LEADER:
        labels = {EVERYTHING: _("The whole province"), **units}
        unit = st.selectbox(
            _("Sees the results of"), list(labels), format_func=labels.__getitem__,
            help=_("The unit, all units below it, and the totals of its group (khối) and the province for comparison."),
            key=desk.renewed("account.unit"),
        )  # fmt: skip
    if st.button(_("Add the account"), type="primary"):
        account_link.keep(services.accounts.invite(viewer, name, role, unit or None), role)
        for asked in ("account.name", "account.role", "account.unit"):  # the next account is not given what this one may see
            desk.renew(asked)
        st.rerun()


def _renew(services: Services, viewer: Viewer | None, existing: tuple[Account, ...], locale: Locale) -> None:
    _ = locale
    others = {account.name: account for account in existing if viewer is None or account.name != viewer.name}
    if not others:
        st.markdown(_("There is no other account yet. Your own password is changed under “My account”."))
        return
    name = st.selectbox(_("Account"), list(others), key="renew.name")
    st.markdown(
        _(
            "For a forgotten password, or a link that has expired. The old password and links stop working at once, every browser signed in "
            "with it is signed out, and a disabled account works again. Your own password is changed under “My account”."
        )
    )
    if st.button(_("Make a new link")):
        account_link.keep(services.accounts.give_link(viewer, name), others[name].role)
        st.rerun()


def _disable(services: Services, viewer: Viewer | None, existing: tuple[Account, ...], locale: Locale) -> None:
    _ = locale
    active = [account.name for account in existing if account.active]
    name = st.selectbox(_("Account"), active, key="disable.name")
    st.markdown(_("It can no longer sign in and is signed out everywhere. Nothing is deleted; a new link enables it again."))
    if viewer is not None and name == viewer.name:
        st.warning(_("This is your own account: you will be signed out at once."))
    sure = st.checkbox(_("Yes, disable {name}", name=desk.plain(str(name))), key=f"disable.{name}")
    if st.button(_("Disable"), disabled=not sure or name is None):
        services.accounts.disable(viewer, str(name))
        desk.tell(_("The account {name} has been disabled.", name=desk.plain(str(name))))
        st.rerun()
