"""A chart as this product shows one: sentence, picture, base, downloads, table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from pages.widgets import picture
from pages.widgets.organizer import plain, plain_table
from survey.disclose.release import FORMS, Release
from survey.disseminate.given import forms_of, origin_of
from survey.disseminate.look import config
from survey.disseminate.sheet import first
from survey.disseminate.tables import Table
from survey.i18n import Locale

_FORMAT = "chart.picture_format"
LONG = 14  # rows from which a table scrolls in itself


def about(release: Release, unit_name: str, locale: Locale) -> None:
    _ = locale
    st.html(first.about(release, unit_name, locale))
    if said := origin_of(release, locale):
        st.caption(said)


def opening(said: Sequence[str]) -> None:
    """What a page says before any chart: what is good, what is not, what changed for sure."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in said if sentence))


def picture_format(locale: Locale) -> None:
    """One choice for all charts of the page that have a camera."""
    st.segmented_control(
        locale("Picture format of the camera button on every chart"), ["png", "svg"], default="png", format_func=str.upper, key=_FORMAT
    )


def show(
    figure: go.Figure | Callable[[], go.Figure],
    table: Table,
    sentence: str,
    name: str,
    release: Release,
    unit: str,
    locale: Locale,
    *,
    title: str = "",
    wide: bool = False,
    alt: str = "",
    drawn: picture.Draw | None = None,
    page: bool = False,
) -> None:
    """`name`: file name of the downloads, without ending. `wide`: on a phone the chart scrolls sideways.

    `alt`: what a screen reader says of the picture, where that is not the sentence above it. What the figure says of itself (subject,
    unit, wave) the page has said: it is drawn above the picture's edge, where only a saved picture shows it.
    `drawn`: the chart as a picture, shown in the place of the figure until somebody asks for one that answers to the pointer;
    `page`: it has the page's width.
    """
    if title:
        st.header(plain(title))
    if sentence:
        st.markdown(plain(sentence))
    asking = drawn is not None and not picture.live()
    if drawn is not None and asking:
        picture.show(drawn, alt or sentence, page=page)
    else:
        _live(figure() if callable(figure) else figure, _file(name), alt or sentence, wide, locale)
    _beside(table, _file(name), release, unit, locale, asking=asking)


def grid(
    markup: str, drawn: Callable[[], go.Figure], table: Table, sentence: str, name: str, release: Release, unit: str, locale: Locale
) -> None:
    """The same for a figure that is a table of HTML; its picture is `drawn` for whoever wants to save one."""
    st.markdown(plain(sentence))
    st.html(markup)
    if st.toggle(locale("As a picture to save"), key=f"picture.{_file(name)}"):
        _live(drawn(), _file(name), sentence, True, locale)
    _beside(table, _file(name), release, unit, locale)


def _file(name: str) -> str:
    return name.replace(":", "-").replace("+", "-")


def _live(figure: go.Figure, name: str, alt: str, wide: bool, locale: Locale) -> None:
    kind = str(st.session_state.get(_FORMAT) or "png")
    said = (figure.layout.meta or {}).get("title", 0)
    with st.container(key=f"said{said}-{'wide-' if wide else ''}{name}"):
        st.plotly_chart(figure, key=f"chart.{name}", config=config(locale, name, kind), alt=alt)


def _beside(table: Table, name: str, release: Release, unit: str, locale: Locale, *, asking: bool = False) -> None:
    """Under a chart: its base, its numbers as a file and as a table; `asking`: the chart that answers to the pointer may be asked for."""
    _ = locale
    forms = release.cell(unit, FORMS)
    base = forms_of(forms, _)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(base, width="content")
        if asking:
            picture.ask(name, locale)
        st.download_button(
            _("CSV of this chart"),
            data=lambda: table.csv(locale.language),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"csv.{name}",
        )
    # Of the chart, not of the unit: whoever has opened it finds it open at the next unit too.
    kind = name.removesuffix(f"-{_file(unit)}").removesuffix(f"-{_file(release.wave.id)}")
    table_asked(table, _("Table of this chart"), kind, locale)


@st.fragment
def table_asked(table: Table, label: str, name: str, locale: Locale) -> None:
    """Sent when it is asked for: every cell of a table is work for the browser, seen or not, each time another unit is chosen."""
    with st.expander(label, key=f"table.{name}", on_change="rerun") as asked:
        if asked.open:
            shown = plain_table(table.for_reading(locale))
            st.table(shown, hide_index=True, border="horizontal", height=480 if len(shown) > LONG else "content")
