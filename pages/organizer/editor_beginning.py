"""What a new version is begun from: a stored version, or nothing at all."""

from __future__ import annotations

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets import rewriting
from pages.widgets.new_version import questionnaire_name
from survey import limits
from survey.design import editing
from survey.design.blank import blank
from survey.design.questionnaire import Questionnaire
from survey.i18n import Locale

_EMPTY = "empty"
_ADDRESS = ("questionnaire", "version")


def begun(stored: tuple[Questionnaire, ...], locale: Locale) -> bool:
    """Is anything being edited? If not, what to begin from is asked."""
    _ = locale
    asked = tuple(st.query_params.get(name) for name in _ADDRESS)
    wanted = next((one for one in stored if (one.id, one.version) == asked), None)
    if not rewriting.going():
        if wanted is None:
            _choose(stored, _)
            return False
        _begin(wanted, stored)
        return True
    base = rewriting.base()
    other = wanted if wanted is not None and (base is None or (wanted.id, wanted.version) != (base.id, base.version)) else None
    if other is not None:
        st.info(_("You have begun another version and not saved it; it stands below."))
    with st.expander(_("Throw this away and begin again")), st.container(horizontal=True):
        if again := other or base:
            st.button(
                _("Begin again from {title}", title=desk.plain(questionnaire_name(again, _))),
                on_click=_begin, args=(again, stored), key="again",
            )  # fmt: skip
        st.button(_("Begin from something else"), on_click=_drop, key="otherwise")
    return True


def _choose(stored: tuple[Questionnaire, ...], locale: Locale) -> None:
    _ = locale
    if stored:
        st.header(_("From a stored version"))
        chosen = st.selectbox(_("Questionnaire"), range(len(stored))[::-1], format_func=lambda place: questionnaire_name(stored[place], _))
        st.button(_("Start a new version from this one"), on_click=_begin, args=(stored[chosen], stored), type="primary")
    st.header(_("From nothing"))
    st.markdown(_("A questionnaire of its own, with series of its own: nothing in it is compared with another questionnaire."))
    key = desk.renewed(_EMPTY)
    st.text_input(_("Title of the questionnaire in Vietnamese"), key=key, max_chars=limits.NAME)
    rewriting.said(_EMPTY)
    st.button(_("Start an empty questionnaire"), on_click=_blank, args=(key, [one.id for one in stored], _("Write its title first.")))


def _begin(base: Questionnaire, stored: tuple[Questionnaire, ...]) -> None:
    rewriting.begin(editing.begun(base, [one.version for one in stored if one.id == base.id]), base)


def _blank(key: str, taken: list[str], empty: str) -> None:
    title = str(st.session_state.get(key) or "").strip()
    if title:
        rewriting.begin(blank(title, taken), None)
        desk.renew(_EMPTY)
    else:
        rewriting.say(_EMPTY, empty)


def _drop() -> None:
    rewriting.end()
    for name in _ADDRESS:
        st.query_params.pop(name, None)
