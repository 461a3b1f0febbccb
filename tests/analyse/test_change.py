"""Is a difference real: vectors of the statistics sheet, four states, one family, three points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.analyse.change import HIDDEN, NO_SPREAD, SMALL_BASE, Comparison, Side, State, compare, two_proportions, welch
from survey.disclose.policy import Policy
from survey.disclose.release import TOO_FEW, Cell, Suppressed

POLICY = {"base_score": 10, "base_share": 20, "base_item": 30, "smallest": 3.0, "false_discoveries": 0.05}


def side(score: float, base: int = 100, sd: float | None = 15.0, headcount: int | None = None) -> Side:
    return Side(Cell(base=base, score=score, sd=sd), headcount)


def test_overlapping_margins_hide_a_real_difference_of_50_and_41_percent() -> None:
    z, p = two_proportions(0.50, 300, 0.41, 300)
    assert round(z, 2) == 2.21
    assert p == pytest.approx(0.0269, abs=5e-4)
    margins = [1.96 * np.sqrt(share * (1 - share) / 300) for share in (0.50, 0.41)]
    assert 0.50 - margins[0] < 0.41 + margins[1]  # the rule we never show would have said "no difference"


def test_two_proportions_agree_with_the_library() -> None:
    statsmodels = pytest.importorskip("statsmodels.stats.proportion")
    assert two_proportions(0.6, 80, 0.45, 120) == pytest.approx(statsmodels.proportions_ztest([48, 54], [80, 120]))


def test_without_headcounts_the_test_is_welchs_own() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(60, 12, 45), rng.normal(66, 20, 31)
    cells = [Cell(base=len(x), score=float(x.mean()), sd=float(x.std(ddof=1))) for x in (a, b)]
    assert welch(cells[0], None, cells[1], None) == pytest.approx(stats.ttest_ind(a, b, equal_var=False).pvalue)


def test_a_known_headcount_makes_a_near_census_surer() -> None:
    a, b = Cell(base=40, score=60.0, sd=15.0), Cell(base=40, score=66.0, sd=15.0)
    assert welch(a, 44, b, 44) < welch(a, None, b, None)
    assert welch(a, 40, b, 40) == 0.0  # everybody answered: the difference is a fact
    assert welch(a, 40, a, 40) == 1.0


def test_the_difference_is_taken_before_rounding() -> None:
    (one,) = compare([(side(52.952), side(58.495))], POLICY)
    assert one.difference == pytest.approx(-5.543)


@pytest.mark.parametrize(
    ("first", "second", "state", "reason"),
    [
        (side(70), side(60), State.HIGHER, ""),
        (side(60), side(70), State.LOWER, ""),
        (side(61, base=20), side(60, base=20), State.NO_CLEAR_DIFFERENCE, ""),
        (side(70, base=9), side(60), State.NOT_TESTED, SMALL_BASE),
        (side(70, sd=None), side(60), State.NOT_TESTED, NO_SPREAD),
        (Side(Suppressed(TOO_FEW)), side(60), State.NOT_TESTED, HIDDEN),
    ],
)
def test_there_are_four_states_and_not_tested_has_its_reason(first: Side, second: Side, state: State, reason: str) -> None:
    (one,) = compare([(first, second)], POLICY)
    assert (one.state, one.reason) == (state, reason)
    assert one.called == (state in (State.HIGHER, State.LOWER))


def test_a_sure_difference_below_three_points_is_not_called() -> None:
    (one,) = compare([(side(62.9, base=5000), side(60, base=5000))], POLICY)
    assert one.p is not None
    assert one.p < 1e-10
    assert one.state is State.NO_CLEAR_DIFFERENCE


def test_hidden_numbers_give_no_difference_at_all() -> None:
    (one,) = compare([(Side(Suppressed(TOO_FEW)), side(60))], POLICY)
    assert one == Comparison(None, State.NOT_TESTED, HIDDEN)


def test_items_need_more_answers_than_scores() -> None:
    pair = (side(80, base=20), side(60, base=20))
    assert compare([pair], POLICY)[0].called
    assert compare([pair], POLICY, minimum="base_item")[0].state is State.NOT_TESTED


def test_in_a_family_of_many_tests_a_lucky_one_is_no_longer_called() -> None:
    lucky = (side(64.5, base=120), side(60, base=120))  # p = 0.02
    assert compare([lucky], POLICY)[0].called
    family = [lucky, *[(side(60), side(60))] * 39]
    assert not compare(family, POLICY)[0].called


def test_a_heatmap_without_any_true_difference_calls_a_cell_in_at_most_one_of_twenty() -> None:
    rng = np.random.default_rng(20250620)
    policy = vars(Policy.load())
    with_call = 0
    for _round in range(200):
        units = rng.normal(65, 15, (12, 8, 40))
        whole = rng.normal(65, 15, (8, 480))
        pairs = [
            (
                side(float(units[u, m].mean()), 40, float(units[u, m].std(ddof=1))),
                side(float(whole[m].mean()), 480, float(whole[m].std(ddof=1))),
            )
            for u in range(12)
            for m in range(8)
        ]
        with_call += any(one.called for one in compare(pairs, policy))
    # 200 rounds: 5 % expected at most; 18 leaves room for chance at one in a thousand
    assert with_call <= 18


def test_a_difference_of_ten_points_at_a_hundred_answers_is_called_in_four_of_five() -> None:
    rng = np.random.default_rng(3)
    found = 0
    for _round in range(100):
        people = [rng.normal(mean, 18, 100) for mean in (55, *[65] * 7)]
        whole = rng.normal(65, 18, 700)
        other = side(float(whole.mean()), 700, float(whole.std(ddof=1)))
        pairs = [(side(float(x.mean()), 100, float(x.std(ddof=1))), other) for x in people]
        found += compare(pairs, POLICY)[0].state is State.LOWER
    assert found >= 80
