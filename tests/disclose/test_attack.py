from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from survey.disclose.attack.attacker import Attacker
from survey.disclose.combinations import light
from survey.disclose.people import Crowd
from survey.disclose.sums import Sums, sums_of
from survey.process.tree import Tree
from tests.conftest import many

LEAST = 5


@dataclass(frozen=True, eq=False)
class World:
    """sums: numbers over unit x category; tree: nodes 0 (root), 1, 2 (groups), then units; crowd: the same people as profiles."""

    sums: Sums
    tree: Tree
    crowd: Crowd

    def flags(self, shown: np.ndarray) -> np.ndarray:
        """Shown numbers as nodes x blocks."""
        table = np.zeros((len(self.tree.parent), int(self.sums.block.max(initial=0)) + 1), dtype=bool)
        real = np.flatnonzero(shown & (self.sums.block >= 0))
        table[self.sums.node[real], self.sums.block[real]] = True
        return table


def tree_of(parent: list[int]) -> Tree:
    """Parents before children."""
    children = {up: tuple(n for n, above in enumerate(parent) if above == up) for up in sorted(set(parent)) if up >= 0}
    return Tree(tuple(range(len(parent))), children, np.array(parent))


def organisation(seed: int, units: int = 7, categories: tuple[int, ...] = (2,)) -> World:
    """Three levels: a root over two groups over units; the first group has staff of its own (unit 0)."""
    rng = np.random.default_rng(seed)
    forms = rng.choice([0, 1, 2, 3, 4, 6, 9, 14, 30], units)
    group = rng.integers(0, 2, units)
    group[0] = 0
    tree = tree_of([-1, 0, 0, *(1 + int(g) for g in group[1:])])
    node = np.array([1, *range(3, 2 + units)])
    unit = np.repeat(np.arange(units), forms)
    given = np.column_stack([rng.choice(count + 1, len(unit), p=rng.dirichlet(np.ones(count + 1))) for count in categories])
    parts = [
        np.column_stack([np.bincount(unit[given[:, b] == c], minlength=units) for c in range(count)]).astype(float)
        for b, count in enumerate(categories)
    ]
    first = 1 + np.cumsum([0, *categories[:-1]])
    blocks = np.where(given < np.array(categories), given + first, -1)
    cells, people = np.unique(np.column_stack([node[unit], blocks]), axis=0, return_counts=True)
    within = tuple(tuple(range(start, start + count)) for start, count in zip(first.tolist(), categories, strict=True))
    crowd = Crowd(cells[:, 0], np.column_stack([np.zeros(len(cells), dtype=np.int64), cells[:, 1:]]), people.astype(float), within)
    sums = sums_of(sparse.csr_matrix(tree.above[:, node]), tree.children, forms.astype(float), parts)
    return World(sums, tree, crowd)


def published(sums: Sums, rng: np.random.Generator) -> np.ndarray:
    """Some numbers over the minimum, and the known relations between breakdowns."""
    return ((sums.block >= 0) & (sums.totals >= LEAST) & (rng.random(len(sums.block)) < 0.8)) | sums.known


def wanted(sums: Sums, shown: np.ndarray) -> np.ndarray:
    """Every hidden number of 1 to 4 people is to keep a width of five."""
    return np.where(~shown & (sums.totals > 0) & (sums.totals < LEAST), float(LEAST), 0.0)


@pytest.mark.parametrize("seed", many(12, quick=4))
def test_the_interval_attacker_finds_what_an_independent_linear_programme_finds(seed: int) -> None:
    sums = organisation(seed).sums
    shown = published(sums, np.random.default_rng(seed))
    rows = sums.rows.toarray()
    want = wanted(sums, shown)
    hits = {hit.place: hit.reached for hit in Attacker(sums.rows, LEAST).narrow(sums.people, shown, want)}
    for place in np.flatnonzero(want):
        low, high = (
            sign * linprog(sign * rows[place], A_eq=rows[shown], b_eq=rows[shown] @ sums.people, bounds=(0, 1000)).fun for sign in (1, -1)
        )
        assert (place in hits) == (high - low < LEAST - 1e-6), (place, low, high)
        if place in hits:
            assert hits[place] == pytest.approx(high - low)


