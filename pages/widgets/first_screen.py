"""What only the overview shows: the index in large with what is sure about it, three things to mend, the reports."""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import plotly.graph_objects as go
import streamlit as st

from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.analyse.overview import Overview
from survey.disclose.release import Cell, Release
from survey.disseminate import figures, sentences
from survey.disseminate.figures.lines import PLOT
from survey.disseminate.report.service import MIME
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

ITEM_PAGE = "results-item"
_STYLE = """<style>
.ln-lead { display: flex; gap: 1.1rem; align-items: center; margin: 0; }
.ln-lead strong { font-size: 3.1rem; line-height: 1; font-weight: 600; font-variant-numeric: tabular-nums; }
.ln-lead strong small { display: block; font-size: .8rem; font-weight: 400; line-height: 1.3; max-width: 8rem; margin-top: .3rem; }
.ln-lead ul { margin: 0; padding: 0; list-style: none; font-size: .95rem; line-height: 1.5; }
.ln-mend { margin: 0; padding-left: 1.2rem; } .ln-mend li { margin-bottom: .45rem; line-height: 1.4; }
.ln-mend a { color: inherit; font-weight: 600; } .ln-mend small { display: block; font-size: .875rem; opacity: .85; }
</style>"""
SMALL = 150  # pixels


def lead(of: Overview, locale: Locale) -> None:
    index = figures.score_of(of.index, locale) if isinstance(of.index, Cell) else locale("hidden")
    said = "".join(f"<li>{html.escape(one)}</li>" for one in sentences.standing(of, locale))
    name = html.escape(locale("Workplace culture index"))
    st.html(f'{_STYLE}<div class="ln-lead"><strong>{html.escape(index)}<small>{name}</small></strong><ul>{said}</ul></div>')


def to_mend(of: Overview, locale: Locale) -> None:
    """Each leads to its question."""
    _ = locale
    st.header(_("Three things to mend first"))
    if not of.to_mend:
        st.markdown(_("Single questions are shown from {n} answers.", n=of.release.policy["item"]))
        return
    rows = []
    for one in of.to_mend:
        query = urlencode({"wave": of.release.wave.id, "unit": of.unit, "item": one.item.id, "lang": _.language})
        label = html.escape(figures.item_label(one.item, _))
        rows.append(
            f'<li><a href="{ITEM_PAGE}?{html.escape(query)}" target="_self">{label}</a>'
            f"<small>{html.escape(sentences.priority(one, _))}</small></li>"
        )
    st.html(f'<ol class="ln-mend">{"".join(rows)}</ol>')
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
