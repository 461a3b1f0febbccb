"""Sentences written from the numbers. None claims a difference that was not called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from survey.analyse.change import HIDDEN, Comparison, State
from survey.analyse.priorities import Priority
from survey.analyse.ranking import Ranked
from survey.analyse.trend import Point
from survey.design.questionnaire import Item
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.look import REASONS, node_name, score_of, share_of, why_bounds
from survey.errors import N_
from survey.i18n import Locale
from survey.process.intervals import wilson


def listed(words: Sequence[str], locale: Locale) -> str:
    """a, b and c"""
    if len(words) < 2:
        return "".join(words)
    return locale("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


def provenance(wave: Wave, locale: Locale) -> str:
    """Where the numbers of an imported wave come from; empty for one collected here."""
    if not wave.source_hash:
        return ""
    return locale(
        "Imported from the file {file} on {day} (SHA-256 {hash}…).",
        file=wave.note, day=locale.day(wave.imported_on), hash=wave.source_hash[:16],
    )  # fmt: skip


def how_we_are(release: Release, unit: str, against_group: Comparison | None, group: str | None, locale: Locale) -> str:
    """The index, its interval, participation, and where it stands to its group."""
    _ = locale
    cell = release.cell(unit, INDEX)
    name = node_name(release, unit, locale)
    if isinstance(cell, Suppressed):
        return _("{unit}: the index is not shown ({reason}).", unit=name, reason=_(REASONS[cell.reason]))
    said = _("{unit} scores {score} of 100 points", unit=name, score=score_of(cell, _))
    if cell.low is not None and cell.high is not None:
        said += _(" (certain to about {low} to {high})", low=_.number(cell.low), high=_.number(cell.high))
    forms = release.cell(unit, FORMS)
    if isinstance(forms, Cell):
        said += _("; {forms} people answered", forms=_.number(forms.base, 0))
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
    found = _ranked_themes(release, unit, locale)
    if len(found) < 2:
        return _("Too few themes are shown to name the strongest and the weakest.")
    (low, weakest), (high, strongest) = found[0], found[-1]
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
        parts.append(_("clearly up: {names}", names=_some([f"“{name}”" for name in up], locale, rest=THINGS)))
    if down:
        parts.append(_("clearly down: {names}", names=_some([f"“{name}”" for name in down], locale, rest=THINGS)))
    return _("Since wave {wave} {changes}.", wave=before, changes="; ".join(parts))


def units_and_calls(names: Mapping[str, str], found: Mapping[tuple[str, str], Comparison], hidden: int, locale: Locale) -> str:
    """How much of the table was called, tested and hidden. `names`: unit -> name; `found`: (unit, measure) -> comparison."""
    _ = locale
    called = sum(one.called for one in found.values())
    said = [
        _("{units} units.", units=_.number(len(names), 0)),
        _("{count} cells differ for sure.", count=_.number(called, 0)) if called else _("No cell differs for sure."),
    ]
    reasons = Counter(one.reason for one in found.values() if one.state is State.NOT_TESTED and one.reason != HIDDEN)
    if reasons:
        parts = "; ".join(f"{_(reason)} ({_.number(count, 0)})" for reason, count in reasons.most_common())
        said.append(_("Not tested: {reasons}.", reasons=parts))
    if hidden:
        said.append(_("{count} cells are hidden.", count=_.number(hidden, 0)))
    return " ".join(said)


def index_calls(names: Mapping[str, str], found: Mapping[str, Comparison], against: str, locale: Locale) -> tuple[str, str]:
    """Which units lie clearly above and clearly below in the index; `found`: unit -> comparison with `against`."""
    _ = locale
    if not any(one.p is not None for one in found.values()):
        return _("No unit's index could be tested against {group}.", group=against), ""

    def named(state: State) -> list[str]:
        called = [(one.difference or 0.0, names[unit]) for unit, one in found.items() if one.state is state and unit in names]
        return [name for _gap, name in sorted(called, key=lambda pair: -abs(pair[0]))]

    higher, lower = named(State.HIGHER), named(State.LOWER)
    return (
        _("Index clearly higher than {group}: {names}.", group=against, names=_some(higher, locale))
        if higher
        else _("No unit's index is clearly higher than {group}.", group=against),
        _("Index clearly lower than {group}: {names}.", group=against, names=_some(lower, locale))
        if lower
        else _("No unit's index is clearly lower than {group}.", group=against),
    )


def index_changes(names: Mapping[str, str], found: Mapping[str, Comparison], before: str | None, locale: Locale) -> str:
    """Which units' index rose or fell for sure; `found`: unit -> change on wave `before`."""
    _ = locale
    if before is None:
        return _("There is no earlier wave to compare with.")
    shown = [(names[unit], one) for unit, one in found.items() if unit in names]
    return what_changed(shown, before, locale)


