"""The audit of what is about to be published, with the true people at hand: every programme an attacker would write.

It reads the rows of the release to be and the people behind them, knows nothing of how numbers were hidden, and asks:
does a number speak of fewer people than its minimum? does a combination of numbers, of any groups at any level of the
tree, speak of 1 to k - 1 people (people.py)? how narrow can a hidden number be bounded by a linear programme? does
a number force somebody's answer (alike.py)? is a composite anything but the mean of its printed parts (composites.py)? does
a question that only some are asked tell who was left out (skipped.py)?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.attack.alike import unanimous
from survey.disclose.attack.attacker import Attacker
from survey.disclose.attack.composites import loose_composites
from survey.disclose.attack.skipped import skipped_of
from survey.disclose.combinations import light
from survey.disclose.people import Crowd, crowds, minimum_base, own_people
from survey.disclose.policy import Policy
from survey.disclose.release import FORMS
from survey.disclose.rows import places_among
from survey.disclose.sums import parts_of
from survey.errors import N_, SurveyError
from survey.process.estimates import Estimates
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies
from survey.process.tree import Flags, Places, Tree


class AuditFailed(SurveyError):
    """A release that would disclose something: it is not written."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "audit-failed",
            N_("The audit found {count} numbers that would give a small group away; nothing was published. First: {first}"),
            count=len(findings),
            first=findings[0],
        )


@dataclass(frozen=True, eq=False)
class View:
    """What is about to be published of one measure, nodes x blocks (0 = everybody, then the categories).

    own: each node's own people; shown: numbers that are published; least: minimum base; reporting: nodes with forms of their own.
    """

    name: str
    own: Floats
    shown: Flags
    crowds: Sequence[Crowd]
    least: int
    reporting: Flags


def certify(tallies: Tallies, plan: Plan, policy: Policy, cells: pd.DataFrame, estimates: Mapping[Category, Estimates]) -> dict[str, Any]:
    """Attack `cells` (COLUMNS of a release); AuditFailed if anything is found, else what was tried, for the certificate."""
    tree = Tree.of(plan)
    names = [node.id for node in plan.nodes]
    views = list(views_of(tallies, plan, policy, cells, tree))
    findings = [found for view in views for found in under_minimum(view, names, tree, tallies.published)]
    tried: dict[str, Any] = {"tables": len(views), "under_minimum": 0}
    if not tallies.published:
        findings += combinations_of(views, names, tree)
        findings += narrow_in(views, names, tree)
        findings += unanimous(cells, tallies, plan, estimates)
        findings += loose_composites(cells, tallies.questionnaire, plan)
        findings += skipped_of(tallies, cells, plan, policy.unit)
        tried |= {
            "published": int(sum(view.shown.sum() for view in views)),
            "hidden": int(sum((~view.shown).sum() for view in views)),
            "profiles": sum(len(crowd.unit) for crowd in views[0].crowds),
            "rows_known": tallies.people is not None,
            "combinations": 0,
            "intervals_too_narrow": 0,
            "unanimous": 0,
            "composites": 0,
            "left_out": 0,
        }
    if findings:
        raise AuditFailed(findings)
    return tried


def views_of(tallies: Tallies, plan: Plan, policy: Policy, cells: pd.DataFrame, tree: Tree) -> Iterator[View]:
    """Every measure as an attacker lays it out; categories only for what is broken down."""
    place = {node.id: row for row, node in enumerate(plan.nodes)}
    units = tallies.unit_nodes(plan)
    blocks: list[Category] = [EVERYBODY, *tallies.categories]
    number = {category: block for block, category in enumerate(blocks)}
    block = np.array([number[pair] for pair in zip(cells["breakdown"], cells["category"], strict=True)], dtype=np.int64)
    node = places_among(cells["unit"], place)
    printed = (cells["reason"] == "").to_numpy()
    measure = cells["measure"].to_numpy()
    rows = {str(name): np.flatnonzero(measure == name) for name in pd.unique(cells["measure"])}
    columns: list[tuple[str, int | None, int]] = [(FORMS, None, policy.unit)]
    columns += [(str(m), c, minimum_base(m, policy)) for c, m in enumerate(tallies.measures)]
    known: list[list[Crowd]] = []
    reporting = np.zeros(len(plan.nodes), dtype=bool)
    reporting[units] = True
    for name, column, least in columns:
        shown = np.zeros((len(plan.nodes), len(blocks)), dtype=bool)
        at = rows[name]
        shown[node[at], block[at]] = printed[at]
        own = own_people(tallies, units, len(plan.nodes), column)
        made = crowds(tallies, units, column) if not name.startswith("item:") else []
        same = next((one for one in known if [c.key for c in one] == [c.key for c in made]), made)
        known.append(same)
        yield View(name, own, shown, same, least, reporting)


