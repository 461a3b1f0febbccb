"""How well does an order that somebody found agree with the order in which people came?

The attacker stood at the door: he knows the order in which people of each unit answered. What he has found
in the stores gives him an order of their ballots. He lays the two side by side, unit by unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm, poisson

Person = int


@dataclass(frozen=True)
class Linked:
    """people; chance: people a blind guess links; found: people linked by the better of the found order and
    its reverse; p: that chance does as well (matches, or agreement of the two orders, whichever is rarer)."""

    people: int
    chance: int
    found: int
    p: float

    @property
    def excess(self) -> float:
        """Points linked above chance."""
        return 100 * (self.found - self.chance) / self.people

    def __str__(self) -> str:
        return f"{self.found} of {self.people} (chance {self.chance}), p = {self.p:.3g}"


def link(came: Mapping[str, Sequence[Person]], order: Iterable[Person]) -> Linked:
    """`came`: people of each unit in the order they came; `order`: people whose ballots were found, in the order found."""
    place = {person: number for number, person in enumerate(order)}
    forwards = backwards = 0
    agreement, units = 0.0, 0
    for people in came.values():
        found = sorted((person for person in people if person in place), key=place.__getitem__)
        expected = [person for person in people if person in place]
        forwards += sum(a == b for a, b in zip(expected, found, strict=True))
        backwards += sum(a == b for a, b in zip(expected, reversed(found), strict=True))
        if len(found) > 1:
            ranks = np.array([found.index(person) for person in expected])
            agreement += float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) * np.sqrt(len(ranks) - 1)
            units += 1
    best = max(forwards, backwards)
    # A random permutation has one fixed point on average, nearly Poisson (Montmort); tried twice, and a rank
    # correlation of variance 1 / (n - 1): three chances, hence the factor.
    rare = min(float(poisson.sf(best - 1, units)), float(2 * norm.sf(abs(agreement) / np.sqrt(max(units, 1)))))
    return Linked(people=len(place), chance=units, found=best, p=min(1.0, 3 * rare))


def pooled(parts: Sequence[Linked]) -> Linked:
    """Several worlds as one: people added up, p by Fisher's method."""
    statistic = -2 * sum(np.log(max(part.p, 1e-300)) for part in parts)
    return Linked(
        people=sum(part.people for part in parts),
        chance=sum(part.chance for part in parts),
        found=sum(part.found for part in parts),
        p=float(chi2.sf(statistic, 2 * len(parts))),
    )
