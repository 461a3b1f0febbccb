"""One's own account: a new password, and signing out everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.account.sign_in import exchange
from survey.access import Viewer
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.passwords import MINIMUM

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    if viewer is None:
        st.info(_("Please sign in first."))
        return
    st.title(_("My account"))
    if viewer.must_change_password:
        st.warning(_("Your password was made by somebody else. Choose one that only you know; then you can go on."))
    else:
        st.write(_("You are signed in as {name}.", name=viewer.name))
    st.header(_("New password"))
    _password(services, viewer, _)
    if not viewer.must_change_password:
        st.header(_("Sign out everywhere"))
        _everywhere(services, viewer, _)


def _password(services: Services, viewer: Viewer, locale: Locale) -> None:
    _ = locale
    st.markdown(
        _("At least {length} characters. Four words that do not belong together are better than symbols and digits.", length=MINIMUM)
    )
    with st.form("own.password", width=480):
        old = st.text_input(_("Present password"), type="password", autocomplete="current-password")
        new = st.text_input(_("New password"), type="password", autocomplete="new-password")
        again = st.text_input(_("New password, once more"), type="password", autocomplete="new-password")
        sent = st.form_submit_button(_("Change the password"), type="primary")
    if not sent:
        return
    if new != again:
        st.error(_("The two new passwords are not the same. Nothing was changed."))
        return
    try:
        ticket = services.signing_in.change_password(viewer, old, new)
    except SurveyError as refused:
        st.error(refused.text(_))
        return
    st.success(_("The password has been changed. Every other browser is signed out."))
    exchange("/session/open", ticket)


def _everywhere(services: Services, viewer: Viewer, locale: Locale) -> None:
    _ = locale
    st.markdown(_("Signs out every browser of your account, this one too: after using somebody else's computer, or when a device is lost."))
    if st.button(_("Sign out everywhere"), key="own.everywhere"):
        services.signing_in.sign_out_everywhere(viewer)
        exchange("/session/close")
