"""A release too large to be held as a whole: its numbers are read where a reader asks for them.

A country's wave has hundreds of thousands of numbers, and a page of one province shows some hundred. What is read is shared by all
readers of the release; what one of them may see is decided here, before anything is asked of the store (`seen`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from survey.design.plan import Node, Plan
from survey.disclose.release import Release
from survey.disclose.rows import Rows

PIECE = 128  # nodes read together, at most


class Shelf(Protocol):
    """Where the numbers of one release stand. `units`: who has any."""

    units: Collection[str]

    def rows(self, unit: str, breakdowns: bool) -> Rows:
        """The unit's rows and its neighbours': those of everybody, or those of the breakdowns."""

    def cells(self, units: Collection[str]) -> pd.DataFrame:
        """All rows of these units, in the order of their keys."""

    def table(self, units: Collection[str]) -> pd.DataFrame:
        """The same, kept for whoever asks again."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Large(Release):
    """`seen`: the units whose numbers its reader is given."""

    cells: pd.DataFrame = field(init=False, repr=False)
    shelf: Shelf = field(repr=False)
    seen: Collection[str] = field(repr=False)

    def restricted(self, visible: Collection[str]) -> Release:
        return replace(self, seen=frozenset(visible) & frozenset(self.seen), quality=self.quality and self.quality.restricted(visible))

    def nodes(self) -> tuple[Node, ...]:
        return tuple(node for node in self.plan.nodes if node.id in self.seen)

    def whole(self) -> Release:
        """The same with all its numbers at hand."""
        named = {one.name: getattr(self, one.name) for one in fields(Release) if one.name != "cells"}
        return Release(**named, cells=self.shelf.cells(self.seen))

    def _row(self, unit: str, breakdown: str, category: str, measure: str) -> tuple[Any, ...] | None:
        if unit not in self.seen:
            return None
        return self.shelf.rows(unit, breakdown != "").of(unit, breakdown, category, measure)

    @cached_property
    def cells_hash(self) -> str:
        return self.whole().cells_hash


# A field of a release, here read when it is asked for.
Large.cells = property(lambda self: self.shelf.table(self.seen))  # type: ignore[assignment]


def pieces(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """For every node those that are read with it: of its own tree, neighbours in the tree, PIECE of them at most."""
    top: dict[str, str] = {}
    trees: dict[str, list[str]] = {root: [] for root in plan.roots}
    for node in plan.topological:
        top[node.id] = top.get(node.parent or "", node.id)
        trees[top[node.id]].append(node.id)
    found: dict[str, tuple[str, ...]] = {}
    for nodes in trees.values():
        for start in range(0, len(nodes), PIECE):
            piece = tuple(nodes[start : start + PIECE])
            found.update(dict.fromkeys(piece, piece))
    return found
