"""Signing in with streamlit-authenticator's form; the session itself is a cookie the server sets.

This is the one file that may use st.context, and only for that cookie: it is never read on the
respondent's pages' behalf, and nothing else of the request (address, agent, language, time) is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.plain.session import COOKIE
from survey.access import Role, Viewer
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_EXCHANGE = """
export default function({ data }) {
  const go = async () => {
    const answer = await fetch(data.path, { method: "POST", body: data.ticket, credentials: "same-origin" });
    if (!answer.ok) return;
    // A deep link leads back to what it promised.
    if (location.pathname === "/login" || location.pathname === "/logout") location.assign(data.next);
    else location.reload();
  };
  go();
}
"""


def current_viewer(services: Services) -> Viewer | None:
    """Who is behind this browser's session cookie, asked of the database at every run."""
    return services.accounts.viewer(st.context.cookies.get(COOKIE))


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    # Imported here: it declares a component, which must happen while Streamlit is running.
    import streamlit_authenticator as stauth

    _ = locale
    if viewer is not None:
        st.write(_("You are signed in as {name}.", name=viewer.name))
        return
    st.title(_("Sign in"))
    st.write(_("For organizers, leaders and custodians. To answer a survey you need no account, only your code."))
    authenticator = stauth.Authenticate(
        services.accounts.credentials(),
        "langnghe_unused",
        services.settings.cookie_key,
        cookie_expiry_days=0,  # its own cookie, readable by scripts, stays off
        auto_hash=False,
        login_sleep_time=0,
    )
    authenticator.login(
        "main",
        fields={
            "Form name": _("Account"),
            "Username": _("Account name"),
            "Password": _("Password"),
            "Login": _("Sign in"),
        },
    )
    status, name = st.session_state.get("authentication_status"), st.session_state.get("username")
    if status and name:
        ticket = services.accounts.ticket(str(name))
        sees_results = bool({Role.LEADER, Role.ORGANIZER} & set(st.session_state.get("roles") or ()))
        for key in ("authentication_status", "username", "name", "roles"):
            st.session_state[key] = None
        _exchange("/session/open", ticket, "/results" if sees_results else "/")
    elif status is False:
        if name:
            services.accounts.failed(str(name))
        st.session_state["authentication_status"] = None  # counted once, not at every run
        st.error(
            _("Account name or password is wrong, or the account is locked. After ten wrong passwords an organizer must set a new one.")
        )


def render_sign_out(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    st.title(locale("Sign out"))
    st.write(locale("You are being signed out of this browser."))
    _exchange("/session/close", "", "/")


def _exchange(path: str, ticket: str, following: str) -> None:
    component = st.components.v2.component("langnghe_exchange", js=_EXCHANGE)
    component(data={"path": path, "ticket": ticket, "next": following}, key=f"exchange{path}")
