"""What a reorganisation does, as page and command say it: units, people, series, waves."""

from __future__ import annotations

from typing import Any

from survey.analyse.foreseen import Fate, Series, series_after
from survey.design.reorganisation import Change, Kind
from survey.design.units import Unit
from survey.design.units_service import Foreseen
from survey.errors import N_
from survey.i18n import Locale

KINDS = {
    Kind.MERGE: N_("Merge units"),
    Kind.SPLIT: N_("Split a unit"),
    Kind.RENAME: N_("Rename a unit"),
    Kind.TRANSFER: N_("Move units to another parent"),
    Kind.DISSOLVE: N_("Dissolve units"),
}
FATES = {
    Fate.ENDS: N_("ends here; its past results stay"),
    Fate.RECAST: N_("begins here and is led back over the change as a recast series"),
    Fate.BREAKS: N_("breaks: nothing before the change can be compared with it"),
    Fate.GOES_ON: N_("goes on"),
}
NEW_HERE = N_("nobody was in it before")


def rows_of_units(change: Change, locale: Locale) -> list[dict[str, str]]:
    """A row for each unit that ends, begins or is no longer what it was: unit, what happens, people before and after."""
    _ = locale
    rows = [_row(unit, _("ends after {day}", day=_.day(change.operation.eve)), unit.headcount, None, _) for unit in change.ends]
    rows += [_row(unit, _("begins on {day}", day=_.day(change.operation.day)), None, unit.headcount, _) for unit in change.begins]
    for unit in change.stays:
        before = change.before.by_id[unit.id]
        said = [_("stands under {parent} from then on", parent=_name(change, unit.parent, _))] if unit.parent != before.parent else []
        if change.after.predecessors(unit.id) != change.before.predecessors(unit.id):
            said.append(_("takes people in"))
        if unit.successors != before.successors:
            said.append(_("gives people away"))
        rows.append(_row(unit, "; ".join(said) or _("has another number of staff"), before.headcount, unit.headcount, _))
    return rows


def _row(unit: Unit, what: str, before: int | None, after: int | None, locale: Locale) -> dict[str, str]:
    _ = locale
    return {
        _("Unit"): _.pick(unit.name_vi, unit.name_en),
        _("Unit id"): unit.id,
        _("What happens"): what,
        _("Staff before"): "" if before is None else _.number(before, 0),
        _("Staff after"): "" if after is None else _.number(after, 0),
    }


def _name(change: Change, unit_id: str | None, locale: Locale) -> str:
    unit = change.after.by_id.get(unit_id or "")
    return locale.pick(unit.name_vi, unit.name_en) if unit else "–"


def people(change: Change, locale: Locale) -> str:
    _ = locale
    before, after = change.people
    if before is None or after is None:
        return _("Staff of the units concerned: not known for all of them.")
    if before == after:
        return _("Staff of the units concerned: {before}, the same afterwards.", before=_.number(before, 0))
    return _(
        "Staff of the units concerned: {before} before, {after} afterwards. Is that meant?",
        before=_.number(before, 0),
        after=_.number(after, 0),
    )


def of_series(series: Series, locale: Locale) -> str:
    return f"{locale.pick(series.unit.name_vi, series.unit.name_en)} ({series.unit.id}): {fate(series, locale)}"


def fate(series: Series, locale: Locale) -> str:
    _ = locale
    why = series.why or (NEW_HERE if series.fate is Fate.BREAKS else "")
    return _(FATES[series.fate]) + (f" ({_(why)})" if why else "")


def waves(foreseen: Foreseen, locale: Locale) -> list[str]:
    _ = locale
    day = _.day(foreseen.change.operation.day)
    said = [
        _("Wave {wave} ran until {closes}, after the change, and asked the units as they stood before. Its results stay with them.",
          wave=wave.id, closes=_.day(wave.closes))
        for wave in foreseen.held
    ]  # fmt: skip
    said += [
        _("The draft of wave {wave} was planned with the units before {day}: delete it and create it again.", wave=wave.id, day=day)
        for wave in foreseen.stale
    ]
    return said


def notes(foreseen: Foreseen, locale: Locale) -> list[str]:
    return [*(said.text(locale) for said in foreseen.change.said), *waves(foreseen, locale)]


def as_document(foreseen: Foreseen, stored: bool, locale: Locale) -> dict[str, Any]:
    """For machines: ids, people, series, waves."""
    change, operation = foreseen.change, foreseen.change.operation
    before, after = change.people
    return {
        "operation": operation.kind.value,
        "on": operation.day.isoformat(),
        "stored": stored,
        "ends": {unit.id: list(change.after.by_id[unit.id].successors) for unit in change.ends},
        "begins": [_unit(unit) for unit in change.begins],
        "stays": [_unit(unit) for unit in change.stays],
        "people": {"before": before, "after": after},
        "series": [{"unit": one.unit.id, "fate": one.fate.value, "why": one.why} for one in series_after(change)],
        "waves": {"held": [wave.id for wave in foreseen.held], "stale": [wave.id for wave in foreseen.stale]},
        "notes": notes(foreseen, locale),
    }


def _unit(unit: Unit) -> dict[str, Any]:
    return {"id": unit.id, "name_vi": unit.name_vi, "parent": unit.parent, "headcount": unit.headcount}
