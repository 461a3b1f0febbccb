"""What only the overview shows: three things to mend, its smaller trend, the reports."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.analyse.overview import Overview
from survey.disclose.release import Release
from survey.disseminate import sentences
from survey.disseminate.figures.lines import PLOT
from survey.disseminate.report.service import MIME
from survey.disseminate.sheet import first
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

SMALL = 150  # pixels


def to_mend(of: Overview, locale: Locale) -> None:
    """Each leads to its question."""
    _ = locale
    st.header(_("Three things to mend first"))
    if not of.to_mend:
        st.markdown(_("Single questions are shown from {n} answers.", n=of.release.policy["item"]))
        return
    st.html(first.to_mend(of, locale))
    st.caption(plain(sentences.priority_rule(of.group, of.drivers, _)))


def small(figure: go.Figure) -> go.Figure:
    """A line chart beside other things: lower, its words and legend as they were."""
    margin = figure.layout.margin
    return figure.update_layout(height=SMALL + margin.t + margin.b, legend_y=figure.layout.legend.y * PLOT / SMALL)


def reports(services: Services, viewer: Viewer | None, release: Release, unit: str, locale: Locale) -> None:
    """The unit as a report, made when clicked; nothing for totals that the viewer only compares with."""
    _, wave = locale, release.wave.id
    if unit not in services.reports.units(viewer, wave):
        return
    name = f"bao-cao-{wave}-{unit}".replace(":", "-").replace("+", "-")
    with st.container(horizontal=True):
        for kind, label in (("docx", _("Report (Word)")), ("pdf", _("Report (PDF)")), ("xlsx", _("Report (Excel)"))):
            st.download_button(
                label, partial(_content, services, viewer, wave, unit, kind, locale), f"{name}.{kind}", MIME[kind], on_click="ignore",
                key=f"report.{kind}.{wave}.{unit}",
            )  # fmt: skip


def _content(services: Services, viewer: Viewer | None, wave: str, unit: str, kind: str, locale: Locale) -> bytes:
    return services.reports.one(viewer, wave, unit, kind, locale).content
