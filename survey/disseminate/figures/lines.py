"""Lines over waves. Gaps stay gaps, reorganisations and changed questions are drawn, recast points are dotted and hollow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from survey.analyse.trend import Point
from survey.disseminate.given import base_of
from survey.disseminate.look import ACCENT, GREY, KEY, LINE, PLUM, WARM, finish, score_of, wrapped
from survey.i18n import Locale

PLOT = 330  # pixels
CROWDED = 0.8  # years: a wave label nearer to its neighbour than this moves to the next line
_LINES = {
    "unit": {"color": ACCENT, "width": 4, "dash": "solid"},
    "recast": {"color": ACCENT, "width": 3, "dash": "dot"},
    "kin": {"color": PLUM, "width": 1.5, "dash": "solid"},
    "group": {"color": WARM, "width": 1.5, "dash": "dash"},
    "whole": {"color": GREY, "width": 1.5, "dash": "dashdot"},
}
_SIZES = {"unit": 12, "recast": 10}  # the reader's own points; the others are OTHERS
OTHERS = 7
NEAR = 110  # days from a point to a line across the chart that would run through its number
_SYMBOLS = {"unit": "circle", "recast": "circle-open", "group": "square", "whole": "diamond"}
_KIN = ("triangle-up", "triangle-down", "cross", "x", "star", "pentagon")  # told apart by their marks, in any print


Series = tuple[str, tuple[Point, ...], str]  # name, points, style: unit, recast, kin, group or whole


@dataclass(frozen=True)
class Mark:
    """A line across the chart and the words over it: a reorganisation, or where the question changed (`asked`)."""

    day: date
    text: str
    asked: bool = False


def trend_lines(
    series: Sequence[tuple[str, Sequence[Point], str]], breaks: Sequence[Mark], marks: Mapping[date, str], said: list[str], locale: Locale
) -> go.Figure:
    """Series over waves: (name, points, style), style "unit", "recast", "kin", "group" or "whole".

    `breaks`: where lines end; `marks`: closing day -> milestone or scale, under the wave; `said`: the caption.
    """
    figure = go.Figure()
    kin = 0
    days = {point.day: point.release.wave.id for _n, points, _s in series for point in points}
    drawn = [one for one in series if one[2] not in ("recast", "kin") or any(point.cell for point in one[1])]
    breaks = [mark for mark in breaks if min(days) < mark.day < max(days)]
    for name, (_name, points, style) in zip(_told_apart(drawn), drawn, strict=True):
        symbol = _KIN[kin % len(_KIN)] if style == "kin" else _SYMBOLS[style]
        others = [point for other in drawn if other[2] != style for point in other[1]]
        _line(figure, name, points, style, symbol, [_beside(point, breaks, others) for point in points], locale)
        kin += style == "kin"
    middle = min(days) + (max(days) - min(days)) / 2
    for number, mark in enumerate(sorted(breaks, key=lambda mark: mark.day, reverse=True)):
        colour = GREY if mark.asked else PLUM
        figure.add_vline(x=mark.day.isoformat(), line={"color": colour, "width": 1.5, "dash": "dot" if mark.asked else "dash"})
        late = mark.day > middle
        figure.add_annotation(
            x=mark.day.isoformat(), xanchor="right" if late else "left", y=1, yref="paper", yanchor="bottom", yshift=LINE * number,
            text=f"{mark.text} ▾" if late else f"▾ {mark.text}", showarrow=False, borderpad=0,
            font={"size": 12},
        )  # fmt: skip
    known = [bound for _n, points, _s in series for p in points if p.cell for bound in (p.cell.low, p.cell.high, p.cell.score)]
    numbers = [bound for bound in known if bound is not None]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 100.0)
    figure.update_yaxes(range=[max(0, low - 6), min(100, high + 5)])
    ticks = _ticks(days, marks)
    figure.update_xaxes(tickvals=[day.isoformat() for day in sorted(days)], ticktext=ticks, tickangle=0, tickfont={"size": 12})
    figure = finish(figure, said, locale, PLOT, keys=[locale("Score (0-100)")], above=LINE * len(breaks), below=130, left=24)
    deepest = max(text.count("<br>") for text in ticks) + 1
    return figure.update_layout(legend_y=-(24 + 16 * deepest) / PLOT)


def _told_apart(drawn: Sequence[tuple[str, Sequence[Point], str]]) -> list[str]:
    """Names for the legend, each once: units of one name (before and after a reorganisation) also say their waves."""
    names = [name for name, _points, _style in drawn]
    found = []
    for name, points, _style in drawn:
        waves = [point.release.wave.id for point in points if point.cell]
        found.append(f"{name} ({' – '.join(dict.fromkeys((waves[0], waves[-1])))})" if names.count(name) > 1 and waves else name)
    return found


def _beside(point: Point, breaks: Sequence[Mark], others: Sequence[Point]) -> str:
    """Where a point's number stands: away from the nearest line across the chart, and from the nearest point of the same wave."""
    after = min(((mark.day - point.day).days for mark in breaks if mark.day >= point.day), default=NEAR)
    before = min(((point.day - mark.day).days for mark in breaks if mark.day <= point.day), default=NEAR)
    score = point.cell.score if point.cell and point.cell.score is not None else 0.0
    there = [one.cell.score for one in others if one.day == point.day and one.cell and one.cell.score is not None]
    gaps = [other - score for other in there]
    below = bool(gaps) and min(gaps, key=abs) > 0
    return f"{'bottom' if below else 'top'} {'left' if after < NEAR and before > after else 'right'}"


