"""What a close asks about before anything is opened or destroyed: is this the box of the people who answered?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.design.wave import Wave
from survey.errors import N_, SurveyError


class Doubt(StrEnum):
    """What a close asks about before it goes on; each is accepted by its own word."""

    EMPTY = "empty"
    DIFFERENCE = "difference"


class CloseDoubtful(SurveyError):
    """Nothing was opened or destroyed. `doubt`: what to accept when closing again."""

    def __init__(self, doubt: Doubt, message: str, **values: object) -> None:
        self.doubt = doubt
        super().__init__(f"close-{doubt.value}", message, **values)


@dataclass(frozen=True)
class Count:
    """What stands behind a release: who was given what, how much of it was used, and what lay in the box."""

    slips: Mapping[str, tuple[int, int]]
    invited: Mapping[str, tuple[int, int]]
    ballots: int

    @property
    def given(self) -> int:
        return sum(given for given, _used in self.slips.values())

    @property
    def spent(self) -> int:
        """Slips that were used. Who answered with an invitation's credential, nobody knows."""
        return sum(used for _given, used in self.slips.values())

    @property
    def collected(self) -> int:
        return sum(collected for _listed, collected in self.invited.values())

    @property
    def behind(self) -> bool:
        """More ballots than were counted: some may be on their way."""
        return self.ballots > self.spent + self.collected

    @property
    def agrees(self) -> bool:
        return self.spent <= self.ballots and not self.behind


def ask_if_empty(wave: Wave, ballots: int, accept: Collection[Doubt]) -> None:
    """Before the box is shut, so that a click too early turns nobody away."""
    if not ballots and Doubt.EMPTY not in accept:
        raise CloseDoubtful(
            Doubt.EMPTY,
            N_(
                "Nobody has answered in wave {wave} yet (first day: {opens}). Closing would end it without results. Nothing was changed. "
                "If that is meant, say so and close again; if it was opened by mistake, take the opening back."
            ),
            wave=wave.id,
            opens=wave.opens.strftime("%d/%m/%Y"),
        )


def ask(count: Count, accept: Collection[Doubt]) -> None:
    """Before anything is opened or destroyed: is this the box of the people who answered?"""
    if not count.agrees and Doubt.DIFFERENCE not in accept:
        raise CloseDoubtful(
            Doubt.DIFFERENCE,
            N_(
                "There are {ballots} ballots in the box, but {spent} slips are counted as used and {collected} credentials as collected. "
                "Ballots may have been lost or added, or this is not the right box. Nothing was opened or destroyed; the box is shut. "
                "Find out why. Then accept the difference and close again, or reopen the box."
            ),
            ballots=count.ballots,
            spent=count.spent,
            collected=count.collected,
        )
