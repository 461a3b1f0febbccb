"""Why: which themes go with the overall assessment, in the whole and in large groups. They go with it; no cause is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose
from survey.access import Viewer
from survey.disclose.release import Release
from survey.disseminate import figures, quality_words, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("What goes with the overall assessment"))
    chosen = choose(services, viewer, locale, parents_only=True)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    name = figures.node_name(release, unit, locale)
    chart.about(release, name, locale)
    found = release.quality.drivers.get(unit) if release.quality else None
    if found is None:
        st.info(_missing(release, locale))
        return
    chart.show(
        figures.driver_map(release, unit, locale), tables.drivers(release, unit, locale),
        quality_words.drivers(release, found, name, locale), f"di-cung-{release.wave.id}-{unit}", release, unit, locale,
    )  # fmt: skip
    st.caption(
        _("Read: people who see a theme better also see their unit as a whole better. Whether the one brings about the other, a survey cannot say.")
    )  # fmt: skip
    st.caption(
        _("Relative weights (Johnson 2000), 95% bootstrap intervals, over about {people} complete forms. A theme whose interval is wider than {widest} points is hidden.",
          people=_.number(found.people, 0), widest=_.number(release.policy["drivers_widest"], 0))
    )  # fmt: skip
    st.caption(_("Cronbach's alpha in the table says how far the questions of a theme move together: from 0.7 on they may be read as one."))
    chart.picture_format(locale)


def _missing(release: Release, locale: Locale) -> str:
    _ = locale
    if release.quality is None:
        return _("For this wave only counts are known: what goes together cannot be told from them.")
    return _("This is calculated for the whole and for groups of units with {people} complete forms or more.",
             people=release.policy["drivers_people"])  # fmt: skip
