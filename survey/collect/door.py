"""What the protocol says of the door: where the slips went, and what was asked about codes.

A spare slip in the wrong hands is a form of somebody who is not there: nine spare codes in a unit with three answers
showed the three. So the slips that were not handed out are counted and destroyed before witnesses, and the close asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.errors import N_, SurveyError

PAPER_STEP = 5  # whoever knows who took paper forms must not learn whether each of them handed one in


@dataclass(frozen=True)
class SlipCount:
    """Of the whole wave, as the custodians have counted; None where they have not."""

    handed_out: int | None = None
    unused: int | None = None

    def check(self, printed: int) -> None:
        """Raises where the numbers cannot be true."""
        counted = [number for number in (self.handed_out, self.unused) if number is not None]
        if any(number < 0 for number in counted) or sum(counted) > printed:
            raise SurveyError(
                "slip-count",
                N_("{printed} slips were made; handed out and unused cannot be more together. Please count again; nothing was opened."),
                printed=printed,
            )


@dataclass(frozen=True)
class Door:
    """`asked`: how often a spent code was shown again; `listed`: codes have left as a list, not as slips alone; `paper`: forms
    typed in from paper, of the whole wave."""

    asked: int = 0
    listed: bool = False
    paper: int = 0


def about_on_paper(paper: int, ballots: int, least: int) -> int | None:
    """To the nearest five; None where fewer than `least` came on paper, none at all included, or fewer by every other way."""
    return None if paper < least or 0 < ballots - paper < least else PAPER_STEP * round(paper / PAPER_STEP)


def at_the_door(slips: SlipCount, door: Door, withdrawn: int) -> dict[str, Any]:
    """For the protocol, beside what was issued. `withdrawn`: invitations."""
    return {
        "handed_out": slips.handed_out,
        "unused": slips.unused,
        "asked": door.asked,
        "listed": door.listed,
        "withdrawn": withdrawn,
    }


def too_many(protocol: Mapping[str, Any]) -> int:
    """Ballots beyond the slips handed out and the credentials collected; 0 where one of the numbers is not known."""
    ballots, handed_out = protocol.get("ballots"), protocol.get("handed_out")
    if ballots is None or handed_out is None:
        return 0
    return max(0, int(ballots) - int(handed_out) - int(protocol.get("collected") or 0))


def missing(protocol: Mapping[str, Any]) -> int:
    """Slips that were made and are in neither count; 0 where one of the counts is not known."""
    handed_out, unused = protocol.get("handed_out"), protocol.get("unused")
    return 0 if handed_out is None or unused is None else int(protocol["slips"]) - int(handed_out) - int(unused)
