"""Which further numbers to hide so that no attacker succeeds, and as little as possible is lost.

The master programme chooses what to hide; the attackers (attack.py) answer with what they could
still work out; every success becomes a new constraint ("hide at least one of these"), until none
is left. Source: Fischetti & Salazar, Management Science 47 (2001) 1008-1027.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from scipy import sparse

from survey.disclose.attack.attacker import Attacker, Hit
from survey.disclose.combinations import light
from survey.disclose.people import Crowd, numbers_of
from survey.disclose.sums import Sums
from survey.process.scores import Floats
from survey.process.tree import Flags, Places, Tree

_GAP = 0.005  # a solution within half a percent of the best is taken
_TURNS = 6  # after so many programmes what is still found is mended one by one
_A_TURN = 2.0  # seconds for one programme
_TOTAL_WEIGHT = 3.0  # a unit's total is dearer than a category with as many people


@dataclass(frozen=True, eq=False)
class Problem:
    """One part of a wave. sums: its numbers over unit x category; hidden: numbers that must be hidden; fixed: that must
    not; least: minimum base; tree, crowds: the part's nodes and the people behind its numbers."""

    sums: Sums
    hidden: Flags
    fixed: Flags
    least: int
    tree: Tree
    crowds: Sequence[Crowd]

    @property
    def above(self) -> Places:
        """For each category's number its node's total, which must be shown for it to be shown (-1: none)."""
        return np.where(self.sums.block > 0, self.sums.node, -1)

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

    def flags(self, shown: Flags) -> Flags:
        """The shown numbers as nodes x blocks."""
        table = np.zeros((len(self.tree.parent), int(self.sums.block.max(initial=0)) + 1), dtype=bool)
        real = np.flatnonzero(shown & (self.sums.block >= 0))
        table[self.sums.node[real], self.sums.block[real]] = True
        return table


class Infeasible(Exception):
    """What must stay shown cannot: the part has to be solved together with what lies around it."""


class TimeIsUp(Exception):
    """The optimiser did not finish within the policy's seconds."""


def optimise(problem: Problem, deadline: float) -> Flags:
    """The cheapest set of shown numbers (nodes x blocks of the part) that withstands every attack.

    Raises Infeasible, or TimeIsUp after `deadline` (time.monotonic).
    """
    sums, wanted = problem.sums, problem.wanted
    attacker = Attacker(sums.rows, problem.least, sums.unit, sums.over)
    master = _Master(problem)
    hidden: Flags = problem.hidden
    for turn in count():
        if deadline <= time.monotonic():
            raise TimeIsUp
        hidden = master.solve(min(deadline - time.monotonic(), _A_TURN)) if turn < _TURNS else master.cover(hidden)
        shown = ~hidden
        hits = [*_combinations(problem, shown), *((hit, hit.place) for hit in attacker.narrow(sums.people, shown, wanted))]
        if not hits:
            return problem.flags(shown)
        for hit, target in hits:
            master.hide_for(hit, target)
    raise AssertionError("count() has no end")


def _combinations(problem: Problem, shown: Flags) -> Iterator[tuple[Hit, None]]:
    """Combinations of few people: one of the numbers that each uses must go."""
    table = problem.flags(shown)
    row = np.full(table.shape, -1, dtype=np.int64)
    real = np.flatnonzero(problem.sums.block >= 0)
    row[problem.sums.node[real], problem.sums.block[real]] = real
    for crowd in problem.crowds:
        for found in light(crowd, table, problem.tree, problem.least):
            used = np.zeros(len(shown))
            for block, node in found.classes:
                used[[row[one, block] for one in numbers_of(problem.tree, table[:, block], node)]] = 1.0
            yield Hit(found.cells[0], float(found.people), used), None


class _Master:
    """min cost . z, z = 1 where a number is hidden, subject to what the attackers have taught."""

    def __init__(self, problem: Problem) -> None:
        sums = problem.sums
        self._hidden = problem.hidden | (sums.block == -1)
        self._free = ~self._hidden & ~sums.known & ~problem.fixed
        self._place = np.cumsum(self._free) - 1
        self._cost = problem.cost[self._free]
        self._lines: list[tuple[dict[int, float], float]] = []
        self._seen: set[tuple[tuple[int, float], ...]] = set()
        for coefficients, floor in _first_lines(problem):
            self._add(coefficients, floor)

    def hide_for(self, hit: Hit, target: int | None) -> None:
        """Learn from a hit: hide enough of what it used (or, if it may be shown, show the target)."""
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
        if floor > sum(max(value, 0.0) for value in line.values()) + 1e-9:
            raise Infeasible
        line = {row: min(value, floor) if floor > 0 and min(line.values()) >= 0 else value for row, value in line.items()}
        key = (*sorted(line.items()), (-1, floor))
        if key not in self._seen:
            self._seen.add(key)
            self._lines.append((line, floor))

    def cover(self, hidden: Flags) -> Flags:
        """No programme any more: what is hidden stays so, and the cheapest number of each unmet line is hidden with it."""
        hidden, free = hidden.copy(), np.flatnonzero(self._free)
        unmet = True
        while unmet:
            unmet = False
            for line, floor in self._lines:
                lacking = floor - sum(value for place, value in line.items() if hidden[free[place]])
                while lacking > 1e-9:
                    unmet = True
                    may = [place for place, value in line.items() if value > 0 and not hidden[free[place]]]
                    if not may:
                        raise Infeasible
                    best = min(may, key=lambda place: (self._cost[place] / min(line[place], lacking), place))
                    hidden[free[best]] = True
                    lacking -= line[best]
        return hidden

    def solve(self, seconds: float) -> Flags:
        from scipy.optimize import Bounds, LinearConstraint, milp  # heavy; numbers printed elsewhere need none of it

        hidden: Flags = self._hidden.copy()
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
            raise Infeasible if found.status == 2 else TimeIsUp
        hidden[self._free] = found.x > 0.5
        return hidden


def _first_lines(problem: Problem) -> Iterator[tuple[dict[int, float], float]]:
    """What is known before any attack: categories need their total; a sum must not give its parts away."""
    sums, wanted = problem.sums, problem.wanted
    totals = sums.totals
    for row in np.flatnonzero(problem.above >= 0):
        yield {int(row): 1.0, int(problem.above[row]): -1.0}, 0.0
    for whole, parts in sums.relations:
        for part in (*parts, whole):
            if not wanted[part]:
                continue
            others = [other for other in (*parts, whole) if other != part]
            yield {**dict.fromkeys(others, 1.0), part: -1.0}, 0.0
            need = wanted[part] - totals[part]
            if need > 0 and part != whole:
                yield {**{other: min(totals[other], need) for other in others if other != whole}, whole: need, part: -need}, 0.0
