"""Which numbers of a wave are hidden: the thresholds, and as little else as withstands every attack.

First the totals of the nodes (thresholds.py). Once they are fixed the rest falls into parts that do not know
each other: below a group all of whose numbers are shown, nothing depends on what lies outside it. Each part is
solved by itself (optimise.py). One pattern is found for completed forms; a measure that fewer people answered
may be hidden in further cells, so that it withstands the attacks with its own people too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.design.plan import Plan
from survey.disclose.combinations import light
from survey.disclose.hide.only_some import only_some
from survey.disclose.hide.optimise import Infeasible, Problem, TimeIsUp, optimise
from survey.disclose.hide.thresholds import Reasons, guarded, reasons_of
from survey.disclose.people import Crowd, crowds, minimum_base, own_people
from survey.disclose.policy import Policy
from survey.disclose.release import FORMS
from survey.disclose.sums import Part, parts_of
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies
from survey.process.tree import Flags, Tree


@dataclass(frozen=True, eq=False)
class Pattern:
    """Reasons ("" = shown): `cells` nodes x measures for each category; `forms` nodes.

    Items have no breakdowns: their columns in a category are hidden.
    """

    cells: Mapping[Category, Reasons]
    forms: Reasons

    @property
    def shown(self) -> dict[Category, Flags]:
        return {category: np.asarray(reasons == "") for category, reasons in self.cells.items()}


@dataclass(frozen=True, eq=False)
class _Numbers:
    """One measure over nodes x blocks (0 = everybody, then the categories): people at and below each node, its own,
    what may not be shown, what stands under a threshold, and the crowds."""

    people: Floats
    own: Floats
    hidden: Flags
    small: Flags
    crowds: Sequence[Crowd]


def pattern(tallies: Tallies, plan: Plan, policy: Policy) -> Pattern | None:
    """Reasons for every number of the wave; None if none is found within the policy's seconds."""
    try:
        return _Patterning(tallies, plan, policy).solve()
    except (TimeIsUp, Infeasible):
        return None


