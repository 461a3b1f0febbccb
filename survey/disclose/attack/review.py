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
import pandas as pd
from scipy import sparse

from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.composites import loose_composites
from survey.disclose.attack.review_quality import attack_quality
from survey.disclose.attack.skipped import skipped_in
from survey.disclose.attack.whole_numbers import solved_counts
from survey.disclose.attack.worlds import Worlds
from survey.disclose.people import numbers_of
from survey.disclose.release import FORMS, Release
from survey.disclose.rows import places_among, said_of
from survey.disclose.sums import Part, parts_of
from survey.disclose.unanimity import telling
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category
from survey.process.tree import Flags, Tree

SUITE = "4"  # raised when an attack is added or sharpened
_TINY = 1e-6


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
        found += hits + loose_composites(release.cells, release.questionnaire, release.plan)
    return Review(tried, tuple(found))


def certificate(release: Release) -> dict[str, Any]:
    """What was looked at in a release about to be frozen, bound to the hash of its cells; AuditFailed if anything was found.

    Without the bounds and the composites: audit.py has asked for them just now, of the bounds knowing more.
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
        solved, tried["whole_numbers"] = solved_counts(release)
        found += alike + solved
        if some := sum(item.of_some for item in release.questionnaire.items):
            found += skipped_in(release.cells, release.questionnaire, release.plan, _least(release, FORMS))
            tried["skipped"] = some
    if release.quality is not None:
        beside, tried["quality"] = attack_quality(release)
        found += beside
    return found, tried


def _bounds(release: Release) -> tuple[list[str], int]:
    """(hidden groups that surely have fewer people than the minimum, hidden groups asked about)."""
    found: list[str] = []
    asked = 0
    asking = _Asking(release)
    for measure, part in release.cells.groupby("measure", sort=False):
        hits, count = asking.about(str(measure), part, _least(release, str(measure)))
        found += [f"{measure}: {hit}" for hit in hits]
        asked += count
    return found, asked


def _alike(release: Release) -> tuple[list[str], int]:
    """Exactly printed means and shares so near an end that (nearly) everybody answered alike (unanimity.py)."""
    cells = release.cells[(release.cells["reason"] == "") & (release.cells["measure"] != FORMS)]
    found = []
    count = cells["base"].to_numpy(dtype=float)
    for name in ("score", "favourable", "unfavourable"):
        value = cells[name].to_numpy(dtype=float)
        exact = np.isfinite(value) & ~cells["note"].str.contains(rf"(?:^| ){name}\S").to_numpy(dtype=bool)
        hits = exact & (count > 0) & telling(value, count)
        where = said_of(cells, hits, "unit", "category", "measure")
        found += [f"everybody answered alike: {unit} {category} {measure} {name}" for unit, category, measure in where]
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
        f"{why}: {unit} {category} {measure}".replace("  ", " ")
        for why, rows in wrong.items()
        for unit, category, measure in said_of(cells, rows.to_numpy(dtype=bool), "unit", "category", "measure")
    ]
    return found, len(cells)


class _Asking:
    """One measure after the other, part by part; the same question is asked once."""

    def __init__(self, release: Release) -> None:
        self._names = [node.id for node in release.plan.nodes]
        self._tree = Tree.of(release.plan)
        self._place = {name: row for row, name in enumerate(self._names)}
        self._reporting = np.array([node.reporting for node in release.plan.nodes])
        self._met: dict[tuple[bytes, ...], list[str]] = {}

    def about(self, measure: str, part: pd.DataFrame, least: int) -> tuple[list[str], int]:
        breakdown, category = part["breakdown"].tolist(), part["category"].tolist()
        blocks = list(dict.fromkeys([EVERYBODY, *zip(breakdown, category, strict=True)]))
        number = {one: block for block, one in enumerate(blocks)}
        bases = np.full((len(self._names), len(blocks)), np.nan)
        node = places_among(part["unit"], self._place)
        block = np.array([number[one] for one in zip(breakdown, category, strict=True)])
        bases[node, block] = np.where(part["reason"] == "", part["base"], np.nan)
        hidden = int(np.isnan(bases).sum())
        if len(blocks) == 1 or measure.startswith("item:"):
            return list(self._alone(bases[:, 0], least)), int(np.isnan(bases[:, 0]).sum())
        names = dict.fromkeys(name for name, _ in blocks[1:])
        widths = [[n for n, one in enumerate(blocks) if n and one[0] == name] for name in names]
        closed = ~self._tree.leaf & np.isfinite(bases).all(axis=1)
        found: list[str] = []
        for one in parts_of(self._tree, closed, self._reporting):
            key = (one.nodes.tobytes(), bases[one.nodes].tobytes(), bytes([least]), self._outside(one, closed, bases).tobytes())
            if key not in self._met:
                self._met[key] = list(self._in_part(one, closed, bases, widths, blocks, least))
            found += self._met[key]
        return found, hidden

    def _outside(self, part: Part, closed: Flags, bases: Floats) -> Floats:
        """What the top's numbers hold that is known elsewhere: those of the closed nodes next below the part."""
        inside = np.zeros(len(self._names), dtype=bool)
        inside[part.nodes] = True
        parent = self._tree.parent
        below = [node for node in np.flatnonzero(closed & ~inside).tolist() if parent[node] >= 0 and inside[parent[node]]]
        return np.asarray(bases[below].sum(axis=0))

    def _alone(self, bases: Floats, least: int) -> Iterator[str]:
        """Without breakdowns: the people under a shown node that its shown parts do not account for."""
        known = np.isfinite(bases)
        for top in np.flatnonzero(known).tolist():
            parts = numbers_of(self._tree, known, top)[1:]
            hidden = any(not known[child] for child in self._tree.children.get(top, ()))
            left = bases[top] - bases[parts].sum()
            if hidden and left < least - _TINY:
                yield f"{self._names[top]}: what is hidden in it has {left:g} people"

    def _in_part(
        self, part: Part, closed: Flags, bases: Floats, widths: Sequence[Sequence[int]], blocks: Sequence[Category], least: int
    ) -> Iterator[str]:
        """A linear programme over reporting unit x category, all breakdowns side by side: is there a world, true to every
        published number, in which a hidden group has `least` people? One programme asks for all groups at once; only
        groups it leaves short are asked about one by one."""
        sums = part.sums(self._tree, np.zeros(bases.shape), widths)
        own = bases[part.nodes]
        own[0] = own[0] - self._outside(part, closed, bases)
        real = sums.block >= 0
        published = np.where(sums.known, 0.0, np.nan)
        published[real] = own[sums.node[real], sums.block[real]]
        known = np.isfinite(published)
        hidden = np.flatnonzero(~known & (np.diff(sums.rows.indptr) > 0))
        equal = sparse.csr_matrix(sums.rows[known])
        short = _short(equal, published[known], sums.rows, hidden.tolist(), least)
        if not short:
            return
        worlds = Worlds(equal, published[known], published[known])
        for row in short:
            high = _extreme(worlds, sums.rows[[row]], -1.0)
            # Nobody among those who gave no category is nobody's secret.
            if high < least - _TINY and (real[row] or _extreme(worlds, sums.rows[[row]], 1.0) >= 1 - _TINY):
                name = blocks[sums.block[row]][1] if real[row] else "?"
                yield f"{self._names[part.nodes[sums.node[row]]]} {name}".strip() + f" has at most {high:g} people"


