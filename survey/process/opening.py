"""Opening the box in memory: unseal, check, shuffle. Nothing here is ever written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey.collect import ballot
from survey.collect.slips import shuffled
from survey.design.questionnaire import AnswersRejected, Questionnaire, Response
from survey.design.wave import Wave
from survey.errors import N_, SurveyError


@dataclass(frozen=True)
class Opened:
    """What the box held: the responses in an order nobody knows, and the ballots they were in, in no order either.

    A ballot that cannot be opened or is no answer to this questionnaire is in neither: it is set aside.
    """

    responses: list[Response]
    counted: list[bytes]


def open_ballots(
    wave: Wave, questionnaire: Questionnaire, sealed: Sequence[bytes], private_key: bytes, progress: Callable[[float], None]
) -> Opened:
    """Ballots are checked again as if they came from outside. Raises SurveyError where not one of them opens."""
    opened = Opened([], [])
    for number, ciphertext in enumerate(sealed):
        response = _response(wave, questionnaire, ciphertext, private_key)
        if response is not None:
            opened.responses.append(response)
            opened.counted.append(ciphertext)
        if number % 200 == 0:
            progress(number / max(len(sealed), 1))
    return Opened(shuffled(opened.responses), opened.counted)


def _response(wave: Wave, questionnaire: Questionnaire, ciphertext: bytes, private_key: bytes) -> Response | None:
    try:
        found = ballot.decode(ballot.unseal(ciphertext, wave.id, private_key))
        raw = {"answers": found.answers, "comments": found.comments, "breakdowns": found.breakdowns}
        unit = wave.plan.by_id.get(found.unit)
        return questionnaire.accept(raw, found.unit) if unit is not None and unit.reporting else None
    except (ballot.BallotBroken, AnswersRejected, ValueError, TypeError, RecursionError):
        return None


def require_some(ballots: int, opened: Opened) -> None:
    """One damaged ballot is set aside; if none of many opens, it is not the ballots."""
    if ballots and not opened.responses:
        message = N_(
            "Not one of {count} ballots can be opened: the box or its cover key is not what it was. Nothing was destroyed. "
            "See langnghe check, and bring box and cover key back from where they were last good."
        )
        raise SurveyError("ballots-unreadable", message, count=ballots)
