"""Combinations of shown numbers that speak of few people: the search that hiding and attacking share.

A combination that speaks of 1 to k - 1 people vanishes on everybody else: it is a vector of the classes' column space
(people.py) that lives on these few cells S. There is one exactly when I - H[S, S] is singular, H being the projection
on that space (its diagonal is what regression calls leverage), so a cell whose leverage and largest neighbours in H do
not reach 1 need not be looked at further. Exact, and part by part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse
from scipy.sparse import linalg as splinalg
from scipy.sparse.csgraph import connected_components

from survey.disclose.people import Crowd, Number
from survey.process.scores import Floats
from survey.process.tree import Flags, Places, Tree

_TINY = 1e-7
_DENSE = 4_000_000  # entries of a matrix that is still worked on whole
_ENOUGH = 12  # combinations found in one unit: enough to learn from
_BATCH = 5_000


@dataclass(frozen=True, eq=False)
class Light:
    """A combination of shown numbers that speaks of few people: the cells, how many people, and the classes it uses."""

    cells: tuple[int, ...]
    people: int
    classes: tuple[Number, ...]


def light(crowd: Crowd, shown: Flags, tree: Tree, least: int) -> Iterator[Light]:
    """Combinations of shown numbers (`shown`: nodes x blocks) that speak of 1 to `least` - 1 people, part by part.

    None is left out where none is found; where many are, not all are named.
    """
    if not len(crowd.unit):
        return
    nearest = tree.nearest(shown)
    there = crowd.blocks >= 0
    number = np.where(there, nearest[crowd.unit[:, None], np.maximum(crowd.blocks, 0)], -1)
    # Class names: (block, node) as one number.
    names = np.where(number >= 0, crowd.blocks * len(tree.parent) + number, -1)
    wide = ~(tree.leaf[np.maximum(number, 0)]) & (number >= 0)
    for part in _parts(crowd.unit, names, wide):
        yield from _light_in(part, names[part], wide[part], crowd, len(tree.parent), least)


def _parts(unit: Places, names: Places, wide: Flags) -> list[Places]:
    """Cells that hang together: of one unit, or of units that share a class."""
    units, place = np.unique(unit, return_inverse=True)
    row, column = np.nonzero(wide)
    shared, at = np.unique(names[row, column], return_inverse=True)
    links = sparse.coo_matrix((np.ones(len(row)), (place[row], len(units) + at)), shape=(len(units) + len(shared),) * 2)
    _, label = connected_components(links, directed=False)
    order = np.argsort(label[place], kind="stable")
    cuts = np.flatnonzero(np.diff(label[place][order])) + 1
    return [np.asarray(part) for part in np.split(order, cuts)]


def _light_in(part: Places, names: Places, wide: Flags, crowd: Crowd, nodes: int, least: int) -> Iterator[Light]:
    people, unit = crowd.people[part], crowd.unit[part]
    if not (people < least).any() or not (names >= 0).any():
        return
    basis = _Basis.of(unit, names, wide)
    seen: set[tuple[int, ...]] = set()
    many = np.zeros(len(basis.units), dtype=np.int64)
    for cells in _supports(basis, people, least, many):
        if cells in seen:
            continue
        seen.add(cells)
        chosen = np.array(cells)
        many[basis.where[chosen]] += 1
        used = basis.used(chosen)
        yield Light(tuple(part[chosen].tolist()), int(people[chosen].sum()), tuple((name // nodes, name % nodes) for name in used))


@dataclass(frozen=True, eq=False)
class _Own:
    """A unit's cells, the names of its own columns and an orthonormal basis of them."""

    cells: Places
    names: Places
    matrix: Floats
    basis: Floats

    @cached_property
    def factored(self) -> _Factored:
        return _Factored.of(self.matrix)


