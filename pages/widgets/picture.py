"""A chart as a picture of a few kilobytes, drawn by the server; the chart that answers to the pointer comes when it is asked for.

Measured (decision 0029): plotly is half of what a page loads and most of what an old computer works at before it shows a number.
"""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from survey.disseminate.sheet.html import element
from survey.disseminate.sheet.pictures import Draw, framed
from survey.i18n import Locale

_LIVE = "chart.live"


def live() -> bool:
    """Whether this reader has asked for charts that answer to the pointer: then all do, on every page, until he leaves."""
    return bool(st.session_state.get(_LIVE))


def show(draw: Draw, alt: str, *, page: bool = False) -> None:
    """Streamlit takes SVG out of HTML, but lets an image stand."""
    st.html(framed(draw, alt, page=page))


def still(content: bytes | str, alt: str, width: int) -> None:
    """A PNG, an SVG or a data address with words for those who do not see it: st.image has none."""
    data = content if isinstance(content, str) and content.startswith("data:") else _address(content)
    st.html(element("img", src=data, alt=alt, width=str(width), class_="ln-still"))


def _address(content: bytes | str) -> str:
    kind = "png" if isinstance(content, bytes) else "svg+xml"
    raw = content if isinstance(content, bytes) else content.encode()
    return f"data:image/{kind};base64,{b64encode(raw).decode()}"


def ask(name: str, locale: Locale) -> None:
    st.button(locale("Interactive chart"), key=f"live.{name}", on_click=_turn, type="tertiary")


def _turn() -> None:
    st.session_state[_LIVE] = True
