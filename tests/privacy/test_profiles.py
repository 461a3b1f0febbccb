"""Who left which field out, at every level: no combination of published groups may speak of 1 to 4 people.

The check is this test's own: cells of people with the same memberships, and sets of up to four of them whose rows in the
complement of the published numbers depend on each other. It knows nothing of classes, parts or leverages.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.hide.pattern import Pattern
from survey.disclose.policy import Policy
from survey.disclose.protect import frozen, protect
from survey.disclose.release import INDEX
from survey.process.tallies import Tallies
from tests.disclose.leaky import side_by_side
from tests.privacy.province import province, short

POLICY = replace(Policy.load(), optimiser_seconds=4)  # both ways of hiding have to withstand
SEEDS = range(4)
Shown = set[tuple[str, tuple[str, str]]]


def published(pattern: Pattern, tallies: Tallies) -> Shown:
    nodes = tallies.wave.plan.nodes
    return {(nodes[row].id, category) for category, flags in pattern.shown.items() for row in np.flatnonzero(flags[:, 0])}


def cells_of(responses: list[Response], tallies: Tallies, shown: Shown) -> tuple[np.ndarray, np.ndarray]:
    """(cells of people x published groups, people of each cell): whoever scored an item of the index."""
    within = tallies.wave.plan.strata
    who = [one for one in responses if any(one.answers.get(item.id, 0) > 0 for item in tallies.questionnaire.items)]
    rows = [
        [
            one.unit in within[node] and (not breakdown or one.breakdowns.get(breakdown) == value)
            for node, (breakdown, value) in sorted(shown)
        ]
        for one in who
    ]
    cells, count = np.unique(np.array(rows, dtype=float), axis=0, return_counts=True)
    return cells, count


def alike(ratios: np.ndarray) -> list[tuple[int, int]]:
    """Neighbours in a sorted row that are the same but for rounding."""
    order = np.argsort(ratios)
    near = np.diff(ratios[order]) < 1e-7 * (1 + np.abs(ratios[order][1:]))
    return [(int(order[k]), int(order[k + 1])) for k in np.flatnonzero(near)]


def told(cells: np.ndarray, people: np.ndarray) -> list[tuple[int, ...]]:
    """A set of cells with 1 to 4 people on which a combination of the columns lives, if there is any.

    A vector lies in the columns' space when it is orthogonal to its complement. So one lives on a set exactly when the
    set's rows of the complement depend on each other; random projections to five numbers keep that for four rows.
    """
    left, values, _ = np.linalg.svd(cells)
    rank = int((values > 1e-8).sum())
    rows = left[:, rank:] @ np.random.default_rng(0).normal(size=(len(cells) - rank, 5))
    empty = np.linalg.norm(left[:, rank:], axis=1) < 1e-7
    found = [(int(cell),) for cell in np.flatnonzero(empty & (people < POLICY.unit))]
    small = np.flatnonzero(~empty & (people < POLICY.unit))
    for first, *others in chains(small.tolist(), people, rows):
        found.append((first, *others))
    few = (one for one in found if people[list(one)].sum() < POLICY.unit and truly(cells, one))
    return list(islice(few, 1))


def chains(small: list[int], people: np.ndarray, rows: np.ndarray) -> list[tuple[int, ...]]:
    """Candidates of two, three and four cells: those whose rows are parallel once up to two others are taken off."""
    found = [(small[a], small[b]) for a, b in alike(rows[small, 1] / rows[small, 0])]
    for place, first in enumerate(small):
        rest = np.array([cell for cell in small[place + 1 :] if people[cell] + people[first] < POLICY.unit - 1], dtype=int)
        one = rows[rest] - np.outer(rows[rest, 0] / rows[first, 0], rows[first])
        found += [(first, int(rest[a]), int(rest[b])) for a, b in alike(one[:, 2] / one[:, 1])]
        if people[first] > 1:
            continue
        alone = people[rest] == 1
        single, one = rest[alone], one[alone]
        two = one[None, :, 2:] - (one[:, 1] / one[:, 1][:, None])[:, :, None] * one[:, None, 2:]
        ratios = two[:, :, 1] / np.where(two[:, :, 0] == 0, np.nan, two[:, :, 0])
        ratios[np.tril_indices(len(single))] = np.nan
        order = np.argsort(ratios, axis=1)
        ordered = np.take_along_axis(ratios, order, axis=1)
        near = np.diff(ordered, axis=1) < 1e-9 * (1 + np.abs(ordered[:, 1:]))
        found += [(first, int(single[k]), int(single[order[k, a]]), int(single[order[k, a + 1]])) for k, a in np.argwhere(near)]
    return found


def truly(cells: np.ndarray, chosen: tuple[int, ...]) -> bool:
    """By ranks."""
    return bool(np.linalg.matrix_rank(np.delete(cells, list(chosen), axis=0)) < np.linalg.matrix_rank(cells))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_published_groups_together_speak_of_a_few_people(questionnaire: Questionnaire, seed: int) -> None:
    tallies, responses = province(short(questionnaire, 1, 1), seed, units=8, groups=2, breakdowns=2)
    release = protect(tallies, tallies.wave.plan, POLICY)
    rows = release.cells[(release.cells["measure"] == INDEX) & (release.cells["reason"] == "")]
    shown = {(unit, (breakdown, category)) for unit, breakdown, category in rows[["unit", "breakdown", "category"]].itertuples(index=False)}
    assert len(shown) > 10
    assert told(*cells_of(responses, tallies, shown)) == []


def test_breakdowns_side_by_side_are_caught(questionnaire: Questionnaire) -> None:
    """Leaky control: each breakdown withstands for itself, together they isolate people; the audit finds the same."""
    caught = 0
    for seed in SEEDS:
        tallies, responses = province(short(questionnaire, 1, 1), seed, units=8, groups=2, breakdowns=2)
        leaky = side_by_side(tallies, tallies.wave.plan, POLICY)
        found = told(*cells_of(responses, tallies, published(leaky, tallies)))
        caught += bool(found)
        if found:
            with pytest.raises(AuditFailed, match="people alone, from"):
                frozen(tallies, tallies.wave.plan, POLICY, leaky, "control")
    assert caught


def test_this_check_finds_what_is_planted() -> None:
    """Leaky controls of the check itself: sets of one to four people, who gave one field and not the other."""
    for few in (1, 2, 3, 4, 5):
        both = np.array([[1, 1, 0, 1, 0], [1, 1, 0, 0, 1], [1, 0, 1, 1, 0], [1, 0, 1, 0, 1], [1, 0, 0, 0, 0]], dtype=float)
        cells = np.vstack([both, [[1, 1, 0, 0, 0]]])  # gave the first field alone
        people = np.array([9, 9, 9, 9, 9, few])
        assert bool(told(cells, people)) == (few < 5)
