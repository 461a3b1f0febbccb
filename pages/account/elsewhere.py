"""A page of others: it says that it is not this account's, instead of leading somewhere else without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from survey.access import Role, Viewer
from survey.errors import N_, NotAllowed
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

MAY = {
    Role.LEADER: N_("Your account sees results of units."),
    Role.ORGANIZER: N_("Your account organizes the survey and sees results."),
    Role.CUSTODIAN: N_("Your account keeps a share of the ballot box's key."),
}


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("This page is not for your account"))
    st.error(NotAllowed().text(_))
    if viewer is not None:
        st.markdown(_(MAY[viewer.role]) + " " + _("What you may open stands in the menu."))
