"""Tables: just what a figure shows. Columns have stable ASCII codes for files and labels for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from survey.analyse.change import SCORE, Comparison
from survey.analyse.lineage import Event
from survey.analyse.ranking import Ranked
from survey.analyse.trend import Point
from survey.design.questionnaire import Item
from survey.design.units import Unit
from survey.disclose.quality import Level, Quality
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, NOT_AVAILABLE, Cell, Release, Suppressed
from survey.disseminate import quality_words
from survey.disseminate.figures.distribution import percentages
from survey.disseminate.given import NO_BASE_HERE
from survey.disseminate.look import REASONS, node_name, why_bounds
from survey.disseminate.look import state_words as state_words
from survey.disseminate.spreadsheet import csv_bytes
from survey.errors import N_
from survey.i18n import Locale

LABELS = {
    "wave": N_("Wave"),
    "closed": N_("Closing day"),
    "unit": N_("Unit code"),
    "name": N_("Unit"),
    "series": N_("Series"),
    "measure": N_("Code"),
    "label": N_("What"),
    "score": N_("Score"),
    "low": N_("Low (95%)"),
    "high": N_("High (95%)"),
    "group_score": N_("Group's score"),
    "favourable": N_("Favourable %"),
    "unfavourable": N_("Unfavourable %"),
    "base": N_("Base"),
    "dont_know": N_("Don't know (people)"),
    "difference": N_("Difference"),
    "finding": N_("Finding"),
    "note": N_("Note"),
    "kind": N_("Kind of figures"),
    "place": N_("Place in the list"),
    "best": N_("Best rank"),
    "worst": N_("Worst rank"),
    "rate": N_("Response rate (about) %"),
    "reliability": N_("Reliability"),
    "share": N_("Part (%)"),
    "alpha": N_("Cronbach's alpha"),
    "day": N_("Day"),
    "before": N_("Units before"),
    "after": N_("Units afterwards"),
    "people_before": N_("People before"),
    "people_after": N_("People after"),
}
WHOLE = frozenset({"base", "dont_know", "people_before", "people_after", "place", "best", "worst", "rate"})  # columns counted in people
_SIGNS = frozenset({AT_LEAST, AT_MOST, ABOUT})
_DIGITS = {"alpha": 2}
FOR_FILES = frozenset({"unit", "measure", "kind"})  # columns of the file only: the page says the kind of figures itself


@dataclass(frozen=True, eq=False)
class Table:
    """`frame`: numbers unrounded, codes as column names; `labels`: words for columns of this table alone."""

    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)

    def csv(self, language: str) -> bytes:
        return csv_bytes(self.frame, language)

    def for_reading(self, locale: Locale) -> pd.DataFrame:
        """Text only: numbers as the reader's language writes them, empty columns and codes left out."""
        shown = {}
        for name in self.frame.columns:
            values = self.frame[name].tolist()
            if name not in FOR_FILES and not all(_empty(value) for value in values):
                label = self.labels.get(name) or locale(LABELS[name])
                shown[label] = [_read(value, _DIGITS.get(name, 0 if name in WHOLE else 1), locale) for value in values]
        return pd.DataFrame(shown)


def scores(
    rows: Iterable[tuple[str, str, Cell | Suppressed]],
    release: Release,
    locale: Locale,
    against: Mapping[str, tuple[Cell | Suppressed, Comparison]] | None = None,
) -> Table:
    """One row for each (measure, label, cell); `against`: measure -> the group's cell and the comparison with it."""
    records = []
    for measure, label, cell in rows:
        record = {"measure": measure, "label": label, **_numbers(cell)}
        if against is not None:
            other, one = against.get(measure, (Suppressed(NOT_AVAILABLE), None))
            record["group_score"] = other.score if isinstance(other, Cell) else None
            record |= _finding(one, locale)
        records.append(record | {"note": note(cell, locale)})
    return marked(records, release, locale)


