"""Patterns and weights that leak, as controls: what an attack must catch to be believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey.design.plan import Plan
from survey.disclose.hide.pattern import Pattern, pattern
from survey.disclose.hide.thresholds import reasons_of
from survey.disclose.people import minimum_base
from survey.disclose.policy import Policy
from survey.process.tallies import EVERYBODY, Tallies
from survey.process.tree import Tree


def thresholds_only(tallies: Tallies, plan: Plan, policy: Policy) -> Pattern:
    """Primary suppression: what stands under its minimum is hidden, and nothing else."""
    place = {node.id: row for row, node in enumerate(plan.nodes)}
    within = Tree.of(plan).above[:, [place[unit] for unit in tallies.units]]
    forms = within @ tallies.tables[EVERYBODY].forms
    cells = {}
    for category, table in tallies.tables.items():
        people = within @ table.n
        small = np.zeros(people.shape, dtype=bool)
        for column, measure in enumerate(tallies.measures):
            small[:, column] = people[:, column] < minimum_base(measure, policy)
            if category != EVERYBODY:
                small[:, column] |= (forms < policy.breakdown_unit) | (measure.kind == "item")
        cells[category] = reasons_of(~small, small)
    return Pattern(cells, reasons_of(forms >= policy.unit, forms < policy.unit))


def side_by_side(tallies: Tallies, plan: Plan, policy: Policy) -> Pattern:
    """Each breakdown hidden for itself, as if nobody could lay two of them together."""
    found = None
    cells = {}
    for breakdown in dict.fromkeys(name for name, _ in tallies.categories):
        own = {category: table for category, table in tallies.tables.items() if category[0] in ("", breakdown)}
        people = tallies.people
        if people is not None:
            column = people.breakdowns.index(breakdown)
            people = replace(people, given=people.given[:, [column]], breakdowns=(breakdown,))
        found = pattern(replace(tallies, tables=own, people=people), plan, policy)
        assert found is not None
        cells |= found.cells
    assert found is not None
    return Pattern({category: cells[category] for category in tallies.tables}, found.forms)
