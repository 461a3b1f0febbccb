"""2019-2025: the unit against its group and the province, with reorganisations and changed questions drawn as breaks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, family, picture
from pages.widgets.selection import choose, instead_of, old_name, pick_measure, picked, several
from survey.access import Viewer
from survey.disseminate import figures, sentences, tables
from survey.disseminate.choosing import tree_order
from survey.disseminate.sheet import charts
from survey.disseminate.trending import BROKEN, MOST_BESIDE, RECAST, VIEWS, Trending, trending
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Trend"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measure, what = pick_measure(chosen, locale, items=True)
    chart.about(release, figures.node_name(release, unit, locale), locale)
    of = trending(services.results, viewer, release, unit, measure, what, locale)
    _trend(of)
    family.show(of)
    if picture.live():
        chart.picture_format(locale)


def _trend(of: Trending) -> None:
    _ = of.locale
    chart.opening(of.said)
    view, beside = _view(of), _beside(of)
    series, breaks, marks = of.series(view, beside), of.breaks(), of.marks()
    hint = (
        sentences.recast(of.past, _)
        if view == RECAST
        else _("Each line is one unit, from its first day to its last; a name alone joins nothing.")
    )
    chart.show(
        partial(figures.trend_lines, series, breaks, marks, of.about(), _), tables.trend(series, _), hint,
        f"xu-huong-{of.measure}-{of.unit}", of.release, of.unit, _, alt=of.said[-1],
        drawn=partial(charts.over_waves, of.releases, series, breaks, marks, of.what, _), page=True,
    )  # fmt: skip
    st.caption(_(BROKEN))


def _view(of: Trending) -> str:
    _ = of.locale
    if of.renamed:
        with st.container(width=420):
            return picked("view", _("View"), list(VIEWS), RECAST, lambda one: _(VIEWS[one]), locale=_)
    if (asked := st.query_params.get("view", RECAST)) not in VIEWS:
        instead_of(asked, _(VIEWS[RECAST]), _)
        del st.query_params["view"]
    return RECAST


def _beside(of: Trending) -> list[str]:
    _, names = of.locale, {one: name for one, _depth, name in tree_order(of.release, of.locale)}
    return several(
        "beside", _("Beside it (up to {n} units)", n=MOST_BESIDE), [one for one in names if one != of.unit], lambda one: names[one],
        MOST_BESIDE, beside=of.unit, locale=_, of_old=partial(old_name, of.register),
    )  # fmt: skip
