"""How are we, what is weak, what really changed: answered without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.selection import choose
from survey.access import Viewer
from survey.analyse.change import Comparison, State, compare, parent_of, side
from survey.analyse.trend import counted_in
from survey.design.questionnaire import Item
from survey.disclose.release import FORMS, INDEX, Cell, Release
from survey.disseminate import figures, sentences, tables
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

FEW = 5


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    chosen = choose(services, viewer, locale)
    if chosen is None:
        return
    release, unit = chosen.release, chosen.unit
    name = figures.node_name(release, unit, locale)
    chart.header(_("Overview"), release, name, locale)
    group = parent_of(release, unit)
    before = _before(services, viewer, release, unit)
    against = compare([(side(release, unit, INDEX), side(release, group, INDEX))], release.policy)[0] if group else None
    themes = [(f"theme:{t.id}", _.pick(t.vi, t.en)) for t in release.questionnaire.themes]
    changed = _changes(release, unit, before, [(INDEX, _("Workplace culture index")), *themes])
    st.markdown(
        f"- {sentences.how_we_are(release, unit, against, group, locale)}\n"
        f"- {sentences.strong_and_weak(release, unit, locale)}\n"
        f"- {sentences.what_changed(changed[1:], before[0].wave.id if before else None, locale)}"
    )
    _figures_in_large(release, unit, against, changed[0][1] if before else None, before, locale)
    rows = [(label, release.cell(unit, measure)) for measure, label in [(INDEX, _("Workplace culture index")), *themes]]
    chart.show(
        figures.theme_bars(release, unit, group, locale), tables.scores(rows, _("Theme"), release, locale),
        sentences.strong_and_weak(release, unit, locale), f"nhom-noi-dung-{release.wave.id}-{unit}", release, unit, locale,
        title=_("Themes"),
    )  # fmt: skip
    _changes_chart(release, unit, changed, before, locale)
    _items(release, unit, locale)
    chart.picture_format(locale)


def _before(services: Services, viewer: Viewer | None, release: Release, unit: str) -> tuple[Release, str] | None:
    """The last wave before this one in which the unit had the same id."""
    for earlier in reversed(services.results.history(viewer, release.wave.id)[:-1]):
        node = counted_in(earlier, unit)
        if node is not None and earlier.visible(node):
            return earlier, node
    return None


def _changes(
    release: Release, unit: str, before: tuple[Release, str] | None, measures: list[tuple[str, str]]
) -> list[tuple[str, Comparison]]:
    if before is None:
        return [(label, Comparison(None, State.NOT_TESTED)) for _measure, label in measures]
    pairs = [(side(release, unit, measure), side(before[0], before[1], measure)) for measure, _label in measures]
    found = compare(pairs, release.policy)
    return [(label, one) for (_measure, label), one in zip(measures, found, strict=True)]


def _figures_in_large(
    release: Release, unit: str, against: Comparison | None, change: Comparison | None, before: tuple[Release, str] | None, locale: Locale
) -> None:
    _ = locale
    index, forms = release.cell(unit, INDEX), release.cell(unit, FORMS)
    one, two, three, four = st.columns(4)
    one.metric(_("Workplace culture index"), _.number(index.score) if isinstance(index, Cell) else _("hidden"))
    rate = release.response_rate(unit)
    two.metric(_("Response rate (about)"), _.percent(rate) if rate is not None else _("hidden"))
    two.caption(_("n = {n} forms", n=_.number(forms.base, 0)) if isinstance(forms, Cell) else _("n is hidden: too few answers"))
    if isinstance(index, Cell) and index.low is not None:
        one.caption(_("95 % interval {low} to {high}", low=_.number(index.low), high=_.number(index.high)))
    for column, label, comparison in (
        (three, _("Against the group"), against),
        (four, _("Since wave {wave}", wave=before[0].wave.id) if before else _("Since the last wave"), change),
    ):
        if comparison is None or comparison.difference is None:
            column.metric(label, "–")
        else:
            column.metric(label, _.number(comparison.difference, 1, sign=True))
            column.caption(figures.SIGN[comparison.state] + " " + tables.state_words(comparison, locale))


def _changes_chart(
    release: Release, unit: str, changed: list[tuple[str, Comparison]], before: tuple[Release, str] | None, locale: Locale
) -> None:
    _ = locale
    sentence = sentences.what_changed(changed[1:], before[0].wave.id if before else None, locale)
    if before is None or all(one.difference is None for _label, one in changed):
        st.header(_("Change since the last wave"))
        st.markdown(sentence)
        return
    labels, found = [label for label, _one in changed], [one for _label, one in changed]
    chart.show(
        figures.change_bars(labels, found, release, locale), tables.changes(labels, found, _("Theme"), release, locale),
        sentence + " " + _("Filled bars are sure, hollow ones may be chance."), f"thay-doi-{release.wave.id}-{unit}", release, unit, locale,
        title=_("Change since the last wave"),
    )  # fmt: skip


def _items(release: Release, unit: str, locale: Locale) -> None:
    _ = locale
    scored: list[tuple[float, Item]] = []
    for item in release.questionnaire.items:
        cell = release.cell(unit, f"item:{item.id}")
        if isinstance(cell, Cell) and cell.score is not None:
            scored.append((cell.score, item))
    if len(scored) < 2 * FEW:
        st.header(_("Strongest and weakest questions"))
        st.markdown(_("Single questions are shown from {n} answers.", n=release.policy["item"]))
        return
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    for title, part, name in (
        (_("Five strongest questions"), scored[:FEW], "manh"),
        (_("Five weakest questions"), scored[-FEW:][::-1], "yeu"),
    ):
        items = [item for _score, item in part]
        rows = [(figures.item_label(item, locale), release.cell(unit, f"item:{item.id}")) for item in items]
        sentence = _("From {first} to {last} points.", first=_.number(part[0][0]), last=_.number(part[-1][0]))
        chart.show(
            figures.item_bars(release, unit, items, locale), tables.scores(rows, _("Question"), release, locale), sentence,
            f"cau-hoi-{name}-{release.wave.id}-{unit}", release, unit, locale, title=title,
        )  # fmt: skip
