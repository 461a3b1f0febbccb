"""How are we, what is weak, what really changed: answered without a click."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import chart
from pages.widgets.organizer import plain
from pages.widgets.selection import choose, measures
from survey.access import Viewer
from survey.analyse.change import Comparison, parent_of
from survey.analyse.priorities import drivers_of, priorities
from survey.analyse.verdicts import GROUP, PREVIOUS, Verdicts
from survey.design.questionnaire import Item
from survey.disclose.release import FORMS, INDEX, Cell, Release
from survey.disseminate import figures, quality_words, sentences, tables
from survey.disseminate.look import SIGN
from survey.disseminate.report.service import MIME
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
    chart.about(release, figures.node_name(release, unit, locale), locale)
    verdicts = services.results.verdicts(viewer, release.wave.id)
    group, before, labels = parent_of(release, unit), verdicts.previous(unit), measures(release, locale)
    against = {measure: verdicts.of(unit, measure, GROUP) for measure in labels} if group else {}
    changed = {measure: verdicts.of(unit, measure, PREVIOUS) for measure in labels} if before else {}
    _figures_in_large(release, unit, against.get(INDEX), changed.get(INDEX), before, locale)
    chart.opening(_said(release, unit, group, against, changed, labels, before, locale))
    if mark := quality_words.reliability(release, unit, locale):
        st.caption(plain(mark))
    _report(services, viewer, release, unit, locale)
    if not release.visible(unit):
        return
    left, right = st.columns(2, gap="large")
    with left:
        _themes(release, unit, group, against, labels, locale)
    with right:
        _to_mend(release, unit, group, verdicts, locale)
        _changes(release, unit, changed, labels, before, locale)
    _items(release, unit, locale)
    chart.picture_format(locale)


def _report(services: Services, viewer: Viewer | None, release: Release, unit: str, locale: Locale) -> None:
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


def _said(
    release: Release, unit: str, group: str | None, against: dict[str, Comparison], changed: dict[str, Comparison], labels: dict[str, str],
    before: str | None, locale: Locale,
) -> list[str]:  # fmt: skip
    """What is good, what is not, what changed for sure; for a hidden unit why, and where its answers count."""
    if not release.visible(unit):
        return [sentences.how_we_are(release, unit, None, None, locale), sentences.where_to_look(release, unit, locale)]
    if group is None:
        good, bad = sentences.best_and_worst(release, unit, locale)
    else:
        named = [(labels[measure], one) for measure, one in against.items()]
        good, bad = sentences.good_and_bad(named, figures.node_name(release, group, locale), locale)
    return [good, bad, _changed_words(changed, labels, before, locale)]


def _figures_in_large(
    release: Release, unit: str, against: Comparison | None, change: Comparison | None, before: str | None, locale: Locale
) -> None:
    _ = locale
    index, forms, rate = release.cell(unit, INDEX), release.cell(unit, FORMS), release.response_rate(unit)
    parent = parent_of(release, unit)
    cards = [
        (
            _("Workplace culture index"),
            figures.score_of(index, _) if isinstance(index, Cell) else _("hidden"),
            _("95 % interval {low} to {high}", low=_.number(index.low), high=_.number(index.high))
            if isinstance(index, Cell) and index.low is not None
            else tables.note(index, locale) or _("0 to 100 points"),
        ),
        (
            _("Response rate (about)"),
            _.percent(rate) if rate is not None else _("hidden"),
            _("n = {n} forms", n=_.number(forms.base, 0)) if isinstance(forms, Cell) else _("n is hidden: too few answers"),
        ),
    ]
    if parent is not None:
        cards.append((_("Against {group}", group=figures.node_name(release, parent, locale)), *_difference(against, locale)))
    since = _("Since wave {wave}", wave=before) if before else _("Since the last wave")
    cards.append((since, *_difference(change, locale, _("no earlier wave with a number to compare"))))
    with st.container(key="cards"):
        for column, (label, value, said) in zip(st.columns(len(cards)), cards, strict=True):
            with column.container(border=True, height="stretch", gap=None):
                st.metric(plain(label), value)
                st.caption(plain(said))


def _difference(one: Comparison | None, locale: Locale, otherwise: str = "") -> tuple[str, str]:
    if one is None:
        return locale.number(None), otherwise
    return locale.number(one.difference, 1, sign=True), f"{SIGN[one.state]} {tables.state_words(one, locale)}".strip()


def _themes(release: Release, unit: str, group: str | None, against: dict[str, Comparison], labels: dict[str, str], locale: Locale) -> None:
    rows = [(measure, label, release.cell(unit, measure)) for measure, label in labels.items()]
    held = {measure: (release.cell(group, measure), one) for measure, one in against.items()} if group else None
    chart.show(
        figures.theme_bars(release, unit, group, locale, against), tables.scores(rows, release, locale, held),
        sentences.strong_and_weak(release, unit, locale), f"nhom-noi-dung-{release.wave.id}-{unit}", release, unit, locale,
        title=locale("Themes"),
    )  # fmt: skip


def _to_mend(release: Release, unit: str, group: str | None, verdicts: Verdicts, locale: Locale) -> None:
    _ = locale
    st.header(_("Three things to mend first"))
    found = priorities(release, unit, verdicts)
    if not found:
        st.markdown(_("Single questions are shown from {n} answers.", n=release.policy["item"]))
        return
    st.markdown(
        "\n".join(f"1. **{plain(figures.item_label(one.item, locale))}** {plain(sentences.priority(one, locale))}" for one in found)
    )
    st.caption(plain(sentences.priority_rule(group, bool(drivers_of(release, unit)), locale)))


def _changed_words(changed: dict[str, Comparison], labels: dict[str, str], before: str | None, locale: Locale) -> str:
    themes = [(labels[measure], one) for measure, one in changed.items() if measure != INDEX]
    return sentences.what_changed(themes, before, locale)


def _changes(
    release: Release, unit: str, changed: dict[str, Comparison], labels: dict[str, str], before: str | None, locale: Locale
) -> None:
    _ = locale
    wave = before
    sentence = _changed_words(changed, labels, before, locale)
    if wave is None or all(one.difference is None for one in changed.values()):
        st.header(_("Change since the last wave"))
        st.markdown(plain(sentence))
        return
    sentence += " " + _(
        "Filled bars: clear changes. Hollow bars: chance, or less than {points} points.", points=_.number(release.policy["smallest"], 0)
    )
    rows = [(measure, labels[measure], one) for measure, one in changed.items()]
    chart.show(
        figures.change_bars([label for _m, label, _one in rows], list(changed.values()), release, unit, wave, locale),
        tables.changes(rows, wave, release, locale), sentence, f"thay-doi-{release.wave.id}-{unit}", release, unit, locale,
        title=_("Change since the last wave"),
    )  # fmt: skip


def _items(release: Release, unit: str, locale: Locale) -> None:
    _ = locale
    scored: list[tuple[float, Item]] = []
    for item in release.questionnaire.items:
        cell = release.cell(unit, f"item:{item.id}")
        if isinstance(cell, Cell) and cell.score is not None:
            scored.append((cell.score, item))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    if len(scored) < 2 * FEW:
        return
    parts = ((_("Five strongest questions"), scored[:FEW], "manh"), (_("Five weakest questions"), scored[-FEW:][::-1], "yeu"))
    for column, (title, part, name) in zip(st.columns(2, gap="large"), parts, strict=True):
        items = [item for _score, item in part]
        rows = [(f"item:{item.id}", figures.item_label(item, locale), release.cell(unit, f"item:{item.id}")) for item in items]
        with column:
            chart.show(
                figures.item_bars(release, unit, items, title, locale), tables.scores(rows, release, locale),
                _("From {first} to {last} points.", first=_.number(part[0][0]), last=_.number(part[-1][0])),
                f"cau-hoi-{name}-{release.wave.id}-{unit}", release, unit, locale, title=title,
            )  # fmt: skip
