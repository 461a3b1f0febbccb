"""Imported waves: drafts to be published or thrown away, published ones that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import wave_name
from survey.access import Viewer
from survey.design.wave import Origin, Wave, WaveState
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    imported = [wave for wave in reversed(services.design.waves(viewer)) if wave.origin is not Origin.COLLECTED]
    drafts = [wave for wave in imported if wave.state is WaveState.CLOSED]
    public = [wave for wave in imported if wave.state is WaveState.PUBLISHED]
    if drafts:
        st.header(_("Drafts that nobody else sees"))
        for wave in drafts:
            _draft(services, viewer, wave, _)
    if public:
        with st.expander(_("Published imports ({n})", n=len(public))):
            for wave in public:
                _published(services, viewer, wave, _)


def _draft(services: Services, viewer: Viewer | None, wave: Wave, locale: Locale) -> None:
    _ = locale
    with st.container(border=True):
        st.markdown(f"**{desk.plain(wave_name(wave, _))}** · {_('from the file {file}', file=desk.plain(wave.note))}")
        with st.container(horizontal=True):
            if st.button(_("Publish the wave {wave}", wave=desk.plain(wave.id)), type="primary", key=f"publish.{wave.id}"):
                with desk.refusals(_):
                    services.closing.publish(viewer, wave.id, comments_later=True)
                    desk.tell(_("The wave {wave} is published.", wave=desk.plain(wave.id)))
                    st.rerun()
            if not services.drafts.was_public(viewer, wave.id) and st.button(_("Throw the draft away"), key=f"discard.{wave.id}"):
                with desk.refusals(_):
                    services.drafts.discard(viewer, wave.id)
                    desk.tell(_("The draft {wave} has been thrown away.", wave=desk.plain(wave.id)))
                    st.rerun()
        desk.link(_, desk.DOWNLOADS, _("Download and check the results"), wave=wave.id)
        if services.closing.unseen(wave.id):
            desk.link(_, desk.COMMENTS, _("Look at the comments"), wave=wave.id)


def _published(services: Services, viewer: Viewer | None, wave: Wave, locale: Locale) -> None:
    _ = locale
    st.markdown(f"**{desk.plain(wave_name(wave, _))}** · {_('from the file {file}', file=desk.plain(wave.note))}")
    if st.button(_("Withdraw the publication of {wave}", wave=desk.plain(wave.id)), key=f"withdraw.{wave.id}"):
        with desk.refusals(_):
            services.drafts.withdraw(viewer, wave.id)
            desk.tell(_("The wave {wave} is no longer published; only organizers see it.", wave=desk.plain(wave.id)))
            st.rerun()
