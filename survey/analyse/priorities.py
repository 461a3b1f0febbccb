"""What to mend first: a few items, chosen so that the reader can check the choice.

First the items that lie clearly below the group, widest gap first; then the lowest scores. Items
outside the index (overall impressions) are left out: nobody can mend an impression.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.analyse.change import Comparison, State, compare, side
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release

FEW = 3


@dataclass(frozen=True)
class Priority:
    """One item to mend; `against` is its comparison with the group, None where there is no group."""

    item: Item
    cell: Cell
    against: Comparison | None


def priorities(release: Release, unit: str, group: str | None, few: int = FEW) -> tuple[Priority, ...]:
    """The first `few` items to mend; empty where single items are hidden."""
    questionnaire = release.questionnaire
    items = [item for item in questionnaire.items if questionnaire.theme[item.theme].in_index]
    if group is None:
        found: list[Comparison | None] = [None] * len(items)
    else:
        pairs = [(side(release, unit, f"item:{item.id}"), side(release, group, f"item:{item.id}")) for item in items]
        found = list(compare(pairs, release.policy, minimum="base_item"))
    shown = []
    for item, against in zip(items, found, strict=True):
        cell = release.cell(unit, f"item:{item.id}")
        if isinstance(cell, Cell) and cell.score is not None:
            shown.append(Priority(item, cell, against))
    return tuple(sorted(shown, key=_order)[:few])


def _order(one: Priority) -> tuple[bool, float, str]:
    lower = one.against is not None and one.against.state is State.LOWER
    weight = one.against.difference if lower and one.against is not None else one.cell.score
    return not lower, weight or 0.0, one.item.id
