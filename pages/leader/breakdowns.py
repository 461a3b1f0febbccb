"""Results by age, gender, position, years of service: one at a time, all categories or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose, pick_measure
from survey.access import Viewer
from survey.design.questionnaire import Breakdown
from survey.disclose.release import Release
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Breakdowns"))
    chosen = choose(services, viewer, locale, third=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    measure, what = pick_measure(chosen, locale)
    chart.about(release, figures.node_name(release, unit, locale), locale)
    planned = [field for field in release.questionnaire.breakdowns if field.id in release.plan.breakdowns]
    if not planned:
        st.info(_("This wave was not broken down by anything."))
        return
    shown = [field for field in planned if release.breakdown_shown(unit, field.id)]
    places = st.columns(2, gap="large") if len(shown) > 1 else (st.container(),)
    for number, field in enumerate(shown):
        with places[number % len(places)]:
            _breakdown(release, unit, field, measure, what, locale)
    if hidden := [_.pick(field.vi, field.en) for field in planned if field not in shown]:
        st.header(_("Not shown here"))
        st.markdown("**" + sentences.listed(hidden, locale) + "**. " + sentences.breakdown_hidden(release, locale))
    if shown:
        chart.picture_format(locale)


def _breakdown(release: Release, unit: str, field: Breakdown, measure: str, what: str, locale: Locale) -> None:
    _ = locale
    rows = [("all", _("Everybody"), release.cell(unit, measure))]
    rows += [(str(c.value), _.pick(c.vi, c.en), release.cell(unit, measure, field.id, str(c.value))) for c in field.published]
    chart.show(
        figures.breakdown_bars(release, unit, field.id, measure, what, locale),
        tables.scores(rows, release, locale),
        sentences.breakdown(release, unit, field.id, measure, locale),
        f"phan-to-{field.id}-{measure}-{release.wave.id}-{unit}", release, unit, locale, title=_.pick(field.vi, field.en),
    )  # fmt: skip
