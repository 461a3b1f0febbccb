"""Opening the box in memory: unseal, check, shuffle. Nothing here is ever written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from survey.collect import ballot
from survey.collect.slips import shuffled
from survey.design.questionnaire import AnswersRejected, Questionnaire, Response
from survey.design.wave import Wave

Progress = Callable[[float, str], None]


def open_ballots(
    wave: Wave, questionnaire: Questionnaire, sealed: Sequence[bytes], private_key: bytes, progress: Callable[[float], None]
) -> list[Response]:
    """The responses in an order nobody knows. Ballots are checked again as if they came from outside."""
    responses: list[Response] = []
    for number, ciphertext in enumerate(sealed):
        response = ballot.decode(ballot.unseal(ciphertext, wave.id, private_key))
        raw = {"answers": response.answers, "comments": response.comments, "breakdowns": response.breakdowns}
        try:
            responses.append(questionnaire.accept(raw, response.unit))
        except AnswersRejected:
            # It was accepted once; only a questionnaire changed under an open wave could do this.
            raise ballot.BallotBroken() from None
        if number % 200 == 0:
            progress(number / max(len(sealed), 1))
    return shuffled(responses)
