"""The block rule for a whole wave: what is used when the optimiser runs out of time, and for numbers
another body has already published (there only the minimum bases hold)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from survey.design.plan import Plan
from survey.disclose.attack.programme import Flags
from survey.disclose.hide.complement import Complement
from survey.disclose.hide.thresholds import hide_small, protect_breakdown, protect_siblings
from survey.disclose.policy import Policy
from survey.disclose.release import TOO_FEW
from survey.disclose.tree import Tree, minimum_base
from survey.process.estimates import Estimates
from survey.process.tallies import EVERYBODY, Category, Tallies


def blocks(tallies: Tallies, plan: Plan, policy: Policy, estimates: Mapping[Category, Estimates]) -> Complement:
    """Reasons for every number: a unit shows all categories of a breakdown or none."""
    tree = Tree.of(plan)
    whole = estimates[EVERYBODY]
    least = [minimum_base(measure, policy) for measure in tallies.measures]
    everybody = hide_small(whole.base, whole.forms, tallies.measures, policy)
    forms = np.where(whole.forms < policy.unit, TOO_FEW, "").astype(object)[:, None]
    if not tallies.published:
        everybody = protect_siblings(everybody, whole.base, least, tree)
        forms = protect_siblings(forms, whole.forms[:, None], [policy.unit], tree)
    reasons = {EVERYBODY: everybody}
    for breakdown in dict.fromkeys(breakdown for breakdown, _ in estimates if breakdown):
        categories = [category for category in estimates if category[0] == breakdown]
        hidden = np.full((len(plan.nodes), len(tallies.measures)), TOO_FEW, dtype=object)
        for column in [c for c, measure in enumerate(tallies.measures) if measure.kind != "item"]:
            base = np.column_stack([estimates[category].base[:, column] for category in categories])
            shown = (everybody[:, column] == "") & ~_apart(tallies, plan, breakdown)
            if tallies.published:
                hidden[:, column] = np.where((base < policy.category).any(axis=1) | ~shown, TOO_FEW, "")
            else:
                hidden[:, column] = protect_breakdown(base, whole.base[:, column], shown, policy, least[column], tree)
        reasons.update(dict.fromkeys(categories, hidden))
    return Complement(reasons, forms[:, 0])


def _apart(tallies: Tallies, plan: Plan, breakdown: str) -> Flags:
    """Nodes where a category of this breakdown is nearly another group: the breakdown is not shown there.

    Of two breakdowns the one that comes first in its pair stays.
    """
    nodes = {group[0] for pair in tallies.apart for group in pair[1:] if group[1][0] == breakdown}
    nodes |= {pair[0][0] for pair in tallies.apart if pair[1][1] == EVERYBODY and pair[0][1][0] == breakdown}
    return np.array([node.id in nodes for node in plan.nodes])
