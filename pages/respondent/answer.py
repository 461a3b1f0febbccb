"""The questionnaire on a Streamlit page: the same browser module as /p, over Streamlit's connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.plain.respondent import at_the_door, open_form, submit, whose
from survey.access import Viewer
from survey.collect.form.view import component_source, configuration
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_FORM = "langnghe_form"
_REPLY = "langnghe_reply"


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    """The code never stands in this page's address: it is typed, and kept by the browser module."""

    def reply_to(name: str, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], None]:
        # Callbacks run before the script, so this very run carries the reply to the browser.
        def reply() -> None:
            asked = st.session_state[_FORM][name]
            if isinstance(asked, dict):
                st.session_state[_REPLY] = {"request": asked.get("request"), "value": _answered(services, act, asked)}

        return reply

    try:
        door = at_the_door(services)
    except services.away:
        if _FORM not in st.session_state:
            raise
        door = {}  # the form is on the screen; it must not vanish under somebody's hands
    _component()(
        key=_FORM,
        data={**configuration(locale, **whose(services, locale), **door), "reply": st.session_state.get(_REPLY)},
        on_open_change=reply_to("open", lambda asked: open_form(services, asked, locale)),
        on_send_change=reply_to("send", lambda asked: submit(services, asked, locale)),
    )


def _answered(services: Services, act: Callable[[dict[str, Any]], dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """While a store is away the browser keeps what was written and asks again."""
    try:
        return act(asked)
    except services.away:
        return {"status": "busy"}


@st.cache_resource
def _component() -> Any:
    js, css = component_source()
    return st.components.v2.component(_FORM, js=js, css=css, isolate_styles=True)