class _Patterning:
    def __init__(self, tallies: Tallies, plan: Plan, policy: Policy) -> None:
        self._t, self._plan, self._policy = tallies, plan, policy
        self._tree = Tree.of(plan)
        self._deadline = time.monotonic() + policy.optimiser_seconds
        place = {node.id: number for number, node in enumerate(plan.nodes)}
        self._place = place
        self._units = tallies.unit_nodes(plan)
        self._only_some = only_some(tallies, self._tree, policy)
        self._blocks: list[Category] = [EVERYBODY, *tallies.categories]
        names = dict.fromkeys(category[0] for category in tallies.categories)
        self._breakdowns = [[n for n, c in enumerate(self._blocks) if c[0] == name] for name in names]
        self._least = max(policy.unit, policy.category)
        self._solved: dict[tuple[bytes, ...], Flags] = {}

    def solve(self) -> Pattern:
        if self._policy.optimiser_seconds <= 0:
            raise TimeIsUp
        forms = self._numbers(None, FORMS, None)
        shown = self._broken_down(forms)
        measures = self._t.measures
        cells = {category: np.full((len(self._plan.nodes), len(measures)), "", dtype=object) for category in self._blocks}
        for column, measure in enumerate(measures):
            if measure.kind == "item":
                for category in self._blocks[1:]:
                    cells[category][:, column] = reasons_of(np.zeros(len(shown), dtype=bool), np.ones(len(shown), dtype=bool))
                cells[EVERYBODY][:, column] = self._item(column, shown[:, 0], forms)
                continue
            own = self._numbers(column, str(measure), shown)
            found = shown if _same(own, forms) else self._broken_down(own)
            for block, category in enumerate(self._blocks):
                cells[category][:, column] = reasons_of(found[:, block], (own.small | forms.small)[:, block])
        return Pattern(cells, reasons_of(shown[:, 0], forms.small[:, 0]))

    def _own(self, column: int | None) -> Floats:
        return own_people(self._t, self._units, len(self._plan.nodes), column)

    def _numbers(self, column: int | None, name: str, allowed: Flags | None) -> _Numbers:
        own = self._own(column)
        people = np.asarray(self._tree.above @ own)
        small = people < self._least
        small[:, 0] = people[:, 0] < self._policy.unit
        forms = self._tree.above @ self._own(None)[:, 0]
        small[:, 1:] |= (forms < self._policy.breakdown_unit)[:, None]
        hidden = small | self._withheld(name)
        if allowed is not None:
            hidden |= ~allowed
        hidden[:, 0] = ~guarded(hidden[:, 0], people[:, 0], self._policy.unit, self._tree)
        hidden[:, 1:] |= hidden[:, [0]]
        return _Numbers(people, own, hidden, small, crowds(self._t, self._units, column))

    def _withheld(self, name: str) -> Flags:
        flags = np.zeros((len(self._plan.nodes), len(self._blocks)), dtype=bool)
        for (unit, category), measure in self._t.withheld:
            if measure == name:
                flags[self._place[unit], self._blocks.index(category)] = True
        return flags

    def _item(self, column: int, shown: Flags, forms: _Numbers) -> Reasons:
        least = minimum_base(self._t.measures[column], self._policy)
        people = self._tree.above @ self._own(column)[:, 0]
        small = (people < least) | forms.small[:, 0]
        some = self._only_some[:, column]
        hidden = small | ~shown | some | self._withheld(str(self._t.measures[column]))[:, 0]
        return reasons_of(guarded(hidden, people, least, self._tree), small, some)

    def _broken_down(self, numbers: _Numbers) -> Flags:
        """Shown numbers (nodes x blocks), part by part."""
        if len(self._blocks) == 1:
            return ~numbers.hidden
        shown = ~numbers.hidden
        open_: set[int] = set()
        waiting = self._parts(numbers, open_)
        while waiting:
            part = waiting.pop()
            try:
                shown[part.nodes] = self._solve(part, numbers)
            except Infeasible:
                top = int(part.nodes[0])
                if not part.closed:
                    raise
                if self._tree.parent[top] < 0:
                    waiting.append(replace(part, closed=False))
                    continue
                open_.add(top)  # it is solved together with what lies around it
                shown = ~numbers.hidden
                waiting = self._parts(numbers, open_)
        return shown

    def _parts(self, numbers: _Numbers, not_closed: set[int]) -> list[Part]:
        reporting = np.zeros(len(self._tree.parent), dtype=bool)
        reporting[self._units] = True
        return list(parts_of(self._tree, self._closed(numbers, not_closed), reporting))

    def _closed(self, numbers: _Numbers, not_closed: set[int]) -> Flags:
        """Groups all of whose numbers can stay shown, and leave what lies around them in no small company."""
        closed = ~self._tree.leaf & ~numbers.hidden.any(axis=1)
        closed[list(not_closed)] = False
        while True:
            shown = np.repeat(closed[:, None], len(self._blocks), axis=1)
            found = [one for crowd in numbers.crowds for one in light(crowd, shown, self._tree, self._policy.unit)]
            if not found:
                return closed
            for one in found:
                node = one.classes[0][1]
                below = list(self._closed_below(closed, node))
                closed[min(below, key=lambda child: numbers.people[child, 0]) if below else node] = False

    def _closed_below(self, closed: Flags, node: int) -> Iterator[int]:
        for child in self._tree.children.get(node, ()):
            if closed[child]:
                yield child
            else:
                yield from self._closed_below(closed, child)

    def _solve(self, part: Part, numbers: _Numbers) -> Flags:
        """Shown numbers of the part's nodes x blocks."""
        local = np.full(len(self._tree.parent), -1, dtype=np.int64)
        local[part.nodes] = np.arange(len(part.nodes))
        own = [crowd.of(part.units) for crowd in numbers.crowds]
        own = [replace(crowd, unit=local[crowd.unit]) for crowd in own]
        hidden = numbers.hidden[part.nodes]
        key = (part.nodes.tobytes(), bytes([part.closed]), hidden.tobytes(), *(crowd.key for crowd in own))
        if key not in self._solved:
            sums = part.sums(self._tree, numbers.own, self._breakdowns)
            published = sums.block >= 0
            must, fixed = np.zeros(len(published), dtype=bool), np.zeros(len(published), dtype=bool)
            must[published] = hidden[sums.node[published], sums.block[published]]
            # Totals are decided already, and the numbers of a closed top.
            fixed[published] = ~must[published] & ((sums.block[published] == 0) | (part.closed & (sums.node[published] == 0)))
            problem = Problem(sums, must, fixed, self._policy.unit, part.tree(self._tree), own)
            self._solved[key] = optimise(problem, self._deadline)
        return self._solved[key]


def _same(one: _Numbers, other: _Numbers) -> bool:
    return len(one.crowds) == len(other.crowds) and all(a.key == b.key for a, b in zip(one.crowds, other.crowds, strict=True))
