"""Is a difference real? Four states, never three: higher, lower, no clear difference, not tested.

Sources: CSPS technical guides (minimum bases 10 / 20 / 30), APS (a smallest size that matters),
Benjamini & Hochberg 1995 for a table of many tests. Overlapping intervals are never used as a test.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import test_proportions_2indep as score_test

from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, ROUNDED_TO, Cell, Release, Suppressed
from survey.errors import N_
from survey.process.intervals import CONFIDENCE, correction, student
from survey.process.scores import Floats

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]


class State(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_DIFFERENCE = "no-clear-difference"
    NOT_TESTED = "not-tested"


HIDDEN = N_("one of the two numbers is hidden or missing")
SMALL_BASE = N_("too few answers for a test")
NO_SPREAD = N_("the spread is unknown")
NO_BASE = N_("only the score was printed, not how many people stand behind it")
BOUNDED = N_("one of the two numbers is only a bound")
PARTS = N_("a part of one of the two is hidden or was not answered")
SCORE, FAVOURABLE = "score", "favourable"


@dataclass(frozen=True)
class Side:
    """One number of a comparison, with the eligible people behind it (None = unknown).

    `error`: standard error of the score where it is not that of one sample (a group's is stratified);
    `missing`: why it may not be compared, with or without a number (msgid).
    """

    cell: Cell | Suppressed
    headcount: int | None = None
    error: float | None = None
    missing: str = ""


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
    cell = release.cell(unit, measure, breakdown, category)
    if unit not in release.plan.by_id or release.published_elsewhere:
        return Side(cell)
    strata = len(release.plan.strata[unit])
    error = _stratified_error(cell, strata) if strata > 1 else None
    return Side(cell, None if category else release.plan.headcount(unit), error)


def _stratified_error(cell: Cell | Suppressed, strata: int) -> float | None:
    """The standard error in a group's published t interval: its variance is the sum over the strata."""
    if isinstance(cell, Suppressed) or cell.base is None or cell.score is None or cell.low is None or cell.high is None:
        return None
    margin = max(cell.high - cell.score, cell.score - cell.low)  # one end may be cut at 0 or 100
    return margin / float(student(np.array(float(max(cell.base - strata, 1)))))


def standard_error(one: Side) -> float | None:
    """Standard error of a score, with the finite population correction; None where the spread is unknown."""
    if one.error is not None or isinstance(one.cell, Suppressed) or one.cell.sd is None or not one.cell.base:
        return one.error
    return one.cell.sd * correction(one.cell.base, one.headcount) / math.sqrt(one.cell.base)


def compare(
    pairs: Sequence[tuple[Side, Side]], policy: Mapping[str, Any], minimum: str = "base_score", of: str = SCORE
) -> list[Comparison]:
    """Each first side against its second, as one family of tests: Welch's t on scores, two-proportion z on shares.

    `minimum` names the policy's smallest base: "base_score", "base_share" or "base_item"; `of`: what is
    compared, SCORE or FAVOURABLE. A unit that is part of the group it is held against makes the test
    conservative: the people in both only narrow the difference's variance, reckoned here as if they were strangers.
    """
    found = [_untested(one, other, policy[minimum], of) for one, other in pairs]
    tested = [place for place, one in enumerate(found) if not one.reason]
    if tested:
        sides = [pairs[place] for place in tested]
        # A rounded number is taken at that end of what it stands for which makes the difference smallest.
        seen = np.array([found[place].difference for place in tested], dtype=float)
        rounded = np.array([sum(isinstance(one.cell, Cell) and one.cell.bound(of) == ABOUT for one in pair) for pair in sides])
        difference = np.sign(seen) * np.maximum(np.abs(seen) - rounded * ROUNDED_TO / 2, 0)
        p = (_welch_of if of == SCORE else _shares_of)(sides, difference)
        calls = called(difference, p, policy["smallest"], policy["false_discoveries"])
        for place, chance, call in zip(tested, p.tolist(), calls.tolist(), strict=True):
            direction = State.HIGHER if (found[place].difference or 0.0) > 0 else State.LOWER
            found[place] = replace(found[place], state=direction if call else State.NO_CLEAR_DIFFERENCE, p=chance)
    return found


def _untested(one: Side, other: Side, least: int, of: str) -> Comparison:
    """The pair before any test: its difference, and the reason if it cannot be tested."""
    a, b, missing = one.cell, other.cell, one.missing or other.missing
    if missing or isinstance(a, Suppressed) or isinstance(b, Suppressed):
        return Comparison(None, State.NOT_TESTED, missing or HIDDEN)
    first, second = getattr(a, of), getattr(b, of)
    if first is None or second is None:
        return Comparison(None, State.NOT_TESTED, HIDDEN)
    reason = ""
    if a.base is None or b.base is None:
        reason = NO_BASE
    elif min(a.base, b.base) < least:
        reason = SMALL_BASE
    elif a.partial or b.partial:
        reason = PARTS
    elif _only_bounded(a, b, of, first - second):
        reason = BOUNDED
    elif of == SCORE and (standard_error(one) is None or standard_error(other) is None):
        reason = NO_SPREAD
    return Comparison(first - second, State.NOT_TESTED, reason)


def _only_bounded(a: Cell, b: Cell, of: str, difference: float) -> bool:
    """Is one of the numbers a bound on the side from which the true difference might be none?"""
    up = a.bound(of) == AT_LEAST or b.bound(of) == AT_MOST  # the true difference is this one or higher
    down = a.bound(of) == AT_MOST or b.bound(of) == AT_LEAST
    return (up and difference <= 0) or (down and difference >= 0) or (up and down)


def called(difference: Floats, p: Floats, smallest: float, false_share: float) -> Bools:
    """Which differences of one family are called: Benjamini-Hochberg at `false_share`, and at least `smallest` points."""
    rejected: Bools = multipletests(p, alpha=false_share, method="fdr_bh")[0]
    return rejected & (np.abs(difference) >= smallest)


def welch(difference: Floats, error: tuple[Floats, Floats], base: tuple[Counts, Counts]) -> Floats:
    """p of Welch's t test from standard errors and bases; without any error (all were asked and answered) a difference is a fact."""
    (a, b), (n, m) = error, base
    with np.errstate(invalid="ignore", divide="ignore"):
        p = stats.ttest_ind_from_stats(difference, a * np.sqrt(n), n, np.zeros_like(difference), b * np.sqrt(m), m, equal_var=False).pvalue
    certain = (a == 0) & (b == 0)
    return np.asarray(np.where(certain, np.where(difference == 0, 1.0, 0.0), p), dtype=float)


def _welch_of(sides: Sequence[tuple[Side, Side]], difference: Floats) -> Floats:
    errors = np.array([[standard_error(one) for one in pair] for pair in sides], dtype=float)
    return welch(difference, (errors[:, 0], errors[:, 1]), _bases(sides))


def _shares_of(sides: Sequence[tuple[Side, Side]], difference: Floats) -> Floats:
    shares = np.array([[one.cell.favourable if isinstance(one.cell, Cell) else None for one in pair] for pair in sides], dtype=float) / 100
    known = np.array([[correction(_base(one), one.headcount) for one in pair] for pair in sides])
    return two_proportions(shares.T, np.array(_bases(sides)), known.T)[1]


def _bases(sides: Sequence[tuple[Side, Side]]) -> tuple[Counts, Counts]:
    bases = np.array([[_base(one) for one in pair] for pair in sides], dtype=np.int64)
    return bases[:, 0], bases[:, 1]


def _base(one: Side) -> int:
    return (one.cell.base or 0) if isinstance(one.cell, Cell) else 0


CENSUS = 1e-6  # the correction of a complete count: as good as certain


def two_proportions(share: Floats, base: Floats | Counts, known: Floats | float = 1.0) -> tuple[Floats, Floats]:
    """z and two-sided p of the two-proportion test with pooled standard error; arrays of 2 (x tests), shares 0-1.

    `known`: finite population correction of each side, sqrt((N - n) / (N - 1)); n people out of N tell as
    much as n / correction^2 people out of a crowd.
    """
    told = base / np.maximum(known, CENSUS) ** 2 * np.ones_like(share)
    with np.errstate(invalid="ignore", divide="ignore"):
        result = score_test(share[0] * told[0], told[0], share[1] * told[1], told[1], method="score", compare="diff", correction=False)
    alike = share[0] == share[1]  # also where nobody or everybody is favourable: no spread at all
    return np.where(alike, 0.0, result.statistic), np.where(alike, 1.0, result.pvalue)


def welch_interval(one: Side, other: Side) -> tuple[float, float] | None:
    """Welch's 95% interval of the difference of two scores; None where a number or its spread is unknown."""
    a, b = one.cell, other.cell
    first, second = standard_error(one), standard_error(other)
    if one.missing or other.missing or isinstance(a, Suppressed) or isinstance(b, Suppressed) or a.score is None or b.score is None:
        return None
    if first is None or second is None or a.base is None or b.base is None or min(a.base, b.base) < 2:
        return None
    difference, variance = a.score - b.score, first**2 + second**2
    if not variance:
        return difference, difference
    freedom = variance**2 / (first**4 / (a.base - 1) + second**4 / (b.base - 1))
    low, high = stats.t.interval(CONFIDENCE, freedom, difference, math.sqrt(variance))
    return float(low), float(high)


def parent_of(release: Release, unit: str) -> str | None:
    """The node a unit is held against: its group (khối), or its parent where there are no groups."""
    parent = release.node(unit).parent
    return parent if parent is not None and parent in release.plan.by_id else None


def root_of(release: Release, unit: str) -> str:
    """The whole the unit belongs to (the province)."""
    while (parent := parent_of(release, unit)) is not None:
        unit = parent
    return unit
