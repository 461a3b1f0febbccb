"""The search for combinations that speak of few people, against trying everything (linear algebra of this test's own)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest

from survey.disclose.combinations import Light, light
from survey.disclose.people import Crowd, numbers_of
from survey.process.tree import Tree
from tests.conftest import quick_first

LEAST = 5
# Three levels: a root, two groups (the first has staff of its own), four units.
PARENT = [-1, 0, 0, 1, 1, 2, 2]
STAFF = [1, 3, 4, 5, 6]


def tree() -> Tree:
    children = {up: tuple(n for n, above in enumerate(PARENT) if above == up) for up in (0, 1, 2)}
    return Tree(tuple(range(len(PARENT))), children, np.array(PARENT))


def world(seed: int, widths: tuple[int, ...]) -> tuple[Crowd, np.ndarray]:
    """(people, shown numbers as nodes x blocks): many give the same answers, some of them none; much is shown."""
    rng = np.random.default_rng(seed)
    first = 1 + np.cumsum([0, *widths[:-1]])
    rows, some = [], rng.choice([0.1, 0.4])
    for unit in STAFF:
        for _ in range(int(rng.integers(2, 6))):
            given = [-1 if rng.random() < 0.1 else f + int(rng.integers(w)) for f, w in zip(first[: len(widths)], widths, strict=True)]
            rows.append([unit, 0, *given])
    cells, where = np.unique(np.array(rows), axis=0, return_inverse=True)
    small = rng.random(len(rows)) < some
    people = np.bincount(np.ravel(where), weights=np.where(small, rng.choice([1, 1, 2, 3], len(rows)), rng.integers(5, 9, len(rows))))
    shown = rng.random((len(PARENT), 1 + sum(widths))) < rng.choice([0.3, 0.6, 0.9])
    shown[0, 0] = True
    within = tuple(tuple(range(f, f + w)) for f, w in zip(first[: len(widths)].tolist(), widths, strict=True))
    return Crowd(cells[:, 0], cells[:, 1:], people, within), shown


def published(crowd: Crowd, shown: np.ndarray, whole: Tree) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Cells x shown numbers, 1 where the number counts the cell; and (block, node) of each."""
    names = [(int(block), int(node)) for node, block in np.argwhere(shown)]
    above = whole.above.toarray() > 0
    return np.column_stack([above[node, crowd.unit] & (crowd.blocks == block).any(axis=1) for block, node in names]).astype(float), names


def small_sets(people: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Every set of cells that together hold 1 to 4 people."""
    small = np.flatnonzero(people < LEAST).tolist()
    for size in range(1, LEAST):
        yield from (chosen for chosen in combinations(small, size) if people[list(chosen)].sum() < LEAST)


def told(numbers: np.ndarray, people: np.ndarray) -> set[tuple[int, ...]]:
    """Sets of cells of 1 to 4 people within which some combination of numbers lives, and none in a part of them.

    What lives within a set is as much as the rank falls when its rows are left out.
    """
    rank = np.linalg.matrix_rank(numbers)
    found: set[tuple[int, ...]] = set()
    for chosen in small_sets(people):  # the smaller ones first
        if not any({*one} < {*chosen} for one in found) and np.linalg.matrix_rank(np.delete(numbers, list(chosen), axis=0)) < rank:
            found.add(chosen)
    return found


def is_true(one: Light, numbers: np.ndarray, names: list[tuple[int, int]], crowd: Crowd, shown: np.ndarray, whole: Tree) -> bool:
    """Does a combination of nothing but the classes it names live within its cells, and do they hold so many people?"""
    used = sorted({(block, node) for block, top in one.classes for node in numbers_of(whole, shown[:, block], top)})
    own = numbers[:, [names.index(name) for name in used]]
    inside = np.linalg.matrix_rank(own) - np.linalg.matrix_rank(np.delete(own, list(one.cells), axis=0))
    return bool(inside) and crowd.people[list(one.cells)].sum() == one.people < LEAST


@pytest.mark.parametrize("widths", quick_first((), (2,), (2, 2), (3, 2, 2), quick=2))  # a hundred random worlds each
def test_it_finds_what_trying_every_set_finds_and_nothing_else(widths: tuple[int, ...]) -> None:
    outcomes = {True: 0, False: 0}
    for seed in range(100):
        crowd, shown = world(seed, widths)
        numbers, names = published(crowd, shown, tree())
        found = list(light(crowd, shown, tree(), LEAST))
        truly = told(numbers, crowd.people)
        assert all(is_true(one, numbers, names, crowd, shown, tree()) for one in found), seed
        assert all(any({*chosen} <= {*one.cells} for chosen in truly) for one in found), seed
        # One at least in every unit in which trying everything finds one that lies in it alone, and one at all.
        assert bool(found) == bool(truly), (seed, truly)
        touched = {int(crowd.unit[cell]) for one in found for cell in one.cells}
        alone = [set(crowd.unit[list(chosen)].tolist()) for chosen in truly]
        assert {min(units) for units in alone if len(units) == 1} <= touched, seed
        outcomes[bool(found)] += 1
    assert min(outcomes.values()) >= 3  # else it would prove nothing


@pytest.mark.slow  # a hundred random worlds
def test_looking_at_pairs_of_groups_only_is_caught_by_trying_everything() -> None:
    """Leaky control, as it was: differences of two shown numbers, one within the other. Most combinations need more."""
    missed = 0
    for seed in range(100):
        crowd, shown = world(seed, (3, 2, 2))
        numbers, _ = published(crowd, shown, tree())
        pairs = [(one - other) @ crowd.people for one in numbers.T for other in numbers.T if (one >= other).all() and (one != other).any()]
        alone = [*pairs, *(numbers.T @ crowd.people)]
        missed += bool(told(numbers, crowd.people)) and not any(0 < count < LEAST for count in alone)
    assert missed >= 3
