"""Is a difference real: vectors of the statistics sheet, four states, one family, three points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from survey.analyse.change import (
    BOUNDED,
    FAVOURABLE,
    HIDDEN,
    NO_SPREAD,
    SMALL_BASE,
    Comparison,
    Side,
    State,
    called,
    compare,
    two_proportions,
    welch,
    welch_interval,
)
from survey.analyse.change import side as side_of
from survey.design.questionnaire import Questionnaire
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import TOO_FEW, Cell, Suppressed
from survey.process.intervals import correction
from survey.process.tallies import tally
from tests.process.test_scores import people, wave_over

POLICY = {"base_score": 10, "base_share": 20, "base_item": 30, "smallest": 3.0, "false_discoveries": 0.05}


def side(score: float, base: int = 100, sd: float | None = 15.0, headcount: int | None = None) -> Side:
    return Side(Cell(base=base, score=score, sd=sd), headcount)


def share(favourable: float, base: int, headcount: int | None = None) -> Side:
    return Side(Cell(base=base, favourable=favourable), headcount)


def test_overlapping_margins_hide_a_real_difference_of_50_and_41_percent() -> None:
    z, p = two_proportions(np.array([0.50, 0.41]), np.array([300.0, 300.0]))
    assert round(float(z), 2) == 2.21
    assert p == pytest.approx(0.0269, abs=5e-4)
    margins = [1.96 * np.sqrt(share * (1 - share) / 300) for share in (0.50, 0.41)]
    assert 0.50 - margins[0] < 0.41 + margins[1]  # the rule we never show would have said "no difference"
    (one,) = compare([(share(50, 300), share(41, 300))], POLICY, "base_share", FAVOURABLE)
    assert one.state is State.HIGHER and one.p == pytest.approx(float(p))


def test_two_proportions_agree_with_the_library() -> None:
    expected = proportions_ztest([48, 54], [80, 120])
    assert two_proportions(np.array([0.6, 0.45]), np.array([80.0, 120.0])) == pytest.approx(expected)


def test_a_known_headcount_narrows_a_difference_of_shares_by_the_correction() -> None:
    pair = (share(60, 80, headcount=100), share(45, 120, headcount=160))
    pooled = [(100 - 80) / 99, (160 - 120) / 159]
    told = [80 / pooled[0], 120 / pooled[1]]  # people out of a crowd who would tell as much
    expected = proportions_ztest([0.6 * told[0], 0.45 * told[1]], told)[1]
    assert compare([pair], POLICY, "base_share", FAVOURABLE)[0].p == pytest.approx(expected)
    everybody = (share(60, 80, headcount=80), share(55, 120, headcount=120))
    assert compare([everybody], POLICY, "base_share", FAVOURABLE)[0].called
    assert compare([(share(100, 80), share(100, 120))], POLICY, "base_share", FAVOURABLE)[0].p == 1.0


def p_of(one: Side, other: Side) -> float:
    p = compare([(one, other)], POLICY)[0].p
    assert p is not None
    return p


def test_without_headcounts_the_test_is_welchs_own() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(60, 12, 45), rng.normal(66, 20, 31)
    sides = [Side(Cell(base=len(x), score=float(x.mean()), sd=float(x.std(ddof=1)))) for x in (a, b)]
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert p_of(*sides) == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval(0.95)
    assert welch_interval(*sides) == pytest.approx((interval.low, interval.high))
    means = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    assert welch_interval(*sides) == pytest.approx(means.tconfint_diff(usevar="unequal"))


def test_a_known_headcount_makes_a_near_census_surer() -> None:
    a, b = Cell(base=40, score=60.0, sd=15.0), Cell(base=40, score=66.0, sd=15.0)
    assert p_of(Side(a, 44), Side(b, 44)) < p_of(Side(a), Side(b))
    assert p_of(Side(a, 40), Side(b, 40)) == 0.0  # everybody answered: the difference is a fact
    assert p_of(Side(a, 40), Side(a, 40)) == 1.0
    assert welch_interval(Side(a, 40), Side(b, 40)) == (-6.0, -6.0)


def test_a_group_enters_a_test_with_its_stratified_error(questionnaire: Questionnaire) -> None:
    wave = wave_over("r,R,,,\na,A,,r,40\nb,B,,r,90\n")
    rng = np.random.default_rng(1)
    samples = {"a": rng.integers(1, 6, 30), "b": rng.integers(2, 6, 20)}
    responses = [person for unit, values in samples.items() for person in people(questionnaire, unit, values.tolist())]
    release = protect(tally(wave, questionnaire, responses), wave.plan, Policy.load())
    scores = {unit: (values - 1) * 25.0 for unit, values in samples.items()}
    sizes = {"a": 40, "b": 90}
    variance = sum((n / 130) ** 2 * (1 - len(scores[u]) / n) * scores[u].var(ddof=1) / len(scores[u]) for u, n in sizes.items())
    error = side_of(release, "r", "index").error
    assert error == pytest.approx(np.sqrt(variance), rel=5e-3)  # a release keeps one decimal of a spread, two of an interval
    mean = sum(n / 130 * scores[u].mean() for u, n in sizes.items())
    own = scores["a"].std(ddof=1) / np.sqrt(30) * np.sqrt((40 - 30) / 39)
    expected = welch(
        np.array([scores["a"].mean() - mean]), (np.array([own]), np.array([np.sqrt(variance)])), (np.array([30]), np.array([50]))
    )
    assert p_of(side_of(release, "a", "index"), side_of(release, "r", "index")) == pytest.approx(expected[0], rel=5e-3)


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


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (Cell(base=40, score=95.0, sd=3.0, clamped="score≥"), Cell(base=90, score=80.0, sd=12.0), State.HIGHER),
        (Cell(base=40, score=95.0, sd=3.0, clamped="score≥"), Cell(base=90, score=99.0, sd=2.0), State.NOT_TESTED),
        (Cell(base=90, score=80.0, sd=12.0), Cell(base=40, score=95.0, sd=3.0, clamped="score≥"), State.LOWER),
        (Cell(base=40, score=5.0, sd=3.0, clamped="score≤"), Cell(base=90, score=1.0, sd=2.0), State.NOT_TESTED),
        (Cell(base=40, score=95.0, sd=3.0, clamped="score≥"), Cell(base=40, score=90.0, sd=3.0, clamped="score≥"), State.NOT_TESTED),
    ],
)
def test_a_bound_is_tested_only_where_the_true_difference_can_but_be_wider(first: Cell, second: Cell, state: State) -> None:
    (one,) = compare([(Side(first), Side(second))], POLICY)
    assert one.state is state
    assert one.reason == (BOUNDED if state is State.NOT_TESTED else "")


def test_a_rounded_number_is_tested_as_the_nearest_it_can_stand_for() -> None:
    exact, rounded = Side(Cell(base=2000, score=70.0, sd=15.0)), Side(Cell(base=2000, score=70.0, sd=15.0, clamped="score≈"))
    (sure,), (unsure,) = (compare([(one, side(66.5, 2000))], POLICY) for one in (exact, rounded))
    assert sure.state is State.HIGHER and unsure.state is State.NO_CLEAR_DIFFERENCE  # 69 would be less than three points above
    assert unsure.difference == sure.difference == 3.5


def test_in_a_family_of_many_tests_a_lucky_one_is_no_longer_called() -> None:
    lucky = (side(64.5, base=120), side(60, base=120))  # p = 0.02
    assert compare([lucky], POLICY)[0].called
    family = [lucky, *[(side(60), side(60))] * 39]
    assert not compare(family, POLICY)[0].called


def heatmaps(rng: np.random.Generator, rounds: int, units: int, themes: int, n: int, population: int | None) -> np.ndarray:
    """Calls (rounds x units x themes) in heatmaps of units against their group; no unit truly differs.

    People have a level of their own that runs through all their themes, as in real surveys. With a
    `population`, n of its people answer, and its own mean is the group's own: also what the census would find.
    """
    size = population or n
    people = rng.normal(65, 12, (rounds, units, 1, size)) + rng.normal(0, 14, (rounds, units, themes, size))
    if population:
        people += 65 - people.mean(axis=3, keepdims=True)
    answered = people[..., :n]
    mean, sd = answered.mean(axis=3), answered.std(axis=3, ddof=1)
    known = correction(n, population)
    whole = mean.mean(axis=1, keepdims=True)
    error = np.sqrt((sd**2 * known**2 / n).mean(axis=1, keepdims=True) / units)  # stratified, units of one size
    difference = mean - whole
    p = welch(difference, (sd * known / np.sqrt(n), np.broadcast_to(error, sd.shape)), (np.full(sd.shape, n), np.full(sd.shape, n * units)))
    policy = Policy.load()
    calls = [called(d.ravel(), q.ravel(), policy.smallest, policy.false_discoveries) for d, q in zip(difference, p, strict=True)]
    return np.array(calls).reshape(difference.shape)


@pytest.mark.slow
@pytest.mark.parametrize("population", [None, 60])
def test_of_a_thousand_heatmaps_without_a_true_difference_at_most_one_in_twenty_contains_a_call(population: int | None) -> None:
    calls = heatmaps(np.random.default_rng(20250620), rounds=1000, units=12, themes=9, n=40, population=population)
    assert calls.any(axis=(1, 2)).mean() <= 0.05


@pytest.mark.slow
def test_the_least_base_does_not_call_more() -> None:
    calls = heatmaps(np.random.default_rng(5), rounds=1000, units=12, themes=9, n=POLICY["base_score"], population=None)
    assert calls.any(axis=(1, 2)).mean() <= 0.05


def test_a_difference_of_ten_points_at_a_hundred_answers_is_called_in_four_of_five() -> None:
    rng = np.random.default_rng(3)
    rounds, units, themes, n = 300, 12, 9, 100
    people = rng.normal(65, 12, (rounds, units, 1, n)) + rng.normal(0, 14, (rounds, units, themes, n))  # sd 18.4
    people[:, 0, 0] -= 10  # one unit, one theme
    mean, sd = people.mean(axis=3), people.std(axis=3, ddof=1)
    error = np.sqrt((sd**2 / n).mean(axis=1, keepdims=True) / units)
    difference = mean - mean.mean(axis=1, keepdims=True)
    p = welch(difference, (sd / np.sqrt(n), np.broadcast_to(error, sd.shape)), (np.full(sd.shape, n), np.full(sd.shape, n * units)))
    calls = [called(d.ravel(), q.ravel(), POLICY["smallest"], POLICY["false_discoveries"]) for d, q in zip(difference, p, strict=True)]
    planted = np.array(calls).reshape(difference.shape)[:, 0, 0] & (difference[:, 0, 0] < 0)
    assert planted.mean() >= 0.8


def test_a_table_is_called_as_its_arrays_are() -> None:
    rng = np.random.default_rng(9)
    pairs = [(side(float(65 + rng.normal(0, 6)), 60, 15.0, 90), side(65, 700, 16.0)) for _cell in range(40)]
    found = compare(pairs, POLICY)
    reference = multipletests([one.p for one in found], alpha=0.05, method="fdr_bh")[0]
    expected = [bool(low) and abs(one.difference or 0) >= 3 for low, one in zip(reference, found, strict=True)]
    assert [one.called for one in found] == expected
    assert 0 < sum(expected) < 40
