"""A short cut for the attackers: most hidden cells can move by an exchange that is found by looking.

One more in (unit, category), one less in another category of the unit; the reverse in units nearby.
No total of a unit changes, and nothing else does as long as no published number stands between
them. What is found is a proof like any other; where nothing is found the programme decides.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from survey.disclose.attack.programme import TINY, Move
from survey.process.scores import Floats
from survey.process.tree import Flags, Places


class Exchange:
    """rows: numbers x cells, cells in the order category x unit; unit, over: of each cell."""

    def __init__(self, rows: sparse.csr_matrix, unit: Places, over: Places) -> None:
        self._columns = sparse.csc_matrix(rows)
        self._units = int(unit.max()) + 1
        self._over = over[:: self._units]  # of each category
        some = sparse.diags(_partial(rows, unit, over).astype(float))
        self._partial = sparse.csr_matrix(some @ abs(rows)).astype(np.int64)
        self._names = np.random.default_rng(0).integers(1, 2**62, rows.shape[0])  # sums of them name sets of numbers
        self._between = np.zeros((len(self._over), self._units), dtype=np.int64)

    def publish(self, shown: Flags) -> None:
        """Cells of one category with the same name stand in the same published numbers."""
        self._between = (self._partial.T @ np.where(shown, self._names, 0)).reshape(self._between.shape)

    def room(self, low: Floats, high: Floats) -> Floats:
        """How far each cell can surely move, up and down together, when others go at most `low` down and `high` up.

        Units whose categories of a breakdown stand in the same published numbers form a pool. A unit of it takes one
        more in a category from its other ones, the pool gives it back the same way round: as many as the unit has
        elsewhere and the pool has there.
        """
        down, up = low.reshape(self._between.shape), high.reshape(self._between.shape)
        found = np.zeros(self._between.shape)
        for breakdown in np.unique(self._over):
            at = np.flatnonzero(self._over == breakdown)
            _, pool = np.unique(self._between[at], axis=1, return_inverse=True)
            pool = np.asarray(pool).ravel()
            mine = down[at]
            whole = np.zeros((len(at), int(pool.max(initial=0)) + 1))
            np.add.at(whole.T, pool, mine.T)
            others = whole[:, pool] - mine
            found[at] = np.minimum(np.minimum(mine.sum(axis=0) - mine, others), up[at])
            found[at] += np.minimum(mine, others.sum(axis=0) - others)
        return found.ravel()

    def find(self, cell: int, need: float, low: Floats, high: Floats) -> Move | None:
        """A move of `cell` by `need`, others at most `low` down and `high` up; None if none is seen."""
        category, unit = divmod(int(cell), self._units)
        down, up = low.reshape(self._between.shape).copy(), high.reshape(self._between.shape).copy()
        by = np.zeros(self._between.shape)
        near = self._between[category] == self._between[category, unit]
        near[unit] = False
        others = np.flatnonzero(self._over == self._over[category])
        left = need
        for other in sorted((int(o) for o in others if o != category), key=lambda o: -down[o, unit]):
            peers = np.flatnonzero(near & (self._between[other] == self._between[other, unit]))
            room = np.minimum(down[category, peers], up[other, peers])
            wanted = min(left, down[other, unit])
            for peer in peers[np.argsort(-room, kind="stable")]:
                step = min(wanted, down[category, peer], up[other, peer])
                if step <= 0:
                    break
                by[[category, other], unit] += (step, -step)
                by[[category, other], peer] += (-step, step)
                down[category, peer] -= step
                wanted, left = wanted - step, left - step
            if left <= 0:
                return self._move(by.ravel(), int(cell))
        return None

    def _move(self, by: Floats, cell: int) -> Move:
        cells = np.flatnonzero(by)
        start, end = self._columns.indptr[cells], self._columns.indptr[cells + 1]
        at = np.concatenate([np.arange(a, b) for a, b in zip(start, end, strict=True)])
        weights = self._columns.data[at] * np.repeat(by[cells], end - start)
        sums: Floats = np.bincount(self._columns.indices[at], weights=weights, minlength=self._columns.shape[0]).astype(float)
        rows = np.flatnonzero(np.abs(sums) > TINY)
        return Move(cells, by[cells], rows, sums[rows], np.array([cell]))


def _partial(rows: sparse.csr_matrix, unit: Places, over: Places) -> Flags:
    """Numbers that count some categories of a unit and not others."""
    block = over * (int(unit.max()) + 1) + unit
    cells = np.arange(len(unit))
    groups = sparse.csr_matrix((np.ones(len(cells)), (cells, block)))
    counted = sparse.csr_matrix(abs(rows) @ groups)
    size = np.bincount(block, minlength=groups.shape[1])
    whole = np.asarray(size[counted.indices] == counted.data)
    return np.array([not whole[a:b].all() for a, b in zip(counted.indptr[:-1], counted.indptr[1:], strict=True)])
