"""Published groups that are nearly the same people, on the true rows, at close.

Sums over the tables know each breakdown by itself. Only the rows know that "leaders" and "aged 51
or more" of one unit are the same people but one: two published scores, and that one's answers
follow. Such pairs must not be shown together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from survey.design.plan import Plan
from survey.design.questionnaire import Response
from survey.disclose.policy import Policy
from survey.process.tallies import EVERYBODY, Category, Group, Tallies


@dataclass(frozen=True)
class Pair:
    """Two groups that must not both be shown: `people` are in one of them only. `joined`: the second
    stands for everybody of its node who is not in it."""

    first: Group
    second: Group
    people: int
    joined: bool = False


def keep_apart(tallies: Tallies, responses: Sequence[Response], policy: Policy) -> Tallies:
    """The same tallies, knowing which groups of these `responses` must not be shown together."""
    plan = tallies.wave.plan
    least = policy.raised(plan.minimum_base).unit
    members = memberships(plan, responses, [category for category in tallies.tables if category != EVERYBODY])
    return replace(tallies, apart=tuple((pair.first, pair.second) for pair in nested_pairs(members, least)))


@dataclass(frozen=True, eq=False)
class Memberships:
    """groups; rows: groups x people, 1 where the person is counted in the group."""

    groups: tuple[Group, ...]
    rows: sparse.csr_matrix


def memberships(plan: Plan, responses: Sequence[Response], categories: Sequence[Category]) -> Memberships:
    """Who is counted where, of everybody and of `categories`, in every node of the plan."""
    above: dict[str, list[str]] = {}
    for node, units in plan.strata.items():
        for unit in units:
            above.setdefault(unit, []).append(node)
    place: dict[Group, int] = {}
    rows, columns = [], []
    for person, response in enumerate(responses):
        for category in (EVERYBODY, *categories):
            if category != EVERYBODY and response.breakdowns.get(category[0], "") != category[1]:
                continue
            for node in above[response.unit]:
                rows.append(place.setdefault((node, category), len(place)))
                columns.append(person)
    ones = np.ones(len(rows))
    return Memberships(tuple(place), sparse.csr_matrix((ones, (rows, columns)), shape=(len(place), len(responses))))


def nested_pairs(members: Memberships, least: int) -> tuple[Pair, ...]:
    """Pairs of groups of at least `least` people that 1 to least - 1 people tell apart.

    Also a group and what another leaves of their common node: shown total minus a shown category is
    as good as published.
    """
    rows = members.rows
    size = np.asarray(rows.sum(axis=1)).ravel()
    both = sparse.coo_matrix(sparse.triu(rows @ rows.T, k=1))
    first, second, common = both.row, both.col, both.data
    apart = size[first] + size[second] - 2 * common
    large = (size[first] >= least) & (size[second] >= least)
    near = large & (apart > 0) & (apart < least)
    pairs = [Pair(members.groups[a], members.groups[b], int(n)) for a, b, n in zip(first[near], second[near], apart[near], strict=True)]
    return (*pairs, *_complements(members, size, least))


def _complements(members: Memberships, size: np.ndarray, least: int) -> list[Pair]:
    """Categories of two breakdowns of one node that together make up (nearly) everybody, once each."""
    by_node: dict[str, list[int]] = {}
    for row, (node, category) in enumerate(members.groups):
        if category != EVERYBODY and size[row] >= least:
            by_node.setdefault(node, []).append(row)
    whole = {node: size[row] for row, (node, category) in enumerate(members.groups) if category == EVERYBODY}
    found = []
    for node, rows in by_node.items():
        chosen = members.rows[rows]
        common = (chosen @ chosen.T).toarray()
        for a, b in zip(*np.triu_indices(len(rows), k=1), strict=True):
            # In neither or in both: what is left when both are taken from everybody.
            left = whole[node] - size[rows[a]] - size[rows[b]] + 2 * common[a, b]
            if 0 < left < least:
                found.append(Pair(members.groups[rows[a]], members.groups[rows[b]], int(left), joined=True))
    return found
