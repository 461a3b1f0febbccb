"""What reading somebody else's form gives: a questionnaire, and what of the form could not be asked here."""

from __future__ import annotations

from dataclasses import dataclass

from survey.design.questionnaire import Questionnaire
from survey.errors import Problem


@dataclass(frozen=True, kw_only=True)
class FormRead:
    """`left_out`: each row, cell or answer that is not in the questionnaire, with its place and the reason."""

    questionnaire: Questionnaire
    left_out: tuple[Problem, ...] = ()
