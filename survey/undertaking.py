"""What a unit undertakes after a wave: one thing about one theme or question, who sees to it, until when, and how far it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from survey import limits
from survey.design.questionnaire import Questionnaire
from survey.errors import N_, Problem
from survey.i18n import Locale
from survey.vietnamese import one_line

MOST = 30  # of one unit in one wave
LONGEST_TERM = timedelta(days=3653)


class Progress(StrEnum):
    HEARD = "heard"
    DOING = "doing"
    DONE = "done"


PROGRESS = {Progress.HEARD: N_("Heard"), Progress.DOING: N_("Being done"), Progress.DONE: N_("Heard and done")}


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """`measure`: "theme:KC" or "item:KC1" of the wave's release, "" where it may no longer be named; `owner`: an office or a
    person, in the writer's words; `announced`: shown to everybody; `id` is given by the store."""

    wave: str
    unit: str
    measure: str
    text: str
    owner: str
    due: date
    progress: Progress = Progress.HEARD
    announced: bool = True
    id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.wave, self.unit


def problems(one: Undertaking, closed: date) -> Iterator[Problem]:
    """What is wrong with it, for a wave closed on that day."""
    for column, value, longest in (
        (N_("What is done"), one.text, limits.UNDERTAKING),
        (N_("Who sees to it"), one.owner, limits.OWNER),
    ):
        if not value:
            yield Problem(message=N_("it is empty."), cure=N_("Write it in a few words."), column=column)
        elif fault := limits.text_fault(value, longest):
            message, cure, values = fault
            yield Problem(message=message, cure=cure, column=column, values=values)
    if not closed <= one.due <= closed + LONGEST_TERM:
        yield Problem(
            message=N_("{day} is not between the close of the wave and ten years after it."),
            cure=N_("Choose a day from {first} on."),
            column=N_("By when"),
            values={"day": one.due.strftime("%d/%m/%Y"), "first": closed.strftime("%d/%m/%Y")},
        )


def by_theme(one: Undertaking, asked: Questionnaire) -> Undertaking:
    """As everybody is told it: the theme, never the question, which is shown from more answers than a theme."""
    kind, _, name = one.measure.partition(":")
    return replace(one, measure=f"theme:{asked.item[name].theme}") if kind == "item" and name in asked.item else one


def tidied(text: str) -> str:
    """As it is stored: one line, without marks that nobody sees."""
    return one_line(text)


def about(one: Undertaking, asked: Questionnaire, locale: Locale) -> str:
    """The theme or question it hangs on, in words; empty where that is not told."""
    kind, _, name = one.measure.partition(":")
    if kind == "theme" and name in asked.theme:
        return locale.pick(asked.theme[name].vi, asked.theme[name].en)
    if kind == "item" and name in asked.item:
        return f"{name}. {locale.pick(asked.item[name].vi, asked.item[name].en)}"
    return ""


def said(one: Undertaking, asked: Questionnaire, locale: Locale) -> str:
    """All of it in one line."""
    _, theme = locale, about(one, asked, locale)
    return (f"{theme.rstrip('.')}: " if theme else "") + _(
        "{text} ({progress}; {owner}; by {day})",
        text=one.text,
        progress=_(PROGRESS[one.progress]).lower(),
        owner=one.owner,
        day=_.day(one.due),
    )


def by_unit(found: Iterable[Undertaking]) -> dict[str, tuple[Undertaking, ...]]:
    """Unit -> its own, in the order they come."""
    units: dict[str, tuple[Undertaking, ...]] = {}
    for one in found:
        units[one.unit] = (*units.get(one.unit, ()), one)
    return units


def summary(found: Collection[Undertaking], locale: Locale) -> str:
    """How many there are of how many units, and how far they are."""
    _ = locale
    counts = [f"{_(PROGRESS[step]).lower()}: {_.number(sum(one.progress is step for one in found), 0)}" for step in Progress]
    actions, units = _.number(len(found), 0), _.number(len(by_unit(found)), 0)
    return _("{actions} actions of {units} units ({progress}).", actions=actions, units=units, progress="; ".join(counts))
