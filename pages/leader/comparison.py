"""Units of a group against each other: a heatmap of themes or items, ranks in bands, and a funnel beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, reliability
from pages.widgets.organizer import go
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.change import FAVOURABLE, SCORE, Comparison, root_of
from survey.analyse.ranking import funnel, ranked
from survey.analyse.verdicts import GROUP, PREVIOUS, WHOLE, Found, Verdicts
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import measure_labels
from survey.errors import N_
from survey.i18n import Locale
from survey.vietnamese import sort_key

if TYPE_CHECKING:
    from bootstrap import Services

MOST_ROWS = 100
FEWEST = 3  # units for a ranking
BY_NAME = "name"
VIEWS = {GROUP: N_("Against the group"), WHOLE: N_("Against the province"), PREVIOUS: N_("Change on the previous wave")}


@dataclass(frozen=True)
class Columns:
    """What stands across the table: (measure, label), the smallest base of a test, and which number of a cell is meant."""

    shown: tuple[tuple[str, str], ...]
    minimum: str = "base_score"
    of: str = SCORE


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Comparison of units"))
    chosen = choose(services, viewer, locale, parents_only=True, third=True)
    if chosen is None:
        return
    release, group = chosen.release, chosen.unit
    labels = measure_labels(release, locale)
    with chosen.place:
        view = picked("view", _("View"), list(VIEWS), GROUP, lambda one: _(VIEWS[one]))
    left, right = st.columns([5, 3])
    offered = _offered(release, locale)
    with left:
        columns = columns_of(release, picked("columns", _("Columns"), list(offered), "themes", lambda one: offered[one]), locale)
    with right:
        sorts = {INDEX: labels[INDEX], BY_NAME: _("Name"), **labels}
        order = picked("sort", _("Sort by"), list(sorts), INDEX, lambda one: sorts[one])
    chart.about(release, figures.node_name(release, group, locale), locale)
    held = {node.id for node in release.nodes()}
    units = ordered(release, [unit for unit in release.plan.children.get(group, ()) if unit in held], order, locale)
    verdicts = services.results.verdicts(viewer, release.wave.id)
    _opening(release, group, units, verdicts, locale)
    _heatmap(release, group, units, columns, view, verdicts, locale)
    _ranking(release, group, units, INDEX if order == BY_NAME else order, sorts, locale)
    reliability.of_units(release, units, locale)
    chart.picture_format(locale)


def _offered(release: Release, locale: Locale) -> dict[str, str]:
    _ = locale
    items = {f"items:{theme.id}": _("Questions: {theme}", theme=_.pick(theme.vi, theme.en)) for theme in release.questionnaire.themes}
    return {"themes": _("Index and themes: score"), "shares": _("Themes: favourable share"), **items}


def columns_of(release: Release, what: str, locale: Locale) -> Columns:
    """The columns behind a choice."""
    kind, _colon, theme = what.partition(":")
    labels = measure_labels(release, locale)
    if kind == "items":
        items = release.questionnaire.items
        shown = tuple((f"item:{item.id}", figures.item_label(item, locale)) for item in items if item.theme == theme)
        return Columns(shown, "base_item")
    if kind == "shares":
        themes = {measure: label for measure, label in labels.items() if measure != INDEX}
        return Columns(tuple(themes.items()), "base_share", FAVOURABLE)
    return Columns(tuple(labels.items()))


def _opening(release: Release, group: str, units: list[str], verdicts: Verdicts, locale: Locale) -> None:
    names = {unit: figures.node_name(release, unit, locale) for unit in units}
    against, changed = (_index(verdicts.table(units, [INDEX], one)) for one in (GROUP, PREVIOUS))
    good, bad = sentences.index_calls(names, against, figures.node_name(release, group, locale), locale)
    chart.opening([good, bad, sentences.index_changes(names, changed, verdicts.previous(group), locale)])


def _index(found: Found) -> dict[str, Comparison]:
    return {unit: one for (unit, measure), one in found.items() if measure == INDEX}


def _heatmap(release: Release, group: str, units: list[str], columns: Columns, view: str, verdicts: Verdicts, locale: Locale) -> None:
    _ = locale
    rows, earlier = units if view == GROUP else [group, *units], verdicts.previous(group)
    held = [unit for unit in rows if (earlier if view == PREVIOUS else verdicts.other(unit, view)) is not None]
    shown = verdicts.table(held, [measure for measure, _label in columns.shown], view, columns.of)
    against = {GROUP: group, WHOLE: root_of(release, group)}.get(view)
    said = figures.node_name(release, against, locale) if against else _("since wave {wave}", wave=earlier) if earlier else ""
    if view == PREVIOUS and earlier is None:
        st.info(_("There is no earlier wave to compare with."))
    names = {unit: figures.node_name(release, unit, locale) for unit in units}
    hidden = sum(not isinstance(release.cell(unit, measure), Cell) for unit in units for measure, _label in columns.shown)
    if len(units) > MOST_ROWS:  # the tests are still one family over all of them
        st.info(_("The first {count} of {all} units are shown.", count=MOST_ROWS, all=len(units)))
    drawn = units[:MOST_ROWS]
    chosen = chart.show(
        figures.heatmap(
            release, group, drawn, columns.shown, shown, locale, against=said, of=columns.of, change=view == PREVIOUS and earlier is not None
        ),
        tables.heatmap(release, [group, *drawn], columns.shown, shown, locale, columns.of),
        sentences.units_and_calls(names, shown, hidden, locale), f"so-sanh-{release.wave.id}-{group}", release, group, locale, wide=True, choosing=True,
    )  # fmt: skip
    if chosen is not None:
        _open(release, *chosen)
    rules = _(
        "▲ ▼: at least {points} points apart, false calls held to {share} of all such tests. No sign: no clear difference. ○: not tested (under {n} answers, or not the same unit or question); the table says why.",
        points=_.number(release.policy["smallest"], 0), share=_.percent(100 * release.policy["false_discoveries"]), n=release.policy[columns.minimum],
    )  # fmt: skip
    st.caption(f"{rules} {_('A click on a cell leads to what it is made of.')}")


def _open(release: Release, unit: str, measure: str) -> None:
    """What a cell is made of: an item's answers, a theme's weakest item, behind the index the unit's overview."""
    kind, _colon, name = measure.partition(":")
    if kind == INDEX:
        go("results-overview", wave=release.wave.id, unit=unit)
    items = [f"item:{item.id}" for item in release.questionnaire.items_of(name)] if kind == "theme" else [measure]
    scored = [(cell.score, one) for one in items if isinstance(cell := release.cell(unit, one), Cell) and cell.score is not None]
    item = min(scored, default=(0.0, items[0]))[1].removeprefix("item:")
    go("results-item", wave=release.wave.id, unit=unit, item=item)


