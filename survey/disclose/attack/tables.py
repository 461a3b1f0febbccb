"""The tables an attacker holds: every measure alone over the units, and joined with each breakdown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from survey.design.plan import Plan
from survey.disclose.attack.audit import Table
from survey.disclose.hide.complement import Complement
from survey.disclose.policy import Policy
from survey.disclose.release import FORMS
from survey.disclose.tree import minimum_base
from survey.process.estimates import membership
from survey.process.tallies import EVERYBODY, Tallies


def attack_tables(tallies: Tallies, plan: Plan, policy: Policy, hidden: Complement) -> Iterator[Table]:
    """What is about to be published, as sums over reporting unit x category."""
    within = membership(tallies, plan).toarray()
    names = [node.id for node in plan.nodes]
    whole = tallies.tables[EVERYBODY]
    shown = hidden.cells[EVERYBODY] == ""
    everybody = [(FORMS, whole.forms, hidden.forms == "", policy.unit)]
    everybody += [(str(m), whole.n[:, c], shown[:, c], minimum_base(m, policy)) for c, m in enumerate(tallies.measures)]
    for measure, people, visible, least in everybody:
        yield Table(f"units/{measure}", within, people, visible, np.ones(len(names), dtype=bool), names, least)
    for breakdown in dict.fromkeys(breakdown for breakdown, _ in tallies.tables if breakdown):
        categories = [category for category in tallies.tables if category[0] == breakdown]
        parts = len(categories) + 1
        rows = np.vstack([np.tile(within, parts), *(np.kron(np.eye(parts)[k], within) for k in range(parts))])
        labels = [*names, *(f"{name} {c[1]}" for c in categories for name in names), *(f"{name} ?" for name in names)]
        for column in [c for c, measure in enumerate(tallies.measures) if measure.kind != "item"]:
            counted = [tallies.tables[category].n[:, column] for category in categories]
            visible = np.concatenate(
                [shown[:, column], *(hidden.cells[c][:, column] == "" for c in categories), np.zeros(len(names), dtype=bool)]
            )
            yield Table(
                name=f"{breakdown}/{tallies.measures[column]}",
                rows=rows,
                people=np.concatenate([*counted, whole.n[:, column] - sum(counted)]),
                shown=visible,
                withheld=np.repeat([True, False], [parts * len(names), len(names)]),
                names=labels,
                least=min(policy.unit, policy.category),
            )
