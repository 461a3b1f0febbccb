"""How are we, what is weak, what really changed: answered without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart, first_screen
from pages.widgets.links import page_link
from pages.widgets.organizer import plain
from pages.widgets.selection import choose
from survey.access import Viewer
from survey.analyse.overview import Overview, overview
from survey.disseminate import figures, quality_words, sentences, tables
from survey.disseminate.look import caption, measure_labels
from survey.disseminate.sheet import addresses
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

FEW = 5


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("Overview"))
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    of = overview(release, unit, services.results.history(viewer, release.wave.id), services.results.verdicts(viewer, release.wave.id))
    labels = measure_labels(release, locale)
    chart.about(release, figures.node_name(release, unit, locale), locale)
    left, right = st.columns([6, 5], gap="large")
    with left:
        first_screen.lead(of, locale)
        chart.opening(sentences.opening(of, labels, locale))
        if of.shown:
            _themes(of, labels, locale)
    with right:
        if of.shown:
            first_screen.to_mend(of, locale)
            _trend(of, locale)
    if mark := quality_words.reliability(release, unit, locale):
        st.caption(plain(mark))
    first_screen.reports(services, viewer, release, unit, locale)
    page_link(_("Print, or read on a weak line"), addresses.sheet(release.wave.id, unit, locale))
    if of.shown:
        _changes(of, labels, locale)
        _items(of, locale)
    chart.picture_format(locale)


def _themes(of: Overview, labels: dict[str, str], locale: Locale) -> None:
    rows = [(measure, label, of.release.cell(of.unit, measure)) for measure, label in labels.items()]
    held = {measure: (of.release.cell(of.group, measure), one) for measure, one in of.against.items()} if of.group else None
    chart.show(
        figures.theme_bars(of.release, of.unit, of.group, locale, of.against), tables.scores(rows, of.release, locale, held),
        "", f"nhom-noi-dung-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale, title=locale("Themes"),
        alt=sentences.strong_and_weak(of.release, of.unit, locale),
    )  # fmt: skip


def _trend(of: Overview, locale: Locale) -> None:
    styles = dict.fromkeys(of.series, "group") | {list(of.series)[-1]: "whole"} | {of.unit: "unit"}
    series = [(figures.node_name(of.release, node, locale), points, styles[node]) for node, points in of.series.items()]
    days = [point for points in of.series.values() for point in points if point.cell]
    if len({point.day for point in days}) < 2:
        return
    said = caption(locale("Workplace culture index"), of.release, of.unit, locale)
    chart.show(
        first_screen.small(figures.trend_lines(series, [], {}, said, locale)), tables.trend(series, locale), "",
        f"xu-huong-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale, title=locale("Over the waves"), alt=locale("Over the waves"),
    )  # fmt: skip


def _changes(of: Overview, labels: dict[str, str], locale: Locale) -> None:
    _ = locale
    if of.before is None or all(one.difference is None for one in of.changed.values()):
        return
    rows = [(measure, labels[measure], one) for measure, one in of.changed.items()]
    hint = _(
        "Filled bars: clear changes. Hollow bars: chance, or less than {points} points.", points=_.number(of.release.policy["smallest"], 0)
    )
    chart.show(
        figures.change_bars([label for _m, label, _one in rows], list(of.changed.values()), of.release, of.unit, of.before, locale),
        tables.changes(rows, of.before, of.release, locale), hint, f"thay-doi-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale,
        title=_("Change since the last wave"), alt=sentences.changes(of, labels, locale),
    )  # fmt: skip


def _items(of: Overview, locale: Locale) -> None:
    _ = locale
    if len(of.items) < 2 * FEW:
        return
    parts = ((_("Five strongest questions"), of.items[:FEW], "manh"), (_("Five weakest questions"), of.items[-FEW:][::-1], "yeu"))
    for column, (title, part, name) in zip(st.columns(2, gap="large"), parts, strict=True):
        rows = [(f"item:{item.id}", figures.item_label(item, locale), cell) for item, cell in part]
        with column:
            chart.show(
                figures.item_bars(of.release, of.unit, [item for item, _cell in part], title, locale), tables.scores(rows, of.release, locale),
                _("From {first} to {last} points.", first=_.number(part[0][1].score), last=_.number(part[-1][1].score)),
                f"cau-hoi-{name}-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale, title=title,
            )  # fmt: skip
