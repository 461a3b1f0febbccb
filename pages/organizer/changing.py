"""An open wave off the straight road: shut or reopen its box, a later last day, an opening taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from survey.access import Viewer
from survey.collect.keys import KeyShare
from survey.design.wave import Wave
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def render(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, shares: Sequence[KeyShare]) -> None:
    """`shares`: unlocked on this page, enough of them or none."""
    _ = locale
    st.header(_("Something else"))
    with desk.refusals(_):
        _door(services, viewer, _, wave)
    with st.expander(_("A later last day")):
        day = st.date_input(
            _("New last day"),
            max(wave.closes, services.clock.today()) + timedelta(days=1),
            min_value=wave.closes + timedelta(days=1),
            format="DD/MM/YYYY",
        )
        st.markdown(_("Respondents see the new day on their page. Slips already printed name the old one."))
        if st.button(_("Extend the wave")) and isinstance(day, date):
            _do(
                lambda: services.changing.extend(viewer, wave.id, day, services.clock.today()),
                _("The wave runs until {day}.", day=_.day(day)),
                _,
            )
    with st.expander(_("It was opened by mistake")):
        _cancel(services, viewer, _, wave, shares)


def _door(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    if services.changing.is_shut(viewer, wave.id):
        st.warning(_("The box is shut: whoever comes is told that the ballots are being counted. Close the wave, or reopen the box."))
        if st.button(_("Reopen the box")):
            _do(lambda: services.changing.reopen(viewer, wave.id), _("The box is open again; answers are taken."), _)
        return
    with st.expander(_("Stop taking answers now, close later")):
        st.markdown(_("The box is shut and can be reopened as long as it has not been counted."))
        if st.button(_("Shut the box")):
            _do(lambda: services.changing.shut(viewer, wave.id), _("The box is shut."), _)


def _cancel(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, shares: Sequence[KeyShare]) -> None:
    _ = locale
    st.markdown(
        _(
            "Destroyed for good: every answer given so far, the key of the box, invitations and their credentials. The wave becomes a draft again, its slips stay good. The key shares are needed, as for closing."
        )
    )
    sure = st.checkbox(_("Yes, destroy the answers and take back the opening of {wave}", wave=desk.plain(wave.id)))
    if st.button(_("Take back the opening"), disabled=not (sure and shares)):
        desk.renew("close")  # the passphrases leave the page
        _do(lambda: services.changing.cancel(viewer, wave.id, shares), _("The opening is taken back; the wave is a draft again."), _)


def _do(act: Callable[[], object], told: str, locale: Locale) -> None:
    with desk.refusals(locale):
        act()
        desk.tell(told)
        st.rerun()
