"""What an import would store: counts before and after recoding, what is hidden, who sees what; then the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.work import Work, finish
from survey.access import Viewer
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import FORMS, INDEX, Cell, Release
from survey.errors import N_
from survey.i18n import Locale
from survey.publish.preview import ItemPreview, Prepared, WavePreview
from survey.publish.preview_scores import ScoresPreview

if TYPE_CHECKING:
    from bootstrap import Services

IMPORTING = N_("Counting, hiding what must be hidden, attacking the result")
Before = Mapping[str, Mapping[str, tuple[int, str | None]]]  # item -> what stands in its column -> (rows, what it means)
_LISTED = 12


@dataclass(frozen=True)
class Looked:
    """What was prepared, and of what: a file, its mapping and the choices."""

    chosen: tuple[object, ...]
    prepared: Prepared


def render(
    services: Services, viewer: Viewer | None, prepare: Callable[[], Prepared], chosen: tuple[object, ...], locale: Locale,
    before: Before | None = None,
) -> None:  # fmt: skip
    _ = locale
    looked = desk.kept("looked", Looked)
    if looked is None or looked.chosen != chosen:
        if st.button(_("Look at the result"), type="primary"):

            def do(progress: Any) -> Looked:
                progress(0.1, IMPORTING)
                return Looked(chosen, prepare())

            desk.keep("looking", Work(do))
        done = finish("looking", _, _("You may leave this page; the counting goes on by itself."))
        if done is not None:
            desk.keep("looked", done)
            st.rerun()
        return
    _show(looked.prepared, before or {}, _)
    st.markdown(_("The draft is seen by organizers only. You publish it afterwards with a second click, and can take that back."))
    sure = st.checkbox(_("The figures are right"), key=f"{desk.renewed('imports')}.sure")
    if st.button(_("Store as a draft"), type="primary", disabled=not sure):
        prepared = looked.prepared

        def store(progress: Any) -> tuple[str, ...]:
            progress(0.5, IMPORTING)
            services.importing.store(viewer, prepared.releases, prepared.comments, draft=True)
            return tuple(release.wave.id for release in prepared.releases)

        desk.keep("importing", Work(store))
        finish_storing(_)


def finish_storing(locale: Locale) -> None:
    """Wait for a storing that has begun; then begin anew."""
    _ = locale
    with desk.refusals(_):
        waves = finish("importing", _, _("You may leave this page; the import goes on by itself."))
        if waves is not None:
            desk.forget("looked", "mapping")
            desk.renew("imports")
            desk.tell(_("Stored as a draft: {waves}. Nobody but organizers sees it.", waves=desk.plain(", ".join(waves))))
            st.rerun()


def _show(prepared: Prepared, before: Before, locale: Locale) -> None:
    _ = locale
    for said in prepared.said:
        st.info(desk.plain(said.text(_)))
    st.success(_("The file can be read. Compare these figures with your own records:"))
    if scores := [one for one in prepared.previews if isinstance(one, ScoresPreview)]:
        st.table([_scores(one, _) for one in scores], hide_index=True)
    for release, preview in zip(prepared.releases, prepared.previews, strict=True):
        if not isinstance(preview, WavePreview):
            continue
        st.header(_("Wave {wave}: {forms} forms, {units} units", wave=desk.plain(preview.wave), forms=_.number(preview.forms, 0),
                    units=_.number(sum(n > 0 for n in preview.units.values()), 0)))  # fmt: skip
        with st.expander(_("Every question, before and after recoding"), expanded=True):
            st.table([_item(release.questionnaire, one, before.get(one.item.id), _) for one in preview.items if one.asked], hide_index=True)
        st.subheader(_("What is hidden, what is shown, and to whom"))
        _disclosed(release, preview, len(prepared.comments.get(preview.wave, ())), _)


def _scores(preview: ScoresPreview, locale: Locale) -> dict[str, str]:
    _ = locale
    return {
        _("Wave"): desk.plain(preview.wave),
        _("Units"): _.number(preview.units, 0),
        _("Printed numbers"): _.number(preview.numbers, 0),
        _("of these without a base"): _.number(preview.without_base, 0),
        _("of these hidden"): _.number(preview.hidden, 0),
    }


def _item(asked: Questionnaire, one: ItemPreview, before: Mapping[str, tuple[int, str | None]] | None, locale: Locale) -> dict[str, str]:
    """Two columns, so that a telephone shows both: the question, and what became of its answers."""
    _ = locale
    labels = {point.value: _.pick(point.vi, point.en) for point in asked.scale_of(one.item.id).points}
    after = " · ".join(f"{value}{'' if before else f' {labels[value]}'}: {_.number(n, 0)}" for value, _label, _score, n in one.points)
    outside = _("don't know: {unknown}, no answer: {empty}", unknown=_.number(one.dont_know, 0), empty=_.number(one.empty, 0))
    direction = _("a low answer is the good one") if one.low_is_good else _("a high answer is the good one")
    said = f"{after}; {outside}"
    if before:
        listed = [
            f"{value[:40]}: {_.number(n, 0)} → {meant or _('no answer')}"
            for value, (n, meant) in sorted(before.items(), key=lambda one: one[1][1] or "")[:_LISTED]
        ]
        said = f"{' · '.join([*listed, *(['…'] if len(before) > _LISTED else [])])} ⇒ {said}"
    row = {
        _("Question"): f"{one.item.id} {_.pick(one.item.vi, one.item.en)} ({direction})",
        _("In the file → as it will be counted") if before else _("As it will be counted"): said,
    }
    return {name: desk.plain(text) for name, text in row.items()}


def _disclosed(release: Release, preview: WavePreview, comments: int, locale: Locale) -> None:
    _ = locale
    cells = release.cells
    rows = []
    for node in release.nodes():
        mine = cells[cells["unit"] == node.id]
        forms, index = release.cell(node.id, FORMS), release.cell(node.id, INDEX)
        rows.append(
            {
                _("Unit"): desk.plain(_.pick(node.name_vi, node.name_en)),
                _("Forms in the file"): _.number(preview.units[node.id], 0) if node.id in preview.units else "",
                _("Forms shown"): _.number(forms.base, 0) if isinstance(forms, Cell) else _("hidden"),
                _("Index (0 to 100)"): _.number(index.score) if isinstance(index, Cell) else _("hidden"),
                _("Numbers shown"): _.number(int((mine["reason"] == "").sum()), 0),
                _("Numbers hidden"): _.number(int((mine["reason"] != "").sum()), 0),
            }
        )
    st.table(rows, hide_index=True)
    top = desk.plain(", ".join(_.pick(node.name_vi, node.name_en) for node in release.nodes() if node.parent is None))
    lines = [
        _("Before you publish: organizers only."),
        _("Afterwards everybody, without an account: forms, index and themes of {unit}, no unit below it.", unit=top),
        _("Leaders: what is shown of their unit and of those below it, questions and breakdowns too."),
        _("Nobody: what is hidden. It is not stored anywhere."),
    ]
    if comments:
        lines.append(_("{n} comments: leaders see them once you have looked at them.", n=_.number(comments, 0)))
    st.markdown("\n".join(f"- {line}" for line in lines))