def bands(release: Release, found: Sequence[Ranked], locale: Locale) -> str:
    """Who can be first and who can be last, as far as the intervals tell."""
    _ = locale
    first = [node_name(release, one.unit, locale) for one in found if one.best == 1]
    last = [node_name(release, one.unit, locale) for one in found if one.worst == len(found)]
    if len(first) == len(found):
        return _("The intervals do not tell the {n} units apart.", n=len(found))
    return _("May be first: {first}. May be last: {last}.", first=_some(first, locale), last=_some(last, locale))


UNITS, THINGS = N_("{names} and {count} more units"), N_("{names} and {count} more")


def _some(names: Sequence[str], locale: Locale, most: int = 5, rest: str = UNITS) -> str:
    """The first few names, and how many more there are (`rest`: what they are, a msgid)."""
    if len(names) <= most:
        return listed(names, locale)
    return locale(rest, names=", ".join(names[:most]), count=len(names) - most)


def priority(one: Priority, locale: Locale) -> str:
    """An item to mend: its score, base and the reasons; the group and the past only where the difference was called."""
    _ = locale
    said = [_("{score} points, n = {n}", score=score_of(one.cell, _), n=_.number(one.cell.base, 0))]
    if one.weak:
        said.append(_("among the lowest scores here"))
    if one.against is not None and one.against.state is State.LOWER:
        said.append(_("▼ clearly lower than the group by {points}", points=_.number(abs(one.against.difference or 0.0))))
    if one.change is not None and one.change.state is State.LOWER:
        said.append(_("▼ clearly down by {points} since wave {wave}", points=_.number(abs(one.change.difference or 0.0)), wave=one.before))
    if one.driving:
        said.append(_("its theme goes closely with the overall assessment"))
    return "; ".join(said)


def priority_rule(group: str | None, drivers: bool, locale: Locale) -> str:
    """How the things to mend were chosen, so that it can be checked."""
    _ = locale
    reasons = [_("a low score here")]
    reasons.append(_("clearly below the group, or clearly fallen") if group else _("clearly fallen"))
    if drivers:
        reasons.append(_("a theme that goes closely with the overall assessment"))
    return _("Reasons counted: {reasons}. What has more reasons comes first, then the wider gap.", reasons="; ".join(reasons))


def dated(unit: Unit, locale: Locale) -> str:
    """The name with its dates: after a reorganisation a new body may carry an old name."""
    _ = locale
    name, first, last = _.pick(unit.name_vi, unit.name_en), unit.valid_from, unit.valid_to
    if last is None:
        return _("{unit} (from {day})", unit=name, day=_.day(first))
    return _("{unit} (until {day})", unit=name, day=_.day(last))


def lineage(register: UnitRegister, unit: str, locale: Locale) -> str:
    """Where a unit came from and what it became, with dates; empty for a unit that never changed."""
    _ = locale
    if unit not in register:
        return ""

    def named(units: Sequence[Unit]) -> str:
        return listed([_.pick(one.name_vi, one.name_en) for one in units], locale)

    this, said = register.by_id[unit], []
    if before := register.predecessors(unit):
        said.append(_("Formed on {day} from {names}.", day=_.day(this.valid_from), names=named(before)))
    after = [register.by_id[one] for one in this.successors if one in register]
    if this.valid_to is not None and after:
        said.append(_("Ended on {day}; continued by {names}.", day=_.day(this.valid_to), names=named(after)))
    return " ".join(said)


