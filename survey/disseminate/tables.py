"""Tables: just what a figure shows, with headers in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from survey.analyse.change import Comparison, State
from survey.analyse.trend import Point
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release, Suppressed
from survey.disseminate.figures import node_name
from survey.disseminate.look import REASONS
from survey.errors import N_
from survey.i18n import Locale

STATES = {
    State.HIGHER: N_("clearly higher"),
    State.LOWER: N_("clearly lower"),
    State.NO_CLEAR_DIFFERENCE: N_("no clear difference"),
    State.NOT_TESTED: N_("not tested"),
}


def scores(rows: Iterable[tuple[str, Cell | Suppressed]], first: str, release: Release, locale: Locale) -> pd.DataFrame:
    """Label, score, interval, base, note: one row for each label."""
    _ = locale
    records = []
    for label, cell in rows:
        shown = cell if isinstance(cell, Cell) else None
        records.append(
            {
                first: label,
                _("Score"): shown.score if shown else None,
                _("Low (95 %)"): shown.low if shown else None,
                _("High (95 %)"): shown.high if shown else None,
                _("Favourable %"): shown.favourable if shown else None,
                _("Base"): shown.base if shown else None,
                _("Note"): "" if isinstance(cell, Cell) else _(REASONS[cell.reason]),
            }
        )
    return marked(pd.DataFrame(records), release, locale)


def heatmap(
    release: Release,
    units: Sequence[str],
    measures: Sequence[tuple[str, str]],
    comparisons: dict[tuple[str, str], Comparison],
    locale: Locale,
) -> pd.DataFrame:
    """One row for each unit and measure: value, base, difference to the group and its state."""
    _ = locale
    records = []
    for unit in units:
        for measure, label in measures:
            cell = release.cell(unit, measure)
            one = comparisons[unit, measure]
            records.append(
                {
                    _("Unit"): node_name(release, unit, locale),
                    _("Theme"): label,
                    _("Score"): cell.score if isinstance(cell, Cell) else None,
                    _("Base"): cell.base if isinstance(cell, Cell) else None,
                    _("Difference"): one.difference,
                    _("Finding"): state_words(one, locale),
                    _("Note"): "" if isinstance(cell, Cell) else _(REASONS[cell.reason]),
                }
            )
    return marked(pd.DataFrame(records), release, locale)


def changes(labels: Sequence[str], comparisons: Sequence[Comparison], first: str, release: Release, locale: Locale) -> pd.DataFrame:
    _ = locale
    records = [
        {first: label, _("Difference"): one.difference, _("Finding"): state_words(one, locale)}
        for label, one in zip(labels, comparisons, strict=True)
    ]
    return marked(pd.DataFrame(records), release, locale)


def state_words(one: Comparison, locale: Locale) -> str:
    words = locale(STATES[one.state])
    return f"{words}: {locale(one.reason)}" if one.reason else words


def trend(series: Sequence[tuple[str, Sequence[Point], str]], locale: Locale) -> pd.DataFrame:
    _ = locale
    records = []
    for name, points, style in series:
        for point in points:
            records.append(
                {
                    _("Series"): name,
                    _("Wave"): point.release.wave.id,
                    _("Closing day"): _.day(point.day),
                    _("Score"): point.cell.score if point.cell else None,
                    _("Base"): point.cell.base if point.cell else None,
                    _("Note"): (_("recast from predecessors") if style == "recast" else "") if point.cell else _("break in the series"),
                }
            )
    return marked(pd.DataFrame(records), series[0][1][0].release, locale) if records else pd.DataFrame()


def distribution(releases: Sequence[Release], units: Sequence[str | None], item: Item, locale: Locale) -> pd.DataFrame:
    """Answers per option and wave: people (groups: weighted, scaled to the base) and the don't-knows apart."""
    _ = locale
    scale = releases[-1].questionnaire.scales[item.scale]
    records = []
    for release, unit in zip(releases, units, strict=True):
        cell = release.cell(unit, f"item:{item.id}") if unit is not None else Suppressed("not-available")
        record: dict[str, object] = {_("Wave"): release.wave.id}
        for number, point in enumerate(scale.points):
            record[_.pick(point.vi, point.en)] = round(cell.options[number], 1) if isinstance(cell, Cell) else None
        record[_("Don't know (people)")] = cell.dont_know if isinstance(cell, Cell) else None
        record[_("Base")] = cell.base if isinstance(cell, Cell) else None
        record[_("Score")] = cell.score if isinstance(cell, Cell) else None
        record[_("Favourable %")] = cell.favourable if isinstance(cell, Cell) else None
        record[_("Note")] = "" if isinstance(cell, Cell) else _(REASONS[cell.reason])
        records.append(record)
    return marked(pd.DataFrame(records), releases[-1], locale)


def marked(frame: pd.DataFrame, release: Release, locale: Locale) -> pd.DataFrame:
    """Illustrative figures say so in every row, because rows get copied."""
    if release.wave.illustrative and len(frame):
        frame[locale("Kind of figures")] = locale("Illustrative figures")
    return frame
