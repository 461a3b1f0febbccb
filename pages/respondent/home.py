"""The front door: enter a code, or read what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.respondent.links import plain_link
from pages.widgets.begin import begin_here
from pages.widgets.organisation import organisation
from pages.widgets.organizer import plain
from survey.access import Viewer
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    organisation(services, _)
    st.title(_("Anonymous staff survey on workplace culture"))
    surface = services.settings.surface
    if surface == "all" and not services.collect.open_waves() and begin_here(services, _):
        return
    if surface != "results":
        _answer(services, _)
    with st.container(horizontal=True):
        plain_link(_("How anonymity is kept"), "/privacy", _)
        if surface != "respond":
            plain_link(_("Public results"), "/public", _)
            if viewer is None:
                plain_link(_("Sign in"), "/login", _)


def _answer(services: Services, locale: Locale) -> None:
    _ = locale
    refusal = services.collect.refusal(services.clock.today())
    waves = () if refusal else services.collect.open_waves()
    for wave in waves:
        st.markdown(
            f"**{plain(_.pick(wave.title_vi, wave.title_en))}** · "
            + _("open until {day}", day=_.day(wave.closes))
            + (" · " + _("Illustrative figures") if wave.illustrative else "")
        )
    if refusal is None:
        plain_link(_("Enter your code and answer"), "/p", _, first=True)
        st.write(_("The code stands on the slip you drew. You need no account and give no name. It takes about five minutes."))
    else:
        st.info(refusal.text(_))
    if contact := services.settings.contact:
        st.write(_("Questions about this survey: {contact}", contact=plain(contact)))
