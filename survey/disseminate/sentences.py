"""Sentences written from the numbers. None claims a difference that was not called."""

from __future__ import annotations

from collections.abc import Sequence

from survey.analyse.change import Comparison, State
from survey.analyse.trend import Point
from survey.design.questionnaire import Item
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.figures import node_name
from survey.disseminate.look import REASONS
from survey.i18n import Locale


def listed(words: Sequence[str], locale: Locale) -> str:
    """a, b and c"""
    if len(words) < 2:
        return "".join(words)
    return locale("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


def how_we_are(release: Release, unit: str, against_group: Comparison | None, group: str | None, locale: Locale) -> str:
    """The index, its interval, participation, and where it stands to its group."""
    _ = locale
    cell = release.cell(unit, INDEX)
    name = node_name(release, unit, locale)
    if isinstance(cell, Suppressed):
        return _("{unit}: the index is not shown ({reason}).", unit=name, reason=_(REASONS[cell.reason]))
    said = _("{unit} scores {score} of 100 points", unit=name, score=_.number(cell.score))
    if cell.low is not None and cell.high is not None:
        said += _(" (certain to about {low} to {high})", low=_.number(cell.low), high=_.number(cell.high))
    forms = release.cell(unit, FORMS)
    if isinstance(forms, Cell):
        said += _("; {forms} people answered", forms=_.number(forms.base, 0))
        if forms.score is not None:
            said += _(", about {rate} of the staff", rate=_.percent(forms.score))
    said += "."
    if group is not None and against_group is not None:
        said += " " + _against(against_group, node_name(release, group, locale), locale)
    return said


def _against(one: Comparison, group: str, locale: Locale) -> str:
    _ = locale
    points = _.number(abs(one.difference), 1) if one.difference is not None else ""
    if one.state is State.HIGHER:
        return _("That is clearly higher than {group} (by {points} points).", group=group, points=points)
    if one.state is State.LOWER:
        return _("That is clearly lower than {group} (by {points} points).", group=group, points=points)
    if one.state is State.NO_CLEAR_DIFFERENCE:
        return _("There is no clear difference to {group}.", group=group)
    return _("A comparison with {group} was not tested: {reason}.", group=group, reason=_(one.reason))


def strong_and_weak(release: Release, unit: str, locale: Locale) -> str:
    """The highest and the lowest theme."""
    _ = locale
    found = [
        (cell.score, _.pick(theme.vi, theme.en))
        for theme in release.questionnaire.themes
        if theme.in_index and isinstance(cell := release.cell(unit, f"theme:{theme.id}"), Cell) and cell.score is not None
    ]
    if len(found) < 2:
        return _("Too few themes are shown to name the strongest and the weakest.")
    (low, weakest), (high, strongest) = min(found), max(found)
    return _(
        "Highest is “{strong}” with {high} points, lowest “{weak}” with {low}.",
        strong=strongest, high=_.number(high), weak=weakest, low=_.number(low),
    )  # fmt: skip


def what_changed(comparisons: Sequence[tuple[str, Comparison]], before: str | None, locale: Locale) -> str:
    """Which themes rose or fell for sure since the last wave."""
    _ = locale
    if before is None:
        return _("There is no earlier wave to compare with.")
    up = [name for name, one in comparisons if one.state is State.HIGHER]
    down = [name for name, one in comparisons if one.state is State.LOWER]
    if not up and not down:
        if all(one.state is State.NOT_TESTED for _name, one in comparisons):
            return _("A change since wave {wave} could not be tested.", wave=before)
        return _("No clear change since wave {wave}.", wave=before)
    parts = []
    if up:
        parts.append(_("clearly up: {names}", names=listed([f"“{name}”" for name in up], locale)))
    if down:
        parts.append(_("clearly down: {names}", names=listed([f"“{name}”" for name in down], locale)))
    return _("Since wave {wave} {changes}.", wave=before, changes="; ".join(parts))


def comparison(called: Sequence[tuple[str, str, Comparison]], units: int, hidden: int, group: str, locale: Locale) -> str:
    """How many cells differ for sure from the group, and the largest of them."""
    _ = locale
    said = _("{units} units are compared with {group}.", units=_.number(units, 0), group=group) + " "
    if called:
        unit, theme, one = max(called, key=lambda entry: abs(entry[2].difference or 0))
        said += _(
            "{count} cells differ for sure; the largest difference is {unit} in “{theme}” ({points} points).",
            count=len(called), unit=unit, theme=theme, points=_.number(one.difference, 1, sign=True),
        )  # fmt: skip
    else:
        said += _("No cell differs for sure.")
    if hidden:
        said += " " + _("{count} cells are hidden.", count=_.number(hidden, 0))
    return said


def trend(name: str, points: Sequence[Point], change: Comparison | None, locale: Locale) -> str:
    """First and last shown point, and whether the difference is sure."""
    _ = locale
    known = [point for point in points if point.cell and point.cell.score is not None]
    if len(known) < 2 or change is None:
        return _("{name}: fewer than two waves can be shown, so there is no trend to speak of.", name=name)
    first, last = known[0], known[-1]
    assert first.cell and last.cell
    said = _(
        "{name} stood at {first} points in wave {wave1} and at {last} in wave {wave2}",
        name=name, first=_.number(first.cell.score), wave1=first.release.wave.id,
        last=_.number(last.cell.score), wave2=last.release.wave.id,
    )  # fmt: skip
    verdict = {
        State.HIGHER: _("a clear rise"),
        State.LOWER: _("a clear fall"),
        State.NO_CLEAR_DIFFERENCE: _("no clear difference"),
        State.NOT_TESTED: _("not tested"),
    }[change.state]
    return f"{said}: {verdict}."


def item(release: Release, unit: str, chosen: Item, locale: Locale) -> str:
    """The favourable share of the last wave shown."""
    _ = locale
    cell = release.cell(unit, f"item:{chosen.id}")
    if isinstance(cell, Suppressed):
        return _("In wave {wave} this question is not shown ({reason}).", wave=release.wave.id, reason=_(REASONS[cell.reason]))
    return _(
        "In wave {wave} {favourable} answered favourably, {unfavourable} unfavourably; {unknown} did not know.",
        wave=release.wave.id, favourable=_.percent(cell.favourable), unfavourable=_.percent(cell.unfavourable),
        unknown=_.number(cell.dont_know, 0),
    )  # fmt: skip


def breakdown(release: Release, unit: str, breakdown_id: str, measure: str, locale: Locale) -> str:
    """The span between the categories, or why the breakdown is not shown."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown_id)
    cells = [(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown_id, str(c.value))) for c in field.published]
    shown = [(cell.score, label) for label, cell in cells if isinstance(cell, Cell) and cell.score is not None]
    if len(shown) < 2:
        return _(
            "Not shown here: a breakdown needs {unit} forms in the unit and {category} in every category, or it would show too much.",
            unit=release.policy["breakdown_unit"], category=release.policy["category"],
        )  # fmt: skip
    (low, lowest), (high, highest) = min(shown), max(shown)
    return _(
        "Scores run from {low} ({lowest}) to {high} ({highest}). Whether groups differ for sure is not tested here.",
        low=_.number(low), lowest=lowest, high=_.number(high), highest=highest,
    )  # fmt: skip