def good_and_bad(found: Sequence[tuple[str, Comparison]], against: str, locale: Locale, most: int = 5) -> tuple[str, str]:
    """What lies clearly above and clearly below `against`, widest gap first, at most `most` by name; each sentence says so when there is nothing."""
    _ = locale

    def named(state: State) -> list[str]:
        called = sorted((pair for pair in found if pair[1].state is state), key=lambda pair: -abs(pair[1].difference or 0.0))
        return [_("{name} ({points} points)", name=name, points=_.number(one.difference, 1, sign=True)) for name, one in called]

    higher, lower = named(State.HIGHER), named(State.LOWER)
    tested = any(one.p is not None for _name, one in found)
    if not tested:
        return _("Nothing could be tested against {group}.", group=against), ""
    return (
        _("Clearly higher than {group}: {names}.", group=against, names=_some(higher, locale, most, THINGS))
        if higher
        else _("Nothing is clearly higher than {group}.", group=against),
        _("Clearly lower than {group}: {names}.", group=against, names=_some(lower, locale, most, THINGS))
        if lower
        else _("Nothing is clearly lower than {group}.", group=against),
    )


def groups_of_people(found: Sequence[tuple[str, Comparison]], locale: Locale) -> tuple[str, str]:
    """Which categories of a breakdown lie clearly above and clearly below everybody in the unit."""
    _ = locale
    if not any(one.p is not None for _name, one in found):
        return _("No group of people could be tested against everybody here."), ""

    def named(state: State) -> str:
        return listed(
            [
                _("{name} ({points} points)", name=name, points=_.number(one.difference, 1, sign=True))
                for name, one in found
                if one.state is state
            ],
            locale,
        )

    higher, lower = named(State.HIGHER), named(State.LOWER)
    return (
        _("Clearly higher than everybody here: {names}.", names=higher)
        if higher
        else _("No group of people is clearly higher than everybody here."),
        _("Clearly lower than everybody here: {names}.", names=lower)
        if lower
        else _("No group of people is clearly lower than everybody here."),
    )


def best_and_worst(release: Release, unit: str, locale: Locale) -> tuple[str, str]:
    """For the whole, which is held against nobody: its highest and its lowest theme."""
    _ = locale
    found = _ranked_themes(release, unit, locale)
    if len(found) < 2:
        return _("Too few themes are shown to name the strongest and the weakest."), ""
    (low, weakest), (high, strongest) = found[0], found[-1]
    return (
        _("Highest is “{name}” with {points} points.", name=strongest, points=_.number(high)),
        _("Lowest is “{name}” with {points} points.", name=weakest, points=_.number(low)),
    )


def _ranked_themes(release: Release, unit: str, locale: Locale) -> list[tuple[float, str]]:
    return sorted(
        (cell.score, locale.pick(theme.vi, theme.en))
        for theme in release.questionnaire.themes
        if theme.in_index and isinstance(cell := release.cell(unit, f"theme:{theme.id}"), Cell) and cell.score is not None
    )


def rises_and_falls(found: Sequence[tuple[Point, Comparison]], locale: Locale) -> tuple[str, str]:
    """Between which waves a unit clearly rose and clearly fell."""
    _ = locale

    def named(state: State) -> str:
        return listed(
            [
                _("wave {wave} ({points} points)", wave=point.release.wave.id, points=_.number(one.difference, 1, sign=True))
                for point, one in found
                if one.state is state
            ],
            locale,
        )

    up, down = named(State.HIGHER), named(State.LOWER)
    return (
        _("Clear rise on the wave before: {waves}.", waves=up) if up else _("In no wave was there a clear rise on the wave before."),
        _("Clear fall on the wave before: {waves}.", waves=down) if down else _("In no wave was there a clear fall on the wave before."),
    )


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


