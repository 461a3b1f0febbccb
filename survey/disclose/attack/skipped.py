"""The attack on skip logic: who was not asked a question is the forms less its answers.

Whoever knows the condition ("only who was trained") then knows of 1 to k - 1 people what it asks for; and where nobody
was left out, of everybody. `skipped_of` knows the true rows and lays all printed questions side by side; `skipped_in` has
nothing but the release.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.design.questionnaire import Item, Questionnaire
from survey.disclose.people import numbers_of
from survey.disclose.release import FORMS
from survey.disclose.rows import places_among
from survey.process.scores import Floats
from survey.process.tallies import Tallies
from survey.process.tree import Flags, Tree


def skipped_in(cells: pd.DataFrame, questionnaire: Questionnaire, plan: Plan, least: int) -> list[str]:
    """Groups of which the release tells that fewer than `least` people may have been left out: of a unit, and of what a unit
    leaves of those below it."""
    items = [item for item in questionnaire.items if item.of_some]
    if not items:
        return []
    tree, whole = Tree.of(plan), cells[cells["breakdown"] == ""]
    forms = _printed(whole, FORMS, plan)[0]
    found = []
    for item in items:
        base, unknown = _printed(whole, f"item:{item.id}", plan)
        left = forms - base - np.nan_to_num(unknown)
        shown = np.isfinite(left)
        for node in np.flatnonzero(shown).tolist():
            below = numbers_of(tree, shown, node)[1:]
            people, skipped = forms[node] - forms[below].sum(), left[node] - left[below].sum()
            if people > 0 and skipped < least:
                found.append(f"item:{item.id}: {plan.nodes[node].id}: {skipped:g} of {people:g} people gave no answer")
    return found


def skipped_of(tallies: Tallies, cells: pd.DataFrame, plan: Plan, least: int) -> list[str]:
    """The same with the true rows at hand: people whom the printed questions tell apart by who was asked which."""
    items = [(place, item) for place, item in enumerate(tallies.questionnaire.items) if item.of_some]
    if not items or tallies.skipped is None or tallies.people is None:
        return []
    tree, whole = Tree.of(plan), cells[cells["breakdown"] == ""]
    unit = tallies.unit_nodes(plan)[tallies.people.unit]
    printed = np.column_stack([np.isfinite(_printed(whole, f"item:{item.id}", plan)[0]) for _, item in items])
    skipped = tallies.skipped[:, [place for place, _ in items]]
    return [
        f"{', '.join(item.id for _, item in some)}: {plan.nodes[node].id}: {people} people were asked differently from the others"
        for node, some, people in _parted(tree, unit, printed, skipped, items, least)
    ]


def _parted(
    tree: Tree, unit: np.ndarray, printed: Flags, skipped: Flags, items: list[tuple[int, Item]], least: int
) -> Iterator[tuple[int, list[tuple[int, Item]], int]]:
    """(node, questions, people) of groups under the minimum, of the people whose nearest shown node it is."""
    nearest = tree.nearest(printed)
    for node in range(len(printed)):
        columns = np.flatnonzero(printed[node])
        who = (nearest[unit][:, columns] == node).all(axis=1) if len(columns) else np.zeros(len(unit), dtype=bool)
        if not who.any():
            continue
        some = [items[column] for column in columns]
        alone = [int(skipped[who, column].sum()) for column in columns]
        yield from ((node, [one], people) for one, people in zip(some, alone, strict=True) if people < least)
        _, counts = np.unique(skipped[who][:, columns], axis=0, return_counts=True)
        if counts.min() < least:
            yield node, some, int(counts.min())


def _printed(cells: pd.DataFrame, measure: str, plan: Plan) -> tuple[Floats, Floats]:
    """(base, don't know) at each node, NaN where nothing is printed."""
    place = {node.id: row for row, node in enumerate(plan.nodes)}
    rows = cells[(cells["measure"] == measure) & (cells["reason"] == "")]
    found = np.full((2, len(plan.nodes)), np.nan)
    found[:, places_among(rows["unit"], place)] = rows[["base", "dont_know"]].to_numpy(dtype=float).T
    return found[0], found[1]
