"""The respondent's form as a Streamlit component, and its conversation with the page: a trigger asks, the reply in `data` answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from survey.collect.form.view import component_source

Act = Callable[[dict[str, Any]], dict[str, Any]]


def show(key: str, configuration: Mapping[str, Any], *, opening: Act, sending: Act, straight: bool = False) -> None:
    """`opening` answers {"code"}, `sending` a ballot; what they say goes back to the browser in the same run.

    `straight`: the form asks /p/open and /p/submit itself, and only where that is not let through is it answered here, without
    the page around it. Else every ballot is this page's own, and the page follows it.
    """
    kept = key + "_reply"

    def reply_to(name: str, act: Act) -> Callable[[], None]:
        # Callbacks run before the script, so this very run carries the reply to the browser.
        def reply() -> None:
            asked = st.session_state[key][name]
            if isinstance(asked, dict):
                st.session_state[kept] = {"request": asked.get("request"), "value": act(asked)}

        return reply

    whole = iter([{**configuration, "straight": straight}])

    def conversation() -> None:
        """Where it is run alone, what has come with the whole page is not sent again."""
        _component()(
            key=key,
            # In a list: of an object Streamlit asks each value whether it is a table, which takes longer than the rest.
            data=[{"whole": next(whole, None), "reply": st.session_state.get(kept)}],
            on_open_change=reply_to("open", opening),
            on_send_change=reply_to("send", sending),
        )

    (st.fragment(conversation) if straight else conversation)()


def is_shown(key: str) -> bool:
    """Was it on the screen in the run before?"""
    return key in st.session_state


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component("langnghe_form", js=component_source(), isolate_styles=True)
