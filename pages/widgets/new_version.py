"""A new version of a questionnaire before it is saved: its name, what it changes against an earlier one, and the button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from survey.access import Viewer
from survey.analyse.versions import Change, Changed, difference
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import INDEX
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def questionnaire_name(one: Questionnaire, locale: Locale) -> str:
    return f"{locale.pick(one.title_vi, one.title_en)} ({one.id} {one.version})"


def save(services: Services, viewer: Viewer | None, read: Questionnaire, locale: Locale, *, possible: bool = True) -> bool:
    """The button; whether it was clicked and the version stored. `possible`: nothing stands against it."""
    _ = locale
    label = _("Save the questionnaire {id} {version}", id=desk.plain(read.id), version=desk.plain(read.version))
    if not st.button(label, type="primary", disabled=not possible):
        return False
    services.design.save_questionnaire(viewer, read)
    desk.tell(_("The questionnaire {title} has been saved. New waves will use it.", title=desk.plain(questionnaire_name(read, _))))
    return True


def what_changes(read: Questionnaire, stored: tuple[Questionnaire, ...], locale: Locale, *, begun_from: str = "") -> None:
    """What the new version changes against an earlier one, and what that does to the series.

    `begun_from`: the version to compare with at first; the newest where none is named.
    """
    _ = locale
    earlier = {one.version: one for one in stored if one.id == read.id}
    if not earlier:
        return
    st.header(_("What changes, and what that does to the series"))
    versions = list(earlier)
    first = versions.index(begun_from) if begun_from in versions else len(versions) - 1
    against = st.selectbox(_("Compared with version"), versions, index=first)
    found = difference(earlier[against], read)
    if not (found.themes or found.questions):
        st.markdown(_("No theme and no question differs from version {version}.", version=desk.plain(against)))
    else:
        heads = (_("Theme or question"), _("What changed"), _("In the earlier version"), _("In the new version"), _("Its series"))
        rows = [(one.id, _kind(one, _), one.before, one.after, _series(one, _)) for one in (*found.themes, *found.questions)]
        st.table([dict(zip(heads, map(desk.plain, row), strict=True)) for row in rows], hide_index=True)
        if any(not one.scored for one in found.questions):
            st.caption(
                _(
                    "No series: open questions and questions about the respondent are told for each wave by itself, and compared with no other."
                )
            )
    names = {f"theme:{theme.id}": _.pick(theme.vi, theme.en) for theme in earlier[against].themes} | {INDEX: _("Index")}
    if ended := [(names[measure], reason) for measure, reason in found.series if reason]:
        st.warning(
            _("These series end with this version; their trend begins anew:")
            + "".join(f"\n- {desk.plain(name)}: {_(reason)}" for name, reason in ended)
        )
    else:
        st.success(_("The index and every theme can be compared with version {version}.", version=desk.plain(against)))


def _kind(one: Changed, locale: Locale) -> str:
    _ = locale
    return f"{_(one.kind)} ({', '.join(_(aspect) for aspect in one.aspects)})" if one.aspects else _(one.kind)


def _series(one: Changed, locale: Locale) -> str:
    _ = locale
    if not one.scored:
        return _("none")
    if one.kind is Change.NEW:
        return _("begins with this version")
    if one.kind is Change.GONE:
        return _("ends")
    return _("ends: {reason}", reason=_(one.breaks)) if one.breaks else _("goes on")
