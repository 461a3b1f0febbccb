"""A pile of paper forms typed in on one page: held in the page's session alone, compared, then sent.

Nothing of it is stored: a pile that is lost with its session is typed in again from the paper.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.collect import slips
from survey.collect.entering import Entry
from survey.collect.forms_file import Difference, differences
from survey.design.questionnaire import Questionnaire
from survey.errors import N_, SurveyError

MOST = 100  # what one sitting types in; more would be lost with one broken line
SAMPLE = 0.1  # of a pile is typed in twice, and one form at least


@dataclass
class Pile:
    """`sample`: codes of the forms that a second person types in again; `again`: what was typed then, by code."""

    wave: str
    entries: dict[str, Entry] = field(default_factory=dict, repr=False)
    sample: tuple[str, ...] = field(default=(), repr=False)
    again: dict[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def hold(self, typed: str, raw: Mapping[str, Any], attempt: str) -> None:
        """A first entry. The same code again takes the place of the entry before."""
        code = slips.normalise(typed)
        if code not in self.entries and len(self.entries) >= MOST:
            raise SurveyError("pile-full", N_("This pile has {most} forms. Please compare and send it first."), most=MOST)
        self.entries[code] = Entry(len(self.entries) + 1, code, raw, attempt)

    def draw(self, count: int | None = None) -> None:
        """The forms to be typed in again, chosen by chance."""
        count = max(1, math.ceil(SAMPLE * len(self.entries))) if count is None else count
        self.sample = tuple(secrets.SystemRandom().sample(sorted(self.entries), min(count, len(self.entries))))
        self.again.clear()

    def wanted(self, typed: str) -> str:
        """The code, if it is one of the sample."""
        code = slips.normalise(typed)
        if code not in self.sample:
            raise SurveyError("not-in-sample", N_("This form is not one of the chosen ones. Please look at the list of codes."))
        return code

    def enter_again(self, typed: str, raw: Mapping[str, Any]) -> None:
        self.again[self.wanted(typed)] = raw

    def left(self) -> tuple[str, ...]:
        """Codes of the sample that nobody has typed in again."""
        return tuple(code for code in self.sample if code not in self.again)

    def differing(self, questionnaire: Questionnaire) -> tuple[Difference, ...]:
        return tuple(one for code, raw in self.again.items() for one in differences(code, self.entries[code].raw, raw, questionnaire))

    def settle(self, code: str, second_is_right: bool) -> None:
        """After a look at the paper: which of the two entries is sent."""
        if second_is_right:
            before = self.entries[code]
            self.entries[code] = Entry(before.place, code, self.again[code], before.attempt)
        else:
            self.again[code] = self.entries[code].raw
