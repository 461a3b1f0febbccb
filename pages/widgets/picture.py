"""A chart as a picture of a few kilobytes, drawn by the server; the chart that answers to the pointer comes when it is asked for.

Measured (decision 0029): plotly is half of what a page loads and most of what an old computer works at before it shows a number.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import streamlit as st

from survey.disseminate.sheet.html import Html, element, style_lines
from survey.disseminate.sheet.svg import DESK, PAGE, PHONE
from survey.i18n import Locale

STYLE = """
.ln-picture { container-type: inline-size; } .ln-picture img { width: 100%; } .ln-narrow { max-width: 30rem; } .ln-broad { display: none; }
.ln-column .ln-broad { max-width: 38rem; } .ln-page .ln-broad { max-width: 56rem; }
@container (min-width: 28rem) { .ln-column .ln-narrow { display: none; } .ln-column .ln-broad { display: block; } }
@container (min-width: 44rem) { .ln-page .ln-narrow { display: none; } .ln-page .ln-broad { display: block; } }
"""
_LIVE = "chart.live"
Draw = Callable[[float], Html]


def live() -> bool:
    """Whether this reader has asked for charts that answer to the pointer: then all do, on every page, until he leaves."""
    return bool(st.session_state.get(_LIVE))


def show(draw: Draw, alt: str, *, page: bool = False) -> None:
    """Drawn for a phone and for a column at a desk, or a `page`: which of the two fits only the browser knows.

    Streamlit takes SVG out of HTML, but lets an image stand.
    """
    broad, narrow = (
        element("img", src=_address(draw(width)), alt=alt, class_=name)
        for width, name in ((PAGE if page else DESK, "ln-broad"), (PHONE, "ln-narrow"))
    )
    st.html(element("div", narrow, broad, class_=f"ln-picture ln-{'page' if page else 'column'}"))


def _address(svg: Html) -> str:
    """The picture as an image that stands alone: with its own style, light and dark."""
    start, inside = svg.split(">", 1)
    whole = f'{start} xmlns="http://www.w3.org/2000/svg"><style>{"".join(style_lines("pictures.css"))}</style>{inside}'
    return "data:image/svg+xml;base64," + base64.b64encode(whole.encode()).decode()


def ask(name: str, locale: Locale) -> None:
    st.button(locale("Interactive chart"), key=f"live.{name}", on_click=_turn, type="tertiary")


def _turn() -> None:
    st.session_state[_LIVE] = True
