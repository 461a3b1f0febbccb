"""The attacker with a linear programme: how narrow can a hidden number be bounded?

Every number of a table is a known sum over cells (reporting unit x category). The attacker knows the tree, every
published number, and that people are never negative, and maximises and minimises a hidden number over everything that
agrees with the published sums. The optimiser learns from his hits; the audit asks him again.
Source: Fischetti & Salazar, Management Science 47 (2001) 1008-1027.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from survey.disclose.attack.exchange import Exchange
from survey.disclose.attack.programme import TINY, Move, Programme
from survey.process.scores import Floats
from survey.process.tree import Flags, Places


@dataclass(frozen=True, eq=False)
class Hit:
    """A successful attack. place: the number that was hit; reached: the width found; used: for each published
    number, what hiding it could give back to the width at most."""

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
        self._bounds = Programme(rows)
        self._exchange = None if unit is None or over is None else Exchange(rows, unit, over)

    def narrow(self, people: Floats, shown: Flags, wanted: Floats) -> list[Hit]:
        """Hidden numbers whose interval is narrower than `wanted` (0 = may be known)."""
        programme = self._bounds
        programme.publish(shown)
        down, up = np.minimum(people, self._least), np.full(len(people), float(self._least))
        programme.limit(down, up)
        alone = np.diff(self._rows.indptr) == 1
        room = np.zeros(len(people))
        if self._exchange:
            self._exchange.publish(shown)
            room = self._exchange.room(down, up)
        sure = np.zeros(len(wanted))
        sure[alone] = room[self._rows.indices[self._rows.indptr[:-1][alone]]]
        totals = np.asarray(self._rows @ people)
        high, low = np.zeros(len(wanted)), np.zeros(len(wanted))
        for move in programme.proofs():
            _widen(high, low, move)
        hits = []
        for place in np.flatnonzero((wanted > 0) & ~shown & (sure < wanted - TINY)):
            if high[place] - low[place] >= wanted[place] - TINY:
                continue
            given = np.zeros(len(wanted))
            cells = slice(*self._rows.indptr[place : place + 2])
            if self._exchange and alone[place]:
                seen = self._exchange.find(self._rows.indices[cells.start], wanted[place], down, up)
                if seen:
                    programme.remember(seen)
                    _widen(high, low, seen)
            for sign in (1.0, -1.0):
                if high[place] - low[place] >= wanted[place] - TINY:
                    break
                move, duals = programme.maximise(self._rows.indices[cells], sign * self._rows.data[cells])
                _widen(high, low, move)
                given += _room(duals, totals)
            missing = wanted[place] - (high[place] - low[place])
            if missing > TINY:
                hits.append(Hit(int(place), float(high[place] - low[place]), np.minimum(given, missing)))
        return hits


def _widen(high: Floats, low: Floats, move: Move) -> None:
    high[move.rows] = np.maximum(high[move.rows], move.sums)
    low[move.rows] = np.minimum(low[move.rows], move.sums)


def _room(duals: Floats, totals: Floats) -> Floats:
    """What hiding each published number could add: without limit upwards, at most its people downwards."""
    down = np.where(duals < -TINY, -duals * totals, 0.0)
    return np.where(duals > TINY, np.inf, down)
