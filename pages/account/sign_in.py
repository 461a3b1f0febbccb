"""Signing in with streamlit-authenticator's form; the session itself is a cookie the server sets.

This is the one file that may use st.context, and only for that cookie and the one by which a browser is known: it is never read on the
respondent's pages' behalf, and nothing else of the request (address, agent, language, time) is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.plain.session import cookie_of, desk_of, devices_of
from pages.widgets.begin import begin_here
from pages.widgets.organisation import organisation
from survey.access import Viewer
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.signing_in import WrongPassword

if TYPE_CHECKING:
    from bootstrap import Services

_EXCHANGE = """
export default function({ data }) {
  const go = async () => {
    const ask = () => fetch(data.path, { method: "POST", body: data.ticket, credentials: "same-origin" }).catch(() => ({ status: 503 }));
    let answer = await ask();
    for (let again = 0; answer.status === 503 && again < 10; again++) {
      await new Promise((done) => setTimeout(done, 3000));
      answer = await ask();
    }
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
    return services.signing_in.viewer(cookie_of(st.context.cookies, secure=_on_https()))


def _on_https() -> bool:
    return (st.context.url or "").startswith("https:")


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    if viewer is not None:
        st.write(_("You are signed in as {name}.", name=viewer.name))
        return
    organisation(services, _)
    st.title(_("Sign in"))
    if begin_here(services, _):
        return
    st.write(_("For organizers, leaders and custodians. To answer a survey you need no account, only your code."))
    try:
        for who, ticket in _form(services, _):
            exchange("/session/open", ticket, desk_of(who))
    except SurveyError as refused:
        st.error(refused.text(_))


def _form(services: Services, locale: Locale) -> list[tuple[Viewer, str]]:
    """streamlit-authenticator's form around our own check; who signed in and the ticket, in the run when the password was right."""
    # Imported here: it declares a component, which must happen while Streamlit is running.
    import streamlit_authenticator as stauth

    _ = locale
    # It is given no account and no hash, and its cookie, which scripts could read, stays off.
    authenticator = stauth.Authenticate(
        {"usernames": {}}, "langnghe_unused", services.settings.cookie_key, cookie_expiry_days=0, auto_hash=False, login_sleep_time=0
    )
    model = authenticator.authentication_controller.authentication_model
    signed_in: list[tuple[Viewer, str]] = []

    def check(name: str, password: str) -> bool:
        # Its own check answers at once for unknown names and counts nothing.
        signed_in.append(services.signing_in.sign_in(name, password, devices_of(st.context.cookies, secure=_on_https())))
        model.credentials["usernames"][name] = {"first_name": name}
        return True

    model.check_credentials = check
    labels = {"Form name": _("Account"), "Username": _("Account name"), "Password": _("Password"), "Login": _("Sign in")}
    try:
        authenticator.login("main", fields=labels)
    except stauth.LoginError:  # somebody has made its cookie: it opens nothing, even with the right key
        raise WrongPassword() from None
    for key in ("authentication_status", "username", "name", "roles", "email"):
        st.session_state[key] = None  # who is signed in is asked of the cookie alone
    return signed_in


def render_sign_out(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    st.title(locale("Sign out"))
    st.write(locale("You are being signed out of this browser."))
    exchange("/session/close")


def exchange(path: str, ticket: str = "", following: str = "/") -> None:
    """Let the browser fetch a new cookie for a ticket, or give its cookie up, and go on to `following`."""
    component = st.components.v2.component("langnghe_exchange", js=_EXCHANGE)
    component(data={"path": path, "ticket": ticket, "next": following}, key=f"exchange{path}")
