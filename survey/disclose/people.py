"""Who stands behind each number: the one model that hiding and attacking share.

A published number is a sum over people. Whoever attacks it adds and subtracts such sums; what is left of a
combination speaks of the people it does not cancel. People of one unit with the same memberships (a *profile*)
cannot be told apart by any combination, so they are one cell. Inside a breakdown a number that is shown for a node
and for units below it leaves the units that hide it: their people are one class (survey/process/tree.py), so every
combination is a sum over classes, and each cell stands in one class of everybody and one of each of its categories.
combinations.py searches for combinations that speak of few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from survey.disclose.policy import Policy
from survey.process.scores import Floats, Measure
from survey.process.tallies import EVERYBODY, Tallies
from survey.process.tree import Flags, Places, Tree

Number = tuple[int, int]  # (block: 0 = everybody, 1.. = categories in order; node)


def minimum_base(measure: Measure, policy: Policy) -> int:
    return policy.item if measure.kind == "item" else policy.unit


@dataclass(frozen=True, eq=False)
class Crowd:
    """The people of one measure. unit: node of each cell's reporting unit; blocks: cells x (1 + breakdowns), the blocks
    a cell is counted in (0 first, -1 where it gave no category); people: of each cell, 1 or more."""

    unit: Places
    blocks: Places
    people: Floats
    breakdowns: tuple[tuple[int, ...], ...]  # the blocks of each

    def of(self, units: Flags) -> Crowd:
        """Only the cells of some units (flags over nodes)."""
        chosen = units[self.unit]
        return Crowd(self.unit[chosen], self.blocks[chosen], self.people[chosen], self.breakdowns)

    @cached_property
    def key(self) -> bytes:
        return self.unit.tobytes() + self.blocks.tobytes() + self.people.tobytes()


def own_people(tallies: Tallies, unit_nodes: Places, nodes: int, column: int | None) -> Floats:
    """Nodes x blocks (0 = everybody, then the categories): the people of each node's own behind a measure (None: forms)."""
    found = np.zeros((nodes, 1 + len(tallies.categories)))
    found[unit_nodes] = np.column_stack([tallies.tables[category].people(column) for category in (EVERYBODY, *tallies.categories)])
    return found


def crowds(tallies: Tallies, unit_nodes: Places, column: int | None) -> list[Crowd]:
    """The people of a measure (None: everybody who sent a form) as cells of unit x profile.

    Where rows are not known (imported counts) each breakdown is a crowd of its own: how they hang together nobody knows.
    """
    people = tallies.people
    if people is None:
        return _from_counts(tallies, unit_nodes, column)
    who: Flags = np.ones(len(people.unit), dtype=bool)
    if column is not None:
        who = np.asarray(people.scores.there[:, tallies.items_of(column)].any(axis=1))
    first = _first_blocks(tallies, people.breakdowns)
    given = people.given[who]
    blocks = np.where(given > 0, given + first[None, :] - 1, -1)
    cells, count = _different(np.column_stack([people.unit[who], blocks + 1]))
    cells[:, 1:] -= 1
    unit = unit_nodes[cells[:, 0]] if len(cells) else np.zeros(0, dtype=np.int64)
    named = [category[0] for category in tallies.categories]
    within = tuple(tuple(1 + n for n, name in enumerate(named) if name == breakdown) for breakdown in people.breakdowns)
    return [Crowd(unit, np.column_stack([np.zeros(len(cells), dtype=np.int64), cells[:, 1:]]), count.astype(float), within)]


def _different(rows: Places) -> tuple[Places, Places]:
    """The different rows in their order, and how often each: as one number a row, which is sorted much faster."""
    widths = rows.max(axis=0, initial=0) + 1
    if np.prod(widths.astype(float)) >= 2**62:
        return np.unique(rows, axis=0, return_counts=True)
    key = np.ravel_multi_index(tuple(rows.T), tuple(widths))
    found, count = np.unique(key, return_counts=True)
    return np.column_stack(np.unravel_index(found, tuple(widths))), count


def _first_blocks(tallies: Tallies, breakdowns: Sequence[str]) -> Places:
    names = [category[0] for category in tallies.categories]
    return np.array([1 + names.index(breakdown) for breakdown in breakdowns], dtype=np.int64)


def _from_counts(tallies: Tallies, unit_nodes: Places, column: int | None) -> list[Crowd]:
    whole = tallies.tables[EVERYBODY].people(column)
    found = []
    for breakdown in dict.fromkeys(category[0] for category in tallies.categories) or ("",):
        numbered = [(1 + n, tallies.tables[c].people(column)) for n, c in enumerate(tallies.categories) if c[0] == breakdown]
        rest = whole - sum((part for _, part in numbered), np.zeros_like(whole))
        parts = [(-1, np.maximum(rest, 0)), *numbered]
        unit = np.concatenate([unit_nodes] * len(parts))
        block = np.repeat([number for number, _ in parts], len(whole))
        people = np.concatenate([part for _, part in parts])
        there = people > 0
        columns = [np.zeros(int(there.sum()), dtype=np.int64), *([block[there]] if breakdown else [])]
        within = (tuple(number for number, _ in numbered),) if breakdown else ()
        found.append(Crowd(unit[there], np.column_stack(columns), people[there], within))
    return found


def numbers_of(tree: Tree, shown: Flags, node: int) -> list[int]:
    """The shown nodes whose numbers make up the class of `node` (`shown`: nodes): its own less the nearest ones below."""
    found, waiting = [node], list(tree.children.get(node, ()))
    while waiting:
        one = waiting.pop()
        if shown[one]:
            found.append(one)
        else:
            waiting += tree.children.get(one, ())
    return found
