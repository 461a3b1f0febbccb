"""Links between Streamlit's pages and the plain one, in the reader's language."""

from __future__ import annotations

import streamlit as st

from survey.i18n import DEFAULT_LANGUAGE, Locale


def plain_link(label: str, path: str, locale: Locale, first: bool = False) -> None:
    """A link that stays in this tab; the language travels in the address."""
    address = path if locale.language == DEFAULT_LANGUAGE else f"{path}?lang={locale.language}"
    style = "ln-link ln-first" if first else "ln-link"
    st.html(f'<a class="{style}" href="{address}" target="_self">{label}</a>')
