"""How a unit stands by the criteria of its plan, in words."""

from __future__ import annotations

from collections import Counter

from survey.analyse.change import State
from survey.analyse.criteria import Line, Reading
from survey.design.criteria import wording
from survey.disclose.release import Cell
from survey.disseminate.criteria_words import missing, parts, standing
from survey.disseminate.look import node_name, score_of, why_bounds
from survey.disseminate.sentences.words import THINGS, listed, some
from survey.i18n import Locale

NAMED = 3  # units at either end


def criteria(found: Reading, locale: Locale) -> list[str]:
    """Highest and lowest; what rose and fell for sure since the launch; what was not tested, and why."""
    _ = locale
    whole = [one for one in found.lines if isinstance(one.now.cell, Cell) and not one.now.cell.partial]
    if not whole:
        return [_("No criterion can be shown in full here: too few answered its questions.")]
    order = sorted(whole, key=lambda one: one.now.score or 0.0)
    said = [_("{n} criteria are shown.", n=_.number(len(whole), 0))]
    if len(order) > 1:
        said[0] = _(
            "Of {n} criteria the highest is “{best}” ({high} points), the lowest “{worst}” ({low}).",
            n=_.number(len(whole), 0), best=wording(order[-1].criterion, _), high=standing(order[-1].now, _),
            worst=wording(order[0].criterion, _), low=standing(order[0].now, _),
        )  # fmt: skip
    if len(found.waves) == 1:
        return [*said, _("This is the launch: there is no earlier wave to compare with.")]
    return [*said, *_since(found, _)]


def _since(found: Reading, locale: Locale) -> list[str]:
    _, launch = locale, found.launch.id

    def named(state: State) -> list[str]:
        called = [one for one in found.lines if one.since and one.since.state is state]
        called.sort(key=lambda one: -abs((one.since.difference if one.since else None) or 0.0))
        return [f"“{wording(one.criterion, _)}” ({_.number(one.since.difference, 1, sign=True)})" for one in called if one.since]

    up, down = named(State.HIGHER), named(State.LOWER)
    reasons = Counter(one.since.reason for one in found.lines if one.since and one.since.state is State.NOT_TESTED)
    said = []
    if not any(one.since and one.since.p is not None for one in found.lines):
        why = listed([_(reason) for reason in reasons], _)
        return [_("A change since the launch (wave {wave}) could not be tested: {reasons}.", wave=launch, reasons=why)]
    if not up and not down:
        said.append(_("No criterion has clearly changed since the launch (wave {wave}).", wave=launch))
    if up:
        said.append(_("Clearly up since the launch (wave {wave}): {n} criteria, most of all {names}.",
                      wave=launch, n=_.number(len(up), 0), names=some(up, _, NAMED, THINGS)))  # fmt: skip
    if down:
        said.append(_("Clearly down since the launch (wave {wave}): {n} criteria, most of all {names}.",
                      wave=launch, n=_.number(len(down), 0), names=some(down, _, NAMED, THINGS)))  # fmt: skip
    if reasons:
        listed_ = "; ".join(f"{_(reason)} ({_.number(count, 0)})" for reason, count in reasons.most_common())
        said.append(_("Not tested: {reasons}.", reasons=listed_))
    return said


def criterion(found: Reading, one: Line, locale: Locale) -> list[str]:
    """One criterion: its score, its way since the launch, its units."""
    _ = locale
    if not isinstance(one.now.cell, Cell):
        return [_("This criterion has no number here: {reason}.", reason=missing(one.now, _))]
    said = _("{score} points, the mean of {parts} questions", score=score_of(one.now.cell, _), parts=parts(one, _))
    if one.now.cell.low is not None and one.now.cell.high is not None:
        said += _(" (95% interval: {low} to {high})", low=_.number(one.now.cell.low), high=_.number(one.now.cell.high))
    return [text for text in (said + ".", why_bounds(one.now.cell, _), _way(found, one, _), *_units(found, one, _)) if text]


def _way(found: Reading, one: Line, locale: Locale) -> str:
    _ = locale
    if one.since is None:
        return ""
    words = {
        State.HIGHER: _("clearly higher than at the launch"),
        State.LOWER: _("clearly lower than at the launch"),
        State.NO_CLEAR_DIFFERENCE: _("no clear difference to the launch"),
        State.NOT_TESTED: _("a change since the launch was not tested: {reason}", reason=_(one.since.reason)),
    }[one.since.state]
    shown = [_("wave {wave}: {score}", wave=at.wave.id, score=standing(at, _)) for at in one.waves if at.score is not None]
    points = "" if one.since.difference is None else " " + _("({points} points)", points=_.number(one.since.difference, 1, sign=True))
    return f"{words[0].upper()}{words[1:]}{points}. " + (_("Over the waves: {waves}.", waves="; ".join(shown)) if len(shown) > 1 else "")


def _units(found: Reading, one: Line, locale: Locale) -> list[str]:
    """The first and the last, unless the intervals say nothing of them."""
    _ = locale
    if len(one.units) < 2:
        return []
    if not one.told_apart:
        return [_("The intervals do not tell the {n} units apart.", n=len(one.units))]
    most = min(NAMED, len(one.units) // 2)
    names = [f"{node_name(found.release, unit.unit, _)} ({_.number(unit.cell.score)})" for unit in one.units]
    return [
        _("Of {n} units the highest: {names}.", n=len(one.units), names=listed(names[:most], _)),
        _("The lowest: {names}.", names=listed(names[-most:][::-1], _)),
    ]
