"""Dots with their intervals on a cut axis: what lies close together is told apart, which bars from 0 would make look alike."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.given import base_of
from survey.disseminate.look import (
    ACCENT,
    GREY,
    KEY,
    LINE,
    REASONS,
    TEXT,
    caption,
    finish,
    lines,
    rule,
    score_of,
    weak,
    weak_words,
)
from survey.i18n import Locale

STRIP = 20  # pixels of a dot with its interval, under its label
NARROWEST = 20  # points: on a shorter axis chance would look like a difference
STEP = 5  # points between ticks


def breakdown_dots(release: Release, unit: str, breakdown: str, measure: str, what: str, locale: Locale) -> go.Figure:
    """One measure by category under the unit's whole, whose score is the line; every breakdown of the unit on the same axis."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown)
    rows = [(_("Everybody"), release.cell(unit, measure))]
    rows += [(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown, str(c.value))) for c in field.published]
    low, high = reach(_of_all_breakdowns(release, unit, measure))
    figure, strips, height = _labels(rows, low, locale)
    shown = [(cell, y) for (_label, cell), y in zip(rows, strips, strict=True) if isinstance(cell, Cell) and cell.score is not None]
    whole = rows[0][1]
    if isinstance(whole, Cell) and whole.score is not None:
        spans = [(y - STRIP / 2, y + STRIP / 2) for y in strips]
        rule(figure, whole.score, spans, {"color": TEXT, "width": 1.5, "dash": "dot"})
    hollow = [weak(release, unit, cell) for cell, _y in shown]
    _dots(figure, shown, ["diamond" if cell is whole else "circle" for cell, _y in shown], hollow)
    keys = lines(_("Score, on an axis cut to {low}-{high}; ◆ and dots: everybody; bars: 95% intervals", low=low, high=high), KEY)
    keys += lines(weak_words(release, locale), KEY) if any(hollow) else []
    figure.update_xaxes(range=[low, high], dtick=STEP)
    figure.update_yaxes(range=[height, 0], showgrid=False, showticklabels=False)
    said = caption(f"{what}, {_.pick(field.vi, field.en)}", release, unit, locale)
    return finish(figure, said, locale, int(height), keys=keys)


def reach(cells: Sequence[Cell]) -> tuple[int, int]:
    """Ends of an axis that holds all scores with their intervals, on full steps and at least NARROWEST points apart."""
    bounds = [bound for cell in cells for bound in (cell.low, cell.score, cell.high) if bound is not None]
    if not bounds:
        return 0, 100
    low, high = math.floor((min(bounds) - 1) / STEP) * STEP, math.ceil((max(bounds) + 1) / STEP) * STEP
    while high - low < NARROWEST:
        low, high = low - STEP, high + (STEP if high - low + STEP < NARROWEST else 0)
    return max(low, 0), min(high, 100)


def _of_all_breakdowns(release: Release, unit: str, measure: str) -> list[Cell]:
    places = [("", "")] + [(field.id, str(c.value)) for field in release.questionnaire.breakdowns for c in field.published]
    found = (release.cell(unit, measure, *place) for place in places)
    return [cell for cell in found if isinstance(cell, Cell)]


def _labels(rows: Sequence[tuple[str, Cell | Suppressed]], left: float, locale: Locale) -> tuple[go.Figure, list[float], float]:
    """Names with score and base as one trace of texts; the middle of every strip under them, and the height of all."""
    place, tops, texts, strips = 0.0, [], [], []
    for label, cell in rows:
        if isinstance(cell, Suppressed):
            text = [*lines(label), f"╱╱ {locale(REASONS[cell.reason])}"]
        else:
            text = lines(f"{label}: {score_of(cell, locale)} (n = {base_of(cell, locale)})")
        tops.append(place)
        texts.append("<br>".join(text))
        place += LINE * len(text)
        strips.append(place + STRIP / 2)
        place += STRIP + 8
    figure = go.Figure(
        go.Scatter(
            x=[left] * len(tops), y=tops, text=texts, mode="text", textposition="bottom right", hoverinfo="skip", showlegend=False,
            cliponaxis=False,
        )
    )  # fmt: skip
    return figure, strips, place


def _dots(figure: go.Figure, shown: Sequence[tuple[Cell, float]], symbols: Sequence[str], hollow: Sequence[bool]) -> None:
    scores = [cell.score or 0.0 for cell, _y in shown]
    figure.add_scatter(
        x=scores, y=[y for _cell, y in shown], mode="markers", hoverinfo="skip", showlegend=False,
        marker={"size": 11, "color": ACCENT, "symbol": [one + "-open" if open_ else one for one, open_ in zip(symbols, hollow, strict=True)],
                "line": {"width": 2, "color": ACCENT}},
        error_x=intervals([cell for cell, _y in shown]),
    )  # fmt: skip


def intervals(cells: Sequence[Cell]) -> dict[str, object]:
    """Error bars from scores to the ends of their intervals; none where there is no interval."""

    def half(far: float | None, near: float | None) -> float:
        return 0.0 if far is None or near is None else max(far - near, 0.0)

    return {
        "type": "data", "symmetric": False, "color": GREY, "thickness": 2, "width": 5,
        "array": [half(cell.high, cell.score) for cell in cells], "arrayminus": [half(cell.score, cell.low) for cell in cells],
    }  # fmt: skip
