"""All the numbers of one measure as sums over cells: unit tree x breakdowns, side by side, part by part.

A cell is a reporting unit x category of one breakdown (the last category: gave none). With several
breakdowns every unit's cells appear once for each, and the attacker knows that they add up to the
same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from survey.process.scores import Floats
from survey.process.tree import Flags, Places, Tree


@dataclass(frozen=True, eq=False)
class Sums:
    """rows: numbers x cells; people, unit, over (which breakdown): cells; the rest say what each number is.

    block: 0 = everybody, 1.. = the categories in the order given, -1 = never published (gave no
    category, a parent's own staff), -2 = known relations between breakdowns (always "shown", 0).
    node: the plan's node. relations: (whole, parts) between numbers: whole = sum of parts.
    """

    rows: sparse.csr_matrix
    people: Floats
    unit: Places
    over: Places
    block: Places
    node: Places
    relations: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def totals(self) -> Floats:
        """People each number speaks of."""
        return np.asarray(self.rows @ self.people)

    @property
    def units(self) -> Places:
        """Reporting units each number speaks of."""
        cells = np.arange(len(self.unit))
        of_unit = sparse.csr_matrix((np.ones(len(cells)), (cells, self.unit)))
        return np.diff(sparse.csr_matrix(abs(self.rows) @ of_unit).indptr)

    @property
    def known(self) -> Flags:
        return np.asarray(self.block == -2)


def people_of(whole: Floats, breakdowns: Sequence[Floats]) -> Floats:
    """People of each cell: breakdown by breakdown, category by category (last: gave none), unit by unit."""
    columns = [np.column_stack([part, whole - part.sum(axis=1)]) for part in breakdowns] or [whole[:, None]]
    return np.concatenate([part.T.ravel() for part in columns])


def sums_of(within: sparse.csr_matrix, children: Mapping[int, Sequence[int]], whole: Floats, breakdowns: Sequence[Floats]) -> Sums:
    """`within`: nodes x units; `whole`: people of each unit; `breakdowns`: each units x categories."""
    nodes, units = within.shape
    parents = [node for node, below in children.items() if below and within[[node]].sum() > within[list(below)].sum()]
    own = _own(within, children, parents)
    widths = [part.shape[1] + 1 for part in breakdowns] or [1]
    rows: list[sparse.csr_matrix] = []
    block: list[Places] = []
    node: list[Places] = []
    relations: list[tuple[int, tuple[int, ...]]] = []
    height = 0

    def add(part: sparse.spmatrix, over: int | None, category: int | None, kind: int, names: Sequence[int]) -> int:
        """Rows over the cells of one breakdown: of one category, or of all; the first row's number."""
        nonlocal height
        first = height
        if part.shape[0]:
            rows.append(_spread(part, widths, over, category))
            block.append(np.full(part.shape[0], kind))
            node.append(np.array(names))
            height += part.shape[0]
        return first

    def tree(category: int | None, over: int, kind: int) -> int:
        first = add(within, over, category, kind, range(nodes))
        mine = add(own, over, category, -1, parents)
        for above, below in children.items():
            extra = (mine + parents.index(above),) if above in parents else ()
            if below:
                relations.append((first + above, (*(first + child for child in below), *extra)))
        return first

    everybody = tree(None, 0, 0)
    kind = 0
    for over, width in enumerate(widths if breakdowns else []):
        starts = []
        for category in range(width):
            last = category == width - 1
            kind += not last
            starts.append(tree(category, over, -1 if last else kind))
        relations += [(everybody + k, tuple(start + k for start in starts)) for k in range(nodes)]
        if over:
            rows.append(_link(units, widths, over))
            block.append(np.full(units, -2))
            node.append(np.full(units, -1))
            height += units
    return Sums(
        rows=sparse.csr_matrix(sparse.vstack(rows)),
        people=people_of(whole, breakdowns),
        unit=np.tile(np.arange(units), sum(widths)),
        over=np.repeat(np.arange(len(widths)), [width * units for width in widths]),
        block=np.concatenate(block),
        node=np.concatenate(node),
        relations=tuple(relations),
    )


def _own(within: sparse.csr_matrix, children: Mapping[int, Sequence[int]], parents: Sequence[int]) -> sparse.csr_matrix:
    """Rows of the parents' own staff: in the parent and in none of its children."""
    lines = [within[[parent]] - sparse.csr_matrix(within[list(children[parent])].sum(axis=0)) for parent in parents]
    return sparse.csr_matrix(sparse.vstack(lines)) if lines else sparse.csr_matrix((0, within.shape[1]))


def _spread(part: sparse.spmatrix, widths: Sequence[int], over: int | None, category: int | None) -> sparse.csr_matrix:
    empty = sparse.csr_matrix(part.shape)
    return sparse.csr_matrix(sparse.hstack(list(_pieces(part, empty, widths, over, category))))


def _pieces(
    part: sparse.spmatrix, empty: sparse.csr_matrix, widths: Sequence[int], over: int | None, category: int | None
) -> Iterator[sparse.spmatrix]:
    for number, width in enumerate(widths):
        for place in range(width):
            yield part if number == over and category in (None, place) else empty


def _link(units: int, widths: Sequence[int], over: int) -> sparse.csr_matrix:
    """Every unit's people in breakdown `over` are its people in the first."""
    one = sparse.identity(units, format="csr")
    pieces = [one * (-1.0 if number == over else 1.0 if number == 0 else 0.0) for number, width in enumerate(widths) for _ in range(width)]
    return sparse.csr_matrix(sparse.hstack(pieces))


@dataclass(frozen=True, eq=False)
class Part:
    """Nodes that hang together once everything else is fixed. nodes: places in the plan, the top first; units: nodes
    whose own people are counted in the part; closed: are all numbers of the top shown? What lies below another closed
    node is no part of it: its numbers are known and taken off the top's."""

    nodes: Places
    units: Flags
    closed: bool

    def tree(self, whole: Tree) -> Tree:
        local = {int(node): place for place, node in enumerate(self.nodes)}
        parent = np.array([local.get(int(whole.parent[node]), -1) for node in self.nodes], dtype=np.int64)
        parent[0] = -1
        children: dict[int, list[int]] = {}
        for place, up in enumerate(parent.tolist()):
            if up >= 0:
                children.setdefault(up, []).append(place)
        order = [0]
        for node in order:
            order += children.get(node, ())
        return Tree(tuple(order), {up: tuple(below) for up, below in children.items()}, parent)

    def sums(self, whole: Tree, counts: Floats, breakdowns: Sequence[Sequence[int]]) -> Sums:
        """The part's numbers; `counts`: each node's own people, nodes x blocks; breakdowns: the blocks of each."""
        units = np.flatnonzero(self.units)
        within = sparse.csr_matrix(whole.above[self.nodes][:, units])
        return sums_of(within, self.tree(whole).children, counts[units, 0], [counts[units][:, blocks] for blocks in breakdowns])


def parts_of(tree: Tree, closed: Flags, reporting: Flags) -> Iterator[Part]:
    """The parts of a wave between its closed nodes (`closed`, `reporting`: nodes)."""
    nearest, parent = tree.nearest(closed), tree.parent
    for top in np.flatnonzero(closed | (parent < 0)).tolist():
        below = np.flatnonzero((nearest == (top if closed[top] else -1)) & (np.arange(len(parent)) != top))
        if not closed[top]:
            below = below[np.asarray(tree.above[[top]][:, below].todense()).ravel() > 0]
        units = np.zeros(len(parent), dtype=bool)
        units[below] = units[top] = True
        if len(below):
            yield Part(np.concatenate([[top], below]), units & reporting, bool(closed[top]))
