from __future__ import annotations

import time
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from survey.disclose.attack.attacker import Attacker
from survey.disclose.combinations import light
from survey.disclose.hide.optimise import Infeasible, Problem, TimeIsUp, optimise
from tests.conftest import many, quick_first
from tests.disclose.test_attack import LEAST, World, organisation


def problem_of(world: World, breakdown_unit: int = 12) -> Problem:
    sums = world.sums
    forms = sums.totals[sums.block == 0][sums.node]
    small = (sums.block >= 0) & (sums.totals < LEAST)
    small |= (sums.block > 0) & (forms < breakdown_unit)
    return Problem(sums, small, np.zeros(len(small), dtype=bool), LEAST, world.tree, [world.crowd])


def solved(problem: Problem) -> np.ndarray:
    """Shown numbers, row by row."""
    table = optimise(problem, time.monotonic() + 60)
    shown = np.zeros(len(problem.hidden), dtype=bool)
    real = np.flatnonzero(problem.sums.block >= 0)
    shown[real] = table[problem.sums.node[real], problem.sums.block[real]]
    return shown


def withstands(problem: Problem, shown: np.ndarray) -> bool:
    sums = problem.sums
    if any(True for crowd in problem.crowds for _ in light(crowd, problem.flags(shown), problem.tree, problem.least)):
        return False
    attacker = Attacker(sums.rows, problem.least, sums.unit, sums.over)
    return not attacker.narrow(sums.people, shown | sums.known, problem.wanted)


def cost(problem: Problem, shown: np.ndarray) -> float:
    return float(problem.cost[(problem.sums.block >= 0) & ~shown].sum())


def cheapest(problem: Problem) -> float:
    """By trying every set of numbers to show."""
    free = np.flatnonzero((problem.sums.block >= 0) & ~problem.hidden)
    best = np.inf
    for chosen in product((False, True), repeat=len(free)):
        shown = np.zeros(len(problem.hidden), dtype=bool)
        shown[free] = chosen
        above = problem.above[shown & (problem.above >= 0)]
        if shown[above].all() and cost(problem, shown) < best and withstands(problem, shown):
            best = cost(problem, shown)
    return best


@pytest.mark.parametrize("seed", quick_first(0, 2, 3, 5, 6, 9, quick=2))
def test_nothing_cheaper_withstands_the_attackers(seed: int) -> None:
    problem = problem_of(organisation(seed, units=4), breakdown_unit=20)
    assert ((problem.sums.block >= 0) & ~problem.hidden).sum() <= 14
    shown = solved(problem)
    assert withstands(problem, shown)
    assert cost(problem, shown) <= cheapest(problem) * 1.005 + 1e-6


@pytest.mark.parametrize("seed", many(15, quick=2))
def test_random_organisations_with_three_breakdowns_withstand_fresh_attackers(seed: int) -> None:
    problem = problem_of(organisation(seed, units=14, categories=(2, 4, 3)))
    shown = solved(problem)
    assert not (shown & problem.hidden).any()
    above = problem.above[shown & (problem.above >= 0)]
    assert shown[above].all()  # no category where the unit itself is hidden
    assert withstands(problem, shown)


@pytest.mark.slow  # fifteen random worlds, as those above
def test_primary_suppression_alone_does_not_withstand() -> None:
    # Leaky control of the test above: the same tables with the thresholds only.
    failures = 0
    for seed in range(15):
        problem = problem_of(organisation(seed, units=14, categories=(2, 4, 3)))
        failures += not withstands(problem, (problem.sums.block >= 0) & ~problem.hidden)
    assert failures >= 12


@pytest.mark.slow  # likewise
def test_hiding_the_next_smallest_part_of_every_sum_does_not_withstand() -> None:
    # Leaky control: the rule most offices apply by hand, one more number in each sum that hides one.
    failures = 0
    for seed in range(15):
        problem = problem_of(organisation(seed, units=14, categories=(2, 4, 3)))
        sums = problem.sums
        shown = (sums.block >= 0) & ~problem.hidden
        for _, parts in sums.relations:
            if sum(not shown[part] and sums.totals[part] > 0 for part in parts) == 1 and shown[list(parts)].any():
                shown[min((part for part in parts if shown[part]), key=lambda part: sums.totals[part])] = False
        failures += not withstands(problem, shown)
    assert failures >= 12


def test_what_is_decided_already_stays_shown() -> None:
    problem = problem_of(organisation(4, units=8, categories=(2, 2)))
    assert not withstands(problem, (problem.sums.block >= 0) & ~problem.hidden)
    shown = solved(problem)
    fixed = shown & (problem.sums.block == 0)
    again = solved(replace(problem, fixed=fixed))
    assert fixed.any() and again[fixed].all() and withstands(problem, again)
    # Nothing may be fixed that cannot stay: the part has to be solved together with what lies around it.
    with pytest.raises(Infeasible):
        solved(replace(problem, fixed=(problem.sums.block >= 0) & ~problem.hidden))


def test_without_time_there_is_no_solution() -> None:
    with pytest.raises(TimeIsUp):
        optimise(problem_of(organisation(1, units=14, categories=(2, 4))), time.monotonic())


def test_a_zero_is_hidden_and_may_not_be_worked_out() -> None:
    world = organisation(0, units=14, categories=(4,))
    sums, shown = world.sums, solved(problem_of(world))
    zeros = (sums.block >= 0) & (sums.totals == 0) & (np.diff(sums.rows.indptr) > 0)
    assert zeros.any() and not shown[zeros].any()
    wanted = np.where(zeros, float(LEAST), 0.0)
    assert Attacker(sums.rows, LEAST, sums.unit, sums.over).narrow(sums.people, shown | sums.known, wanted) == []
