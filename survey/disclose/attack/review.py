"""The audit that everybody can repeat: attacks on a release with nothing but the release.

At the close audit.py attacks with the true counts at hand; they are destroyed. What is left is the
published table, its plan and its policy, and an attacker who knows what every reader knows: the
tree, every published number, that people are whole and never fewer than none. He must not be sure
of any hidden number that it speaks of fewer people than its minimum base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from survey.design.plan import Plan
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review_quality import attack_quality
from survey.disclose.release import FORMS, Release
from survey.disclose.sums import Sums, sums_of
from survey.disclose.tree import Tree
from survey.disclose.unanimity import telling
from survey.process.scores import Floats

SUITE = "2"  # raised when an attack is added or sharpened
_TINY = 1e-6
Category = tuple[str, str]
Shown = Mapping[tuple[str, Category], float]  # (node, category) -> published base; what is missing is hidden


@dataclass(frozen=True)
class Review:
    """tried: how many numbers each attack looked at; found: what it could say, as readable findings."""

    tried: Mapping[str, int]
    found: tuple[str, ...]


def review(release: Release) -> Review:
    """Every attack on one release. Releases published elsewhere are only held to the minimum bases."""
    found, tried = _looked_at(release)
    if not release.published_elsewhere:
        hits, tried["bounds"] = _bounds(release)
        found += hits
    return Review(tried, tuple(found))


def certificate(release: Release) -> dict[str, Any]:
    """What was looked at in a release about to be frozen, bound to the hash of its cells; AuditFailed if anything was found.

    Without the bounds: audit.py has asked for them just now, knowing more.
    """
    found, tried = _looked_at(release)
    if found:
        raise AuditFailed(found)
    return {**tried, "suite": SUITE, "cells": release.cells_hash}


def bounds(release: Release) -> dict[str, Any]:
    """The rest of the certificate of a wave that is closed: every hidden group, all breakdowns side by side."""
    found, asked = _bounds(release)
    if found:
        raise AuditFailed(found)
    return {"bounds": asked}


def _looked_at(release: Release) -> tuple[list[str], dict[str, int]]:
    tried: dict[str, int] = {}
    found, tried["small_numbers"] = _too_small(release)
    if not release.published_elsewhere:
        alike, tried["alike"] = _alike(release)
        found += alike
    if release.quality is not None:
        beside, tried["quality"] = attack_quality(release)
        found += beside
    return found, tried


def _bounds(release: Release) -> tuple[list[str], int]:
    found, asked = [], 0
    met: dict[tuple[object, ...], tuple[list[str], int]] = {}
    for measure, bases, categories in _measures(release):
        least = _least(release, measure)
        # Measures that everybody answered pose one and the same question.
        question = (least, str(categories), frozenset(bases.items()))
        if question not in met:
            met[question] = bounded(release.plan, bases, categories, least)
        hits, count = met[question]
        found += [f"{measure}: {hit}" for hit in hits]
        asked += count
    return found, asked


def _alike(release: Release) -> tuple[list[str], int]:
    """Exactly printed means and shares so near an end that (nearly) everybody answered alike (unanimity.py)."""
    cells = release.cells[(release.cells["reason"] == "") & (release.cells["measure"] != FORMS)]
    answers = cells["options"].map(lambda text: sum(map(float, text.split(","))) if text else np.nan).to_numpy(dtype=float)
    found = []
    for name in ("score", "favourable", "unfavourable"):
        value = cells[name].to_numpy(dtype=float)
        exact = np.isfinite(value) & ~cells["note"].str.contains(rf"(?:^| ){name}\S").to_numpy(dtype=bool)
        count = cells["base"].to_numpy(dtype=float) if name == "score" else answers
        hits = exact & (count > 0) & telling(value, count)
        found += [f"everybody answered alike: {row.unit} {row.category} {row.measure} {name}" for row in cells[hits].itertuples()]
    return found, 3 * len(cells)


def _least(release: Release, measure: str) -> int:
    return int(release.policy["item" if measure.startswith("item:") else "unit"])


def _too_small(release: Release) -> tuple[list[str], int]:
    """Published numbers under their minimum base, numbers in hidden rows, rates that are too exact."""
    policy: Mapping[str, Any] = release.policy
    cells = release.cells
    shown = cells["reason"] == ""
    forms = cells["measure"] == FORMS
    item = cells["measure"].str.startswith("item:")
    broken_down = cells["breakdown"] != ""
    least = np.where(item, policy["item"], policy["unit"])
    least = np.where(broken_down, np.maximum(least, policy["category"]), least)
    numbers = ["base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know"]
    wrong = {
        "base under the minimum": shown & (cells["base"] < least),
        "a number in a hidden row": ~shown & (cells[numbers].notna().any(axis=1) | (cells["options"] != "")),
        "outside the closed table plan": item & broken_down,
        "a rate that is not rounded": forms & cells["score"].notna() & (cells["score"] % policy["rate_step"] != 0),
    }
    found = [
        f"{why}: {row.unit} {row.category} {row.measure}".replace("  ", " ")
        for why, rows in wrong.items()
        for row in cells[rows.to_numpy(dtype=bool)].itertuples()
    ]
    return found, len(cells)


def _measures(release: Release) -> Iterator[tuple[str, Shown, list[list[Category]]]]:
    """Each measure's published bases and, per breakdown, its categories."""
    for measure, part in release.cells.groupby("measure", sort=False):
        columns = [part[name].tolist() for name in ("unit", "breakdown", "category", "base", "reason")]
        bases = {(unit, (b, c)): float(base) for unit, b, c, base, reason in zip(*columns, strict=True) if not reason}
        seen = dict.fromkeys(zip(columns[1], columns[2], strict=True))
        breakdowns = dict.fromkeys(breakdown for breakdown, _ in seen if breakdown)
        yield str(measure), bases, [[one for one in seen if one[0] == breakdown] for breakdown in breakdowns]


