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

from survey.disclose.people import numbers_of
from survey.disclose.release import Release
from survey.process.scores import Floats
from survey.process.tree import Tree

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
    heads = np.array([np.nan if node.headcount is None else node.headcount for node in nodes]) * np.array([node.reporting for node in nodes])
    cells = release.cells
    items = cells[cells["measure"].str.startswith("item:") & (cells["breakdown"] == "") & (cells["reason"] == "")]
    for measure, part in items.groupby("measure", sort=False):
        row = part["unit"].map(place).to_numpy()
        shown = np.zeros(len(nodes), dtype=bool)
        shown[row] = True
        told = dict(zip(row.tolist(), zip(part["base"], part["options"], strict=True), strict=True))
        nearest = tree.nearest(shown)
        for top in sorted(set(tree.children) & set(told)):
            hidden = tuple(unit for unit in np.flatnonzero(nearest == top).tolist() if nodes[unit].reporting)
            parts = numbers_of(tree, shown, top)[1:]
            if hidden and all(told[node][1] for node in (top, *parts)):
                found = _remainder(release, tree, heads, told, top, parts, hidden, str(measure))
                if found:
                    yield found


def _remainder(
    release: Release, tree: Tree, heads: Floats, told: dict[int, tuple[float, str]], top: int, parts: list[int], hidden: tuple[int, ...], item: str
) -> Remainder | None:
    def size(node: int) -> float:
        """What a shown node stands for: its headcount, or its people where there are more of them, class by class."""
        below = numbers_of(tree, shown, node)[1:]
        own = [unit for unit in np.flatnonzero(nearest == node).tolist() if release.plan.nodes[unit].reporting]
        mine = told[node][0] - sum(told[one][0] for one in below)
        return (max(float(heads[own].sum()), mine) if mine > 0 else 0.0) + sum(size(one) for one in below)

    shown = np.zeros(len(heads), dtype=bool)
    shown[list(told)] = True
    nearest = tree.nearest(shown)
    forms = told[top][0] - sum(told[node][0] for node in parts)
    whole = size(top)
    room = whole - sum(size(node) for node in parts)
    if forms <= 0 or not np.isfinite(whole) or room <= 0:
        return None
    left = whole * _shares(told[top]) - sum((size(node) * _shares(told[node]) for node in parts), np.zeros(1))
    slack = _HALF / 100 * (whole + sum(size(node) for node in parts if not tree.leaf[node])) / room * forms
    return Remainder(top, item, hidden, forms, left / room * forms, slack)


def _shares(told: tuple[float, str]) -> Floats:
    counts = np.array(told[1].split(","), dtype=float)
    return np.asarray(counts / counts.sum())


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
