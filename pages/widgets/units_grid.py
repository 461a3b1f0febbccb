"""The table of units on the page, and its picture for whoever wants to save one."""

from __future__ import annotations

from functools import partial

import plotly.graph_objects as go

from pages.widgets import chart
from survey.disseminate import figures, sentences, tables
from survey.disseminate.comparing import Comparing
from survey.disseminate.comparing_grid import STYLE, units_grid
from survey.i18n import Locale


def show(of: Comparing, locale: Locale) -> None:
    """Sentence, table, picture, base, downloads."""
    _ = locale
    rows = [of.group, *of.drawn]
    chart.grid(
        f"<style>{STYLE}</style>{units_grid(of)}", partial(_picture, of),
        tables.heatmap(of.release, rows, of.columns.shown, of.found, _, of.columns.of),
        sentences.units_and_calls({unit: of.names[unit] for unit in of.units}, of.found, of.cells, _),
        f"so-sanh-{of.release.wave.id}-{of.group}", of.release, of.group, _,
    )  # fmt: skip


def _picture(of: Comparing) -> go.Figure:
    return figures.heatmap(
        of.release, of.group, of.drawn, of.columns.shown, of.found, of.locale, against=of.against, of=of.columns.of, change=of.change
    )