def _ranking(release: Release, group: str, units: list[str], measure: str, labels: dict[str, str], locale: Locale) -> None:
    _ = locale
    found = ranked(release, units[:MOST_ROWS], measure)
    if len(found) < FEWEST:
        return
    st.header(_("Ranking in bands"))
    st.markdown(
        _(
            "A unit's band is every rank its 95 % interval allows; units whose bands overlap are not told apart. Scores serve improvement, not emulation titles."
        )
    )
    curve = funnel(release, group, found, measure)
    name = f"{measure}-{release.wave.id}-{group}"
    left, right = st.columns(2, gap="large")
    with left:
        chart.show(
            figures.ranking(release, group, found, curve.centre if curve else None, labels[measure], locale), tables.ranking(found, release, locale),
            sentences.bands(release, found, locale), f"vi-thu-{name}", release, group, locale,
        )  # fmt: skip
    if curve is not None:
        with right:
            chart.show(
                figures.funnel_plot(release, group, found, curve, labels[measure], locale), tables.ranking(found, release, locale),
                _("Within the funnel a unit may differ from its group by chance alone. The curves leave out the correction for near-censuses, so they are wide; what is sure stands in the heatmap."),
                f"pheu-{name}", release, group, locale,
            )  # fmt: skip


def ordered(release: Release, units: list[str], order: str, locale: Locale) -> list[str]:
    """By name in Vietnamese order, or by a measure from high to low, hidden ones last."""

    def by_score(unit: str) -> tuple[bool, float]:
        cell = release.cell(unit, order)
        return (not isinstance(cell, Cell), -(cell.score or 0.0) if isinstance(cell, Cell) else 0.0)

    named = sorted(units, key=lambda unit: sort_key(figures.node_name(release, unit, locale)))
    return named if order == BY_NAME else sorted(named, key=by_score)