def heatmap(
    release: Release,
    units: Sequence[str],
    measures: Sequence[tuple[str, str]],
    comparisons: Mapping[tuple[str, str], Comparison],
    locale: Locale,
    of: str = SCORE,
) -> Table:
    """One row for each unit and measure: value (SCORE or FAVOURABLE), base, difference and its state."""
    records = []
    for unit in units:
        for measure, label in measures:
            cell = release.cell(unit, measure)
            record: dict[str, Any] = {"unit": unit, "name": node_name(release, unit, locale), "measure": measure, "label": label}
            record |= {of: getattr(cell, of) if isinstance(cell, Cell) else None, "base": _numbers(cell)["base"]}
            records.append(record | _finding(comparisons.get((unit, measure)), locale) | {"note": note(cell, locale)})
    return marked(records, release, locale)


def ranking(found: Sequence[Ranked], release: Release, locale: Locale) -> Table:
    """One row for each unit, high to low: ranks its interval allows, score, base, participation, reliability."""
    records = [
        {
            "place": number, "unit": one.unit, "name": node_name(release, one.unit, locale), "best": one.best, "worst": one.worst,
            **_numbers(one.cell), "rate": release.response_rate(one.unit), "reliability": quality_words.explained(release, one.unit, locale),
        }
        for number, one in enumerate(found, start=1)
    ]  # fmt: skip
    return marked(records, release, locale)


def changes(rows: Iterable[tuple[str, str, Comparison]], before: str, release: Release, locale: Locale) -> Table:
    """One row for each (measure, label, comparison with the wave `before`)."""
    records = [{"measure": measure, "label": label, **_finding(one, locale)} for measure, label, one in rows]
    table = marked(records, release, locale)
    return Table(table.frame, {"difference": locale("Difference to {wave}", wave=before)})


def trend(series: Sequence[tuple[str, Sequence[Point], str]], locale: Locale) -> Table:
    """One row for each series and wave."""
    _ = locale
    records = []
    for name, points, style in series:
        for point in points:
            cell: Cell | Suppressed = point.cell or Suppressed(NOT_AVAILABLE)
            record = {"series": name, "unit": point.unit, "wave": point.release.wave.id, "closed": point.day, **_numbers(cell)}
            said = _("recast from predecessors") if style == "recast" and point.cell else _(point.why) if point.why else ""
            if point.parted:
                said = "; ".join(filter(None, (said, _("break in the series: {reason}", reason=_(point.parted)))))
            records.append(record | {"note": said})
    return marked(records, series[0][1][0].release, locale)


def lineage(found: Sequence[Event], locale: Locale) -> Table:
    """One row for each reorganisation: day, units before and after, their headcounts."""

    def named(units: Sequence[Unit]) -> str:
        return ", ".join(locale.pick(unit.name_vi, unit.name_en) for unit in units)

    records = [
        {"day": one.day, "before": named(one.before), "after": named(one.after), "people_before": there, "people_after": here}
        for one in found
        for there, here in (one.headcounts,)
    ]
    frame = pd.DataFrame(records)
    for name in WHOLE & set(frame.columns):
        frame[name] = frame[name].astype("Int64")
    return Table(frame)


def distribution(releases: Sequence[Release], units: Sequence[str | None], item: Item, locale: Locale) -> Table:
    """One row a wave: share of each answer in percent (option_1 is the lowest point), score, base, don't-knows apart."""
    points = releases[-1].questionnaire.scales[item.scale].points
    codes = [f"option_{point.value}" for point in points]
    records = []
    for release, unit in zip(releases, units, strict=True):
        cell = release.cell(unit, f"item:{item.id}") if unit is not None else Suppressed(NOT_AVAILABLE)
        shares = percentages(cell, item)
        as_answered = list(reversed(shares)) if item.reverse else shares
        record: dict[str, Any] = {"wave": release.wave.id, "closed": release.wave.closes}
        record |= dict(zip(codes, as_answered, strict=True)) if as_answered else dict.fromkeys(codes)
        shown = cell if isinstance(cell, Cell) else None
        record |= {
            "score": shown and shown.score,
            "low": shown and shown.low,
            "high": shown and shown.high,
            "favourable": shown and shown.favourable,
            "unfavourable": shown and shown.unfavourable,
            "base": shown and shown.base,
            "dont_know": shown and shown.dont_know,
        }
        records.append(record | {"note": note(cell, locale)})
    labels = {code: f"{locale.pick(point.vi, point.en)} (%)" for code, point in zip(codes, points, strict=True)}
    return Table(marked(records, releases[-1], locale).frame, labels)


