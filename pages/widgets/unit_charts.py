"""The charts of the overview, each of one unit's sheet: a picture, its table, and the chart that answers to the pointer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.widgets import chart, first_screen
from survey.disseminate import figures, sentences, tables
from survey.disseminate.look import caption
from survey.disseminate.sheet import charts
from survey.disseminate.sheet.reading import Sheet

FEW = 5


def themes(sheet: Sheet) -> None:
    of, locale = sheet.first, sheet.locale
    rows = [(measure, label, sheet.cell(measure)) for measure, label in sheet.measures.items()]
    held = {measure: (of.release.cell(of.group, measure), one) for measure, one in of.against.items()} if of.group else None
    chart.show(
        partial(figures.theme_bars, of.release, of.unit, of.group, locale, of.against), tables.scores(rows, of.release, locale, held),
        "", f"nhom-noi-dung-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale, title=locale("Themes"),
        alt=sentences.strong_and_weak(of.release, of.unit, locale), drawn=partial(charts.themes, sheet, index=False),
    )  # fmt: skip


def trend(sheet: Sheet) -> None:
    of, locale, series, breaks = sheet.first, sheet.locale, charts.series(sheet), charts.breaks(sheet)
    if len({point.day for _name, points, _style in series for point in points if point.cell}) < 2:
        return
    said = caption(locale("Workplace culture index"), of.release, of.unit, locale)
    chart.show(
        lambda: first_screen.small(figures.trend_lines(series, breaks, {}, said, locale)), tables.trend(series, locale), "",
        f"xu-huong-{of.release.wave.id}-{of.unit}", of.release, of.unit, locale, title=locale("Over the waves"), alt=locale("Over the waves"),
        drawn=partial(charts.trend, sheet),
    )  # fmt: skip


def changes(sheet: Sheet) -> None:
    of, _ = sheet.first, sheet.locale
    if of.before is None or all(one.difference is None for one in of.changed.values()):
        return
    rows = [(measure, sheet.measures[measure], one) for measure, one in of.changed.items()]
    hint = _(
        "Filled bars: clear changes. Hollow bars: chance, or less than {points} points.", points=_.number(of.release.policy["smallest"], 0)
    )
    labels = [label for _m, label, _one in rows]
    chart.show(
        partial(figures.change_bars, labels, list(of.changed.values()), of.release, of.unit, of.before, _),
        tables.changes(rows, of.before, of.release, _), hint, f"thay-doi-{of.release.wave.id}-{of.unit}", of.release, of.unit, _,
        title=_("Change since the last wave"), alt=sentences.changes(of, sheet.measures, _), drawn=partial(charts.changes, sheet),
    )  # fmt: skip


def items(sheet: Sheet) -> None:
    of, _ = sheet.first, sheet.locale
    if len(of.items) < 2 * FEW:
        return
    parts = ((_("Five strongest questions"), of.items[:FEW], "manh"), (_("Five weakest questions"), of.items[-FEW:][::-1], "yeu"))
    for column, (title, part, name) in zip(st.columns(2, gap="large"), parts, strict=True):
        rows = [(f"item:{item.id}", figures.item_label(item, _), cell) for item, cell in part]
        found = [item for item, _cell in part]
        with column:
            chart.show(
                partial(figures.item_bars, of.release, of.unit, found, title, _), tables.scores(rows, of.release, _),
                _("From {first} to {last} points.", first=_.number(part[0][1].score), last=_.number(part[-1][1].score)),
                f"cau-hoi-{name}-{of.release.wave.id}-{of.unit}", of.release, of.unit, _, title=title,
                drawn=partial(charts.items, sheet, found, title),
            )  # fmt: skip
