"""The block rule for a whole wave: what is used when the optimiser runs out of time, and for numbers
another body has already published (there only the minimum bases hold)."""

from __future__ import annotations

import numpy as np

from survey.design.plan import Plan
from survey.disclose.combinations import light
from survey.disclose.hide.only_some import only_some
from survey.disclose.hide.pattern import Pattern
from survey.disclose.hide.thresholds import guarded, protect_breakdown, reasons_of
from survey.disclose.people import Crowd, crowds, minimum_base, numbers_of
from survey.disclose.policy import Policy
from survey.process.estimates import membership
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies
from survey.process.tree import Flags, Tree


def blocks(tallies: Tallies, plan: Plan, policy: Policy) -> Pattern:
    """Reasons for every number: a node shows all categories or none."""
    return _Blocking(tallies, plan, policy).solve()


class _Blocking:
    def __init__(self, tallies: Tallies, plan: Plan, policy: Policy) -> None:
        self._t, self._policy, self._tree = tallies, policy, Tree.of(plan)
        self._within = membership(tallies, plan)
        self._units = tallies.unit_nodes(plan)
        self._breakdowns = {b: [c for c in tallies.categories if c[0] == b] for b, _ in tallies.categories}

    def solve(self) -> Pattern:
        forms = self._within @ self._t.tables[EVERYBODY].forms
        few = forms < self._policy.unit
        totals = self._total(few, forms, self._policy.unit)
        some = only_some(self._t, self._tree, self._policy)
        cells = {category: np.full((len(forms), len(self._t.measures)), "", dtype=object) for category in self._t.tables}
        for column, measure in enumerate(self._t.measures):
            least = minimum_base(measure, self._policy)
            people = self._within @ self._t.tables[EVERYBODY].n[:, column]
            small = few | (people < least)
            shown = self._total(small | ~totals | some[:, column], people, least)
            cells[EVERYBODY][:, column] = reasons_of(shown, small, some[:, column])
            for category in self._t.categories:
                cells[category][:, column] = reasons_of(np.zeros_like(shown), np.ones_like(shown))
            if measure.kind != "item":
                self._broken_down(cells, column, shown, people)
        return Pattern(cells, reasons_of(totals, few))

    def _total(self, hidden: Flags, people: Floats, least: int) -> Flags:
        return ~hidden if self._t.published else guarded(hidden, people, least, self._tree)

    def _broken_down(self, cells: dict[Category, np.ndarray], column: int, shown: Flags, people: Floats) -> None:
        base = {c: self._within @ self._t.tables[c].n[:, column] for c in self._t.categories}
        if self._t.published:
            for categories in self._breakdowns.values():
                whole = np.column_stack([base[c] for c in categories])
                visible = shown & ~(whole < self._policy.category).any(axis=1)
                for category in categories:
                    cells[category][:, column] = reasons_of(visible, ~visible)
            return
        found = self._withstanding(base, shown, people, crowds(self._t, self._units, column))
        for breakdown, categories in self._breakdowns.items():
            for category in categories:
                cells[category][:, column] = reasons_of(found[breakdown], ~found[breakdown])

    def _withstanding(self, base: dict[Category, Floats], shown: Flags, people: Floats, crowd: list[Crowd]) -> dict[str, Flags]:
        """Nodes that show each breakdown; where breakdowns together speak of few people the last of them goes."""
        allowed = {breakdown: shown.copy() for breakdown in self._breakdowns}
        numbered = list(self._t.categories)
        while True:
            found = {
                b: protect_breakdown(
                    np.column_stack([base[c] for c in categories]), people, allowed[b], self._policy, self._policy.unit, self._tree
                )
                for b, categories in self._breakdowns.items()
            }
            table = np.column_stack([shown, *(found[c[0]] for c in numbered)])
            hits = [one for each in crowd for one in light(each, table, self._tree, self._policy.unit)]
            if not hits:
                return found
            for one in hits:
                block, node = max(one.classes)
                if block:
                    below = numbers_of(self._tree, table[:, block], node)[1:]
                    allowed[numbered[block - 1][0]][below or [node]] = False
