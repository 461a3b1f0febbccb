"""Minimum bases, and what must go with them along the unit tree.

The rule, to be read aloud: a number that speaks of fewer people than the minimum is hidden. Where one
is hidden, its smallest neighbours under the same parent are hidden with it until the hidden people
together reach the minimum, because the parent's total minus what is shown would give it away. What
stands under something hidden is hidden.

For a measure without breakdowns this is all: what is hidden under one shown node is one class, and no
other number speaks of its people.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.disclose.policy import Policy
from survey.disclose.release import ONLY_SOME, PROTECTS, TOO_FEW
from survey.process.scores import Floats
from survey.process.tree import Flags, Tree

Reasons = NDArray[np.object_]  # "" = shown


def reasons_of(shown: Flags, small: Flags, some: Flags | None = None) -> Reasons:
    """`some`: what is hidden because only some were asked (only_some.py)."""
    reasons = np.where(shown, "", np.where(small, TOO_FEW, PROTECTS)).astype(object)
    return reasons if some is None else np.where(some, ONLY_SOME, reasons)


def guarded(hidden: Flags, base: Floats, least: int, tree: Tree) -> Flags:
    """Shown nodes once the neighbours of hidden ones are hidden with them. `hidden`, `base`: nodes."""
    reasons = np.where(hidden, TOO_FEW, "").astype(object)
    guard(reasons, base[:, None], least, tree)
    return np.asarray(reasons == "")


def protect_breakdown(base: Floats, whole: Floats, shown: Flags, policy: Policy, least: int, tree: Tree) -> Flags:
    """The block rule for one breakdown of one measure: a node shows all categories or none; nodes that show them.

    `base`: nodes x categories; `whole`: the same measure's base without breakdown; `shown`: whether
    that number is shown. People who gave no category are a hidden remainder: none, or enough.
    """
    remainder = whole - base.sum(axis=1)
    small = (base < max(policy.category, least)).any(axis=1) | (whole < policy.breakdown_unit) | ~shown
    small |= (remainder > 0) & (remainder < least)
    reasons = np.where(small, TOO_FEW, "").astype(object)
    guard(reasons, np.column_stack([base, remainder]), least, tree, may_be_empty=[*[False] * base.shape[1], True])
    return np.asarray(reasons == "")


def guard(reasons: Reasons, base: Floats, least: int, tree: Tree, may_be_empty: Sequence[bool] = (False,)) -> None:
    """Hide neighbours (in place) until every difference of published numbers is covered.

    `reasons`: nodes; `base`: nodes x the numbers each node shows or hides as a block;
    `may_be_empty`: for each number, whether nobody at all is cover enough (nobody's answers follow).
    """
    for node in tree.order:
        children = np.array(tree.children.get(node, ()), dtype=np.int64)
        if not len(children):
            continue
        if reasons[node]:
            reasons[children] = np.where(reasons[children] == "", PROTECTS, reasons[children])
            continue
        own = base[node] - base[children].sum(axis=0)
        few_own = bool(((own > 0) & (own < least)).any())  # the parent's own staff would follow
        hidden = children[reasons[children] != ""].tolist()
        if not hidden and not few_own:
            continue
        waiting = sorted((int(child) for child in children if not reasons[child]), key=lambda child: (base[child].sum(), child))
        while waiting and not _covered(base[hidden], own, least, may_be_empty):
            reasons[waiting[0]] = PROTECTS
            hidden.append(waiting.pop(0))


def _covered(hidden: Floats, own: Floats, least: int, may_be_empty: Sequence[bool]) -> bool:
    """Do hidden people stand for each other: enough of them, and not one unit alone, in every number?"""
    people = hidden.sum(axis=0) + own  # `own`: hidden too, it is no number of its own
    parties = len(hidden) + (own > 0)
    empty = np.array(may_be_empty) & (people == 0)
    return bool((empty | ((people >= least) & (parties >= 2))).all())
