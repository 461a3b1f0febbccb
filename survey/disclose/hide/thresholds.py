"""Minimum bases, and the block rule: what is hidden when the optimiser (complement.py) runs out of time.

The rule, to be read aloud: a number that speaks of fewer people than the minimum is hidden. Where
one is hidden, its smallest neighbours under the same parent are hidden with it until the hidden
people together reach the minimum, because the parent's total minus what is shown would give it
away. What stands under something hidden is hidden. A unit shows all categories of a breakdown or
none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.disclose.policy import Policy
from survey.disclose.release import PROTECTS, TOO_FEW
from survey.disclose.tree import Tree, minimum_base
from survey.process.scores import Floats, Measure

Reasons = NDArray[np.object_]  # "" = shown


def hide_small(base: Floats, forms: Floats, measures: Sequence[Measure], policy: Policy) -> Reasons:
    """Primary suppression: everything under its minimum base (nodes x measures)."""
    least = np.array([minimum_base(measure, policy) for measure in measures])
    too_few = (base < least[None, :]) | (forms < policy.unit)[:, None]
    return np.where(too_few, TOO_FEW, "").astype(object)


def protect_siblings(reasons: Reasons, base: Floats, least: Sequence[int], tree: Tree) -> Reasons:
    """Complementary suppression along the unit tree, measure by measure.

    `base`: people behind each number (nodes x measures); `least`: minimum base of each measure.
    """
    guarded = reasons.copy()
    for column in range(guarded.shape[1]):
        _guard(guarded[:, column], base[:, column][:, None], least[column], tree)
    return guarded


def protect_breakdown(base: Floats, whole: Floats, shown: NDArray[np.bool_], policy: Policy, least: int, tree: Tree) -> Reasons:
    """The block rule for one breakdown of one measure.

    `base`: nodes x categories; `whole`: the same measure's base without breakdown; `shown`: whether
    that number is shown. People who gave no category are a hidden remainder: none, or enough.
    """
    remainder = whole - base.sum(axis=1)
    small = (base < max(policy.category, least)).any(axis=1) | (whole < policy.breakdown_unit) | ~shown
    small |= (remainder > 0) & (remainder < least)
    reasons = np.where(small, TOO_FEW, "").astype(object)
    _guard(reasons, np.column_stack([base, remainder]), least, tree, may_be_empty=[*[False] * base.shape[1], True])
    return reasons


def _guard(reasons: Reasons, base: Floats, least: int, tree: Tree, may_be_empty: Sequence[bool] = (False,)) -> None:
    """Hide neighbours (in place) until every difference of published numbers is covered.

    `reasons`: nodes; `base`: nodes x the numbers each node shows or hides as a block;
    `may_be_empty`: for each number, whether nobody at all is cover enough (nobody's answers follow).
    """
    for node in tree.order:
        children = tree.children.get(node, ())
        if reasons[node]:
            for child in children:
                reasons[child] = reasons[child] or PROTECTS
            continue
        hidden = [child for child in children if reasons[child]]
        own = base[node] - base[list(children)].sum(axis=0)
        few_own = bool(children) and bool(((own > 0) & (own < least)).any())  # the parent's own staff would follow
        waiting = sorted((child for child in children if not reasons[child]), key=lambda child: (base[child].sum(), child))
        while (hidden or few_own) and waiting and not _covered(base[hidden], own, least, may_be_empty):
            reasons[waiting[0]] = PROTECTS
            hidden.append(waiting.pop(0))


def _covered(hidden: Floats, own: Floats, least: int, may_be_empty: Sequence[bool]) -> bool:
    """Do hidden people stand for each other: enough of them, and not one unit alone, in every number?"""
    people = hidden.sum(axis=0) + own  # `own`: hidden too, it is no number of its own
    parties = len(hidden) + (own > 0)
    empty = np.array(may_be_empty) & (people == 0)
    return bool((empty | ((people >= least) & (parties >= 2))).all())
