"""When (nearly) everybody answered alike, a number says what each person answered. Blunt it.

The rule: every person must be able to say "I was the one who differed". With f favourable answers
of n people, f = n or n - 1 is printed as "at least (n - 1)/n" and f = 0 or 1 as "at most 1/n"; a mean
is kept a whole step of one person away from the end of the scale. What remains when shown parts are
taken from a shown whole is held to the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.disclose.release import ROUNDED_TO
from survey.process.scores import Floats
from survey.process.tree import Flags

_TINY = 1e-9
_ROUNDING = 0.006  # points: two decimals are printed


@dataclass(frozen=True, eq=False)
class Blunted:
    """`value`: what may be printed; `sign`: +1 = "at least", -1 = "at most", 0 = exactly."""

    value: Floats
    sign: NDArray[np.int64]


def blunt(percent: Floats, base: Floats) -> Blunted:
    """Scores 0-100 or shares in percent over `base` people, kept within [100/n, 100 - 100/n].

    For a mean on a 1-5 scale this is [1 + 4/n, 5 - 4/n]: one person's whole range from the end.
    NaN stays NaN. A base of 1 or 0 has nothing that may be printed: NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(base > 1, 100 / base, np.nan)
        value = np.clip(percent, step, 100 - step)
        high, low = percent > 100 - step - _ROUNDING, percent < step + _ROUNDING
    # At a base of 2 both ends meet: nothing but the middle can be said.
    return Blunted(value, np.where(high & ~low, 1, np.where(low & ~high, -1, 0)))


def one_sided(options: Floats) -> Flags:
    """Items (counts per answer point on the last axis) where all, or all but one, chose one point.

    Their counts must not be printed exactly, nor the spread or interval that would give it away.
    Groups whose counts are weighted are held to the same measure.
    """
    answers = options.sum(axis=-1)
    return np.asarray((answers > 0) & (options.max(axis=-1) >= answers - 1 - _TINY))


def telling(percent: Floats, people: Floats, slack: float = _TINY) -> Flags:
    """Is a mean or share of `people` at an end of the scale, as far as one person's answer (and `slack` points) reaches?"""
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(people >= 2 - _TINY, 100 / people, 100.0)
        return np.asarray((people > _TINY) & ~((percent > step + slack) & (percent < 100 - step - slack)))


def rounded(value: Floats) -> Floats:
    """In steps of ROUNDED_TO: what is printed of a number marked ABOUT."""
    return np.asarray(np.round(value / ROUNDED_TO) * ROUNDED_TO)


def rounding_covers(whole: Floats, weight: Floats, seen: Floats, room: Floats, people: Floats) -> Flags:
    """Would a remainder of `people` stop telling if the whole were printed in steps of ROUNDED_TO?

    weight: of the whole; seen: weighted sum of its known parts; room: weight of what is left. The
    remainder must be able to lie two people's answers from the end it is at.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low = ((rounded(whole) - ROUNDED_TO / 2) * weight - seen) / room
        high = ((rounded(whole) + ROUNDED_TO / 2) * weight - seen) / room
        return np.asarray((people >= 5) & (high >= 200 / people) & (low <= 100 - 200 / people))


def least_spread(people: Floats) -> Floats:
    """The smallest standard deviation (0-100) that is printed: one person a step of the scale from all others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(people > 0, 25 / np.sqrt(people), np.nan)
