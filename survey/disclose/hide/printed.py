"""Numbers as they are printed once it is known which of them may not be exact.

A bound is no use beside the option counts, the spread or the interval that give the exact number
away. So these are kept only where the number itself is; else the spread is the largest that the
printed numbers allow, a function of nothing else, and the interval is reckoned with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from survey.disclose.attack.programme import Flags
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, ROUNDED_TO, WITHHELD
from survey.disclose.unanimity import blunt, least_spread, rounded
from survey.process.estimates import Estimates
from survey.process.intervals import CONFIDENCE
from survey.process.scores import Floats

Marks = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Printed:
    """estimates: what may be printed (NaN = not); note: for each number of nodes x measures, "favourable≥ sd≤"."""

    estimates: Estimates
    note: Marks

    @classmethod
    def exactly(cls, estimates: Estimates) -> Printed:
        return cls(estimates, np.full(estimates.base.shape, "", dtype=object))


def printed(exact: Estimates, marks: Mapping[str, Marks], items: Flags) -> Printed:
    """`items`: which measures are single questions: there the spread tells even one unfavourable answer from none."""
    score, favourable, unfavourable = (marks[name] for name in ("score", "favourable", "unfavourable"))
    answers = exact.options.sum(axis=2)
    value = _value(exact.score, exact.base, score)
    bound = _bound(score) | _bound(favourable) | (_bound(unfavourable) & items)
    loose = bound | (exact.sd < least_spread(exact.base) - 1e-9)
    limit = np.where(bound, _largest_spread(value, exact.base, favourable == AT_MOST, unfavourable == AT_MOST), least_spread(exact.base))
    low, high = _interval(exact, value, limit)
    # Around the rounded score, and wide enough for the exact one: its ends say no more than it does.
    room = np.ceil((exact.high - exact.low) / 2 + ROUNDED_TO / 2)
    about = (score == ABOUT) & ~loose
    low = np.where(loose, low, np.where(about, np.maximum(value - room, 0), exact.low))
    high = np.where(loose, high, np.where(about, np.minimum(value + room, 100), exact.high))
    gone = score == WITHHELD
    note = np.full(value.shape, "", dtype=object)
    for name, given in (*marks.items(), ("sd", np.where(loose & ~gone, AT_MOST, ""))):
        note += np.where(given == "", "", " " + name + given)
    return Printed(
        estimates=replace(
            exact,
            score=value,
            sd=np.where(gone, np.nan, np.where(loose, limit, exact.sd)),
            low=np.where(gone, np.nan, np.where(score == AT_MOST, 0.0, low)),
            high=np.where(gone, np.nan, np.where(score == AT_LEAST, 100.0, high)),
            favourable=_value(exact.favourable, answers, favourable),
            unfavourable=_value(exact.unfavourable, answers, unfavourable),
            # They give every other number exactly, so they are printed only beside exact ones.
            options=np.where(((score == "") & (favourable == "") & (unfavourable == ""))[:, :, None], exact.options, np.nan),
        ),
        note=np.vectorize(str.strip, otypes=[object])(note),
    )


def _bound(mark: Marks) -> Flags:
    return np.asarray((mark == AT_LEAST) | (mark == AT_MOST))


def _value(value: Floats, count: Floats, mark: Marks) -> Floats:
    clamped = np.where(_bound(mark), blunt(value, count).value, value)
    return np.where(mark == WITHHELD, np.nan, np.where(mark == ABOUT, rounded(clamped), clamped))


def _largest_spread(score: Floats, base: Floats, few_favourable: Flags, few_unfavourable: Flags) -> Floats:
    """The largest standard deviation with this mean: of any answers between 0 and 100 (Bhatia & Davis 2000), or
    where at most one answered on one side of the middle, with that one at its end or there too."""
    widest = score * (100 - score)
    above = np.where(few_unfavourable, _one_apart(score, base), widest)
    below = np.where(few_favourable, _one_apart(100 - score, base), widest)
    variance = np.minimum(np.minimum(above, below), widest)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(np.maximum(variance, 0) * base / (base - 1))


def _one_apart(score: Floats, base: Floats) -> Floats:
    """All between 50 and 100, or one at 0 and the others there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.clip(score * base / (base - 1), 50, 100)
        one = ((base - 1) * (others - 50) * (100 - others) + (base - 1) / base * others**2) / base
    return np.maximum((score - 50) * (100 - score), one)


def _interval(exact: Estimates, score: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """As a single unit's: simple random, without more staff than forms no correction is taken."""
    base, size = exact.base, exact.weight
    with np.errstate(divide="ignore", invalid="ignore"):
        finite = np.where(size > base, (size - base) / (size - 1), 1.0)
        margin = student.ppf(0.5 + CONFIDENCE / 2, np.maximum(base - 1, 1)) * sd * np.sqrt(finite / base)
    return np.maximum(score - margin, 0), np.minimum(score + margin, 100)
