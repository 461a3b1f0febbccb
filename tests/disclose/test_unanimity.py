from __future__ import annotations

import numpy as np
import pytest

from survey.disclose.unanimity import blunt, blunt_options, one_sided, telling_remainders, withheld_for_remainders


@pytest.mark.parametrize("n", [5, 7, 10, 100])
def test_all_and_all_but_one_print_the_same(n: int) -> None:
    favourable = np.array([n, n - 1, n - 2, 2, 1, 0])
    printed = blunt(100 * favourable / n, np.full(6, float(n)))
    assert printed.sign.tolist() == [1, 1, 0, 0, -1, -1]
    assert printed.value == pytest.approx(100 * np.array([n - 1, n - 1, n - 2, 2, 1, 1]) / n)


def test_no_two_answers_of_one_person_can_be_told_apart_at_the_end_of_the_scale() -> None:
    # Whatever the last person chose, the printed mean is the same while the others are all at the end.
    for n in (5, 9):
        for last in (1, 2, 3, 4, 5):
            mean = ((n - 1) * 5 + last) / n
            printed = blunt(np.array([(mean - 1) / 4 * 100]), np.array([float(n)]))
            assert printed.value[0] == pytest.approx((5 - 4 / n - 1) / 4 * 100) and printed.sign[0] == 1


def test_a_mean_is_clamped_to_one_plus_4_over_n() -> None:
    printed = blunt(np.array([0.0, 100.0, 50.0, np.nan]), np.array([8.0, 8, 8, 8]))
    one_to_five = 1 + printed.value[:3] / 25
    assert one_to_five == pytest.approx([1 + 4 / 8, 5 - 4 / 8, 3])
    assert printed.sign.tolist() == [-1, 1, 0, 0] and np.isnan(printed.value[3])


def test_one_person_has_no_number() -> None:
    assert np.isnan(blunt(np.array([40.0, 40.0]), np.array([1.0, 0.0])).value).all()


def test_counts_in_one_answer_are_not_printed_exactly() -> None:
    options = np.array([[0, 0, 12, 0, 0], [0, 1, 11, 0, 0], [0, 2, 10, 0, 0], [0, 1, 10, 1, 0], [0, 0, 0, 0, 0]])
    assert one_sided(options.astype(float)).tolist() == [True, True, False, False, False]
    assert blunt_options([0, 0, 12, 0, 0]) == blunt_options([0, 1, 11, 0, 0]) == ((0, 0, 11, 0, 0), True)
    assert blunt_options([0, 2, 10, 0, 0]) == ((0, 2, 10, 0, 0), False)


RELATIONS = [(0, (1, 2, 3))]  # a total, women, men, and those who gave no gender


def test_a_remainder_in_which_everybody_agrees_is_found_and_one_part_is_withheld() -> None:
    # Leaky control: 26 of 30 favourable, women 12 of 15, men 8 of 9: the six others were all favourable.
    people = np.array([30.0, 15, 9, 6])
    shown = np.array([True, True, True, False])
    percent = np.array([26 / 30, 12 / 15, 8 / 9, 6 / 6]) * 100
    (hit,) = telling_remainders(RELATIONS, shown, people, people, percent)
    assert hit.people == 6 and hit.percent == pytest.approx(100)
    # Withholding the men leaves a remainder of 15 people, 14 of them favourable: still telling. So the women too.
    assert withheld_for_remainders(RELATIONS, shown, people, people, percent).tolist() == [False, True, True, False]


def test_a_mixed_remainder_stays() -> None:
    people = np.array([30.0, 15, 9, 6])
    shown = np.array([True, True, True, False])
    percent = np.array([24 / 30, 12 / 15, 8 / 9, 4 / 6]) * 100
    assert telling_remainders(RELATIONS, shown, people, people, percent) == []
    assert not withheld_for_remainders(RELATIONS, shown, people, people, percent).any()


def test_a_weighted_remainder_is_taken_in_its_weights() -> None:
    # A group of two shown units and a hidden one (6 people standing for 30): everybody there favourable.
    people, weight = np.array([36.0, 20, 10, 6]), np.array([100.0, 40, 30, 30])
    percent = np.array([0.0, 55, 60, 100])
    percent[0] = weight[1:] @ percent[1:] / 100
    shown = np.array([True, True, True, False])
    (hit,) = telling_remainders(RELATIONS, shown, people, weight, percent)
    assert hit.percent == pytest.approx(100)
    assert telling_remainders(RELATIONS, shown, people, people, percent) != [hit]  # the plain count would miss it


def test_nothing_follows_where_the_whole_is_hidden_or_everything_is_shown() -> None:
    people = np.array([20.0, 10, 10, 0])
    percent = np.array([100.0, 100, 100, 0])
    assert telling_remainders(RELATIONS, np.array([False, True, True, False]), people, people, percent) == []
    assert telling_remainders(RELATIONS, np.array([True, True, True, False]), people, people, percent) == []
