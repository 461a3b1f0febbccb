"""Charts of a notebook carry themselves: alive in JupyterLab, drawn in an exported page without any network.

Plotly's own renderer writes one MIME type that only JupyterLab knows; nbconvert then leaves the chart out and says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer
from plotly.offline import get_plotlyjs

from survey.disseminate.look import config
from survey.i18n import Locale

NAME = "langnghe"
LIVE = "application/vnd.plotly.v1+json"
# JupyterLab shows the widgets themselves.
_ONLY_ON_PAPER = """<script>
if (document.querySelector(".jp-LabShell, .jp-NotebookPanel")) for (const still of document.querySelectorAll(".ln-still")) still.remove();
</script>"""


def begin(locale: Locale) -> None:
    """Once in a notebook's first cell: plotly's script goes into this cell's output, for all charts below it."""
    pio.renderers[NAME] = Carried(locale)
    pio.renderers.default = NAME
    pio.templates.default = "plotly_white"  # the web pages get theirs from Streamlit
    # Voilà draws widgets only, and they bring plotly with them.
    _display({"text/html": language(locale) if _in_voila() else language(locale) + script(), "text/plain": ""})


def language(locale: Locale) -> str:
    """Says the page's language, which nbconvert and Voilà take for English."""
    return f'<script>document.documentElement.lang = "{locale.language}";</script>'


def script() -> str:
    """Plotly's script, for a page that asks no network."""
    return f"<script>{get_plotlyjs()}</script>"


def redraw(place: Any, figure: go.Figure) -> None:
    """Another figure in a box of widgets, as wide as the box: plotly draws a new one 700 pixels wide before it has a place."""
    widget = go.FigureWidget(figure)
    place.children = (widget,)
    widget.layout.autosize = True


def chart(figure: go.Figure | Mapping[str, Any], locale: Locale) -> str:
    """HTML of one chart for a page that holds `script()`; it asks no network for anything."""
    return str(
        pio.to_html(
            figure, config=config(locale, "bieu-do"), include_plotlyjs=False, include_mathjax=False, full_html=False, validate=False,
            default_width="100%",
        )
    )  # fmt: skip


def dashboard(widget: Any, figures: Iterable[go.Figure], locale: Locale) -> None:
    """Widgets where there is a kernel; below them, for a page exported without one, what they showed last."""
    _display(widget._repr_mimebundle_())
    if not _in_voila():
        still = "".join(chart(figure, locale) for figure in figures)
        _display({"text/html": f'<div class="ln-still">{still}</div>{_ONLY_ON_PAPER}', "text/plain": ""})


def _in_voila() -> bool:
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def _display(bundle: Mapping[str, Any]) -> None:
    from IPython.display import display

    display(bundle, raw=True)  # type: ignore[no-untyped-call]


class Carried(MimetypeRenderer):  # type: ignore[misc]
    """The live chart and its HTML side by side; whoever shows the output takes what he can show."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, Any]:
        return {LIVE: {**fig_dict, "config": config(self._locale, "bieu-do")}, "text/html": chart(fig_dict, self._locale)}
