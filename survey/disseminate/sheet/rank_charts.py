"""Ranks with their error and the funnel beside them, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from survey.analyse.ranking import INNER, OUTER, Funnel, Ranked
from survey.disclose.release import Release
from survey.disseminate.figures.ranking import free_places, outside, placed
from survey.disseminate.look import node_name, weak, weak_words
from survey.disseminate.shapes import Bar
from survey.disseminate.sheet import svg
from survey.disseminate.sheet.html import Html
from survey.i18n import Locale

SIDES = {"top center": (0, -13), "bottom center": (0, 13), "middle right": (14, 0), "middle left": (-14, 0)}
STEPS = 40  # points of a curve


def ranking(
    release: Release, group: str, found: Sequence[Ranked], centre: float | None, what: str, locale: Locale, width: float = svg.PHONE
) -> Html:
    """A dot with its interval a unit, from high to low, under its band of ranks; the group's score as a diamond."""
    rows = [
        Bar(
            label=placed(place, one, release, locale), text=locale.number(one.cell.score), value=one.cell.score,
            low=one.cell.low, high=one.cell.high, mark=centre, fill="dot weak" if weak(release, one.unit, one.cell) else "dot",
        )
        for place, one in enumerate(found, start=1)
    ]  # fmt: skip
    legend = [locale("thin lines: 95% interval; the axis is cut")]
    if centre is not None:
        legend.append(f"◊ {node_name(release, group, locale)}: {locale.number(centre)}")
    if any(row.fill == "dot weak" for row in rows):
        legend.append(weak_words(release, locale))
    reach = _fives([one.cell.low or 0.0 for one in found], [one.cell.high or 100.0 for one in found])
    return svg.bars(rows, f"{locale('Ranking in bands')}: {what}", legend, [(value, locale.number(value, 0)) for value in reach], width)


def funnel(
    release: Release, group: str, found: Sequence[Ranked], curve: Funnel, what: str, locale: Locale, width: float = svg.PHONE
) -> Html:
    """Score against base: the fewer the answers, the wider chance alone spreads the units."""
    _, bases, scores = locale, [one.base for one in found], [one.cell.score or 0.0 for one in found]
    grid = np.geomspace(max(min(bases) * 0.8, 2), max(bases) * 1.15, STEPS)
    curves = [
        (class_, [(float(n), curve.limits(float(n), share)[side]) for n in grid]) for share, class_ in ((INNER, "break"), (OUTER, "break asked")) for side in (0, 1)
    ]  # fmt: skip
    spots = [
        svg.Spot(one.base, score, str(place), SIDES[side], ("down", "circle", "up")[1 + outside(one, curve)])
        for place, (one, score, side) in enumerate(zip(found, scores, free_places(bases, scores, curve.centre), strict=True), start=1)
    ]
    heights = [value for _class, points in curves for _n, value in points]
    legend = [_("Vertical: score (0-100); horizontal: forms. Numbers: places in the ranking")] + [
        f"{sign} {_('{share} by chance', share=_.percent(100 * share, 1 if share > 0.99 else 0))}" for share, sign in ((INNER, "– –"), (OUTER, "· · ·"))
    ]  # fmt: skip
    return svg.scatter(
        spots, curves, curve.centre, _round(float(grid[-1])), _fives([*scores, *heights], [*scores, *heights]), lambda value: _.number(value, 0),
        f"{_('Funnel plot')}: {what}", legend, width,
    )  # fmt: skip


def _round(last: float) -> list[float]:
    """Ticks from 0 to beyond `last`, at most five, at 1, 2 or 5 times a power of ten."""
    step = next(step for power in range(7) for lead in (1, 2, 5) if (step := lead * 10**power) * 4 >= last)
    return [float(step * n) for n in range(ceil(last / step) + 1)]


def _fives(lows: Sequence[float], highs: Sequence[float]) -> list[float]:
    """Ticks around all values; at tens where fives would crowd."""
    low, high = 5 * floor(min(lows) / 5), 5 * ceil(max(highs) / 5)
    step = 5 if high - low <= 30 else 10
    low, high = step * floor(low / step), step * ceil(high / step)
    return [float(value) for value in range(max(low, 0), min(high, 100) + 1, step)]
