"""A chart as an image that stands in a page of somebody else's style, drawn for a phone and for a desk."""

from __future__ import annotations

import base64
from collections.abc import Callable

from survey.disseminate.sheet.html import Html, element, style_lines
from survey.disseminate.sheet.svg import DESK, PAGE, PHONE

STYLE = """
.ln-picture { container-type: inline-size; } .ln-picture img { width: 100%; } .ln-narrow { max-width: 30rem; } .ln-broad { display: none; }
.ln-column .ln-broad { max-width: 38rem; } .ln-page .ln-broad { max-width: 56rem; }
@container (min-width: 28rem) { .ln-column .ln-narrow { display: none; } .ln-column .ln-broad { display: block; } }
@container (min-width: 44rem) { .ln-page .ln-narrow { display: none; } .ln-page .ln-broad { display: block; } }
"""
Draw = Callable[[float], Html]


def framed(draw: Draw, alt: str, *, page: bool = False) -> Html:
    """Drawn for a phone and for a column at a desk, or a `page`: which of the two fits only the browser knows."""
    broad, narrow = (
        element("img", src=_address(draw(width)), alt=alt, class_=name)
        for width, name in ((PAGE if page else DESK, "ln-broad"), (PHONE, "ln-narrow"))
    )
    return element("div", narrow, broad, class_=f"ln-picture ln-{'page' if page else 'column'}")


def _address(svg: Html) -> str:
    """The picture as an image that stands alone: with its own style, light and dark."""
    start, inside = svg.split(">", 1)
    whole = f'{start} xmlns="http://www.w3.org/2000/svg"><style>{"".join(style_lines("pictures.css"))}</style>{inside}'
    return "data:image/svg+xml;base64," + base64.b64encode(whole.encode()).decode()
