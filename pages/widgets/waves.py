"""A wave on the organizer's pages: its name, its state in words, the choice of one, and how far its people are asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets.organizer import plain
from pages.widgets.selection import instead_of
from survey.access import Viewer
from survey.collect.invitations import InvitedUnit
from survey.design.wave import Wave, WaveState
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

STATES = {
    WaveState.DRAFT: N_("Draft"),
    WaveState.OPEN: N_("In the field"),
    WaveState.CLOSED: N_("Closed, not yet published"),
    WaveState.PUBLISHED: N_("Published"),
}


def wave_title(wave: Wave, locale: Locale) -> str:
    return locale.pick(wave.title_vi, wave.title_en) or wave.id


def wave_name(wave: Wave, locale: Locale) -> str:
    """The title, with the id where the title does not say it."""
    title = wave_title(wave, locale)
    return title if wave.id in title.split() else f"{title} ({wave.id})"


def invited_units(services: Services, viewer: Viewer | None, wave: Wave) -> dict[str, InvitedUnit]:
    """The units with personal invitations, by id; none once the wave is closed."""
    if wave.state not in (WaveState.DRAFT, WaveState.OPEN):
        return {}
    return {unit.node.id: unit for unit in services.invitations.units(viewer, wave.id)}


def describe(wave: Wave, locale: Locale) -> str:
    """One line (Markdown): state, days, and whether the figures are illustrative."""
    _ = locale
    parts = [f"**{_(STATES[wave.state])}**", _("{opens} to {closes}", opens=_.day(wave.opens), closes=_.day(wave.closes))]
    if wave.illustrative:
        parts.append(f"**{_('Illustrative figures')}**")
    return " · ".join(parts)


def choose_wave(
    services: Services, viewer: Viewer | None, locale: Locale, states: Collection[WaveState], none: str, past: str = ""
) -> Wave | None:
    """The wave of the address, else one of those in `states`; says `none` where there is nothing to choose.

    `past`: what is said, instead of giving it, of a wave of the address in another state.
    """
    _ = locale
    asked = st.query_params.get("wave")
    waves = {wave.id: wave for wave in reversed(services.design.waves(viewer)) if wave.state in states or wave.id == asked}
    if not waves:
        st.info(none)
        return None
    ids = list(waves)
    chosen = asked if asked in waves else ids[0]
    if unknown := asked is not None and asked not in waves:
        del st.query_params["wave"]
    if len(ids) > 1:
        chosen = st.selectbox(
            _("Wave"), ids, index=ids.index(chosen), format_func=lambda one: wave_name(waves[one], _), key="organizer.wave"
        )
        st.query_params["wave"] = chosen
    else:
        st.header(plain(wave_title(waves[chosen], _)))
    if unknown:
        instead_of(str(asked), wave_name(waves[chosen], _), _)
    st.markdown(describe(waves[chosen], _))
    if past and waves[chosen].state not in states:
        st.info(past)
        return None
    return waves[chosen]
