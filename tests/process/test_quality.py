"""Signs of careless answering: worked by hand on a few people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.process.quality import Limits, contradictions, count_signs, longest_strings
from survey.process.response_columns import answer_matrix

LIMITS = Limits(pairs=3, run=50)


def person(questionnaire: Questionnaire, unit: str = "u", raw: int | None = None, **answers: int) -> Response:
    """Everything answered "agree" in the direction of praise, or everything with the raw answer; some items otherwise."""
    given = {item.id: raw if raw is not None else 2 if item.reverse else 4 for item in questionnaire.items}
    return Response(unit=unit, answers={**given, **answers}, comments={}, breakdowns={})


def noisy(questionnaire: Questionnaire, people: int, seed: int = 1, unit: str = "u") -> list[Response]:
    """Honest people: around "agree", each with a view of their own."""
    rng = np.random.default_rng(seed)
    good = np.clip(np.rint(rng.normal(3.6, 0.5, (people, 1)) + rng.normal(0, 0.8, (people, len(questionnaire.items)))), 1, 5).astype(int)
    return [
        person(questionnaire, unit, **{i.id: int(6 - v if i.reverse else v) for i, v in zip(questionnaire.items, row, strict=True)})
        for row in good
    ]


def test_who_agrees_to_both_sides_of_a_pair_contradicts_once(questionnaire: Questionnaire) -> None:
    first, second = questionnaire.antonym_pairs[0]
    answers = answer_matrix(
        questionnaire,
        [
            person(questionnaire),
            person(questionnaire, **{first: 4, second: 5}),
            person(questionnaire, **{first: 4, second: 3}),
            person(questionnaire, **{first: 5, second: 0}),  # "don't know" agrees to nothing
            person(questionnaire, raw=5),
        ],
    )
    assert contradictions(questionnaire, answers).tolist() == [0, 1, 0, 0, len(questionnaire.antonym_pairs)]


def test_a_string_counts_only_where_it_runs_over_items_of_both_directions_and_off_the_middle(questionnaire: Questionnaire) -> None:
    half = {item.id: 4 for item in questionnaire.items[:20]}
    answers = answer_matrix(
        questionnaire,
        [person(questionnaire, raw=4), person(questionnaire, raw=3), person(questionnaire), person(questionnaire, raw=1, **half)],
    )
    found = longest_strings(questionnaire, answers)
    assert found[0] == 1
    assert found[1] == 0  # the middle of every item is no contradiction
    assert found[2] < 0.2  # praise turns round with the item
    assert found[3] == pytest.approx(20 / 39)


def test_unscored_answers_do_not_end_a_string(questionnaire: Questionnaire) -> None:
    answers = answer_matrix(questionnaire, [person(questionnaire, raw=4, **{item.id: 0 for item in questionnaire.items[5:8]})])
    assert longest_strings(questionnaire, answers)[0] == 1


def test_a_questionnaire_without_reverse_items_cannot_show_straight_lining(questionnaire: Questionnaire) -> None:
    plain = replace(questionnaire, items=tuple(replace(item, reverse=False) for item in questionnaire.items))
    assert longest_strings(plain, answer_matrix(plain, [person(plain, raw=5)]))[0] == 0


def test_copies_are_looked_for_inside_a_unit_and_empty_forms_are_no_copies(questionnaire: Questionnaire) -> None:
    honest = noisy(questionnaire, 8)
    empty = [Response(unit="u", answers={}, comments={}, breakdowns={}) for _ in range(2)]
    elsewhere = replace(honest[0], unit="v")
    signs, marked = count_signs(questionnaire, [*honest, honest[0], *empty, elsewhere], LIMITS)
    assert signs["u"].duplicated == pytest.approx(100 * 2 / 11)
    assert signs["v"].duplicated == 0
    assert np.flatnonzero(marked).tolist() == [0, 8]


def test_spread_and_best_answers_of_a_unit(questionnaire: Questionnaire) -> None:
    best = {item.id: 1 if item.reverse else 5 for item in questionnaire.items}
    alike, _ = count_signs(questionnaire, [person(questionnaire, **best)] * 20, LIMITS)
    assert alike["u"].spread == pytest.approx(0)
    assert alike["u"].top == 100
    honest, _ = count_signs(questionnaire, noisy(questionnaire, 40), LIMITS)
    assert honest["u"].duplicated == 0
    assert (honest["u"].top or 0) < 60


def test_nobody_gives_no_signs(questionnaire: Questionnaire) -> None:
    signs, marked = count_signs(questionnaire, [], LIMITS)
    assert signs == {} and len(marked) == 0
