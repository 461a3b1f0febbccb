"""Is a difference real? Four states, never three: higher, lower, no clear difference, not tested.

Sources: CSPS technical guides (minimum bases 10 / 20 / 30), APS (a smallest size that matters),
Benjamini & Hochberg 1995 for a table of many tests. Overlapping intervals are never used as a test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from scipy import stats

from survey.disclose.release import Cell, Release, Suppressed
from survey.errors import N_
from survey.process.intervals import correction


class State(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_DIFFERENCE = "no-clear-difference"
    NOT_TESTED = "not-tested"


HIDDEN = N_("one of the two numbers is hidden or missing")
SMALL_BASE = N_("too few answers for a test")
NO_SPREAD = N_("the spread is unknown")


@dataclass(frozen=True)
class Side:
    """One number of a comparison, with the eligible people behind it (None = unknown)."""

    cell: Cell | Suppressed
    headcount: int | None = None


@dataclass(frozen=True)
class Comparison:
    """difference in points (unrounded, None when a number is hidden); reason is a msgid when not tested."""

    difference: float | None
    state: State
    reason: str = ""
    p: float | None = None

    @property
    def called(self) -> bool:
        return self.state in (State.HIGHER, State.LOWER)


def side(release: Release, unit: str, measure: str, breakdown: str = "", category: str = "") -> Side:
    headcount = release.plan.headcount(unit) if unit in release.plan.by_id and not release.published_elsewhere else None
    return Side(release.cell(unit, measure, breakdown, category), None if category else headcount)


def compare(pairs: Sequence[tuple[Side, Side]], policy: dict[str, Any] | Any, minimum: str = "base_score") -> list[Comparison]:
    """Each first side against its second, as one family of tests on scores (Welch's t from bases, means, spreads).

    `minimum` names the policy's smallest base: "base_score", "base_share" or "base_item". A unit that is
    part of the group it is held against makes the test conservative: the shared people only narrow the
    true difference's variance, which is reckoned here as if the two were strangers.
    """
    least, smallest, false_share = policy[minimum], policy["smallest"], policy["false_discoveries"]
    found: list[Comparison] = []
    for one, other in pairs:
        a, b = one.cell, other.cell
        if isinstance(a, Suppressed) or isinstance(b, Suppressed) or a.score is None or b.score is None:
            found.append(Comparison(None, State.NOT_TESTED, HIDDEN))
            continue
        difference = a.score - b.score
        if a.base < least or b.base < least:
            found.append(Comparison(difference, State.NOT_TESTED, SMALL_BASE))
        elif a.sd is None or b.sd is None:
            found.append(Comparison(difference, State.NOT_TESTED, NO_SPREAD))
        else:
            p = welch(a, one.headcount, b, other.headcount)
            found.append(Comparison(difference, State.NO_CLEAR_DIFFERENCE, p=p))
    return _call(found, smallest, false_share)


def _call(found: list[Comparison], smallest: float, false_share: float) -> list[Comparison]:
    tested = [number for number, one in enumerate(found) if one.p is not None]
    if tested:
        adjusted = stats.false_discovery_control([found[number].p or 0.0 for number in tested], method="bh")
        for number, q in zip(tested, np.atleast_1d(adjusted), strict=True):
            one = found[number]
            difference = one.difference or 0.0
            if q <= false_share and abs(difference) >= smallest:
                found[number] = Comparison(difference, State.HIGHER if difference > 0 else State.LOWER, p=one.p)
    return found


def welch(a: Cell, population_a: int | None, b: Cell, population_b: int | None) -> float:
    """p of Welch's t test with the finite population correction on each side's standard error."""
    spread_a = (a.sd or 0.0) * correction(a.base, population_a)
    spread_b = (b.sd or 0.0) * correction(b.base, population_b)
    if spread_a == 0 and spread_b == 0:  # everybody was asked and answered: the difference is a fact
        return 0.0 if a.score != b.score else 1.0
    result = stats.ttest_ind_from_stats(a.score or 0.0, spread_a, a.base, b.score or 0.0, spread_b, b.base, equal_var=False)
    return float(result.pvalue)


def two_proportions(share_a: float, n_a: int, share_b: float, n_b: int) -> tuple[float, float]:
    """z and two-sided p of two shares (0-1) with the pooled standard error."""
    pooled = (share_a * n_a + share_b * n_b) / (n_a + n_b)
    z = (share_a - share_b) / math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return z, float(2 * stats.norm.sf(abs(z)))


def parent_of(release: Release, unit: str) -> str | None:
    """The node a unit is held against: its group (khối), or its parent where there are no groups."""
    parent = release.node(unit).parent
    return parent if parent is not None and parent in release.plan.by_id else None


def root_of(release: Release, unit: str) -> str:
    """The whole the unit belongs to (the province)."""
    while (parent := parent_of(release, unit)) is not None:
        unit = parent
    return unit