@dataclass(frozen=True, eq=False)
class _Basis:
    """The column space of a part: units' own columns, and what the classes of several units add to them.

    names: cells x memberships, class names; where, place: each cell's unit, and its row there; shared: cells x few, an
    orthonormal basis of what the classes of several units add.
    """

    names: Places
    units: list[_Own]
    where: Places
    place: Places
    shared: Floats

    @classmethod
    def of(cls, unit: Places, names: Places, wide: Flags) -> _Basis:
        cells = len(unit)
        classes = np.unique(names[wide])
        whole = np.zeros((cells, len(classes)))
        row, column = np.nonzero(wide)
        whole[row, np.searchsorted(classes, names[row, column])] = 1.0
        units: list[_Own] = []
        where, place = np.zeros(cells, dtype=np.int64), np.zeros(cells, dtype=np.int64)
        order = np.argsort(unit, kind="stable")
        for mine in np.split(order, np.flatnonzero(np.diff(unit[order])) + 1):
            own = np.where(wide[mine] | (names[mine] < 0), -1, names[mine])
            columns = np.unique(own[own >= 0])
            matrix = (own[:, :, None] == columns[None, None, :]).any(axis=1).astype(float)
            basis = _orthonormal(matrix)
            whole[mine] -= basis @ (basis.T @ whole[mine])
            where[mine], place[mine] = len(units), np.arange(len(mine))
            units.append(_Own(mine, columns, matrix, basis))
        return cls(names, units, where, place, _orthonormal(whole))

    @cached_property
    def leverage(self) -> Floats:
        own: Floats = (self.shared**2).sum(axis=1)
        for unit in self.units:
            own[unit.cells] += (unit.basis**2).sum(axis=1)
        return own

    def row(self, cell: int) -> Floats:
        """H[cell]: what the projection of this cell leaves on every other."""
        line = self.shared @ self.shared[cell]
        unit = self.units[self.where[cell]]
        line[unit.cells] += unit.basis @ unit.basis[self.place[cell]]
        return np.asarray(line)

    def square(self, cells: Places) -> Floats:
        """H[cells, cells]."""
        found = self.shared[cells] @ self.shared[cells].T
        for one in np.unique(self.where[cells]):
            at = np.flatnonzero(self.where[cells] == one)
            basis = self.units[one].basis[self.place[cells[at]]]
            found[np.ix_(at, at)] += basis @ basis.T
        return np.asarray(found)

    def used(self, cells: Places) -> list[int]:
        """Class names of a combination that lives on `cells`, no more than a pivoted solution needs."""
        _, vectors = np.linalg.eigh(self.square(cells))
        value = vectors[:, -1]
        unit = self.units[self.where[cells[0]]]
        if (self.where[cells] == self.where[cells[0]]).all() and np.abs(value @ self.shared[cells]).max(initial=0.0) < 1e-5:
            target = np.zeros(len(unit.cells))
            target[self.place[cells]] = value
            own: list[int] = unit.factored.names_of(target, unit.names)
            return own
        target = np.zeros(len(self.where))
        target[cells] = value
        names, matrix, factored = self._whole
        if factored is not None:
            return factored.names_of(target, names)
        factor: Floats = splinalg.lsqr(matrix, target, atol=1e-12, btol=1e-12)[0]
        return [int(names[k]) for k in np.flatnonzero(np.abs(factor) > 1e-4)]

    @cached_property
    def _whole(self) -> tuple[Places, sparse.csr_matrix, _Factored | None]:
        """The part's columns, decomposed where they are not too many."""
        names = np.unique(self.names[self.names >= 0])
        at = np.searchsorted(names, self.names)
        row, column = np.nonzero(self.names >= 0)
        matrix = sparse.csr_matrix((np.ones(len(row)), (row, at[row, column])), shape=(len(self.names), len(names)))
        return names, matrix, _Factored.of(matrix.toarray()) if matrix.shape[0] * matrix.shape[1] <= _DENSE else None


@dataclass(frozen=True, eq=False)
class _Factored:
    """Columns by pivoted decomposition: which few of them add up to a vector?"""

    q: Floats
    r: Floats
    order: Places

    @classmethod
    def of(cls, matrix: Floats) -> _Factored:
        q, r, order = linalg.qr(matrix, mode="economic", pivoting=True, check_finite=False)
        rank = int((np.abs(np.diag(r)) > _TINY).sum())
        return cls(np.asarray(q[:, :rank], dtype=float), np.asarray(r[:rank, :rank], dtype=float), order)

    def names_of(self, target: Floats, names: Places) -> list[int]:
        factor = linalg.solve_triangular(self.r, self.q.T @ target, check_finite=False)
        return [int(names[self.order[k]]) for k in np.flatnonzero(np.abs(factor) > 1e-6)]


