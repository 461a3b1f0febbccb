"""Questions that only some are asked: a condition stands before them.

The rule, to be read aloud: a question that only some are asked is published for the whole only, and only where those who
were not asked are a group as well.

Whoever subtracts its answers from the forms counts those who were not asked, and knows of them what the condition asks for.
So no unit shows such a question, no theme and no index holds one, and in the whole the conditions may cut nobody off in a
group under the minimum: nobody at all is no group either, or everybody would be known to meet the condition.
"""

from __future__ import annotations

import numpy as np

from survey.disclose.policy import Policy
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Tallies
from survey.process.tree import Flags, Tree


def only_some(tallies: Tallies, tree: Tree, policy: Policy) -> Flags:
    """Nodes x measures: what the rule hides. Nothing of numbers that another body has already printed."""
    hidden = np.zeros((len(tree.parent), len(tallies.measures)), dtype=bool)
    items = tallies.questionnaire.items
    columns = [place for place, item in enumerate(items) if item.of_some]
    if tallies.published or not columns:
        return hidden
    first = len(tallies.measures) - len(items)
    hidden[:, [first + place for place in columns]] = True
    roots = np.flatnonzero(tree.parent < 0)
    if len(roots) == 1:
        told = _of_rows(tallies.skipped, columns, policy.unit) if tallies.skipped is not None else _of_counts(tallies, columns, policy.unit)
        hidden[roots[0], [first + place for place in told]] = False
    return hidden


def _of_rows(skipped: Flags, columns: list[int], least: int) -> list[int]:
    """Items whose conditions, taken together, part the people into groups of `least` or more; the earlier question goes first."""
    told = []
    group = np.zeros(len(skipped), dtype=np.int64)
    for place in columns:
        _, parted, people = np.unique(2 * group + skipped[:, place], return_inverse=True, return_counts=True)
        if skipped[:, place].any() and people.min() >= least:
            told.append(place)
            group = parted
    return told


def _of_counts(tallies: Tallies, columns: list[int], least: int) -> list[int]:
    """Without rows, whoever gave no answer may be who was not asked. Of two conditions one may hold where the other does,
    or only where it does not: neither difference may be small."""
    table, items = tallies.tables[EVERYBODY], tallies.questionnaire.items
    first = len(tallies.measures) - len(items)
    forms = float(table.forms.sum())
    answered: Floats = (table.n[:, first:] + table.dont_know).sum(axis=0)
    told: list[int] = []
    for place in columns:
        own = answered[place]
        others = [answered[other] for other in told if items[other].relevant != items[place].relevant]
        apart = [abs(part) for other in others for part in (own - other, forms - own - other)]
        if forms - own >= least and not any(0 < part < least for part in apart):
            told.append(place)
    return told
