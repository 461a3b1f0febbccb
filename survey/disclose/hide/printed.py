"""Numbers as they are printed once it is known which of them may not be exact.

A bound is no use beside the option counts, the spread or the interval that give the exact number
away. So these are kept only where the number itself is; else the spread is the largest that the
printed numbers allow, a function of nothing else, and the interval is reckoned with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, PARTIAL, ROUNDED_TO, WITHHELD
from survey.disclose.unanimity import least_spread
from survey.process.composites import points_of, spread_of
from survey.process.estimates import Estimates
from survey.process.intervals import student
from survey.process.scores import Floats
from survey.process.tree import Flags

Marks = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Printed:
    """What may be printed of each of nodes x measures (NaN = not); note: "favourable≥ sd≤", "parts?" (PARTIAL)."""

    base: Floats
    score: Floats
    sd: Floats
    low: Floats
    high: Floats
    favourable: Floats
    unfavourable: Floats
    dont_know: Floats
    options: Floats
    note: Marks

    @classmethod
    def exactly(cls, exact: Estimates) -> Printed:
        note = np.where(exact.partial, PARTIAL, "").astype(object)
        return cls(
            exact.base, exact.score, exact.sd, exact.low, exact.high, exact.favourable, exact.unfavourable, exact.dont_know, exact.options, note
        )  # fmt: skip


def printed(exact: Estimates, values: Mapping[str, Floats], marks: Mapping[str, Marks], items: Flags, partial: Flags) -> Printed:
    """`values`: scores and shares as they are printed; `items`: which measures are single questions: there the spread
    tells even one unfavourable answer from none."""
    score, favourable, unfavourable = (marks[name] for name in ("score", "favourable", "unfavourable"))
    value = values["score"]
    # Of composites made of bounds nothing exact is left either.
    mixed = exact.parts & (score == ABOUT)
    bound = _bound(score) | _bound(favourable) | (_bound(unfavourable) & items) | mixed
    loose = bound | (exact.sd < least_spread(exact.base) - 1e-9)
    limit = np.where(bound, _largest_spread(value, exact.base, favourable == AT_MOST, unfavourable == AT_MOST), least_spread(exact.base))
    limit = np.ceil(limit * 10 - 1e-6) / 10
    low, high = _interval(exact, value, limit)
    # Around the rounded score, and wide enough for the exact one: its ends say no more than it does.
    room = np.ceil(exact.margin + ROUNDED_TO / 2)
    about = (score == ABOUT) & ~loose
    low = np.where(loose, low, np.where(about, np.maximum(value - room, 0), np.maximum(value - exact.margin, 0)))
    high = np.where(loose, high, np.where(about, np.minimum(value + room, 100), np.minimum(value + exact.margin, 100)))
    gone = score == WITHHELD
    note = np.full(value.shape, "", dtype=object)
    for name, given in (*marks.items(), ("sd", np.where(loose & ~gone, AT_MOST, ""))):
        note += np.where(given == "", "", " " + name + given)
    note += np.where(partial, " " + PARTIAL, "")
    return Printed(
        base=exact.base,
        score=value,
        sd=spread_of(np.where(gone, np.nan, np.where(loose, limit, exact.sd))),
        low=points_of(np.where(gone, np.nan, np.where(score == AT_MOST, 0.0, low))),
        high=points_of(np.where(gone, np.nan, np.where(score == AT_LEAST, 100.0, high))),
        favourable=values["favourable"],
        unfavourable=values["unfavourable"],
        dont_know=exact.dont_know,
        # They give every other number exactly, so they are printed only beside exact ones.
        options=np.where(((score == "") & (favourable == "") & (unfavourable == ""))[:, :, None], exact.options, np.nan),
        note=np.vectorize(str.strip, otypes=[object])(note),
    )


def _bound(mark: Marks) -> Flags:
    return np.asarray((mark == AT_LEAST) | (mark == AT_MOST))


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
        margin = student(np.maximum(base - 1, 1)) * sd * np.sqrt(finite / base)
    return np.maximum(score - margin, 0), np.minimum(score + margin, 100)