def _orthonormal(matrix: Floats) -> Floats:
    if not matrix.size:
        return np.zeros((matrix.shape[0], 0))
    left, values, _ = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(left[:, values > _TINY * max(float(values[0]), 1.0)])


def _supports(basis: _Basis, people: Floats, least: int, many: Places) -> Iterator[tuple[int, ...]]:
    """Sets of cells with fewer than `least` people on which some combination lives.

    many: how many were taken up of each unit so far; of a unit with _ENOUGH no more are looked for.
    """
    for cell in _leaning(basis, people, least).tolist():
        if many[basis.where[cell]] >= _ENOUGH:
            continue
        short = 1 - basis.leverage[cell]
        if short < _TINY:
            yield (cell,)
            continue
        room = least - 1 - int(people[cell])
        if room < 1:
            continue
        line = np.abs(basis.row(cell))
        line[cell] = 0.0
        line[(people > room) | (basis.leverage > 1 - _TINY)] = 0.0  # alone they are told already
        top = np.partition(line, -room)[-room:] if room < len(line) else line
        if top.sum() >= short - _TINY:
            for found in _around(basis, people, cell, line, short, room):
                yield found
                if many[basis.where[cell]] >= _ENOUGH:
                    break


def _leaning(basis: _Basis, people: Floats, least: int) -> Places:
    """Small cells that may be the heart of such a set: own leverage and the largest neighbours can reach 1.

    Neighbours in the same unit are looked at one by one, those elsewhere by a bound (Cauchy-Schwarz).
    """
    room = least - 2
    reach = np.sqrt((basis.shared**2).sum(axis=1))
    far = np.sort(np.where(people < least, reach, 0.0))[-room:].sum() if room else 0.0
    found = []
    for unit in basis.units:
        cells, shared = unit.cells, basis.shared[unit.cells]
        near = np.abs(unit.basis @ unit.basis.T + shared @ shared.T)
        own = np.diag(near).copy()
        np.fill_diagonal(near, 0.0)
        near[:, people[cells] >= least] = 0.0
        top = np.sort(near, axis=1)[:, max(near.shape[1] - room, 0) :].sum(axis=1)
        found.append(cells[(people[cells] < least) & (own + top + reach[cells] * far > 1 - _TINY)])
    return np.concatenate(found)


def _around(basis: _Basis, people: Floats, cell: int, line: Floats, short: float, room: int) -> Iterator[tuple[int, ...]]:
    """Sets with `cell` as the one the combination leans on most: its neighbours must make up what it is short of."""
    order = np.argsort(-line)
    best = line[order[: room - 1]].sum() if room > 1 else 0.0
    others = order[(line[order] > _TINY) & (line[order] + best >= short - _TINY)]
    square = basis.square(np.concatenate([[cell], others]))
    reach, weight = line[others].tolist(), people[others].astype(int).tolist()
    summed = np.concatenate([[0.0], np.cumsum(line[others])]).tolist()
    for size in range(1, room + 1):
        some = np.array(list(_reaching(reach, summed, weight, size, short - _TINY, room, 0)), dtype=np.int64).reshape(-1, size)
        for start in range(0, len(some), _BATCH):
            batch = some[start : start + _BATCH]
            at = np.column_stack([np.zeros(len(batch), dtype=np.int64), batch + 1])
            whole = np.linalg.eigvalsh(square[at[:, :, None], at[:, None, :]])[:, -1] > 1 - _TINY
            for places in batch[whole]:
                yield tuple(sorted((cell, *others[places].tolist())))


def _reaching(
    reach: list[float], summed: list[float], weight: list[int], size: int, short: float, room: int, first: int
) -> Iterator[tuple[int, ...]]:
    """Sets of `size` places (`reach` falling, `summed` its sums) that together reach `short` and weigh at most `room`."""
    for place in range(first, len(reach) - size + 1):
        if summed[place + size] - summed[place] < short:
            return
        if weight[place] > room - (size - 1):
            continue
        if size == 1:
            yield (place,)
        else:
            for rest in _reaching(reach, summed, weight, size - 1, short - reach[place], room - weight[place], place + 1):
                yield (place, *rest)