def under_minimum(view: View, names: Sequence[str], tree: Tree, published: bool) -> Iterator[str]:
    """Published numbers that speak of fewer people than their minimum base."""
    people = view.own if published else tree.above @ view.own
    for node, block in np.argwhere(view.shown & (people < view.least) & ((people > 0) | (not published))).tolist():
        yield f"{view.name}: {names[node]} {block}: {people[node, block]:g} people"


def combinations_of(views: Sequence[View], names: Sequence[str], tree: Tree) -> list[str]:
    """Combinations of published numbers that speak of 1 to least - 1 people; of items, classes that are too small."""
    found: list[str] = []
    met: set[tuple[bytes, ...]] = set()
    for view in views:
        if not view.crowds:
            found += [f"{view.name}: {people:g} people alone, under {names[node]}" for node, people in small_classes(view, tree)]
            continue
        key = (view.shown.tobytes(), *(crowd.key for crowd in view.crowds))
        if key not in met:
            met.add(key)
            found += [
                f"{view.name}: {one.people} people alone, from " + ", ".join(f"{names[node]}/{block}" for block, node in one.classes)
                for crowd in view.crowds
                for one in light(crowd, view.shown, tree, view.least)
            ]
    return found


def small_classes(view: View, tree: Tree) -> list[tuple[int, float]]:
    """(node, people) of classes that are too small. Without breakdowns whoever stands under the same nearest shown node
    stands in nothing else."""
    people = _class_people(view, tree.nearest(view.shown[:, 0]))
    return [(node, float(people[node])) for node in np.flatnonzero((people > 0) & (people < view.least)).tolist()]


def _class_people(view: View, nearest: Places) -> Floats:
    """The people whose nearest shown node each node is."""
    there = nearest >= 0
    return np.bincount(nearest[there], weights=view.own[there, 0], minlength=len(nearest)).astype(float)


def narrow_in(views: Sequence[View], names: Sequence[str], tree: Tree) -> list[str]:
    """Hidden numbers of 1 to least - 1 people (and of none) whose interval is narrower than least."""
    found: list[str] = []
    met: set[tuple[bytes, ...]] = set()
    for view in views:
        if view.name.startswith("item:"):
            found += _narrow_alone(view, names, tree)
            continue
        widths = _breakdowns(view.crowds)
        closed = ~tree.leaf & view.shown.all(axis=1)
        for part in parts_of(tree, closed, view.reporting):
            key = (part.nodes.tobytes(), view.shown[part.nodes].tobytes(), view.own[part.nodes].tobytes())
            if key in met:
                continue
            met.add(key)
            sums = part.sums(tree, view.own, widths)
            attacker = Attacker(sums.rows, view.least, sums.unit, sums.over)
            real = sums.block >= 0
            shown = sums.known.copy()
            shown[real] = view.shown[part.nodes][sums.node[real], sums.block[real]]
            totals = sums.totals
            wanted = np.where(
                (totals < view.least) & (real | (totals > 0)) & ~sums.known & (np.diff(sums.rows.indptr) > 0), view.least, 0.0
            )
            found += [
                f"{view.name}: {names[part.nodes[sums.node[hit.place]]]}/{sums.block[hit.place]} within {hit.reached:g} people"
                for hit in attacker.narrow(sums.people, shown, wanted)
            ]
    return found


def _breakdowns(known: Sequence[Crowd]) -> list[list[int]]:
    """The blocks of each breakdown."""
    return [list(blocks) for crowd in known for blocks in crowd.breakdowns]


def _narrow_alone(view: View, names: Sequence[str], tree: Tree) -> Iterator[str]:
    """Without breakdowns a hidden node's people are only known to be some of its class."""
    shown = view.shown[:, 0]
    nearest = tree.nearest(shown)
    people, whole = tree.above @ view.own[:, 0], _class_people(view, nearest)
    for node in np.flatnonzero(~shown & (people < view.least) & (nearest >= 0)).tolist():
        if whole[nearest[node]] < view.least:
            yield f"{view.name}: {names[node]} within {whole[nearest[node]]:g} people"
