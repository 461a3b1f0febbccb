"""The organizer's home: every wave, what is done, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.checklist import DONE, LATER, NEXT, checklist
from pages.widgets.trying import trying
from pages.widgets.waves import describe, invited_units, wave_name
from survey.access import Permission, Viewer
from survey.collect.invitations import InvitedUnit
from survey.design.wave import Origin, Wave, WaveState
from survey.disseminate import sentences
from survey.errors import N_
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

# Every step of a wave: its name, the page that does it, and what the button says.
STEPS = (
    (N_("Create the wave"), desk.NEW, ""),
    (N_("Print the slips; invite by e-mail where a unit wishes it"), desk.SLIPS, N_("Print the slips")),
    (N_("Open the wave: make the key, hand over its shares"), desk.OPENING, N_("Open the wave")),
    (N_("Let every member of staff draw a slip; watch participation"), desk.FIELDWORK, N_("See participation")),
    (N_("Close the wave and count"), desk.CLOSE, N_("Close the wave")),
    (N_("Check the results"), desk.DOWNLOADS, N_("Download and check the results")),
    (N_("Publish for the leaders"), desk.CLOSE, N_("Publish")),
)


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(_, _("Survey waves"), _("For every wave: what is done, and what comes next."), home=True)
    waves = services.design.waves(viewer)
    if _ready(services, viewer, _) and st.button(_("Create a wave"), type="secondary" if _running(waves) else "primary"):
        desk.go(desk.NEW)
    for wave in _running(waves):
        _card(services, viewer, _, wave)
    _finished([wave for wave in reversed(waves) if wave.state is WaveState.PUBLISHED], _)


def _running(waves: tuple[Wave, ...]) -> list[Wave]:
    return [wave for wave in reversed(waves) if wave.state is not WaveState.PUBLISHED]


def _ready(services: Services, viewer: Viewer | None, locale: Locale) -> bool:
    """Units and a questionnaire come first; says so, with the way there."""
    _ = locale
    have = (bool(len(services.design.units(viewer))), bool(services.design.questionnaires(viewer)))
    if all(have):
        return True
    st.header(_("Before the first wave"))
    first = NEXT if not have[0] else DONE
    second = DONE if have[1] else NEXT if have[0] else LATER
    checklist([(_("Import the units and their headcounts"), first, ""), (_("Import a questionnaire"), second, "")], _)
    path, label = (desk.QUESTIONNAIRES, _("Import a questionnaire")) if have[0] else (desk.UNITS, _("Import the units"))
    if st.button(label, type="primary"):
        desk.go(path)
    return False


def next_step(wave: Wave, reached: bool, days: int) -> int:
    """The place in STEPS of what is to be done now. `reached`: slips are printed, or every unit is invited."""
    if wave.state is WaveState.DRAFT:
        return 2 if reached else 1
    if wave.state is WaveState.OPEN:
        return 3 if days >= 0 else 4
    return {WaveState.CLOSED: 5}.get(wave.state, len(STEPS))


def _card(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    invited = invited_units(services, viewer, wave)
    running = wave.state in (WaveState.DRAFT, WaveState.OPEN)
    printed = services.fieldwork.slips_made(viewer, wave.id) if running else 0
    everybody = all(node.id in invited for node in wave.plan.nodes if node.reporting)
    days = services.fieldwork.days_left(wave, services.clock.today())
    now = next_step(wave, bool(printed) or everybody, days)
    notes = {
        0: _("Plan hash {hash}", hash=wave.plan.hash[:16]),
        1: " · ".join(_reached(printed, tuple(invited.values()), _)),
        3: _("{n} days left", n=days) if wave.state is WaveState.OPEN and days >= 0 else "",
    }
    with st.container(border=True):
        st.header(desk.plain(wave_name(wave, _)))
        st.markdown(describe(wave, _))
        states = [DONE if place < now else NEXT if place == now else LATER for place in range(len(STEPS))]
        checklist([(_(name), states[place], notes.get(place, "")) for place, (name, _path, _go) in enumerate(STEPS)], _)
        with st.container(horizontal=True):
            for place in _actions(wave, now):
                if st.button(_(STEPS[place][2]), type="primary" if place == now else "secondary", key=f"go.{wave.id}.{place}"):
                    desk.go(STEPS[place][1], wave=wave.id)
            if wave.state is WaveState.DRAFT and st.button(_("Edit the draft"), key=f"go.{wave.id}.edit"):
                desk.go(desk.EDITING, wave=wave.id)
            if (wave.state is WaveState.DRAFT or invited) and st.button(_("Invite by e-mail"), key=f"go.{wave.id}.mail"):
                desk.go(desk.INVITATIONS, wave=wave.id)
        if wave.state is WaveState.DRAFT:
            with st.expander(_("Try it on a phone; nothing is counted")):
                trying(desk.address_of(services, wave.site), services.trials.of_wave(viewer, wave.id, services.clock.today()), _)
            _delete(services, viewer, _, wave, printed)


def _reached(printed: int, invited: tuple[InvitedUnit, ...], locale: Locale) -> list[str]:
    _ = locale
    waiting = sum(unit.waiting for unit in invited)
    said = [_("{n} codes made", n=_.number(printed, 0))] if printed else []
    said += [_("{n} people invited by e-mail", n=_.number(sum(unit.people for unit in invited), 0))] if invited else []
    return said + ([_("{n} letters not sent yet", n=_.number(waiting, 0))] if waiting else [])


def _actions(wave: Wave, now: int) -> tuple[int, ...]:
    if wave.state is WaveState.OPEN:
        return (3, 4) if now == 3 else (4, 3)
    return (5, 6) if wave.state is WaveState.CLOSED else (now,)


def _delete(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, printed: int) -> None:
    _ = locale
    with st.expander(_("Delete this draft")):
        st.markdown(_("What will be lost: the wave {wave}, its plan, and nothing else. No answers exist yet.", wave=desk.plain(wave.id)))
        if printed:
            st.warning(_("{n} codes have been made. Slips already printed will be refused: destroy them.", n=_.number(printed, 0)))
        sure = st.checkbox(_("Yes, delete the draft {wave}", wave=desk.plain(wave.id)), key=f"sure.{wave.id}")
        if st.button(_("Delete the draft"), disabled=not sure, key=f"delete.{wave.id}"):
            with desk.refusals(_):
                services.design.delete_draft(viewer, wave.id)
                desk.tell(_("The draft {wave} has been deleted.", wave=desk.plain(wave.id)))
                st.rerun()


def _finished(waves: list[Wave], locale: Locale) -> None:
    _ = locale
    if not waves:
        return
    origins = {
        Origin.COLLECTED: _("Collected here"),
        Origin.COUNTS: _("Imported counts"),
        Origin.RESPONSES: _("Imported answers"),
        Origin.SCORES: _("Imported scores (printed by another body)"),
    }
    st.header(_("Published waves"))
    rows = [
        {
            _("Wave"): desk.plain(wave_name(wave, _)),
            _("Closed on"): _.day(wave.closes),
            _("Origin"): origins[wave.origin] + (" · " + _("Illustrative figures") if wave.illustrative else ""),
        }
        for wave in waves
    ]
    st.table(rows, hide_index=True)
    for wave in waves:
        if said := sentences.provenance(wave, _):
            st.caption(f"**{desk.plain(wave.id)}**: {desk.plain(said)}")
    desk.link(_, desk.DOWNLOADS, _("Download results"))
