"""Links from Streamlit's pages to those without."""

from __future__ import annotations

import html

import streamlit as st


def page_link(label: str, address: str) -> None:
    """To a page that stands in its address whole: wave, unit, language."""
    st.html(f'<a class="ln-link" href="{html.escape(address)}" target="_self">{html.escape(label)}</a>')
