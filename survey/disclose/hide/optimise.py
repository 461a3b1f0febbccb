"""Which further numbers to hide so that no attacker succeeds, and as little as possible is lost.

The master programme chooses what to hide; the attackers (attack.py) answer with what they could
still work out; every success becomes a new constraint ("hide at least one of these"), until none
is left. Source: Fischetti & Salazar, Management Science 47 (2001) 1008-1027.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from survey.disclose.attack.attacker import Attacker, Hit
from survey.disclose.attack.programme import Flags, Places
from survey.disclose.sums import Sums
from survey.process.scores import Floats

_GAP = 0.005  # a solution within half a percent of the best is taken
_TOTAL_WEIGHT = 3.0  # a unit's total is dearer than a category with as many people


@dataclass(frozen=True, eq=False)
class Problem:
    """hidden: numbers that must be hidden; above: for each category's number its unit's total, which
    must be shown for it to be shown (-1 = none); least: minimum base; apart: pairs of numbers that
    must not both be shown (nearly the same people)."""

    sums: Sums
    hidden: Flags
    above: Places
    least: int
    apart: tuple[tuple[int, int], ...] = ()

    @property
    def wanted(self) -> Floats:
        """The width each number must keep when it is hidden: `least` under the minimum (a zero too),
        1 for larger ones (it must not follow exactly), nothing for what nobody needs to be spared."""
        totals, published = self.sums.totals, self.sums.block >= 0
        width = np.where(totals < self.least, float(self.least), 1.0)
        needless = ~published & ((totals == 0) | (totals >= self.least))
        empty = np.diff(self.sums.rows.indptr) == 0
        return np.where(needless | empty | self.sums.known, 0.0, width)

    @property
    def cost(self) -> Floats:
        """What is lost when a number is hidden: its people, weighted. A group's number is dearer than a
        unit's, because every unit below compares itself with it."""
        total = np.where(self.sums.block == 0, _TOTAL_WEIGHT, 1.0)
        return np.asarray((self.sums.totals + 1) * total * (1 + np.log2(np.maximum(self.sums.units, 1))))


@dataclass(frozen=True, eq=False)
class Solution:
    """shown: the numbers to publish; rounds, cuts: how often the attackers were asked, and hit."""

    shown: Flags
    rounds: int
    cuts: int


def attacker_of(sums: Sums, least: int) -> Attacker:
    return Attacker(sums.rows, least, sums.unit, sums.over)


def optimise(problem: Problem, seconds: float, attacker: Attacker | None = None) -> Solution | None:
    """The cheapest set of shown numbers that withstands every attack; None if time runs out.

    `attacker`: one that has already met the same rows is quicker.
    """
    started = time.monotonic()
    sums = problem.sums
    wanted = problem.wanted
    if seconds > 0 and attacker is not None and _enough(problem, attacker):
        return Solution(~problem.hidden & (sums.block >= 0), 0, 0)
    attacker = attacker or attacker_of(sums, problem.least)
    master = _Master(problem)
    rounds = 0
    while (hidden := master.solve(seconds - (time.monotonic() - started))) is not None:
        rounds += 1
        shown = ~hidden
        hits = attacker.narrow(sums.people, shown, wanted)
        isolated = attacker.isolating(sums.people, shown)
        if not hits and not isolated:
            return Solution(shown & (sums.block >= 0), rounds, master.cuts)
        for hit in hits:
            master.hide_for(hit, hit.place)
        for hit in isolated:
            master.hide_for(hit, None)
    return None


def _enough(problem: Problem, attacker: Attacker) -> bool:
    """Is nothing more to be hidden? Asked first of an attacker who knows the rows: it often is so."""
    hidden, sums = problem.hidden, problem.sums
    without_total = hidden[problem.above[~hidden & (problem.above >= 0)]].any()
    if without_total or any(not hidden[list(pair)].any() for pair in problem.apart):
        return False
    shown = ~hidden & (sums.block != -1)
    return not attacker.isolating(sums.people, shown) and not attacker.narrow(sums.people, shown, problem.wanted)


class _Master:
    """min cost . z, z = 1 where a number is hidden, subject to what the attackers have taught."""

    def __init__(self, problem: Problem) -> None:
        sums = problem.sums
        self._hidden = problem.hidden | (sums.block == -1)
        self._free = ~self._hidden & ~sums.known
        self._place = np.cumsum(self._free) - 1
        self._cost = problem.cost[self._free]
        self._lines: list[tuple[dict[int, float], float]] = []
        self._seen: set[tuple[tuple[int, float], ...]] = set()
        for coefficients, floor in _first_lines(problem):
            self._add(coefficients, floor)
        self.cuts = 0

    def hide_for(self, hit: Hit, target: int | None) -> None:
        """Learn from a hit: hide enough of what it used (or, if it may be shown, show the target)."""
        self.cuts += 1
        used = {int(row): float(hit.used[row]) for row in np.flatnonzero(hit.used > 0)}
        floor = max(used.values())
        if target is None:
            self._add(used, floor)
        else:
            self._add({**used, target: -floor}, 0.0)

    def _add(self, coefficients: Mapping[int, float], floor: float) -> None:
        """sum of coefficients x hidden >= floor, with what is decided already put in."""
        line: dict[int, float] = {}
        for row, value in coefficients.items():
            if self._hidden[row]:
                floor -= value
            elif self._free[row]:
                line[int(self._place[row])] = line.get(int(self._place[row]), 0.0) + value
        if floor <= sum(min(value, 0.0) for value in line.values()):
            return
        line = {row: min(value, floor) if floor > 0 and min(line.values()) >= 0 else value for row, value in line.items()}
        key = (*sorted(line.items()), (-1, floor))
        if key not in self._seen:
            self._seen.add(key)
            self._lines.append((line, floor))

    def solve(self, seconds: float) -> Flags | None:
        hidden: Flags = self._hidden.copy()
        if seconds <= 0:
            return None
        if all(floor <= 0 for _, floor in self._lines):
            return hidden  # nothing more need be hidden
        indptr = np.cumsum([0, *(len(line) for line, _ in self._lines)])
        indices = np.array([place for line, _ in self._lines for place in line], dtype=np.int64)
        values = np.array([value for line, _ in self._lines for value in line.values()])
        matrix = sparse.csr_array((values, indices, indptr), shape=(len(self._lines), len(self._cost)))
        floors = np.array([floor for _, floor in self._lines])
        found = milp(
            self._cost,
            integrality=np.ones(len(self._cost), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, floors - 1e-9, np.inf),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": _GAP},
        )
        if found.x is None:
            return None
        hidden[self._free] = found.x > 0.5
        return hidden


def _first_lines(problem: Problem) -> Iterator[tuple[dict[int, float], float]]:
    """What is known before any attack: categories need their total; a sum must not give its parts away."""
    sums, wanted = problem.sums, problem.wanted
    totals = sums.totals
    for row in np.flatnonzero(problem.above >= 0):
        yield {int(row): 1.0, int(problem.above[row]): -1.0}, 0.0
    for pair in problem.apart:
        yield dict.fromkeys(pair, 1.0), 1.0
    for whole, parts in sums.relations:
        for part in (*parts, whole):
            if not wanted[part]:
                continue
            others = [other for other in (*parts, whole) if other != part]
            yield {**dict.fromkeys(others, 1.0), part: -1.0}, 0.0
            need = wanted[part] - totals[part]
            if need > 0 and part != whole:
                yield {**{other: min(totals[other], need) for other in others if other != whole}, whole: need, part: -need}, 0.0
