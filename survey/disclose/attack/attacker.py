"""The attacker with a linear programme: what the published sums say about the hidden ones.

Every number of a table is a known sum over cells (reporting unit x category). The attacker knows
the tree, every published number, and that people are never negative. Two questions are asked:

- how narrow can a hidden number be bounded? Maximise and minimise it over everything that agrees
  with the published sums;
- does a combination of published numbers speak of very few people? None does exactly when every
  small cell can move by enough while each other cell moves by no more than its own people (the
  dual of "the combination with the fewest people that contains this cell").

Published scores of groups are weighted by headcount: a weight belongs to a reporting unit, so in
weighted cells the same sums hold and the same programmes answer for scores.
Source: Fischetti & Salazar, Management Science 47 (2001) 1008-1027.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from survey.disclose.attack.exchange import Exchange
from survey.disclose.attack.programme import TINY, Flags, Move, Places, Programme
from survey.process.scores import Floats


@dataclass(frozen=True, eq=False)
class Hit:
    """A successful attack. place: the number (interval) or cell (isolation) that was hit; reached:
    the width found, or the people the combination speaks of; used: for each published number, what
    hiding it could give back to the width at most (isolation: 1 = it is in the combination)."""

    place: int
    reached: float
    used: Floats


class Attacker:
    """Attacks on one system of sums, asked again and again with other numbers shown.

    rows: numbers x cells; unit, over: each cell's reporting unit and breakdown (several breakdowns
    count the same people side by side); least: minimum base.
    """

    def __init__(self, rows: sparse.csr_matrix, least: int, unit: Places | None = None, over: Places | None = None) -> None:
        self._rows = rows
        self._least = least
        self._unit = np.arange(rows.shape[1]) if unit is None else unit
        self._over = np.zeros(rows.shape[1], dtype=np.int64) if over is None else over
        self._bounds = Programme(rows)
        self._isolation = Programme(rows)
        self._safe: dict[int, Move] = {}
        self._exchange = None if unit is None or over is None else Exchange(rows, unit, over)

    def narrow(self, people: Floats, shown: Flags, wanted: Floats) -> list[Hit]:
        """Hidden numbers whose interval is narrower than `wanted` (0 = may be known)."""
        programme = self._bounds
        programme.publish(shown)
        down, up = np.minimum(people, self._least), np.full(len(people), float(self._least))
        programme.limit(down, up)
        if self._exchange:
            self._exchange.publish(shown)
        totals = np.asarray(self._rows @ people)
        high, low = np.zeros(len(wanted)), np.zeros(len(wanted))
        for move in programme.proofs():
            _widen(high, low, move)
        hits = []
        for place in np.flatnonzero((wanted > 0) & ~shown):
            if high[place] - low[place] >= wanted[place] - TINY:
                continue
            room = np.zeros(len(wanted))
            cells = slice(*self._rows.indptr[place : place + 2])
            if self._exchange and cells.stop - cells.start == 1:
                seen = self._exchange.find(self._rows.indices[cells.start], wanted[place], down, up)
                if seen:
                    programme.remember(seen)
                    _widen(high, low, seen)
            for sign in (1.0, -1.0):
                if high[place] - low[place] >= wanted[place] - TINY:
                    break
                move, duals = programme.maximise(self._rows.indices[cells], sign * self._rows.data[cells])
                _widen(high, low, move)
                room += _room(duals, totals)
            missing = wanted[place] - (high[place] - low[place])
            if missing > TINY:
                hits.append(Hit(int(place), float(high[place] - low[place]), np.minimum(room, missing)))
        return hits

    def isolating(self, people: Floats, shown: Flags) -> list[Hit]:
        """Small cells that some combination of shown numbers isolates in a group of 1 to least - 1 people."""
        programme = self._isolation
        programme.publish(shown)
        programme.limit(people, people)
        if self._exchange:
            self._exchange.publish(shown)
        proofs = {id(move) for move in programme.proofs()}
        hits = []
        for cell in np.flatnonzero((people > 0) & (people < self._least)):
            need = self._least - people[cell]
            known = self._safe.get(int(cell))
            if known is not None and id(known) in proofs and known.of(cell) >= need - TINY:
                continue
            seen = self._exchange and self._exchange.find(int(cell), need, people, people)
            if seen:
                programme.remember(seen)
                self._safe[int(cell)] = seen
                continue
            # The same people stand in the other breakdowns' cells of this unit: they move along.
            twins = np.flatnonzero((self._unit == self._unit[cell]) & (self._over != self._over[cell]))
            room = np.concatenate([[need], np.full(len(twins), np.inf)])
            move, duals = programme.maximise(np.array([cell]), np.ones(1), np.concatenate([[cell], twins]), room)
            if move.of(cell) >= need - TINY:
                self._safe[int(cell)] = move
            else:
                hits.append(Hit(int(cell), float(people[cell] + move.of(cell)), (np.abs(duals) > TINY).astype(float)))
        return hits


def _widen(high: Floats, low: Floats, move: Move) -> None:
    high[move.rows] = np.maximum(high[move.rows], move.sums)
    low[move.rows] = np.minimum(low[move.rows], move.sums)


def _room(duals: Floats, totals: Floats) -> Floats:
    """What hiding each published number could add: without limit upwards, at most its people downwards."""
    down = np.where(duals < -TINY, -duals * totals, 0.0)
    return np.where(duals > TINY, np.inf, down)