def test_an_attacker_that_has_met_other_people_and_other_numbers_answers_like_a_fresh_one() -> None:
    sums = organisation(3, units=7, categories=(2, 3)).sums
    used = Attacker(sums.rows, LEAST, sums.unit, sums.over)
    met = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        people = np.maximum(sums.people - (rng.random(len(sums.people)) < 0.1), 0.0)
        shown = published(sums, rng)
        fresh = Attacker(sums.rows, LEAST, sums.unit, sums.over)
        want = wanted(sums, shown)
        again, first = ({hit.place for hit in attacker.narrow(people, shown, want)} for attacker in (used, fresh))
        assert again == first
        met += len(first)
    assert met


# A root and four units, or a root with staff of its own and two: what is hidden, and what follows


def attacked(people: list[float], shown: list[bool], *, own: bool = False) -> tuple[list[str], list[int]]:
    """(units bounded too narrowly, people of groups that can be worked out). shown: the root, then its units; `own`: the
    first cell is the root's own staff."""
    parent = [-1] + [0] * (len(shown) - 1)
    tree = tree_of(parent)
    node = np.arange(0 if own else 1, len(shown))
    rows = sparse.csr_matrix(np.vstack([tree.above[:, node].toarray(), np.eye(len(people))]))
    told = np.array([*shown, *[False] * len(people)])
    totals = rows @ np.array(people)
    hits = Attacker(rows, LEAST).narrow(np.array(people), told, np.where(~told & (totals < LEAST), float(LEAST), 0.0))
    narrow = {f"cell {hit.place - len(shown)} within {hit.reached:g} people" for hit in hits if hit.place >= len(shown)}
    there = np.array(people) > 0
    crowd = Crowd(node[there], np.zeros((int(there.sum()), 1), dtype=np.int64), np.array(people)[there], ())
    found = light(crowd, np.array(shown)[:, None], tree, LEAST)
    return sorted(narrow), [one.people for one in found]


def test_primary_suppression_alone_is_caught() -> None:
    # Leaky control: the total and three of four units; the fourth follows exactly.
    assert attacked([3, 8, 15, 30], [True, False, True, True, True]) == (["cell 0 within 0 people"], [3])


def test_hiding_the_next_smallest_is_caught() -> None:
    # Leaky control, "hide the next smallest": 3 is hidden with 1, together four people are known,
    # and each of them within four.
    narrow, alone = attacked([3, 1, 15, 30], [True, False, False, True, True])
    assert narrow == ["cell 0 within 4 people", "cell 1 within 4 people"] and alone == [4]


def test_a_zero_hidden_beside_a_small_unit_is_not_cover_enough() -> None:
    narrow, alone = attacked([3, 0, 15, 30], [True, False, False, True, True])
    assert narrow == ["cell 0 within 3 people", "cell 1 within 3 people"] and alone == [3]


def test_enough_people_hidden_together_are_safe() -> None:
    assert attacked([3, 2, 15, 30], [True, False, False, True, True]) == ([], [])


def test_a_parent_s_own_three_people_are_caught_although_they_are_no_number_of_the_table() -> None:
    assert attacked([3, 8, 15], [True, True, True], own=True) == (["cell 0 within 0 people"], [3])


def test_two_breakdowns_that_are_safe_alone_are_caught_together() -> None:
    # Units a (4 people) and b (20), their totals hidden; everybody gave an answer to both questions.
    # One breakdown publishes both its categories of a and b together, the other those of b alone.
    tree = tree_of([-1, 0, 0])
    unit = np.array([1, 1, 1, 2, 2, 2, 2])
    blocks = np.array([[0, 1, 3], [0, 1, 4], [0, 2, 4], [0, 1, 3], [0, 1, 4], [0, 2, 3], [0, 2, 4]])
    crowd = Crowd(unit, blocks, np.array([1.0, 1, 2, 5, 5, 5, 5]), ((1, 2), (3, 4)))
    first, second = np.zeros((3, 5), dtype=bool), np.zeros((3, 5), dtype=bool)
    first[0, [1, 2]] = second[2, [3, 4]] = True
    for shown, caught in ((first, []), (second, []), (first | second, [4])):
        assert [one.people for one in light(crowd, shown, tree, LEAST)] == caught
