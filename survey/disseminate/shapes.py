"""What a static chart is made of, whoever draws it: as a picture for Word (report/pictures) or as SVG for the sheet (sheet/svg)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: `text` beside it, or alone where `value` is None; `low`, `high`: its interval; `mark`: the group's place."""

    label: str
    text: str
    value: float | None
    low: float | None = None
    high: float | None = None
    mark: float | None = None
    fill: str = "full"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A series over waves: scores by wave, None where there is no number. `style`: unit, recast, group, whole.

    `parted`: to which points no line leads, because something else was asked before; `low`, `high`: intervals, where drawn.
    """

    label: str
    values: tuple[float | None, ...]
    parted: tuple[bool, ...]
    style: str
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