def _line(
    figure: go.Figure, name: str, points: Sequence[Point], style: str, symbol: str, sides: Sequence[str], locale: Locale
) -> None:  # fmt: skip
    _ = locale
    places: list[tuple[Point, float | None]] = []
    beside: list[str] = []
    for point, side in zip(points, sides, strict=True):
        if point.parted:  # no line leads over what was asked otherwise
            places.append((point, None))
        places.append((point, point.cell.score if point.cell else None))
        beside += [side] * (len(places) - len(beside))
    scores = [score for _point, score in places]
    figure.add_scatter(
        x=[point.day.isoformat() for point, _score in places], y=scores, name=wrapped(name, KEY), line=_LINES[style], connectgaps=False,
        mode="lines+markers+text" if style == "unit" else "lines+markers", 
        marker={"symbol": symbol, "size": _SIZES.get(style, OTHERS)}, zorder=1 if style in _SIZES else 0,
        text=[score_of(p.cell, _, 0) if p.cell and score is not None else "" for p, score in places], 
        textposition=beside,
        error_y=_errors(places) if style == "unit" else None, hoverinfo="text",
        hovertext=[
            _("{wave}: {score} points, base {n}", wave=p.release.wave.id, score=score_of(p.cell, _), n=base_of(p.cell, _))
            if p.cell
            else ""
            for p, _score in places
        ],
    )  # fmt: skip


def _ticks(days: Mapping[date, str], marks: Mapping[date, str]) -> list[str]:
    """Wave names, a crowded one lowered by a line, milestones under them."""
    texts: list[str] = []
    last: date | None = None
    for day in sorted(days):
        near = last is not None and (day - last).days < CROWDED * 365
        lowered = texts[-1].count("<br>") + 1 if near else 0
        texts.append("<br>" * lowered + days[day] + (f"<br>{marks[day]}" if day in marks else ""))
        last = day
    return texts


def _errors(places: Sequence[tuple[Point, float | None]]) -> dict[str, object]:
    def half(high: float | None, low: float | None) -> float:
        return 0.0 if high is None or low is None else max(high - low, 0.0)

    return {
        "type": "data", "symmetric": False, "thickness": 1.2, "width": 3, "color": GREY,
        "array": [half(p.cell.high, p.cell.score) if p.cell else 0 for p, _score in places],
        "arrayminus": [half(p.cell.score, p.cell.low) if p.cell else 0 for p, _score in places],
    }  # fmt: skip