def note(cell: Cell | Suppressed, locale: Locale) -> str:
    """Why a number is hidden or no exact one; which numbers are bounds."""
    if isinstance(cell, Suppressed):
        return locale(REASONS[cell.reason])
    said = [f"{locale(LABELS[name])} {cell.bound(name)}" for name in ("score", "favourable", "unfavourable") if cell.bound(name) in _SIGNS]
    lacking = locale(NO_BASE_HERE) if cell.base is None else ""
    return "; ".join(part for part in (*said, why_bounds(cell, locale), lacking) if part)


def _numbers(cell: Cell | Suppressed) -> dict[str, Any]:
    if isinstance(cell, Suppressed):
        return dict.fromkeys(("score", "low", "high", "base"))
    return {"score": cell.score, "low": cell.low, "high": cell.high, "base": cell.base}


def _finding(one: Comparison | None, locale: Locale) -> dict[str, Any]:
    return {"difference": one.difference if one else None, "finding": state_words(one, locale) if one else ""}


def drivers(release: Release, unit: str, locale: Locale) -> Table:
    """Every theme: its part of what goes with the overall assessment, the interval, and how its items hang together."""
    quality = release.quality or Quality()
    parts = {one.theme: one for one in quality.drivers[unit].themes} if unit in quality.drivers else {}
    alphas = quality.alphas.get(unit, {})
    records = []
    for theme in release.questionnaire.themes:
        one = parts.get(theme.id)
        records.append(
            {
                "measure": f"theme:{theme.id}", "label": locale.pick(theme.vi, theme.en), "share": one.share if one else None,
                "low": one.low if one else None, "high": one.high if one else None, "alpha": alphas.get(theme.id),
                "note": "" if one or not theme.in_index else locale("the interval is too wide"),
            }
        )  # fmt: skip
    return marked(sorted(records, key=lambda record: -(record["share"] or 0.0)), release, locale)


def reliabilities(release: Release, units: Sequence[str], locale: Locale) -> Table:
    """Unit, mark and reasons of the units that have a mark, the least reliable first."""
    marks = (release.quality or Quality()).units
    order = [Level.LOW, Level.MEDIUM, Level.HIGH]
    shown = sorted((unit for unit in units if unit in marks), key=lambda unit: order.index(marks[unit].level))
    records = [
        {
            "unit": unit, "name": node_name(release, unit, locale), "reliability": quality_words.mark(release, unit, locale),
            "note": quality_words.reasons(release, unit, locale),
        }
        for unit in shown
    ]  # fmt: skip
    return marked(records, release, locale)


def marked(records: list[dict[str, Any]], release: Release, locale: Locale) -> Table:
    """Illustrative figures say so in every row, because rows get copied. Whole numbers stay whole beside gaps."""
    frame = pd.DataFrame(records)
    for name in WHOLE & set(frame.columns):
        frame[name] = frame[name].astype("Int64")
    if release.wave.illustrative and len(frame):
        frame["kind"] = locale("Illustrative figures")
    return Table(frame)


def _empty(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or value != value


def _read(value: Any, digits: int, locale: Locale) -> str:
    if _empty(value):
        return ""
    if isinstance(value, (int, float)):
        return locale.number(float(value), digits)
    return locale.day(value) if hasattr(value, "isoformat") else str(value)
