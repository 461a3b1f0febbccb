"""Responses with their answers and scores as arrays: reckoned once, and handed from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Questionnaire, Response
from survey.process.response_columns import answer_matrix, some_of
from survey.process.scores import Codes, ItemScores, item_scores


@dataclass(frozen=True, eq=False)
class Scored:
    """answers: people x items, MISSING where not answered; scores: the same answers scored. Do not change them."""

    questionnaire: Questionnaire
    responses: Sequence[Response]
    answers: Codes
    scores: ItemScores

    def __len__(self) -> int:
        return len(self.responses)

    def some(self, chosen: NDArray[np.bool_]) -> Scored:
        return replace(self, responses=some_of(self.responses, chosen), answers=self.answers[chosen], scores=self.scores.some(chosen))


Given = Sequence[Response] | Scored


def scored(questionnaire: Questionnaire, given: Given) -> Scored:
    """What was scored by this very questionnaire stays as it is: of a hundred thousand people it is most of an import's reckoning."""
    if isinstance(given, Scored):
        if given.questionnaire == questionnaire:
            return given
        given = given.responses
    answers = answer_matrix(questionnaire, given)
    return Scored(questionnaire, given, answers, item_scores(questionnaire, answers))
