"""Opening a wave, first part: the custodians choose their passphrases and the key is made and tried.

The wave stays a draft until the saved shares have opened a canary ballot (handing_over.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.organizer import handing_over
from pages.widgets import organizer as desk
from pages.widgets.waves import choose_wave
from survey.access import Permission, Viewer
from survey.collect import passphrases
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

FIELDS = "passphrases"


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Open a wave"),
        _(
            "Opening makes the key of the ballot box. The server keeps only the half that seals; the half that opens is divided into shares, one for each custodian, protected by a passphrase only the custodian knows."
        ),
    )
    made = desk.kept("key", dict)
    if made is not None:
        handing_over.render(services, viewer, _, services.design.wave(viewer, made["wave"]), made["key"])
        return
    wave = choose_wave(services, viewer, _, (WaveState.DRAFT,), _("No draft is waiting to be opened."))
    if wave is None:
        return
    if wave.state is not WaveState.DRAFT:
        st.info(_("This wave has been opened. Its key shares left the server then; only the custodians have them."))
        desk.link(_, desk.FIELDWORK, _("See participation"), wave=wave.id)
    elif not any(part.given for part in services.fieldwork.participation(viewer, wave.id)):
        st.info(_("This wave has no codes yet. Print the slips first."))
        desk.link(_, desk.SLIPS, _("Print the slips"), wave=wave.id)
    else:
        _make_key(services, viewer, _, wave)


def _make_key(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    plan = wave.plan
    steps = (
        _("Each custodian types a passphrase of their own here. Nobody else looks."),
        _("{shares} shares are made; any {needed} of them open the box.", shares=plan.shares, needed=plan.shares_needed),
        _("Each custodian takes a file and a printed sheet. The server keeps no copy."),
        _("The saved files are tried. Only then the wave opens; people with a slip can answer until {day}.", day=_.day(wave.closes)),
    )
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
    if plan.shares == 1:
        st.warning(
            _(
                "This wave has one share only: one person can open the box alone, and everybody who answers is told so. Use it for trials only."
            )
        )
    st.header(_("1. The custodians' passphrases"))
    st.markdown(_(passphrases.WHY, least=passphrases.LEAST))
    # A form: Streamlit does not send a password when Tab leaves its field.
    with st.form(desk.renewed(FIELDS), border=False):
        typed = [_fields(number, plan.shares, _) for number in range(1, plan.shares + 1)]
        made = st.form_submit_button(_("Make the key and try it"), type="primary")
    if made and (chosen := _agreed(typed, _)):
        with st.spinner(_("Making the key, protecting the shares, opening a canary ballot…")):
            key = services.fieldwork.make_key(viewer, wave.id, chosen)
        desk.keep("key", {"wave": wave.id, "key": key})
        desk.forget(*(f"suggested.{number}" for number in range(1, plan.shares + 1)))
        desk.renew(FIELDS)
        st.rerun()


def _fields(number: int, of: int, locale: Locale) -> tuple[str, str, DeltaGenerator]:
    """One custodian's passphrase as typed twice, and the place for what is wrong with it."""
    _ = locale
    key = f"{desk.renewed(FIELDS)}.{number}"
    with st.container(border=True):
        st.markdown(f"**{_('Custodian {number} of {shares}', number=number, shares=of)}**")
        left, right = st.columns(2)
        first = left.text_input(_("Passphrase"), type="password", autocomplete="new-password", key=f"{key}.first")
        second = right.text_input(_("The same once more"), type="password", autocomplete="new-password", key=f"{key}.second")
        with st.popover(_("Suggest a passphrase")):
            suggestion = desk.kept(f"suggested.{number}", str) or passphrases.suggested()
            desk.keep(f"suggested.{number}", suggestion)
            st.markdown(_("Made at random. Write it down, keep the paper apart from the share, then type it twice."))
            st.code(suggestion, language=None)
        return first, second, st.container()


def _agreed(typed: list[tuple[str, str, DeltaGenerator]], locale: Locale) -> list[str]:
    """The passphrases, if each is good, was typed twice alike and is unlike the others; else says what is wrong, in its place."""
    _ = locale
    found: list[str] = []
    for first, second, place in typed:
        with place, desk.refusals(_):
            passphrase = passphrases.checked(first)
            if passphrase != passphrases.canonical(second):
                st.error(_("The two passphrases are not the same."))
            elif passphrase in found:
                st.error(_("Each of the {shares} custodians needs a passphrase of their own.", shares=len(typed)))
            else:
                found.append(passphrase)
    return found if len(found) == len(typed) else []
