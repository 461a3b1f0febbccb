"""Opening a wave: the key is made, its shares leave the server, answers can come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.widgets import organizer as desk
from survey.access import Permission, Viewer
from survey.collect.keys import KeyShare, join_key
from survey.design.wave import Wave, WaveState
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.WAVES_EDIT)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    desk.header(
        _,
        _("Open a wave"),
        _(
            "Opening makes the key of the ballot box. The server keeps only the half that seals; the half that opens is divided into shares, and you hand each to one custodian."
        ),
    )
    shares = desk.kept("shares", dict)
    if shares is not None:
        _hand_over(services.design.wave(viewer, shares["wave"]), shares, _)
        return
    wave = desk.choose_wave(services, viewer, _, (WaveState.DRAFT,), _("No draft is waiting to be opened."))
    if wave is None:
        return
    if wave.state is not WaveState.DRAFT:
        st.info(_("This wave has been opened. Its key shares left the server then; only the custodians have them."))
        desk.link(_, desk.FIELDWORK, _("See participation"), wave=wave.id)
    elif not any(part.given for part in services.fieldwork.participation(viewer, wave.id)):
        st.info(_("This wave has no codes yet. Print the slips first."))
        desk.link(_, desk.SLIPS, _("Print the slips"), wave=wave.id)
    else:
        _open(services, viewer, _, wave)


def _open(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave) -> None:
    _ = locale
    plan = wave.plan
    st.markdown(
        "\n".join(
            (
                "1. "
                + _(
                    "{shares} key shares are made, one file for each custodian; any {needed} of them open the box.",
                    shares=plan.shares,
                    needed=plan.shares_needed,
                ),
                "2. " + _("The wave opens at once: people with a slip can answer until {day}.", day=_.day(wave.closes)),
                "3. " + _("You save the files and hand each one to its custodian. The server keeps no copy."),
            )
        )
    )
    st.warning(
        _(
            "Without the shares the box can never be opened and all answers are lost. Open the wave only when the custodians are ready to receive their files, and do not close or reload this tab before they are saved."
        )
    )
    if plan.shares == 1:
        st.warning(_("This wave has one share only: one person can open the box alone. Use it for trials only."))
    ready = st.checkbox(_("The custodians are ready to receive their files"))
    if st.button(_("Make the key and open the wave"), type="primary", disabled=not ready):
        _opened, made = services.fieldwork.open_wave(viewer, wave.id)
        desk.keep("shares", {"wave": wave.id, "shares": made})
        st.rerun()


def _hand_over(wave: Wave, kept: dict[str, Any], locale: Locale) -> None:
    _ = locale
    shares: tuple[KeyShare, ...] = kept["shares"]
    st.header(_("Wave {wave}: hand over the key shares now", wave=desk.plain(wave.id)))
    st.success(_("The wave is open. The shares are only in this browser tab."))
    st.error(
        _(
            "Save every file before you close or reload this tab. Without {needed} of the {shares} shares the box can never be opened.",
            needed=shares[0].needed,
            shares=len(shares),
        )
    )
    for share in shares:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                _("Save share {number} of {shares}", number=share.number, shares=len(shares)), share.to_bytes(),
                f"khoa-{wave.id}-phan-{share.number}.json", "application/json", type="primary", on_click="ignore", key=f"share.{share.number}",
            )  # fmt: skip
            st.checkbox(_("Handed over to custodian {number}", number=share.number), key=f"handed.{share.number}")
    st.markdown(
        _("One file for each custodian, on a USB stick or another device of their own; never two on one device, never by e-mail or Zalo.")
    )
    _trial(wave, _)
    handed = all(st.session_state.get(f"handed.{share.number}") for share in shares)
    if st.button(_("Each share has been handed over"), disabled=not handed):
        desk.forget("shares")
        desk.go(desk.FIELDWORK, wave=wave.id)


def _trial(wave: Wave, locale: Locale) -> None:
    """Try the saved files: they must open the box on the closing day. Nothing is opened and nothing stored."""
    _ = locale
    with st.expander(_("Try the saved files (recommended)")):
        files = st.file_uploader(_("Choose the saved share files"), type="json", accept_multiple_files=True, key="trial")
        if files and wave.public_key is not None:
            with desk.refusals(_):
                join_key(wave.id, wave.public_key, [KeyShare.from_bytes(file.getvalue()) for file in files])
                st.success(_("These files open the box. The trial has opened nothing."))
