"""What happened over the waves, and where a unit and its numbers come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from survey.analyse.change import Comparison, State
from survey.analyse.trend import Point
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave
from survey.disseminate.look import score_of
from survey.disseminate.sentences.words import THINGS, listed, some
from survey.i18n import Locale


def provenance(wave: Wave, locale: Locale) -> str:
    """Where the numbers of an imported wave come from; empty for one collected here."""
    if not wave.source_hash:
        return ""
    return locale(
        "Imported from the file {file} on {day} (SHA-256 {hash}…).",
        file=wave.note, day=locale.day(wave.imported_on), hash=wave.source_hash[:16],
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
        parts.append(_("clearly up: {names}", names=some([f"“{name}”" for name in up], locale, rest=THINGS)))
    if down:
        parts.append(_("clearly down: {names}", names=some([f"“{name}”" for name in down], locale, rest=THINGS)))
    return _("Since wave {wave} {changes}.", wave=before, changes="; ".join(parts))


def rises_and_falls(found: Sequence[tuple[Point, Comparison]], locale: Locale) -> tuple[str, str]:
    """Between which waves a unit clearly rose and clearly fell; "none" is said of what could be tested only."""
    _ = locale
    untested = sum(one.state is State.NOT_TESTED for _point, one in found)
    if untested and untested == len(found):
        return _("No change on the wave before could be tested."), ""

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
    no_rise, no_fall = (
        (_("No change that could be tested is a clear rise."), _("No change that could be tested is a clear fall."))
        if untested
        else (_("In no wave was there a clear rise on the wave before."), _("In no wave was there a clear fall on the wave before."))
    )
    return (
        _("Clear rise on the wave before: {waves}.", waves=up) if up else no_rise,
        _("Clear fall on the wave before: {waves}.", waves=down) if down else no_fall,
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
        name=name, first=score_of(first.cell, _), wave1=first.release.wave.id,
        last=score_of(last.cell, _), wave2=last.release.wave.id,
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
    came: dict[date, list[Unit]] = {}
    for one in register.predecessors(unit):
        came.setdefault(register.joined_on(one, this), []).append(one)
    for day, before in sorted(came.items()):
        if day == this.valid_from:
            said.append(_("Formed on {day} from {names}.", day=_.day(day), names=named(before)))
        else:
            said.append(_("Took in {names} on {day}.", day=_.day(day), names=named(before)))
    after = [register.by_id[one] for one in this.successors if one in register]
    if this.valid_to is not None and after:
        said.append(_("Ended on {day}; continued by {names}.", day=_.day(this.valid_to), names=named(after)))
    return " ".join(said)
