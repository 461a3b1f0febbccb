"""Links to addresses that are whole: wave, unit, language."""

from __future__ import annotations

import html

import streamlit as st


def page_link(label: str, address: str) -> None:
    """From a Streamlit page to one without."""
    _link(label, address, "")


def file_link(label: str, address: str) -> None:
    """A file for everybody, from an address of its own: Streamlit's downloads are for those who have signed in."""
    _link(label, address, " download")


def _link(label: str, address: str, more: str) -> None:
    st.html(f'<a class="ln-link" href="{html.escape(address)}" target="_self"{more}>{html.escape(label)}</a>')
