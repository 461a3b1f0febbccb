"""Ranks that respect the error: a unit's band is the set of ranks its interval allows. Never a bare league table.

Also the funnel beside it: how far from the group a unit of n answers may lie by chance alone.
Source: Goldstein & Spiegelhalter 1996 (league tables and their limitations); Spiegelhalter 2005 (funnel plots).
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scipy.stats import norm

from survey.disclose.release import ABOUT, INDEX, Cell, Release

FEWEST = 3  # units for a ranking, and for a middle among them
INNER, OUTER = 0.95, 0.998  # of all units without a true difference lie within


@dataclass(frozen=True)
class Ranked:
    """A unit, its number, and the best and the worst rank its 95% interval allows."""

    unit: str
    cell: Cell
    best: int
    worst: int

    @property
    def base(self) -> int:
        assert self.cell.base is not None  # without one there is no interval
        return self.cell.base


@dataclass(frozen=True)
class Funnel:
    """The group's score and the spread of one person in it (pooled within the units)."""

    centre: float
    sd: float

    def limits(self, base: float, share: float) -> tuple[float, float]:
        """Between which scores `share` of units with `base` answers lie if none truly differs (no population correction)."""
        margin = _deviations(share) * self.sd / math.sqrt(base)
        return max(self.centre - margin, 0.0), min(self.centre + margin, 100.0)


@cache
def _deviations(share: float) -> float:
    """Between how many standard deviations `share` of a normal distribution lies; a curve asks at every point, for the same two shares."""
    return float(norm.ppf(0.5 + share / 2))


def ranked(release: Release, units: Sequence[str], measure: str = INDEX) -> tuple[Ranked, ...]:
    """Units that show the measure with an interval, from high to low."""
    return in_bands([(unit, cell) for unit in units if isinstance(cell := release.cell(unit, measure), Cell)])


def median(release: Release, units: Sequence[str], measure: str = INDEX) -> tuple[float, int] | None:
    """The middle unit's score and how many units show one, each counting once, however many people it has; None below three.

    Many organisations' headline (the UK Civil Service People Survey's benchmark is the median organisation); scores that are bounds are left out.
    """
    cells = [release.cell(unit, measure) for unit in units]
    scores = [cell.score for cell in cells if isinstance(cell, Cell) and cell.score is not None and cell.bound("score") in ("", ABOUT)]
    return (statistics.median(scores), len(scores)) if len(scores) >= FEWEST else None


def in_bands(cells: Sequence[tuple[str, Cell]]) -> tuple[Ranked, ...]:
    """Of (unit, cell) those with an interval, from high to low."""
    shown = [(unit, cell, bounds) for unit, cell in cells if (bounds := _bounds(cell)) is not None]
    lows, highs = (sorted(bounds[end] for _unit, _cell, bounds in shown) for end in (0, 1))
    found = [
        Ranked(unit, cell, 1 + len(shown) - bisect_right(lows, high), len(shown) - bisect_left(highs, low))
        for unit, cell, (low, high) in shown
    ]
    return tuple(sorted(found, key=lambda one: (-(one.cell.score or 0.0), one.unit)))


def funnel(release: Release, group: str, found: Sequence[Ranked], measure: str = INDEX) -> Funnel | None:
    """None where the group's score is hidden or no spread is known."""
    cell = release.cell(group, measure)
    known = [(one.base - 1, one.cell.sd) for one in found if one.cell.sd is not None and one.base > 1]
    if not isinstance(cell, Cell) or cell.score is None or not known:
        return None
    freedom = sum(weight for weight, _sd in known)
    return Funnel(cell.score, math.sqrt(sum(weight * sd**2 for weight, sd in known) / freedom))


def _bounds(cell: Cell) -> tuple[float, float] | None:
    return None if cell.base is None or cell.low is None or cell.high is None or cell.score is None else (cell.low, cell.high)
