"""What a browser can read out of a figure: every number, also in base64 arrays, and every text."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go


def specification(figure: go.Figure | str) -> dict[str, Any]:
    """The figure as it is sent, without plotly's template (colours of every kind of chart)."""
    spec = json.loads(figure if isinstance(figure, str) else figure.to_json())
    spec["layout"].pop("template", None)
    return dict(spec)


def numbers(part: Any) -> Iterator[float]:
    """Every number below `part`; gaps (null, NaN) left out."""
    if isinstance(part, dict) and "bdata" in part:
        values = np.frombuffer(base64.b64decode(part["bdata"]), dtype=part["dtype"]).astype(float)
        yield from values[np.isfinite(values)].tolist()
    elif isinstance(part, dict):
        for value in part.values():
            yield from numbers(value)
    elif isinstance(part, list):
        for value in part:
            yield from numbers(value)
    elif isinstance(part, (int, float)) and not isinstance(part, bool):
        yield float(part)


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from texts(value)


def array(part: Any) -> list[Any]:
    """An array of a trace as a flat list, gaps as None."""
    if isinstance(part, dict):
        values = np.frombuffer(base64.b64decode(part["bdata"]), dtype=part["dtype"]).astype(float).tolist()
        return [None if value != value else value for value in values]
    return list(part)
