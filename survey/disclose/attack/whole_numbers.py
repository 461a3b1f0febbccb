"""The attack with whole numbers: what the headcounts, which everybody knows, do to a group's printed answers.

A group's answers by point are weighted. Take the shown parts off, and what is left is a weighted sum of the counts of
the units hidden in it. With a weight of its own for each unit (headcount by forms) few whole numbers agree with it, most
often one set: the first build gave back 246 of 246 pairs. With one weight for all of them the sum is all there is, and
every way to share it out among them agrees: as many as people can change places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from survey.disclose.release import Release
from survey.disclose.rows import places_among
from survey.process.scores import Floats
from survey.process.tree import Flags, Places, Tree

_HALF = 0.005  # percent: two decimals are printed
_SURE = 0.25  # people: a remainder known to less than this says whether it is whole


@dataclass(frozen=True, eq=False)
class Remainder:
    """What a group's printed answers leave for the units hidden in it. answers: per point, in people of one common
    weight; slack: how far rounding may have moved them; forms: how many people; units: nodes hidden there."""

    node: int
    item: str
    units: tuple[int, ...]
    forms: float
    answers: Floats
    slack: float


def solutions(weights: Sequence[float], forms: Sequence[int], target: float, slack: float) -> list[tuple[int, ...]]:
    """All whole counts (0 to `forms` in each unit) whose weighted sum lies within `slack` of `target`."""
    *first, last = range(len(forms))
    found = []
    for counts in product(*(range(forms[unit] + 1) for unit in first)):
        rest = target - sum(weights[unit] * count for unit, count in zip(first, counts, strict=True))
        low, high = np.ceil((rest - slack) / weights[last] - 1e-9), np.floor((rest + slack) / weights[last] + 1e-9)
        found += [(*counts, count) for count in range(max(int(low), 0), min(int(high), forms[last]) + 1)]
    return found


def remainders(release: Release) -> Iterator[Remainder]:
    """Every group's answers to every question, less what is shown below it."""
    tree, nodes = Tree.of(release.plan), release.plan.nodes
    place = {node.id: row for row, node in enumerate(nodes)}
    reporting = np.array([node.reporting for node in nodes])
    heads = np.array([np.nan if node.headcount is None else float(node.headcount) for node in nodes])
    cells = release.cells
    items = cells[cells["measure"].str.startswith("item:") & (cells["breakdown"] == "") & (cells["reason"] == "")]
    unit, base, options = places_among(items["unit"], place), items["base"].to_numpy(dtype=float), items["options"].tolist()
    codes, measures = pd.factorize(items["measure"])
    for number, measure in enumerate(measures.tolist()):
        rows = np.flatnonzero(codes == number)
        told = dict(zip(unit[rows].tolist(), (options[row] for row in rows.tolist()), strict=True))
        yield from _of_item(str(measure), unit[rows], base[rows], told, tree, reporting, heads)


def _of_item(
    item: str, row: Places, printed: Floats, told: dict[int, str], tree: Tree, reporting: Flags, heads: Floats
) -> Iterator[Remainder]:
    """`row`, `printed`: the nodes that are shown and their bases; `told`: their answers by point."""
    base = np.zeros(len(heads))
    base[row] = printed
    shown = np.zeros(len(heads), dtype=bool)
    shown[row] = True
    nearest = tree.nearest(shown)
    own = reporting & (nearest >= 0)
    # What each class stands for: its headcount, or its people where there are more of them; then every node.
    above = np.where(tree.parent >= 0, nearest[np.maximum(tree.parent, 0)], -1)
    below = shown & (above >= 0)
    people = base - np.bincount(above[below], weights=base[below], minlength=len(heads))
    staff = np.bincount(nearest[own], weights=heads[own], minlength=len(heads))
    size = tree.above @ np.where(shown & (people > 0), np.maximum(staff, people), 0.0)
    for top in sorted(set(tree.children) & set(told)):
        hidden = tuple(np.flatnonzero(own & (nearest == top)).tolist())
        parts = np.flatnonzero(below & (above == top))
        if not hidden or people[top] <= 0 or not told[top] or not all(told[node] for node in parts.tolist()):
            continue
        room = size[top] - size[parts].sum()
        if not np.isfinite(room) or room <= 0:
            continue
        left = size[top] * _shares(told[top], base[top]) - sum(
            (size[node] * _shares(told[node], base[node]) for node in parts.tolist()), np.zeros(1)
        )
        slack = _HALF / 100 * (size[top] + size[parts[~tree.leaf[parts]]].sum()) / room * people[top]
        yield Remainder(top, item, hidden, float(people[top]), left / room * people[top], float(slack))


def _shares(options: str, base: float) -> Floats:
    return np.asarray(np.array(options.split(","), dtype=float) / base)


def solved_counts(release: Release) -> tuple[list[str], int]:
    """(groups whose hidden units cannot share one weight, remainders that rounding leaves sharp enough to tell)."""
    found, asked = [], 0
    for left in remainders(release):
        if left.slack > _SURE:
            continue
        asked += 1
        off = np.abs(left.answers - np.rint(left.answers)).max()
        if off > left.slack + 0.02:
            found.append(f"{release.plan.nodes[left.node].id} {left.item}: weighted by unit, whole numbers give the hidden units away")
    return found, asked
