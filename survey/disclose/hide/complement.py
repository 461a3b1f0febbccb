"""Which numbers of a wave are hidden: the thresholds, and as little else as withstands every attack.

One pattern is found for completed forms, over the unit tree and all breakdowns at once: a cell is
shown with all its themes or hidden whole. A theme or item that fewer people answered may be hidden
in further cells, so that it withstands the attacks with its own numbers of people too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.design.plan import Plan
from survey.disclose.attack.attacker import Attacker
from survey.disclose.attack.programme import Flags
from survey.disclose.hide.optimise import Problem, attacker_of, optimise
from survey.disclose.hide.thresholds import Reasons
from survey.disclose.policy import Policy
from survey.disclose.release import FORMS, PROTECTS, TOO_FEW
from survey.disclose.sums import Sums, people_of, sums_of
from survey.disclose.tree import Tree
from survey.process.estimates import membership
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Group, Tallies, Tally


@dataclass(frozen=True, eq=False)
class Complement:
    """Reasons ("" = shown): `cells` nodes x measures for each category; `forms` nodes.

    Items have no breakdowns: their columns in a category are hidden.
    """

    cells: Mapping[Category, Reasons]
    forms: Reasons


@dataclass(frozen=True, eq=False)
class _Pattern:
    """One solved system of sums: what is shown, what stood under a threshold."""

    shown: Flags
    small: Flags

    def reasons(self, sums: Sums, block: int, nodes: int) -> Reasons:
        here = np.flatnonzero(sums.block == block)
        reasons = np.full(nodes, "", dtype=object)
        reasons[sums.node[here]] = np.where(self.shown[here], "", np.where(self.small[here], TOO_FEW, PROTECTS))
        return reasons


class _TimeIsUp(Exception):
    """The optimiser did not finish within the policy's seconds."""


def complement(tallies: Tallies, plan: Plan, policy: Policy) -> Complement | None:
    """Reasons for every number of the wave; None if none is found within the policy's seconds."""
    try:
        return _Complementing(tallies, plan, policy).solve()
    except _TimeIsUp:
        return None


class _Complementing:
    def __init__(self, tallies: Tallies, plan: Plan, policy: Policy) -> None:
        self._tallies = tallies
        self._policy = policy
        self._nodes = len(plan.nodes)
        self._deadline = time.monotonic() + policy.optimiser_seconds
        self._categories = [category for category in tallies.tables if category != EVERYBODY]
        within, children = membership(tallies, plan), Tree.of(plan).children
        whole, parts = self._people(lambda tally: tally.forms)
        self._sums = sums_of(within, children, whole, parts)
        self._totals = sums_of(within, children, whole, [])
        self._attacker = attacker_of(self._sums, policy.unit)
        self._number = self._numbers(plan)
        self._apart = tuple((self._number[one], self._number[two]) for one, two in tallies.apart)
        self._item_attacker = attacker_of(self._totals, policy.item)

    def _numbers(self, plan: Plan) -> dict[Group, int]:
        """Which number of the sums speaks of a group."""
        categories = (EVERYBODY, *self._categories)
        places = zip(self._sums.block, self._sums.node, strict=True)
        return {(plan.nodes[node].id, categories[block]): row for row, (block, node) in enumerate(places) if block >= 0}

    def _withheld(self, measure: str) -> Flags:
        hidden = np.zeros(len(self._sums.block), dtype=bool)
        hidden[[self._number[group] for group, name in self._tallies.withheld if name == measure]] = True
        return hidden

    def _people(self, count: Callable[[Tally], Floats]) -> tuple[Floats, list[Floats]]:
        tables = self._tallies.tables
        breakdowns = dict.fromkeys(breakdown for breakdown, _ in self._categories)
        parts = [np.column_stack([count(tables[c]) for c in self._categories if c[0] == breakdown]) for breakdown in breakdowns]
        return count(tables[EVERYBODY]), parts

    def solve(self) -> Complement:
        policy, sums = self._policy, self._sums
        units = sums.totals[sums.block == 0][sums.node]  # forms of each number's unit
        small = self._small(sums) | ((sums.block > 0) & (units < policy.breakdown_unit))
        forms = self._pattern(sums, small, ~(sums.block >= 0) | self._withheld(FORMS), self._attacker, policy.unit)
        cells = {category: np.full((self._nodes, len(self._tallies.measures)), TOO_FEW, dtype=object) for category in self._tallies.tables}
        for column, measure in enumerate(self._tallies.measures):
            if measure.kind == "item":
                cells[EVERYBODY][:, column] = self._item(column, forms)
                continue
            own = replace(sums, people=people_of(*self._people(lambda tally, c=column: tally.n[:, c])))  # type: ignore[misc]
            hidden = ~forms.shown | self._withheld(str(measure))
            pattern = self._pattern(own, forms.small | self._small(own), hidden, self._attacker, policy.unit)
            for block, category in enumerate((EVERYBODY, *self._categories)):
                cells[category][:, column] = pattern.reasons(own, block, self._nodes)
        return Complement(cells, forms.reasons(sums, 0, self._nodes))

    def _item(self, column: int, forms: _Pattern) -> Reasons:
        own = replace(self._totals, people=self._tallies.tables[EVERYBODY].n[:, column])
        published = own.block == 0
        small = published & (own.totals < self._policy.item)
        hidden = np.zeros(len(published), dtype=bool)
        withheld = self._withheld(str(self._tallies.measures[column]))
        hidden[published] = (~forms.shown | withheld)[self._sums.block == 0]
        return self._pattern(own, small, hidden, self._item_attacker, self._policy.item).reasons(own, 0, self._nodes)

    def _small(self, sums: Sums) -> Flags:
        least = np.where(sums.block == 0, self._policy.unit, max(self._policy.unit, self._policy.category))
        return np.asarray((sums.block >= 0) & (sums.totals < least))

    def _pattern(self, sums: Sums, small: Flags, hidden: Flags, attacker: Attacker, least: int) -> _Pattern:
        above = np.where(sums.block > 0, sums.node, -1)
        must = (small | hidden) & (sums.block >= 0)
        must |= (above >= 0) & must[above]  # no category where the unit is hidden
        problem = Problem(sums, must, above, least, self._apart if len(must) == len(self._sums.block) else ())
        solution = optimise(problem, self._deadline - time.monotonic(), attacker)
        if solution is None:
            raise _TimeIsUp
        return _Pattern(solution.shown, small)


__all__: Sequence[str] = ("Complement", "complement")
