"""Units of a group against each other: a heatmap of themes, sortable, hidden cells hatched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, measures, picked
from survey.access import Viewer
from survey.analyse.change import compare, side
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services

MOST_ROWS = 100
BY_NAME = "name"


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Comparison of units"))
    chosen = choose(services, viewer, locale, parents_only=True, third=True)
    if chosen is None:
        return
    release, group = chosen.release, chosen.unit
    columns = measures(release, locale)
    labels = {INDEX: columns[INDEX], BY_NAME: _("Name"), **columns}
    with chosen.place:
        order = picked("sort", _("Sort by"), list(labels), INDEX, lambda one: labels[one])
    chart.about(release, figures.node_name(release, group, locale), locale)
    held = {node.id for node in release.nodes()}
    units = ordered(release, [unit for unit in release.plan.children.get(group, ()) if unit in held], order, locale)
    _heatmap(release, group, units, list(columns.items()), locale)
    chart.picture_format(locale)


def _heatmap(release: Release, group: str, units: list[str], columns: list[tuple[str, str]], locale: Locale) -> None:
    _ = locale
    keys = [(unit, measure) for unit in units for measure, _label in columns]
    found = compare([(side(release, unit, measure), side(release, group, measure)) for unit, measure in keys], release.policy)
    comparisons = dict(zip(keys, found, strict=True))
    names = {unit: figures.node_name(release, unit, locale) for unit in units}
    hidden = sum(not isinstance(release.cell(unit, measure), Cell) for unit, measure in keys)
    if len(units) > MOST_ROWS:  # the tests are still one family over all of them
        st.info(_("The first {count} of {all} units are shown.", count=MOST_ROWS, all=len(units)))
    drawn = units[:MOST_ROWS]
    chart.show(
        figures.heatmap(release, group, drawn, columns, comparisons, locale),
        tables.heatmap(release, [group, *drawn], columns, comparisons, locale),
        sentences.comparison(names, comparisons, hidden, figures.node_name(release, group, locale), locale),
        f"so-sanh-{release.wave.id}-{group}", release, group, locale, wide=True,
    )  # fmt: skip
    st.caption(
        _("The darker, the higher. ▲ ▼: at least {points} points from the group, false calls held to {share} of this table. No sign: no clear difference, or too few answers for a test; the table says which.",
          points=_.number(release.policy["smallest"], 0), share=_.percent(100 * release.policy["false_discoveries"]))
    )  # fmt: skip


def ordered(release: Release, units: list[str], order: str, locale: Locale) -> list[str]:
    """By name in Vietnamese order, or by a measure from high to low, hidden ones last."""

    def by_score(unit: str) -> tuple[bool, float]:
        cell = release.cell(unit, order)
        return (not isinstance(cell, Cell), -(cell.score or 0.0) if isinstance(cell, Cell) else 0.0)

    named = sorted(units, key=lambda unit: sort_key(figures.node_name(release, unit, locale)))
    return named if order == BY_NAME else sorted(named, key=by_score)
