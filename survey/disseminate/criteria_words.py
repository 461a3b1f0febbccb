"""The words of a criterion's numbers: its score, why there is none, how many of its items are shown."""

from __future__ import annotations

from survey.analyse.criteria import Line, Standing
from survey.disclose.release import Cell, Suppressed
from survey.disseminate.look import REASONS, score_of
from survey.i18n import Locale


def standing(one: Standing, locale: Locale) -> str:
    """The score as it may be read, or why there is none."""
    if isinstance(one.cell, Cell):
        return score_of(one.cell, locale)
    return missing(one, locale)


def missing(one: Standing, locale: Locale) -> str:
    if not one.asked:
        return locale("not asked in this wave")
    if isinstance(one.cell, Suppressed):
        return locale(one.why or REASONS[one.cell.reason])
    return ""


def parts(one: Line, locale: Locale) -> str:
    """How many of its items stand behind the score: "2", or "1 of 2" where something is missing."""
    shown, asked = locale.number(one.now.shown, 0), locale.number(one.now.asked, 0)
    return asked if one.now.shown == one.now.asked else locale("{shown} of {asked}", shown=shown, asked=asked)
