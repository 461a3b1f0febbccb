"""Ranks in bands: every rank the intervals allow and no other; the funnel holds what chance alone spreads."""

from __future__ import annotations

from itertools import permutations
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from survey.analyse.ranking import INNER, OUTER, Funnel, median, ranked
from survey.analyse.trend import NOT_EXISTING
from survey.analyse.verdicts import GROUP, NO_EARLIER, NOTHING_ABOVE, PREVIOUS, WHOLE, Verdicts
from survey.disclose.release import ABOUT, AT_LEAST, INDEX, TOO_FEW, Cell, Release, Suppressed
from tests.analyse.test_reorganised_trend import AFTER, BEFORE, LEVELS, MARCH, PEOPLE
from tests.reorganising import founded, hold, reorganise


def release_of(cells: dict[str, Cell | Suppressed]) -> Release:
    return cast(Release, SimpleNamespace(cell=lambda unit, measure: cells[unit]))


def test_clear_gaps_give_one_rank_each_and_overlaps_a_band() -> None:
    cells: dict[str, Cell | Suppressed] = {
        "a": Cell(base=50, score=80, low=78, high=82), "b": Cell(base=50, score=70, low=66, high=74), "c": Cell(base=20, score=68, low=60, high=76),
        "d": Cell(base=90, score=50, low=48, high=52), "e": Suppressed(TOO_FEW), "f": Cell(base=9, score=70),
    }  # fmt: skip
    assert [(one.unit, one.best, one.worst) for one in ranked(release_of(cells), list(cells))] == [
        ("a", 1, 1),
        ("b", 2, 3),
        ("c", 2, 3),
        ("d", 4, 4),
    ]


def test_the_median_counts_units_not_people_and_leaves_out_hidden_numbers_and_bounds() -> None:
    cells: dict[str, Cell | Suppressed] = {
        "a": Cell(base=5000, score=90), "b": Cell(base=10, score=60), "c": Cell(base=10, score=50, clamped=f"score{ABOUT}"), "d": Suppressed(TOO_FEW),
        "e": Cell(base=10, score=95, clamped=f"score{AT_LEAST}"), "f": Cell(base=None, score=64),
    }  # fmt: skip
    assert median(release_of(cells), list(cells)) == (62.0, 4)
    assert median(release_of(cells), ["a", "b", "d", "e"]) is None


@pytest.mark.parametrize("seed", range(12))
def test_a_band_is_the_set_of_ranks_over_all_true_scores_within_the_intervals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    middle, half = rng.uniform(40, 80, 5), rng.uniform(1, 15, 5)
    cells: dict[str, Cell | Suppressed] = {
        str(place): Cell(base=20, score=float(m), low=float(m - h), high=float(m + h))
        for place, (m, h) in enumerate(zip(middle, half, strict=True))
    }
    possible: dict[str, set[int]] = {unit: set() for unit in cells}
    for order in permutations(range(5)):  # an order from high to low stands if true scores can be chosen for it
        ceiling = np.inf
        for place in order:
            ceiling = min(ceiling, middle[place] + half[place])
            if ceiling < middle[place] - half[place]:
                break
        else:
            for rank, place in enumerate(order, start=1):
                possible[str(place)].add(rank)
    for one in ranked(release_of(cells), list(cells)):
        assert set(range(one.best, one.worst + 1)) == possible[one.unit]


def test_the_funnel_holds_its_share_of_units_that_differ_by_chance_alone() -> None:
    rng, n = np.random.default_rng(4), 30
    means = rng.normal(65, 18, (4000, n)).mean(axis=1)
    funnel = Funnel(65, 18)
    for share, tolerance in ((INNER, 0.01), (OUTER, 0.003)):
        low, high = funnel.limits(n, share)
        assert np.mean((means >= low) & (means <= high)) == pytest.approx(share, abs=tolerance)


def test_a_table_holds_units_against_their_group_the_whole_or_their_own_past() -> None:
    register = reorganise(founded(PEOPLE), MARCH, {"a": {"m": 60}, "b": {"m": 40}})
    earlier, later = hold(register, BEFORE, LEVELS), hold(register, AFTER, {"m": 5, "c": 3, "d": 2})
    group, units = "p:so", ["m", "c", "d"]
    alone, both = Verdicts((later,)), Verdicts((earlier, later))
    assert all(one.difference is not None for one in alone.table(units, [INDEX], GROUP).values())
    assert alone.of(group, INDEX, WHOLE) == alone.of(group, INDEX, GROUP)  # the same pair, so one verdict
    assert alone.of("p", INDEX, GROUP).reason == alone.of("p", INDEX, WHOLE).reason == NOTHING_ABOVE
    changed = both.table(units, [INDEX], PREVIOUS)
    assert changed["m", INDEX].reason == NOT_EXISTING  # a merged unit has no past of its own
    assert changed["c", INDEX].called and changed["d", INDEX].difference == pytest.approx(0)
    assert {one.reason for one in alone.table(units, [INDEX], PREVIOUS).values()} == {NO_EARLIER}
