from __future__ import annotations

import numpy as np
import pytest

from survey.disclose.unanimity import blunt, one_sided, rounding_covers, telling


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


def test_a_group_of_one_always_tells_and_nobody_never() -> None:
    assert telling(np.array([50.0, 50, 50, 40]), np.array([1.0, 0, 2, 10])).tolist() == [True, False, True, False]


def test_rounding_covers_a_small_part_of_a_large_whole_and_no_large_part() -> None:
    # 6 of 300 people are left, all favourable: half a point of the whole is 25 points of theirs. Of 20 people it is not.
    large = (300 * 60.2 - 600) / 294  # what the others' mean must be
    assert rounding_covers(np.array(60.2), np.array(300.0), np.array(294 * large), np.array(6.0), np.array(6.0))
    small = (20 * 70.0 - 600) / 14
    assert not rounding_covers(np.array(70.0), np.array(20.0), np.array(14 * small), np.array(6.0), np.array(6.0))
