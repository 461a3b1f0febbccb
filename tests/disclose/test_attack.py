from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from survey.disclose.attack.attacker import Attacker
from survey.disclose.attack.audit import Table
from survey.disclose.attack.bounds import attacked
from survey.disclose.sums import Sums, sums_of

LEAST = 5


def organisation(seed: int, units: int = 7, categories: tuple[int, ...] = (2,)) -> Sums:
    """Three levels: a root over two groups over units; the first group has staff of its own (unit 0)."""
    rng = np.random.default_rng(seed)
    forms = rng.choice([0, 1, 2, 3, 4, 6, 9, 14, 30], units)
    group = rng.integers(0, 2, units)
    group[0] = 0
    within = np.zeros((3 + units - 1, units))
    within[0] = 1
    within[1, group == 0] = within[2, group == 1] = 1
    for unit in range(1, units):
        within[2 + unit, unit] = 1
    children = {0: (1, 2), **{1 + g: tuple(2 + u for u in range(1, units) if group[u] == g) for g in (0, 1)}}
    parts = []
    for count in categories:
        shares = rng.dirichlet(np.ones(count + 1))
        parts.append(np.array([rng.multinomial(n, shares)[:count] for n in forms], dtype=float))
    return sums_of(sparse.csr_matrix(within), children, forms.astype(float), parts)


def published(sums: Sums, rng: np.random.Generator) -> np.ndarray:
    """Some numbers over the minimum, and the known relations between breakdowns."""
    return ((sums.block >= 0) & (sums.totals >= LEAST) & (rng.random(len(sums.block)) < 0.8)) | sums.known


