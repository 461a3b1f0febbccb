"""Where one unit stands, and the groups of its people."""

from __future__ import annotations

from collections.abc import Sequence

from survey.analyse.change import Comparison, State
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.look import REASONS, node_name, score_of
from survey.disseminate.sentences.words import THINGS, listed, some
from survey.i18n import Locale


def how_we_are(release: Release, unit: str, against_group: Comparison | None, group: str | None, locale: Locale) -> str:
    """The index, its interval, participation, and where it stands to its group."""
    _ = locale
    cell = release.cell(unit, INDEX)
    name = node_name(release, unit, locale)
    if isinstance(cell, Suppressed):
        return _("{unit}: the index is not shown ({reason}).", unit=name, reason=_(REASONS[cell.reason]))
    said = _("{unit} scores {score} of 100 points", unit=name, score=score_of(cell, _))
    if cell.low is not None and cell.high is not None:
        said += _(" (95% interval: {low} to {high})", low=_.number(cell.low), high=_.number(cell.high))
    forms = release.cell(unit, FORMS)
    if isinstance(forms, Cell):
        said += (
            _("; {forms} people answered", forms=_.number(forms.base, 0))
            if forms.base is not None
            else _("; how many answered is not given")
        )
        if forms.score is not None:
            said += _(", about {rate} of the staff", rate=_.percent(forms.score))
    said += "."
    if group is not None and against_group is not None:
        said += " " + against(against_group, node_name(release, group, locale), locale)
    return said


def against(one: Comparison, group: str, locale: Locale) -> str:
    """Where the unit stands to a group of the given name, and only what was called."""
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
    found = ranked_themes(release, unit, locale)
    if len(found) < 2:
        return _("Too few themes are shown to name the strongest and the weakest.")
    (_score, weakest, low), (_score, strongest, high) = found[0], found[-1]
    return _(
        "Highest is “{strong}” with {high} points, lowest “{weak}” with {low}.",
        strong=strongest, high=high, weak=weakest, low=low,
    )  # fmt: skip


def best_and_worst(release: Release, unit: str, locale: Locale) -> tuple[str, str]:
    """For the whole, which is held against nobody: its highest and its lowest theme."""
    _ = locale
    found = ranked_themes(release, unit, locale)
    if len(found) < 2:
        return _("Too few themes are shown to name the strongest and the weakest."), ""
    (_score, weakest, low), (_score, strongest, high) = found[0], found[-1]
    return (
        _("Highest is “{name}” with {points} points.", name=strongest, points=high),
        _("Lowest is “{name}” with {points} points.", name=weakest, points=low),
    )


def good_and_bad(found: Sequence[tuple[str, Comparison]], against: str, locale: Locale, most: int = 5) -> tuple[str, str]:
    """What lies clearly above and clearly below `against`, widest gap first, at most `most` by name; each sentence says so when there is nothing."""
    _ = locale
    if not any(one.p is not None for _name, one in found):
        return _("Nothing could be tested against {group}.", group=against), ""
    widest = sorted(found, key=lambda pair: -abs(pair[1].difference or 0.0))
    higher, lower = (_with_points(widest, state, locale) for state in (State.HIGHER, State.LOWER))
    return (
        _("Clearly higher than {group}: {names}.", group=against, names=some(higher, locale, most, THINGS))
        if higher
        else _("Nothing is clearly higher than {group}.", group=against),
        _("Clearly lower than {group}: {names}.", group=against, names=some(lower, locale, most, THINGS))
        if lower
        else _("Nothing is clearly lower than {group}.", group=against),
    )


def groups_of_people(found: Sequence[tuple[str, Comparison]], locale: Locale) -> tuple[str, str]:
    """Which categories of a breakdown lie clearly above and clearly below everybody in the unit."""
    _ = locale
    if not any(one.p is not None for _name, one in found):
        return _("No group of people could be tested against everybody here."), ""
    higher, lower = (listed(_with_points(found, state, locale), locale) for state in (State.HIGHER, State.LOWER))
    return (
        _("Clearly higher than everybody here: {names}.", names=higher)
        if higher
        else _("No group of people is clearly higher than everybody here."),
        _("Clearly lower than everybody here: {names}.", names=lower)
        if lower
        else _("No group of people is clearly lower than everybody here."),
    )


def _with_points(found: Sequence[tuple[str, Comparison]], state: State, locale: Locale) -> list[str]:
    """The names of what was called so, each with its gap."""
    return [
        locale("{name} ({points} points)", name=name, points=locale.number(one.difference, 1, sign=True))
        for name, one in found
        if one.state is state
    ]


def breakdown(release: Release, unit: str, breakdown_id: str, measure: str, locale: Locale) -> str:
    """The span between the categories, or why the breakdown is not shown."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown_id)
    cells = [(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown_id, str(c.value))) for c in field.published]
    shown = [(cell.score, label, score_of(cell, _)) for label, cell in cells if isinstance(cell, Cell) and cell.score is not None]
    if len(shown) < 2:
        return breakdown_hidden(release, locale)
    (_score, lowest, low), (_score, highest, high) = min(shown), max(shown)
    return _(
        "Scores run from {low} ({lowest}) to {high} ({highest}).",
        low=low, lowest=lowest, high=high, highest=highest,
    )  # fmt: skip


def breakdown_hidden(release: Release, locale: Locale) -> str:
    """Why a breakdown, or most of it, is not shown."""
    return locale(
        "Not shown here: a category needs {category} forms in a unit of at least {unit}, and some more are hidden so that no hidden one follows.",
        unit=release.policy["breakdown_unit"], category=release.policy["category"],
    )  # fmt: skip


def where_to_look(release: Release, unit: str, locale: Locale) -> str:
    """For a hidden unit: its people are counted in the totals above; the nearest one that is shown."""
    _ = locale
    above = release.node(unit).parent
    while above is not None and above in release.plan.by_id and not release.visible(above):
        above = release.node(above).parent
    if above is None or above not in release.plan.by_id:
        return _("Nothing can be shown for this unit in this wave.")
    return _("Its answers count in the total of {group}, which is shown.", group=node_name(release, above, locale))


def ranked_themes(release: Release, unit: str, locale: Locale) -> list[tuple[float, str, str]]:
    """(score, name, score as it may be read) of every theme of the index that is shown, from the lowest."""
    return sorted(
        (cell.score, locale.pick(theme.vi, theme.en), score_of(cell, locale))
        for theme in release.questionnaire.themes
        if theme.in_index and isinstance(cell := release.cell(unit, f"theme:{theme.id}"), Cell) and cell.score is not None
    )
