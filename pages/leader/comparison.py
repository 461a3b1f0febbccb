"""Units of a group against each other: a table of themes or items, ranks in bands, and a funnel beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, reliability, units_grid
from pages.widgets.organizer import plain
from pages.widgets.selection import choose, picked
from survey.access import Viewer
from survey.analyse.verdicts import GROUP
from survey.disclose.release import INDEX
from survey.disseminate import figures, sentences, tables
from survey.disseminate.comparing import MOST_ROWS, THEMES, VIEWS, Comparing, columns_offered, comparing, orders_offered
from survey.disseminate.sheet import rank_charts
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Comparison of units"))
    chosen = choose(services, viewer, locale, parents_only=True, third=True)
    if chosen is None:
        return
    release, offered, orders = chosen.release, columns_offered(chosen.release, locale), orders_offered(chosen.release, locale)
    with chosen.place:
        view = picked("view", _("View"), list(VIEWS), GROUP, lambda one: _(VIEWS[one]), locale=_)
    with st.container(key="filters-more"):
        left, right = st.columns([5, 3])
    with left:
        across = picked("columns", _("Columns"), list(offered), THEMES, lambda one: offered[one], locale=_)
    with right:
        order = picked("sort", _("Sort by"), list(orders), INDEX, lambda one: orders[one], locale=_)
    of = comparing(services.results, viewer, release, chosen.unit, view, across, order, locale)
    chart.about(release, of.names[of.group], locale)
    chart.opening(sentences.comparison(of))
    if of.view != GROUP and not of.against:
        st.info(_("There is no earlier wave to compare with."))
    if len(of.units) > MOST_ROWS:
        st.info(_("The first {count} of {all} units are shown.", count=MOST_ROWS, all=len(of.units)))
    units_grid.show(of, locale)
    st.caption(sentences.signs(of))
    if of.median is not None:
        whole = of.cell(of.group, of.measure)
        st.markdown(plain(sentences.middle(orders[of.measure], of.median, whole, of.names[of.group], locale)))
    _ranking(of, orders[of.measure], locale)
    reliability.of_units(release, of.units, locale)
    chart.picture_format(locale)


def _ranking(of: Comparing, what: str, locale: Locale) -> None:
    if not of.ranked:
        return
    st.header(locale("Ranking in bands"))
    st.markdown(sentences.bands_rule(locale))
    centre = of.funnel.centre if of.funnel else None
    name, table = f"{of.measure}-{of.release.wave.id}-{of.group}", tables.ranking(of.ranked, of.release, locale)
    left, right = st.columns(2, gap="large")
    with left:
        chart.show(
            partial(figures.ranking, of.release, of.group, of.ranked, centre, what, locale), table,
            sentences.bands(of.release, of.ranked, locale), f"vi-thu-{name}", of.release, of.group, locale,
            drawn=partial(rank_charts.ranking, of.release, of.group, of.ranked, centre, what, locale),
        )  # fmt: skip
    if of.funnel is not None:
        with right:
            chart.show(
                partial(figures.funnel_plot, of.release, of.group, of.ranked, of.funnel, what, locale), table,
                sentences.funnel_rule(locale), f"pheu-{name}", of.release, of.group, locale,
                drawn=partial(rank_charts.funnel, of.release, of.group, of.ranked, of.funnel, what, locale),
            )  # fmt: skip