def bounded(plan: Plan, bases: Shown, breakdowns: Sequence[Sequence[Category]], least: int) -> tuple[list[str], int]:
    """(hidden groups that are surely smaller than `least`, groups asked about).

    A linear programme over reporting unit x category, all breakdowns side by side: is there a world, true to
    every published number, in which the group has `least` people? One programme asks for all groups at once;
    only groups it leaves short are asked about one by one.
    """
    sums, groups = _sums(plan, breakdowns)
    published = np.array([bases.get(group, np.nan) if group else 0.0 for group in groups])
    known = ~np.isnan(published)
    hidden = np.flatnonzero(~known & (np.diff(sums.rows.indptr) > 0))
    named = [row for row in hidden.tolist() if sums.block[row] >= 0]
    if not len(hidden):
        return [], 0
    equal = sums.rows[known]
    found = []
    for row in _short(equal, published[known], sums.rows, hidden.tolist(), least):
        high = _extreme(equal, published[known], sums.rows[[row]], -1.0)
        # Nobody among those who gave no category is nobody's secret.
        if high < least - _TINY and (row in named or _extreme(equal, published[known], sums.rows[[row]], 1.0) >= 1 - _TINY):
            found.append(f"{_name(plan, sums, row, breakdowns)} has at most {high:g} people")
    return found, len(hidden)


def _sums(plan: Plan, breakdowns: Sequence[Sequence[Category]]) -> tuple[Sums, list[tuple[str, Category] | None]]:
    """The numbers of a measure as sums over cells, and which published group each one is (None: known to be 0)."""
    units = [node.id for node in plan.nodes if node.reporting]
    place = {unit: column for column, unit in enumerate(units)}
    within = np.zeros((len(plan.nodes), len(units)))
    for row, node in enumerate(plan.nodes):
        within[row, [place[unit] for unit in plan.strata[node.id]]] = 1
    blank = np.zeros(len(units))
    sums = sums_of(sparse.csr_matrix(within), Tree.of(plan).children, blank, [np.zeros((len(units), len(part))) for part in breakdowns])
    categories: list[Category] = [("", ""), *(one for part in breakdowns for one in part)]
    groups: list[tuple[str, Category] | None] = []
    for block, node_row in zip(sums.block.tolist(), sums.node.tolist(), strict=True):
        if block == -2:
            groups.append(None)
        elif block == -1:
            groups.append(("?", ("", "")))  # never published
        else:
            groups.append((plan.nodes[node_row].id, categories[block]))
    return sums, groups


def _short(equal: sparse.csr_matrix, published: Floats, sums: sparse.csr_matrix, rows: list[int], least: int) -> list[int]:
    """Rows that reach `least` in no world found: each world gives those that are left as much as it can."""
    while rows:
        left = _left(equal, published, sums[rows], rows, least)
        if len(left) == len(rows):
            break
        rows = left
    return rows


def _left(equal: sparse.csr_matrix, published: Floats, wanted: sparse.csr_matrix, rows: list[int], least: int) -> list[int]:
    """The rows that stay short when as many people as possible, up to `least` in each, are put into all of them."""
    cells, count = equal.shape[1], wanted.shape[0]
    world: dict[str, Any] = {
        "c": np.concatenate([np.zeros(cells), -np.ones(count)]),
        "A_eq": sparse.hstack([equal, sparse.csr_matrix((equal.shape[0], count))]),
        "b_eq": published,
        "A_ub": sparse.hstack([-wanted, sparse.identity(count)]),
        "b_ub": np.zeros(count),
        "bounds": [(0, None)] * cells + [(0, least)] * count,
    }
    found = linprog(**world)
    if found.x is None:  # the published numbers contradict each other: a forgery
        return rows
    return [row for row, reached in zip(rows, wanted @ found.x[:cells], strict=True) if reached < least - _TINY]


def _extreme(equal: sparse.csr_matrix, published: Floats, row: sparse.csr_matrix, sign: float) -> float:
    """The fewest (sign 1) or most (-1) people of a group in any world true to what is published."""
    world: dict[str, Any] = {"c": sign * row.toarray()[0], "A_eq": equal, "b_eq": published, "bounds": (0, None)}
    found = linprog(**world)
    if found.status == 3:  # without limit
        return -sign * np.inf
    return 0.0 if found.x is None else float(sign * found.fun)


def _name(plan: Plan, sums: Sums, row: int, breakdowns: Sequence[Sequence[Category]]) -> str:
    block = int(sums.block[row])
    categories = [("", ""), *(one for part in breakdowns for one in part)]
    return f"{plan.nodes[int(sums.node[row])].id} {categories[block][1] if block >= 0 else '?'}".strip()