def recast(points: Sequence[Point], locale: Locale) -> str:
    """What stands for the unit before it existed, or why nothing does."""
    _ = locale
    if not points:
        return ""
    said = []
    if any(point.cell for point in points):
        said.append(_("Dotted: predecessors together, weighted by headcount; their number is not the unit's own and is not tested."))
    reasons = {point.why: None for point in points if point.cell is None and point.why}
    if reasons:
        said.append(_("Break in the series before the merger: {reasons}.", reasons="; ".join(_(reason) for reason in reasons)))
    return " ".join(said)


def item(
    release: Release, unit: str, chosen: Item, group: str | None, one: Comparison | None, change: Comparison | None, before: str | None,
    locale: Locale,
) -> list[str]:  # fmt: skip
    """Good, not good, changed: shares with what was called against the group (`one`), and against wave `before` (`change`)."""
    _ = locale
    cell = release.cell(unit, f"item:{chosen.id}")
    if isinstance(cell, Suppressed):
        return [_("In wave {wave} this question is not shown ({reason}).", wave=release.wave.id, reason=_(REASONS[cell.reason]))]
    margin = share_interval(release, unit, cell)
    good = _("{favourable} answered favourably", favourable=share_of(cell, "favourable", _))
    if margin is not None:
        good += _(" (certain to about {low} to {high})", low=_.percent(margin[0]), high=_.percent(margin[1]))
    bad = _(
        "{unfavourable} answered unfavourably; {unknown} people did not know",
        unfavourable=share_of(cell, "unfavourable", _), unknown=_.number(cell.dont_know, 0),
    )  # fmt: skip
    verdict = "" if one is None or group is None else " " + against(one, node_name(release, group, locale), locale)
    lower = one is not None and one.state is State.LOWER
    said = [good + "." + ("" if lower else verdict), bad + "." + (verdict if lower else ""), _item_change(change, before, locale)]
    return [*said, *([bounds] if (bounds := why_bounds(cell, _)) else [])]


def share_interval(release: Release, unit: str, cell: Cell) -> tuple[float, float] | None:
    """Wilson's interval of the favourable share in percent; None for groups, whose shares are weighted."""
    if cell.favourable is None or cell.bound("favourable") or not cell.base or len(release.plan.strata[unit]) != 1:
        return None
    headcount = None if release.published_elsewhere else release.plan.headcount(unit)
    return wilson(cell.favourable / 100 * cell.base, cell.base, headcount)


def _item_change(one: Comparison | None, before: str | None, locale: Locale) -> str:
    _ = locale
    if before is None or one is None:
        return _("There is no earlier wave to compare with.")
    if one.state is State.NOT_TESTED:
        return _("A change since wave {wave} was not tested: {reason}.", wave=before, reason=_(one.reason))
    points = _.number(one.difference, 1, sign=True)
    if one.state is State.NO_CLEAR_DIFFERENCE:
        return _("No clear change since wave {wave} ({points} points).", wave=before, points=points)
    if one.state is State.HIGHER:
        return _("Clearly up since wave {wave} ({points} points).", wave=before, points=points)
    return _("Clearly down since wave {wave} ({points} points).", wave=before, points=points)


def breakdown(release: Release, unit: str, breakdown_id: str, measure: str, locale: Locale) -> str:
    """The span between the categories, or why the breakdown is not shown."""
    _ = locale
    field = next(b for b in release.questionnaire.breakdowns if b.id == breakdown_id)
    cells = [(_.pick(c.vi, c.en), release.cell(unit, measure, breakdown_id, str(c.value))) for c in field.published]
    shown = [(cell.score, label) for label, cell in cells if isinstance(cell, Cell) and cell.score is not None]
    if len(shown) < 2:
        return breakdown_hidden(release, locale)
    (low, lowest), (high, highest) = min(shown), max(shown)
    return _(
        "Scores run from {low} ({lowest}) to {high} ({highest}).",
        low=_.number(low), lowest=lowest, high=_.number(high), highest=highest,
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
