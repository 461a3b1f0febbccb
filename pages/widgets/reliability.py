"""How far the numbers of units may be relied on: a table with reasons, opened by whoever wants it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.widgets import chart
from pages.widgets.organizer import plain
from survey.disclose.quality import Level
from survey.disclose.release import Release
from survey.disseminate import tables
from survey.disseminate.look import node_name
from survey.disseminate.sentences import listed
from survey.i18n import Locale


def of_units(release: Release, units: Sequence[str], locale: Locale) -> None:
    """Nothing where the release knows no marks (waves of which only counts were known)."""
    _ = locale
    marks = release.quality.units if release.quality else {}
    if not any(unit in marks for unit in units):
        return
    st.header(_("Reliability of the units' numbers"))
    low = [node_name(release, unit, locale) for unit in units if unit in marks and marks[unit].level is Level.LOW]
    said = _("Low for {names}: read their scores with caution.", names=listed(low, locale)) if low else _("It is low for none of them.")
    st.markdown(plain(said))
    st.caption(
        _("Marks are given to units, never to forms; nothing was deleted. “Alike” and “contradict themselves” are patterns, no proof of anything.")
    )  # fmt: skip
    chart.table_asked(tables.reliabilities(release, units, locale), _("Marks and reasons of every unit"), "reliability", locale)
