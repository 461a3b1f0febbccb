"""One look for every figure: palette, layout, Vietnamese numbers, downloads as picture."""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go

from survey.disclose.release import NOT_AVAILABLE, PROTECTS, TOO_FEW, Release
from survey.errors import N_
from survey.i18n import Locale

ACCENT = "#0F5C63"
PALE = "#9CC4C8"
GREY = "#8A9BA0"
HIDDEN = "#D5DCDE"
WARM = "#C8641B"  # lower, unfavourable
COOL = "#2166AC"  # higher, favourable
# Likert from unfavourable to favourable: orange to blue, telling apart in grey print by lightness.
DIVERGING = ("#B35806", "#F1A340", "#D9D9D9", "#92C5DE", "#2166AC")
SEQUENTIAL = ((0.0, "#F7E3CF"), (0.5, "#F7F7F7"), (1.0, "#8FC3C7"))

REASONS = {
    TOO_FEW: N_("hidden: too few answers"),
    PROTECTS: N_("hidden: another small number would follow from it"),
    NOT_AVAILABLE: N_("no data"),
}


def wrapped(text: str, width: int = 34) -> str:
    """Long unit names and items break into lines instead of being cut."""
    return "<br>".join(textwrap.wrap(text, width)) or text


def finish(figure: go.Figure, release: Release, locale: Locale, height: int) -> go.Figure:
    """The common layout; illustrative figures say so inside the picture."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 20, "t": 48 if release.wave.illustrative else 24, "b": 10},
        font={"size": 14},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",." if locale.language == "vi" else ".,",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
        hoverlabel={"align": "left"},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": ACCENT},
    )
    if release.wave.illustrative:
        # In the top right corner, beside the download button: no picture leaves without it.
        mark = {"text": locale("Illustrative figures"), "font": {"size": 12, "color": WARM}}
        figure.update_layout(title=mark | {"x": 0.95, "xanchor": "right", "y": 0.995, "yanchor": "top", "yref": "container"})
    figure.update_xaxes(gridcolor="rgba(138,155,160,0.25)", zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor="rgba(138,155,160,0.25)", zeroline=False, automargin=True)
    return figure


def config(locale: Locale, name: str, image_format: str = "png") -> dict[str, Any]:
    """Plotly's configuration: only the picture download, in the reader's language."""
    words = {
        "Download plot as a PNG": locale("Download the picture (PNG)"),
        "Download plot as a png": locale("Download the picture (PNG)"),
        "Download plot": locale("Download the picture"),
    }
    months = [f"Tháng {number}" for number in range(1, 13)]
    vietnamese = {
        "dictionary": words,
        "format": {
            "months": months,
            "shortMonths": [f"Th{number}" for number in range(1, 13)],
            "date": "%d/%m/%Y",
            "decimal": ",",
            "thousands": ".",
        },
    }
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": image_format, "filename": name, "scale": 2 if image_format == "png" else 1},
        "locale": locale.language,
        "locales": {"vi": vietnamese},
    }