def _short(equal: sparse.csr_matrix, published: Floats, sums: sparse.csr_matrix, rows: list[int], least: int) -> list[int]:
    """Rows that reach `least` in no world found: each world gives those that are left as much as it can, up to `least` in each."""
    if not rows:
        return rows
    wanted, cells = sums[rows], equal.shape[1]
    count = len(rows)
    people = sparse.hstack([equal, sparse.csr_matrix((equal.shape[0], count))])
    reached = sparse.hstack([-wanted, sparse.identity(count)])
    low = np.concatenate([published, np.full(count, -np.inf)])
    high = np.concatenate([published, np.zeros(count)])
    most = np.concatenate([np.full(cells, np.inf), np.full(count, float(least))])
    worlds = Worlds(sparse.csr_matrix(sparse.vstack([people, reached])), low, high, most)
    left = np.ones(count, dtype=bool)
    while left.any():
        found = worlds.cheapest(np.concatenate([np.zeros(cells), -1.0 * left]))
        if found.world is None:  # the published numbers contradict each other: a forgery
            break
        still = left & (wanted @ found.world[:cells] < least - _TINY)
        if (still == left).all():
            break
        left = still
    return [row for row, short in zip(rows, left, strict=True) if short]


def _extreme(worlds: Worlds, row: sparse.csr_matrix, sign: float) -> float:
    """The fewest (sign 1) or most (-1) people of a group in any world true to what is published."""
    found = worlds.cheapest(sign * row.toarray()[0])
    if found.cost == -np.inf:  # without limit
        return -sign * np.inf
    return 0.0 if found.world is None else float(sign * found.cost)