def wanted(sums: Sums, shown: np.ndarray) -> np.ndarray:
    """Every hidden number of 1 to 4 people is to keep a width of five."""
    return np.where(~shown & (sums.totals > 0) & (sums.totals < LEAST), float(LEAST), 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_interval_attacker_finds_what_an_independent_linear_programme_finds(seed: int) -> None:
    sums = organisation(seed)
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


def small_groups(people: np.ndarray) -> Iterator[list[int]]:
    """Every set of cells that together hold 1 to 4 people."""
    cells = [int(cell) for cell in np.flatnonzero((people > 0) & (people < LEAST))]
    for size in range(1, LEAST):
        yield from (list(chosen) for chosen in combinations(cells, size) if people[list(chosen)].sum() < LEAST)


def isolates(rows: np.ndarray, people: np.ndarray, chosen: list[int]) -> bool:
    """Does a combination of `rows` speak of people in the `chosen` cells and nowhere else? By ranks."""
    outside = [cell for cell in np.flatnonzero(people > 0) if cell not in chosen]
    inhabited = np.flatnonzero(people > 0)
    return bool(np.linalg.matrix_rank(rows[:, inhabited]) > np.linalg.matrix_rank(rows[:, outside]))


@pytest.mark.parametrize("seed", range(20))
def test_the_isolation_attacker_finds_a_group_exactly_when_trying_all_groups_does(seed: int) -> None:
    sums = organisation(seed, units=5)
    shown = published(sums, np.random.default_rng(seed))
    rows = sums.rows.toarray()[shown]
    found = {hit.place for hit in Attacker(sums.rows, LEAST).isolating(sums.people, shown)}
    truly = [chosen for chosen in small_groups(sums.people) if isolates(rows, sums.people, chosen)]
    assert bool(found) == bool(truly)
    assert found <= {cell for chosen in truly for cell in chosen}


def test_some_of_the_random_tables_are_safe_and_some_are_not() -> None:
    # Otherwise the tests above would prove nothing.
    outcomes = set()
    for seed in range(20):
        sums = organisation(seed, units=5)
        shown = published(sums, np.random.default_rng(seed))
        outcomes.add(bool(Attacker(sums.rows, LEAST).isolating(sums.people, shown)))
    assert outcomes == {True, False}


def test_an_attacker_that_has_met_other_people_and_other_numbers_answers_like_a_fresh_one() -> None:
    sums = organisation(3, units=7, categories=(2, 3))
    used = Attacker(sums.rows, LEAST, sums.unit, sums.over)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        people = np.maximum(sums.people - (rng.random(len(sums.people)) < 0.1), 0.0)
        shown = published(sums, rng)
        fresh = Attacker(sums.rows, LEAST, sums.unit, sums.over)
        want = wanted(sums, shown)
        again, first = ({hit.place for hit in attacker.narrow(people, shown, want)} for attacker in (used, fresh))
        assert again == first
        again, first = ({hit.place for hit in attacker.isolating(people, shown)} for attacker in (used, fresh))
        assert again == first


def table(people: list[float], shown: list[bool], rows: list[list[float]]) -> Table:
    numbers = len(rows)
    return Table(
        "control/x",
        np.array(rows),
        np.array(people),
        np.array(shown),
        np.ones(numbers, dtype=bool),
        [f"r{k}" for k in range(numbers)],
        LEAST,
    )


FLAT = [[1.0, 1, 1, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def test_primary_suppression_alone_is_caught() -> None:
    # Leaky control: the total and three of four units; the fourth follows exactly.
    narrow, isolated = attacked([table([3, 8, 15, 30], [True, False, True, True, True], FLAT)])
    assert narrow == ["control/x: r1 within 0 people"] and isolated == ["control/x: r1 among 3 people"]


def test_hiding_the_next_smallest_is_caught() -> None:
    # Leaky control, "hide the next smallest": 3 is hidden with 1, together four people are known,
    # and each of them within four. The linear algebra of single numbers sees nothing.
    narrow, isolated = attacked([table([3, 1, 15, 30], [True, False, False, True, True], FLAT)])
    assert narrow == ["control/x: r1 within 4 people", "control/x: r2 within 4 people"]
    assert len(isolated) == 2 and "among 4 people" in isolated[0]


def test_a_zero_hidden_beside_a_small_unit_is_not_cover_enough() -> None:
    narrow, isolated = attacked([table([3, 0, 15, 30], [True, False, False, True, True], FLAT)])
    assert [finding.split(" ")[1] for finding in narrow] == ["r1", "r2"] and len(isolated) == 1


def test_enough_people_hidden_together_are_safe() -> None:
    assert attacked([table([3, 2, 15, 30], [True, False, False, True, True], FLAT)]) == ([], [])


def test_a_parent_s_own_three_people_are_caught_although_they_are_no_number_of_the_table() -> None:
    rows = [[1.0, 1, 1], [0, 1, 0], [0, 0, 1]]  # a parent with staff of its own (cell 0) and two shown children
    narrow, isolated = attacked([table([3, 8, 15], [True, True, True], rows)])
    assert narrow == ["control/x: cell 0 within 0 people"] and isolated == ["control/x: r0 among 3 people"]


def test_two_breakdowns_that_are_safe_alone_are_caught_together() -> None:
    # Units a (4 people) and b (20), their totals hidden; everybody gave an answer to both questions.
    # One breakdown publishes both its categories of a and b together, the other those of b alone.
    within = sparse.csr_matrix(np.array([[1.0, 1], [1, 0], [0, 1]]))
    first, second = np.array([[2.0, 2], [10, 10]]), np.array([[1.0, 3], [10, 10]])
    sums = sums_of(within, {0: (1, 2)}, np.array([4.0, 20]), [first, second])
    b = sums.node == 2
    of_first = (sums.block == 0) & (sums.node == 0)
    of_second = np.isin(sums.block, (3, 4)) & b
    # Nobody left a question out, and this attacker knows which cells are empty.
    assert sums.people.reshape(-1, 2)[[2, 5]].sum() == 0
    for part, caught in ((of_first, False), (of_second, False), (of_first | of_second, True)):
        hits = Attacker(sums.rows, LEAST, sums.unit, sums.over).isolating(sums.people, part | sums.known)
        assert bool(hits) == caught
