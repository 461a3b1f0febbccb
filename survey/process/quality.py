"""Signs of careless or arranged answering, counted in memory at close: per unit, never per form.

Source: the questionnaire's own quality checks; Meade and Craig 2012 (long strings, antonyms); domain notes, section 6.
Nothing is deleted and no form is reported: what leaves this module are shares of a unit's forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Questionnaire
from survey.process.response_columns import units_of
from survey.process.scored import Given, scored
from survey.process.scores import MISSING, Codes, Floats, index_scores, theme_scores

ANSWERED = 0.5  # of the items: a form with less is neither alike nor straight
Marks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """pairs: contradictions that mark a form; run: longest string that marks it, in percent of its scored answers."""

    pairs: int
    run: float


@dataclass(frozen=True, kw_only=True)
class Signs:
    """Of one unit: forms; contradictory, duplicated, straight in percent of them; spread: standard deviation of the
    people's index (points; None under 2); top: the smallest share of best answers over the items (percent; None without answers)."""

    forms: int
    contradictory: float
    duplicated: float
    straight: float
    spread: float | None
    top: float | None


def count_signs(questionnaire: Questionnaire, given: Given, limits: Limits) -> tuple[dict[str, Signs], Marks]:
    """Signs of every unit that answered; and which responses are marked, for totals without them."""
    counted = scored(questionnaire, given)
    answers, scores = counted.answers, counted.scores
    names, place = np.unique(np.array(units_of(counted.responses), dtype=str), return_inverse=True)
    contradictory = contradictions(questionnaire, answers) >= limits.pairs
    straight = longest_strings(questionnaire, answers) * 100 >= limits.run
    duplicated = duplicates(place, np.where(scores.there, answers, answers.dtype.type(MISSING)))
    index = index_scores(questionnaire, theme_scores(questionnaire, scores))
    found = {}
    for unit, own in zip(names.tolist(), _by_unit(place), strict=True):
        people = index[own][np.isfinite(index[own])]
        found[str(unit)] = Signs(
            forms=len(own),
            contradictory=100 * float(contradictory[own].mean()),
            duplicated=100 * float(duplicated[own].mean()),
            straight=100 * float(straight[own].mean()),
            spread=float(people.std(ddof=1)) if len(people) > 1 else None,
            top=_least_top(scores[own, :]),
        )
    return found, contradictory | straight | duplicated


def contradictions(questionnaire: Questionnaire, answers: Codes) -> NDArray[np.int64]:
    """Antonym pairs agreed to on both sides, for each person (answers: people x items, raw)."""
    place = questionnaire.item_place
    found = np.zeros(len(answers), dtype=np.int64)
    for first, second in questionnaire.antonym_pairs:
        if first in place and second in place:
            found += _agreed(questionnaire, answers, place[first]) & _agreed(questionnaire, answers, place[second])
    return found


def _agreed(questionnaire: Questionnaire, answers: Codes, column: int) -> Marks:
    scale = questionnaire.scales[questionnaire.items[column].scale]
    above = answers[:, column] > _middle(scale.values) if scale.best == "high" else answers[:, column] < _middle(scale.values)
    return np.asarray(above & np.isin(answers[:, column], scale.values))


def _middle(values: Sequence[int]) -> float:
    return (min(values) + max(values)) / 2


def longest_strings(questionnaire: Questionnaire, answers: Codes) -> Floats:
    """The longest run of one raw answer over items of both directions, as a share of the scored answers (people,).

    A run within items of one direction, or of the midpoint, is what an honest person may give: it counts 0.
    Unscored answers do not end a run.
    """
    people = len(answers)
    last, run, best, scored = (np.zeros(people, dtype=np.int64) for _ in range(4))
    seen = np.zeros((people, 2), dtype=bool)
    for column, item in enumerate(questionnaire.items):
        scale = questionnaire.scales[item.scale]
        values, low = scale.values, scale.best == "low"
        answer = answers[:, column]
        given = np.isin(answer, values)
        goes_on = given & (run > 0) & (answer == last)
        fresh = given & ~goes_on
        run = np.where(goes_on, run + 1, np.where(fresh, 1, run))
        seen[fresh] = False
        seen[given, int(item.reverse != low)] = True
        last = np.where(given, answer, last)
        tells = given & seen.all(axis=1) & (answer != _middle(values))
        best = np.where(tells, np.maximum(best, run), best)
        scored += given
    enough = scored >= ANSWERED * len(questionnaire.items)
    return np.where(enough, best / np.maximum(scored, 1), 0.0)


def duplicates(units: NDArray[np.int64], answers: Codes) -> Marks:
    """Forms whose every scored answer is that of another form of the unit (people,)."""
    enough = (answers != MISSING).sum(axis=1) >= ANSWERED * answers.shape[1]
    found = np.zeros(len(answers), dtype=bool)
    for own in _by_unit(units):
        forms = [row.tobytes() for row in answers[own]]
        times = Counter(form for form, full in zip(forms, enough[own].tolist(), strict=True) if full)
        found[own] = [times[form] > 1 for form in forms]
    return np.asarray(found & enough)


def _by_unit(units: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The people of each unit, units in their order."""
    order = np.argsort(units, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(units[order])) + 1) if len(order) else []


def _least_top(scores: Floats) -> float | None:
    there = np.isfinite(scores)
    answered = there.sum(axis=0)
    if not answered.any():
        return None
    best = (np.where(there, scores, -1.0) == 100).sum(axis=0)
    return float((100 * best[answered > 0] / answered[answered > 0]).min())
