"""The words of a criterion as they are read: its wording, its document and day, how many of its items are shown."""

from __future__ import annotations

from survey.analyse.criteria import Line, Standing
from survey.design.criteria import Criterion
from survey.disclose.release import Cell, Suppressed
from survey.disseminate.look import REASONS, score_of
from survey.i18n import Locale
from survey.vietnamese import parse_date


def wording(one: Criterion, locale: Locale) -> str:
    return locale.pick(one.vi, one.en)


def document(one: Criterion, locale: Locale) -> str:
    """ "Plan 363 (2019)", "Directive 08 (26/07/2016)"; empty where the file names none."""
    name, day = locale.pick(one.document_vi, one.document_en), dated(one.date, locale)
    return f"{name} ({day})" if name and day and day not in name else name or day


def dated(day: str, locale: Locale) -> str:
    return locale.day(parse_date(day)) if "-" in day else day


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
