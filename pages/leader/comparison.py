"""Units of a group against each other: a heatmap of themes, sortable, hidden cells hatched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.change import compare, side
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services

MOST_ROWS = 60
BY_NAME = "name"


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    chosen = choose(services, viewer, locale, parents_only=True)
    if chosen is None:
        return
    release, group = chosen.release, chosen.unit
    name = figures.node_name(release, group, locale)
    chart.header(_("Comparison of units"), release, name, locale)
    held = {node.id for node in release.nodes()}
    units = [unit for unit in release.plan.children.get(group, ()) if unit in held]
    measures = [(INDEX, _("Workplace culture index"))]
    measures += [(f"theme:{theme.id}", _.pick(theme.vi, theme.en)) for theme in release.questionnaire.themes]
    labels = dict(measures) | {BY_NAME: _("Name")}
    order = picked("sort", _("Sort by"), [INDEX, BY_NAME, *(m for m, _l in measures[1:])], INDEX, lambda one: labels[one])
    units = ordered(release, units, order, locale)
    if len(units) > MOST_ROWS:
        st.info(_("The first {count} of {all} units are shown.", count=MOST_ROWS, all=len(units)))
        units = units[:MOST_ROWS]
    keys = [(unit, measure) for unit in units for measure, _label in measures]
    found = compare([(side(release, unit, measure), side(release, group, measure)) for unit, measure in keys], release.policy)
    comparisons = dict(zip(keys, found, strict=True))
    called = [
        (figures.node_name(release, unit, locale), labels[measure], one) for (unit, measure), one in comparisons.items() if one.called
    ]
    hidden = sum(not isinstance(release.cell(unit, measure), Cell) for unit, measure in keys)
    chart.show(
        figures.heatmap(release, units, measures, comparisons, locale),
        tables.heatmap(release, units, measures, comparisons, locale),
        sentences.comparison(called, len(units), hidden, name, locale),
        f"so-sanh-{release.wave.id}-{group}".replace(":", "-"), release, group, locale,
    )  # fmt: skip
    st.caption(
        _("▲ clearly higher, ▼ clearly lower than the group (at least {points} points, false calls held to {share}). ╱╱ hidden. No sign: no clear difference, or too few answers for a test; the table says which.",
          points=_.number(release.policy["smallest"], 0), share=_.percent(100 * release.policy["false_discoveries"]))
    )  # fmt: skip
    chart.picture_format(locale)


def ordered(release: Release, units: list[str], order: str, locale: Locale) -> list[str]:
    """By name in Vietnamese order, or by a measure from high to low, hidden ones last."""

    def by_score(unit: str) -> tuple[bool, float]:
        cell = release.cell(unit, order)
        return (not isinstance(cell, Cell), -(cell.score or 0.0) if isinstance(cell, Cell) else 0.0)

    named = sorted(units, key=lambda unit: sort_key(figures.node_name(release, unit, locale)))
    return named if order == BY_NAME else sorted(named, key=by_score)
