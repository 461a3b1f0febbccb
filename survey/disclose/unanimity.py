"""When (nearly) everybody answered alike, a number says what each person answered. Blunt it.

The rule: every person must be able to say "I was the one who differed". With f favourable answers
of n people, f = n or n - 1 is printed as "at least (n - 1)/n" and f = 0 or 1 as "at most 1/n"; a mean
is kept a whole step of one person away from the end of the scale. What remains when shown parts are
taken from a shown whole is held to the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.disclose.programme import Flags
from survey.process.scores import Floats

_TINY = 1e-9


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
        high, low = percent > 100 - step - _TINY, percent < step + _TINY
    # At a base of 2 both ends meet: nothing but the middle can be said.
    return Blunted(value, np.where(high & ~low, 1, np.where(low & ~high, -1, 0)))


def one_sided(options: Floats) -> Flags:
    """Items (counts per answer point on the last axis) where all, or all but one, chose one point.

    Their counts must not be printed exactly, nor the spread or interval that would give it away.
    Groups whose counts are weighted are held to the same measure.
    """
    answers = options.sum(axis=-1)
    return np.asarray((answers > 0) & (options.max(axis=-1) >= answers - 1 - _TINY))


def blunt_options(counts: Sequence[float]) -> tuple[tuple[float, ...], bool]:
    """Counts that may be printed, and whether they are blunted: then the largest stands for "at least
    n - 1 of n" and every other for "at most 1" (printed as 0)."""
    given = np.asarray(counts, dtype=float)
    if not one_sided(given):
        return tuple(float(count) for count in given), False
    most = np.zeros(len(given))
    most[int(given.argmax())] = max(given.sum() - 1, 0)
    return tuple(float(count) for count in most), True


@dataclass(frozen=True)
class Remainder:
    """A group that is no number of the release but follows from it: whole minus shown parts."""

    whole: int
    parts: tuple[int, ...]
    people: float
    percent: float


def telling_remainders(
    relations: Sequence[tuple[int, tuple[int, ...]]], shown: Flags, people: Floats, weight: Floats, percent: Floats
) -> list[Remainder]:
    """Derived groups in which (nearly) everybody answered alike.

    relations: (whole, parts), whole = sum of the parts; arrays are over numbers. weight: what a number
    counts in its whole (people, or headcount where groups are weighted); percent: score 0-100 or share.
    """
    found = []
    for whole, parts in relations:
        seen = tuple(part for part in parts if shown[part])
        if not shown[whole] or not seen:
            continue
        left = people[whole] - people[list(seen)].sum()
        room = weight[whole] - weight[list(seen)].sum()
        if left < 1 or room <= _TINY:
            continue
        percent_left = (weight[whole] * percent[whole] - weight[list(seen)] @ percent[list(seen)]) / room
        if left < 2 or not 100 / left + _TINY < percent_left < 100 - 100 / left - _TINY:
            found.append(Remainder(whole, seen, float(left), float(percent_left)))
    return found


def withheld_for_remainders(
    relations: Sequence[tuple[int, tuple[int, ...]]], shown: Flags, people: Floats, weight: Floats, percent: Floats
) -> Flags:
    """Numbers whose value must not be printed (their base may), so that no remainder tells an answer.

    Of each telling remainder the shown part with the fewest people is withheld, until none is left.
    """
    still = shown.copy()
    while telling := telling_remainders(relations, still, people, weight, percent):
        smallest = min(telling[0].parts, key=lambda part: (people[part], part))
        still[smallest] = False
    return shown & ~still
