"""A chart as this product shows one: sentence, picture, base, table, downloads."""

from __future__ import annotations

import html

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from survey.disclose.release import FORMS, Cell, Release
from survey.disseminate.look import config
from survey.disseminate.spreadsheet import csv_bytes
from survey.i18n import Locale

_FORMAT = "chart.picture_format"


def header(title: str, release: Release, unit_name: str, locale: Locale) -> None:
    """The page's title with what it is about; illustrative waves say so in large letters."""
    _ = locale
    wave = release.wave
    st.title(title)
    about = f"{html.escape(unit_name)} · {html.escape(_.pick(wave.title_vi, wave.title_en))} · {_.day(wave.closes)}"
    mark = f' · <strong style="color:#B4530F">{_("Illustrative figures")}</strong>' if wave.illustrative else ""
    st.html(f'<p style="font-size:1.05rem;margin:0">{about}{mark}</p>')
    if release.published_elsewhere:
        st.caption(_("These numbers were protected and published by another body; here only the minimum bases apply."))


def picture_format(locale: Locale) -> None:
    """One choice for all charts of the page."""
    st.segmented_control(locale("Picture format of the downloads"), ["png", "svg"], default="png", format_func=str.upper, key=_FORMAT)


def show(
    figure: go.Figure, table: pd.DataFrame, sentence: str, name: str, release: Release, unit: str, locale: Locale, *, title: str = ""
) -> None:
    """`name`: file name of the downloads, without ending."""
    _ = locale
    if title:
        st.header(title)
    st.markdown(sentence)
    picture = str(st.session_state.get(_FORMAT) or "png")
    st.plotly_chart(figure, key=f"chart.{name}.{title}", config=config(locale, name, picture), alt=sentence, theme=None)
    forms = release.cell(unit, FORMS)
    base = _("n = {n} forms", n=_.number(forms.base, 0)) if isinstance(forms, Cell) else _("n is hidden: too few answers")
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(base)
    right.download_button(
        _("CSV of this chart"),
        data=lambda: csv_bytes(table, locale.language),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"csv.{name}.{title}",
    )
    with st.expander(_("Table of this chart")):
        st.dataframe(rounded(table, locale), hide_index=True, width="stretch")


def rounded(table: pd.DataFrame, locale: Locale) -> pd.DataFrame:
    """Numbers as the reader's language writes them; whole numbers without decimals."""
    shown = table.copy()
    for name in shown.columns:
        column = shown[name]
        if pd.api.types.is_numeric_dtype(column):
            whole = bool((column.dropna() % 1 == 0).all())
            shown[name] = [locale.number(None if pd.isna(v) else float(v), 0 if whole else 1) for v in column]
        else:
            shown[name] = ["" if v is None or (isinstance(v, float) and pd.isna(v)) else str(v).replace("<br>", " ") for v in column]
    return shown
