"""How are we, what is weak, what really changed: answered without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, first_screen, picture, undertaken, unit_charts
from pages.widgets.links import page_link
from pages.widgets.organizer import plain
from pages.widgets.selection import choose
from survey.access import Viewer
from survey.disseminate import figures, quality_words, sentences
from survey.disseminate.sheet import addresses, first
from survey.disseminate.sheet.reading import reading
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Overview"))
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    sheet = reading(services.results, viewer, release.wave.id, unit, locale)
    of, labels = sheet.first, sheet.measures
    chart.about(release, figures.node_name(release, unit, locale), locale)
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.html(first.lead(of, locale))
        chart.opening(sentences.opening(of, labels, locale))
        if of.shown:
            unit_charts.themes(sheet)
    with right:
        if of.shown:
            first_screen.to_mend(of, locale)
            unit_charts.trend(sheet)
    undertaken.of_unit(services, viewer, release, unit, locale)
    if mark := quality_words.reliability(release, unit, locale):
        st.caption(plain(mark))
    first_screen.reports(services, viewer, release, unit, locale)
    page_link(_("Print, or read on a slow connection"), addresses.sheet(release.wave.id, unit, locale))
    if of.shown:
        unit_charts.changes(sheet)
        unit_charts.items(sheet)
    if picture.live():
        chart.picture_format(locale)
