"""Opening a wave, second part: shares are saved, tried from what was saved, and the wave opens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.shares import unlocked_shares
from survey.access import Viewer
from survey.collect.keys import BoxKey, KeyShare
from survey.collect.share_sheet_pdf import share_sheet_pdf
from survey.design.wave import Wave
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

TRIAL = "trial"


def render(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, key: BoxKey) -> None:
    """The key exists in this browser tab only, and the wave is still a draft: whatever goes wrong here loses nothing."""
    _ = locale
    st.success(
        _("The key of wave {wave} is made; its shares have opened a canary ballot. The wave is not open yet.", wave=desk.plain(wave.id))
    )
    st.header(_("2. Save the shares"))
    st.markdown(_("Fingerprint of the box key; every custodian compares it with the sheet:"))
    st.code(key.fingerprint, language=None)
    for share in key.shares:
        name = f"khoa-{wave.id}-phan-{share.number}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                _("Save share {number} of {shares}", number=share.number, shares=share.of), share.to_bytes(), f"{name}.json",
                "application/json", type="primary", on_click="ignore", key=f"share.{share.number}",
            )  # fmt: skip
            st.download_button(
                _("Save its sheet to print"), partial(share_sheet_pdf, share, wave, _), f"{name}.pdf", "application/pdf",
                on_click="ignore", key=f"sheet.{share.number}",
            )  # fmt: skip
            st.checkbox(_("Handed over to custodian {number}", number=share.number), key=f"handed.{share.number}")
    st.markdown(
        _("One file for each custodian, on a USB stick or another device of their own; never two on one device, never by e-mail or Zalo.")
    )
    st.header(_("3. Try what was saved"))
    st.markdown(
        _(
            "Any {needed} custodians choose their saved file and type their passphrase, as on the closing day.",
            needed=wave.plan.shares_needed,
        )
    )
    tried = unlocked_shares(_, wave.id, key.public_key, TRIAL)
    st.header(_("4. Open the wave"))
    _open(services, viewer, _, wave, key, tried)


def _open(services: Services, viewer: Viewer | None, locale: Locale, wave: Wave, key: BoxKey, tried: tuple[KeyShare, ...]) -> None:
    _ = locale
    handed = all(st.session_state.get(f"handed.{share.number}") for share in key.shares)
    if len(tried) < wave.plan.shares_needed or not handed:
        st.markdown(
            _("Possible when every share has been handed over and {needed} of them have been tried.", needed=wave.plan.shares_needed)
        )
    st.warning(
        _("From here on: without {needed} of the {shares} shares and their passphrases the box can never be opened and all answers are lost.",
          needed=wave.plan.shares_needed, shares=wave.plan.shares)
    )  # fmt: skip
    with st.container(horizontal=True):
        go = st.button(_("Open the wave"), type="primary", disabled=not handed or len(tried) < wave.plan.shares_needed)
        again = st.button(_("Throw this key away and begin again"))
    if go:
        services.fieldwork.open_with(viewer, wave.id, key.public_key, tried)
        _forget(key)
        desk.tell(_("The wave is open. Its key shares are with the custodians only."))
        desk.go(desk.FIELDWORK, wave=wave.id)
    if again:
        _forget(key)
        st.rerun()


def _forget(key: BoxKey) -> None:
    desk.forget("key")
    desk.renew(TRIAL)
    for share in key.shares:
        st.session_state.pop(f"handed.{share.number}", None)
