"""Ranks with their error, and the funnel beside them: two views of the same units, told apart by number, not by colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from survey.analyse.ranking import INNER, OUTER, Funnel, Ranked
from survey.disclose.release import Release
from survey.disseminate import quality_words
from survey.disseminate.look import ACCENT, GREY, KEY, LINE, WARM, WIDE, caption, drawn, finish, lines, node_name, rule, weak, weak_words
from survey.i18n import Locale

ROW = 20  # pixels of a dot with its interval, under its label
PLOT = 380
STEPS = 60  # points of a curve


def ranking(release: Release, group: str, found: Sequence[Ranked], centre: float | None, what: str, locale: Locale) -> go.Figure:
    """One row a unit, high to low: number, name and band of ranks above its score with the 95% interval."""
    _ = locale
    place, heights, labels = 0.0, [], []
    for number, one in enumerate(found, start=1):
        text = lines(placed(number, one, release, locale))
        text += [f'<span style="font-size:11px">{line}</span>' for line in lines(_standing(release, one, locale), WIDE + 8)]
        labels.append((place, "<br>".join(text)))
        heights.append(place + LINE * len(text) + ROW / 2)
        place += LINE * len(text) + ROW + 8
    hollow = [weak(release, one.unit, one.cell) for one in found]
    scores = [one.cell.score or 0.0 for one in found]
    highs, lows = [one.cell.high or 0.0 for one in found], [one.cell.low or 0.0 for one in found]
    left = min(lows) - 2
    # One trace of texts: a hundred annotations would take plotly half a second.
    figure = go.Figure(
        go.Scatter(
            x=[left] * len(labels), y=[top for top, _text in labels], text=[text for _top, text in labels], mode="text",
            textposition="bottom right", hoverinfo="skip", showlegend=False, cliponaxis=False,
        )
    )  # fmt: skip
    figure.add_scatter(
        x=scores, y=heights, mode="markers", showlegend=False, hoverinfo="text",
        marker={"color": ACCENT, "size": 10, "symbol": ["circle-open" if one else "circle" for one in hollow], "line": {"width": 2, "color": ACCENT}},
        error_x={
            "type": "data", "symmetric": False, "color": GREY, "thickness": 2, "width": 5,
            "array": [high - score for high, score in zip(highs, scores, strict=True)],
            "arrayminus": [score - low for low, score in zip(lows, scores, strict=True)],
        },
        hovertext=[_("{score} points, base {n}", score=_.number(one.cell.score), n=_.number(one.base, 0)) for one in found],
    )  # fmt: skip
    said = caption(f"{_('Ranking in bands')}: {what}", release, group, locale)
    keys = lines(weak_words(release, locale), KEY) if any(hollow) else []
    if centre is not None:
        rule(figure, centre, [(y - ROW / 2, y + ROW / 2) for y in heights], {"color": WARM, "width": 1.5, "dash": "dot"})
        keys += lines(f"┊ {node_name(release, group, locale)}: {_.number(centre)}")
    figure.update_xaxes(range=[left, max(highs) + 2])
    figure.update_yaxes(range=[place, 0], showgrid=False, showticklabels=False)
    return finish(figure, said, locale, int(place), keys=[*keys, _("Score (0-100)")])


def _standing(release: Release, one: Ranked, locale: Locale) -> str:
    """What a reader must know beside a rank: base, participation, reliability."""
    _ = locale
    parts = [f"n = {_.number(one.base, 0)}"]
    if (rate := release.response_rate(one.unit)) is not None:
        parts.append(_("response rate about {rate}", rate=_.percent(rate)))
    if mark := quality_words.mark(release, one.unit, locale):
        parts.append(_("reliability: {mark}", mark=mark))
    return " · ".join(parts)


def placed(place: int, one: Ranked, release: Release, locale: Locale) -> str:
    return f"{place}. {node_name(release, one.unit, locale)} – {band(one, locale)}"


def band(one: Ranked, locale: Locale) -> str:
    if one.best == one.worst:
        return locale("rank {rank}", rank=one.best)
    return locale("rank {best} to {worst}", best=one.best, worst=one.worst)


def funnel_plot(release: Release, group: str, found: Sequence[Ranked], curve: Funnel, what: str, locale: Locale) -> go.Figure:
    """Score against base: the fewer the answers, the wider chance alone spreads the units."""
    _ = locale
    bases = [one.base for one in found]
    grid = np.geomspace(max(min(bases) * 0.8, 2), max(bases) * 1.15, STEPS)
    figure = go.Figure()
    for share, dash in ((INNER, "dash"), (OUTER, "dot")):
        limits = [curve.limits(float(n), share) for n in grid]
        for side in (0, 1):
            figure.add_scatter(
                x=grid, y=[limit[side] for limit in limits], mode="lines", hoverinfo="skip", showlegend=side == 0,
                line={"color": GREY, "width": 1.5, "dash": dash}, name=_("{share} by chance", share=_.percent(100 * share, 1 if share > 0.99 else 0)),
            )  # fmt: skip
    sides = [outside(one, curve) for one in found]
    figure.add_scatter(
        x=bases, y=[one.cell.score for one in found], mode="markers+text", text=[str(number) for number in range(1, len(found) + 1)],
        textposition=free_places(bases, [one.cell.score or 0.0 for one in found], curve.centre), showlegend=False, hoverinfo="text",
        hovertext=[f"{drawn(node_name(release, one.unit, locale))}<br>{_.number(one.cell.score)}" for one in found],
        marker={"symbol": [("triangle-down", "circle", "triangle-up")[1 + side] for side in sides], "size": 11, "color": ACCENT},
    )  # fmt: skip
    figure.add_hline(y=curve.centre, line={"color": WARM, "width": 1.5, "dash": "solid"}, layer="below")
    said = caption(f"{_('Funnel plot')}: {what}", release, group, locale)
    keys = lines(_("Vertical: score (0-100); horizontal: forms. Numbers: places in the ranking"), KEY)
    figure.update_xaxes(range=[0, float(grid[-1])])
    return finish(figure, said, locale, PLOT, keys=keys, below=70, left=24).update_layout(legend_y=-34 / PLOT)


def free_places(bases: Sequence[int], scores: Sequence[float], centre: float) -> list[str]:
    """For each number the side of its point that lies farthest from the other points and from the middle line."""
    width, height = max(max(bases) * 1.15, 1), max(max(scores) - min(scores), 1.0)  # the plot is about 400 by 300 pixels
    places = [(400 * base / width, 300 * (score - min(scores)) / height) for base, score in zip(bases, scores, strict=True)]
    line = 300 * (centre - min(scores)) / height
    sides = {"top center": (0, 15), "bottom center": (0, -15), "middle right": (15, 0), "middle left": (-15, 0)}
    found = []
    for here, (x, y) in enumerate(places):
        room = {
            side: min([abs(y + dy - line), *(math.hypot(x + dx - a, y + dy - b) for there, (a, b) in enumerate(places) if there != here)])
            for side, (dx, dy) in sides.items()
        }
        found.append(next((side for side in sides if room[side] > 20), max(sides, key=lambda side: room[side])))
    return found


def outside(one: Ranked, curve: Funnel) -> int:
    low, high = curve.limits(one.base, INNER)
    score = one.cell.score or 0.0
    return -1 if score < low else 1 if score > high else 0
