"""A chart as a picture of a few kilobytes, drawn by the server; the chart that answers to the pointer comes when it is asked for.

Measured (decision 0029): plotly is half of what a page loads and most of what an old computer works at before it shows a number.
"""

from __future__ import annotations

import streamlit as st

from survey.disseminate.sheet.pictures import Draw, framed
from survey.i18n import Locale

_LIVE = "chart.live"


def live() -> bool:
    """Whether this reader has asked for charts that answer to the pointer: then all do, on every page, until he leaves."""
    return bool(st.session_state.get(_LIVE))


def show(draw: Draw, alt: str, *, page: bool = False) -> None:
    """Streamlit takes SVG out of HTML, but lets an image stand."""
    st.html(framed(draw, alt, page=page))


def ask(name: str, locale: Locale) -> None:
    st.button(locale("Interactive chart"), key=f"live.{name}", on_click=_turn, type="tertiary")


def _turn() -> None:
    st.session_state[_LIVE] = True
