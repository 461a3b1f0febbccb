"""Contrast of letters (WCAG 2.2, 1.4.3): every pair of letter and ground that a figure draws, on the light and on the dark page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from survey.disseminate.look import TEXT
from tests.conftest import REPOSITORY

LEAST = 4.5
_THEMES = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text())["theme"]
PAGES = {name: (str(_THEMES[name]["backgroundColor"]), str(_THEMES[name]["textColor"])) for name in ("light", "dark")}
NOTHING = "rgba(0,0,0,0)"


def _parts(colour: str) -> list[float]:
    if colour == "white":
        return [255.0] * 3
    if colour.startswith("#"):
        return [float(int(colour[place : place + 2], 16)) for place in (1, 3, 5)]
    return [float(one) for one in re.findall(r"[\d.]+", colour)[:3]]


def luminance(colour: str) -> float:
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (part / 255 for part in _parts(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """CIE L*: how light a colour is in grey print."""
    return 116 * luminance(colour) ** (1 / 3) - 16


def too_weak(figure: go.Figure) -> set[str]:
    """Letters below 4.5:1, as "page: letters on ground"; empty where all can be read."""
    found = set()
    for name, (page, ink) in PAGES.items():
        for letters, ground in _pairs(figure):
            over, under = ink if letters == TEXT else letters, page if ground == NOTHING else ground
            if contrast(over, under) < LEAST:
                found.add(f"{name}: {letters} on {ground}")
    return found


def _pairs(figure: go.Figure) -> Iterator[tuple[str, str]]:
    spec = figure.to_plotly_json()
    layout = spec["layout"]
    written = layout.get("font", {}).get("color", TEXT)
    yield written, NOTHING
    for axis in ("xaxis", "yaxis"):
        yield layout.get(axis, {}).get("tickfont", {}).get("color", written), NOTHING
    for one in layout.get("annotations", ()):
        yield one.get("font", {}).get("color", written), _under(one, layout)
    for letters in re.findall(r"color: ?(#[0-9A-Fa-f]{6}|white)", str(spec)):
        yield letters, NOTHING
    for trace in spec["data"]:
        yield from {"bar": _bar, "heatmap": _heatmap, "scatter": _scatter}[trace["type"]](trace, written)


def _under(annotation: dict[str, Any], layout: dict[str, Any]) -> str:
    """The box that letters stand in, if any."""
    boxes = [shape for shape in layout.get("shapes", ()) if shape.get("type") == "rect"] if "yref" not in annotation else []
    for box in boxes:
        if box["x0"] < annotation["x"] < box["x1"] and box["y0"] < annotation["y"] < box["y1"]:
            return str(box["fillcolor"])
    return NOTHING


def _each(value: Any, count: int) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value] * count


def _bar(trace: dict[str, Any], written: str) -> Iterator[tuple[str, str]]:
    texts = trace.get("text") or ()
    font = trace.get("insidetextfont") or trace.get("textfont") or {}
    rows = (_each(part, len(texts)) for part in (trace.get("textposition"), font.get("color", written), trace["marker"]["color"]))
    for position, letters, ground in zip(*rows, strict=True):
        yield (letters, ground) if position == "inside" else (written, NOTHING)


def _heatmap(trace: dict[str, Any], written: str) -> Iterator[tuple[str, str]]:
    low, high = trace["zmin"], trace["zmax"]
    values = {value for row in trace["z"] for value in row if value is not None}
    places = [min(max((value - low) / (high - low), 0.0), 1.0) for value in values] + [0.0, 1.0]
    for ground in sample_colorscale([list(step) for step in trace["colorscale"]], places):
        yield trace["textfont"].get("color", written), ground


def _scatter(trace: dict[str, Any], written: str) -> Iterator[tuple[str, str]]:
    if "text" in trace.get("mode", ""):
        on = trace.get("textposition") == "middle center"
        yield trace.get("textfont", {}).get("color", written), trace["marker"]["color"] if on else NOTHING
