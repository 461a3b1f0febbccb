"""Opening the box in memory: unseal, check, shuffle. Nothing here is ever written."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from survey.collect import ballot
from survey.design.acceptance import AnswersRejected
from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Wave
from survey.errors import N_, SurveyError
from survey.process.response_columns import ResponseColumns, in_columns, joined


@dataclass(frozen=True)
class Opened:
    """What the box held, or a part of it: the responses, and the receipts of the ballots they were in.

    A ballot that cannot be opened or is no answer to this questionnaire is in neither: it is set aside.
    """

    responses: ResponseColumns
    receipts: list[str]


@dataclass(frozen=True)
class Opening:
    """All that is needed to open sealed ballots of a wave, wherever that is done. units: those that report."""

    wave: str
    questionnaire: Questionnaire
    units: frozenset[str]
    private_key: bytes = field(repr=False)

    @classmethod
    def of(cls, wave: Wave, questionnaire: Questionnaire, private_key: bytes) -> Opening:
        return cls(wave.id, questionnaire, frozenset(node.id for node in wave.plan.nodes if node.reporting), private_key)

    def open(self, sealed: Sequence[bytes]) -> Opened:
        """Ballots are checked again as if they came from outside."""
        opener = ballot.Opener(self.wave, self.private_key)
        read = [(self._response(opener, ciphertext), ciphertext) for ciphertext in sealed]
        responses = [response for response, _ in read if response is not None]
        receipts = [ballot.receipt(ciphertext) for response, ciphertext in read if response is not None]
        return Opened(in_columns(self.questionnaire, responses), receipts)

    def _response(self, opener: ballot.Opener, ciphertext: bytes) -> Response | None:
        try:
            found = ballot.decode(opener.unseal(ciphertext))
            raw = {"answers": found.answers, "comments": found.comments, "breakdowns": found.breakdowns}
            return self.questionnaire.accept(raw, found.unit) if found.unit in self.units else None
        except (ballot.BallotBroken, AnswersRejected, ValueError, TypeError, RecursionError):
            return None

    def together(self, parts: Sequence[Opened]) -> Opened:
        """All parts as one, the responses in an order that says nothing of who came when: that of their content, drawn by lot among the same."""
        responses = joined(self.questionnaire, [part.responses for part in parts])
        receipts = sorted(receipt for part in parts for receipt in part.receipts)
        drawn = np.argsort(np.frombuffer(secrets.token_bytes(8 * len(responses)), dtype=np.uint64))
        return Opened(responses.at(drawn).by_content(), receipts)


def require_some(ballots: int, opened: Opened) -> None:
    """One damaged ballot is set aside; if none of many opens, it is not the ballots."""
    if ballots and not opened.receipts:
        message = N_(
            "Not one of {count} ballots can be opened: the box or its cover key is not what it was. Nothing was destroyed. "
            "See langnghe check, and bring box and cover key back from where they were last good."
        )
        raise SurveyError("ballots-unreadable", message, count=ballots)
