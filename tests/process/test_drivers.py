"""Relative weights and alpha against published and hand-worked figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from survey.process import drivers
from survey.process.drivers import cronbach, relative_weights, weigh
from tests.counting import calls, most_bytes

# The data of Henderson and Velleman (1981), Motor Trend cars: mpg, cyl, disp, hp, wt.
CARS = np.array(
    [
        (21, 6, 160, 110, 2.62), (21, 6, 160, 110, 2.875), (22.8, 4, 108, 93, 2.32), (21.4, 6, 258, 110, 3.215),
        (18.7, 8, 360, 175, 3.44), (18.1, 6, 225, 105, 3.46), (14.3, 8, 360, 245, 3.57), (24.4, 4, 146.7, 62, 3.19),
        (22.8, 4, 140.8, 95, 3.15), (19.2, 6, 167.6, 123, 3.44), (17.8, 6, 167.6, 123, 3.44), (16.4, 8, 275.8, 180, 4.07),
        (17.3, 8, 275.8, 180, 3.73), (15.2, 8, 275.8, 180, 3.78), (10.4, 8, 472, 205, 5.25), (10.4, 8, 460, 215, 5.424),
        (14.7, 8, 440, 230, 5.345), (32.4, 4, 78.7, 66, 2.2), (30.4, 4, 75.7, 52, 1.615), (33.9, 4, 71.1, 65, 1.835),
        (21.5, 4, 120.1, 97, 2.465), (15.5, 8, 318, 150, 3.52), (15.2, 8, 304, 150, 3.435), (13.3, 8, 350, 245, 3.84),
        (19.2, 8, 400, 175, 3.845), (27.3, 4, 79, 66, 1.935), (26, 4, 120.3, 91, 2.14), (30.4, 4, 95.1, 113, 1.513),
        (15.8, 8, 351, 264, 3.17), (19.7, 6, 145, 175, 2.77), (15, 8, 301, 335, 3.57), (21.4, 4, 121, 109, 2.78),
    ]
)  # fmt: skip


def simulated(people: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    predictors = rng.normal(size=(people, 8)) + rng.normal(size=(people, 1))
    return predictors, predictors @ np.array([3, 1, 1, 1, 1, 0, 0, 0]) + rng.normal(0, 4, people)


def test_the_weights_are_those_other_software_publishes_for_the_cars() -> None:
    """The R package rwa, article "regression methods": mpg on cyl, disp, hp, wt."""
    raw = relative_weights(np.corrcoef(CARS[:, [1, 2, 3, 4, 0]].T))
    assert raw == pytest.approx([0.2096904, 0.1883043, 0.1799590, 0.2706812], abs=5e-8)


def test_the_weights_sum_to_the_explained_variance() -> None:
    predictors, outcome = simulated(300)
    design = np.column_stack([np.ones(300), predictors])
    left = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    found = weigh(predictors, outcome, 10, 1)
    assert found is not None
    assert found.explained == pytest.approx(1 - left.var() / outcome.var())
    assert found.share.sum() == pytest.approx(100)


def test_orthogonal_predictors_weigh_their_squared_correlations() -> None:
    correlation = np.array([[1, 0, 0.6], [0, 1, -0.3], [0.6, -0.3, 1]])
    assert relative_weights(correlation) == pytest.approx([0.36, 0.09])


def test_two_overlapping_predictors_by_hand() -> None:
    """r12 = 0.6: the square root of the correlations is (a, b) with a = (sqrt 1.6 + sqrt 0.4)/2, b = (sqrt 1.6 - sqrt 0.4)/2."""
    a, b = (np.sqrt(1.6) + np.sqrt(0.4)) / 2, (np.sqrt(1.6) - np.sqrt(0.4)) / 2
    first, second = (a * 0.5 - b * 0.4) / (a * a - b * b), (a * 0.4 - b * 0.5) / (a * a - b * b)
    expected = [a * a * first**2 + b * b * second**2, b * b * first**2 + a * a * second**2]
    assert relative_weights(np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])) == pytest.approx(expected)


def test_the_intervals_hold_the_planted_driver_apart_and_do_not_depend_on_order_or_chance() -> None:
    predictors, outcome = simulated(1000)
    found = weigh(predictors, outcome, 300, 7)
    assert found is not None and found.low[0] > found.high[1:].max()
    assert ((found.low <= found.share) & (found.share <= found.high)).all()
    order = np.random.default_rng(3).permutation(1000)
    again = weigh(predictors[order], outcome[order], 300, 7)
    assert again is not None and np.array_equal(found.low, again.low) and np.array_equal(found.high, again.high)


@pytest.mark.slow
def test_intervals_cover_the_true_weight_about_as_often_as_they_say() -> None:
    true = weigh(*simulated(200_000, seed=99), 2, 1)
    assert true is not None
    hits = 0
    for seed in range(60):
        found = weigh(*simulated(150, seed=seed), 200, seed)
        assert found is not None
        hits += bool(found.low[0] <= true.share[0] <= found.high[0])
    assert hits >= 52  # 57 expected


@pytest.mark.parametrize("cost", [calls, most_bytes])
def test_work_grows_with_the_people_not_with_their_square(cost: Callable[[Callable[[], object]], int]) -> None:
    few, many = (cost(partial(weigh, *simulated(people), 100, 1)) for people in (300, 3000))
    assert many < 15 * few, (few, many)  # ten times as many; the square is 100


@pytest.mark.parametrize("cost", [calls, most_bytes])
def test_work_that_grows_with_the_square_would_be_caught(
    cost: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: everybody is compared with everybody, by a call each or in one array."""
    grouped = drivers._grouped

    def leaky(rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        first = rows[:, 0]
        if cost is calls:
            assert sum(abs(one - other) >= 0 for one in first.tolist() for other in first.tolist()) == len(rows) ** 2
        else:
            assert (np.abs(first[:, None] - first) >= 0).all()
        return grouped(rows, rng)

    monkeypatch.setattr(drivers, "_grouped", leaky)
    few, many = (cost(partial(weigh, *simulated(people), 2, 1)) for people in (100, 1000))
    assert many > 30 * few, (few, many)


def test_what_does_not_vary_has_no_weights() -> None:
    predictors, outcome = simulated(50)
    assert weigh(predictors, np.ones(50), 10, 1) is None
    assert weigh(np.full_like(predictors, np.nan), outcome, 10, 1) is None


def test_alpha_of_a_small_matrix_by_hand() -> None:
    """Item variances 5/3, 9/4, 1/4; the sums 6, 9, 12, 13 have variance 10; alpha = 3/2 (1 - 25/60)."""
    scores = np.array([[2, 2, 2], [3, 3, 3], [4, 5, 3], [5, 5, 3]], dtype=float)
    assert cronbach(scores) == pytest.approx(0.875)
    assert cronbach(np.vstack([scores, [[np.nan, 1, 1]]])) == cronbach(scores)


def test_alpha_of_copies_is_one_and_of_one_item_nothing() -> None:
    column = np.arange(5.0)[:, None]
    assert cronbach(np.hstack([column, column])) == pytest.approx(1)
    assert cronbach(column) is None
    assert cronbach(np.ones((5, 3))) is None


def test_groups_of_people_vary_as_people_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above twice GROUPS people groups are resampled: the intervals are as wide as those of people, and no narrower where answers are alike."""
    predictors, outcome = simulated(12_000, seed=9)
    alike = np.round(predictors[:, :3], 0), np.round(outcome / 8, 0)  # few different rows, as coarse answers give them
    for columns, after in ((predictors, outcome), alike):
        grouped = weigh(columns, after, 1000, 1)
        monkeypatch.setattr(drivers, "GROUPS", 12_000)
        person = weigh(columns, after, 1000, 1)
        monkeypatch.undo()
        assert grouped is not None and person is not None and (grouped.share == person.share).all()
        ratio = (grouped.high - grouped.low) / (person.high - person.low)
        assert ratio == pytest.approx(1, abs=0.15) and ratio.mean() == pytest.approx(1, abs=0.06)
        assert not (grouped.low == person.low).any(), "the same people were drawn"


def test_a_sorted_list_cut_into_groups_would_be_caught() -> None:
    """Control: neighbours of a sorted list are alike, and their groups vary more than people do."""
    predictors, outcome = simulated(12_000, seed=9)
    rows = np.column_stack([predictors, outcome])
    rows = rows[np.lexsort(rows.T[::-1])]

    class Unshuffled:
        @staticmethod
        def permutation(count: int) -> np.ndarray:
            return np.arange(count)

    def spread(rng: object) -> float:
        sums, people = drivers._grouped(rows, rng)  # type: ignore[arg-type]
        return float((sums[:, 0] / people).std())

    assert spread(Unshuffled()) > 2 * spread(np.random.default_rng(1))
