"""The tree of a plan as numbers, and its weighting classes.

A shown unit is a class of its own; all units hidden under the same nearest shown node are one class, with one
weight: a group's number then holds nothing of them but their sum. Source: the collapsing of weighting cells of
survey practice (Kalton & Flores-Cervantes, Journal of Official Statistics 19 (2003) 81-97).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from survey.design.plan import Plan

Flags = NDArray[np.bool_]
Places = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Tree:
    """The plan's nodes as numbers: `order` parents before children; `parent` -1 at a root; `leaf`: nothing below it."""

    order: tuple[int, ...]
    children: Mapping[int, tuple[int, ...]]
    parent: Places

    @classmethod
    def of(cls, plan: Plan) -> Tree:
        place = {node.id: number for number, node in enumerate(plan.nodes)}
        return cls(
            order=tuple(place[node.id] for node in plan.topological),
            children={
                place[parent]: tuple(place[child] for child in children) for parent, children in plan.children.items() if parent in place
            },
            parent=np.array([place.get(node.parent or "", -1) for node in plan.nodes], dtype=np.int64),
        )

    @cached_property
    def leaf(self) -> Flags:
        flags = np.ones(len(self.parent), dtype=bool)
        flags[list(self.children)] = False
        return flags

    @cached_property
    def levels(self) -> tuple[Places, ...]:
        """Nodes by their distance from the root."""
        depth = np.zeros(len(self.parent), dtype=np.int64)
        for node in self.order:
            depth[node] = 0 if self.parent[node] < 0 else depth[self.parent[node]] + 1
        return tuple(np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)) + 1))

    @cached_property
    def above(self) -> sparse.csr_matrix:
        """Nodes x nodes: 1 where the first is the second or stands above it."""
        rows: list[Places] = [np.arange(len(self.parent))]
        columns: list[Places] = [np.arange(len(self.parent))]
        up = self.parent.copy()
        while (up >= 0).any():
            there = np.flatnonzero(up >= 0)
            rows.append(up[there])
            columns.append(there)
            up = np.where(up >= 0, self.parent[up], -1)
        row, column = np.concatenate(rows), np.concatenate(columns)
        return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(self.parent), len(self.parent)))

    def nearest(self, shown: Flags) -> Places:
        """For each node (of `shown`: nodes, or nodes x numbers) the nearest shown node at or above it; -1: none.

        Of a reporting unit's own staff this is its class.
        """
        found = np.full(shown.shape, -1, dtype=np.int64)
        for level in self.levels:
            up = self.parent[level]
            above = np.where((up >= 0)[(...,) + (None,) * (shown.ndim - 1)], found[up], -1)
            own = level[(...,) + (None,) * (shown.ndim - 1)]
            found[level] = np.where(shown[level], own, above)
        return found
