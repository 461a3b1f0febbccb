"""What a custodian who signs in may see: which box the share belongs to, and when to bring it.

The page never takes a share or a passphrase: before the closing day nothing of the key may come near the
server. Both are tried once, before the wave opens, and used once, when it is closed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from pages.widgets import organizer as desk
from pages.widgets.waves import describe, wave_title
from survey.access import Permission, Viewer
from survey.collect import share_sheet_pdf as sheet
from survey.collect.key_share import fingerprint
from survey.design.wave import Wave
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


@desk.asks(Permission.BOX_OPEN)
def render(services: Services, viewer: Viewer | None, locale: Locale) -> None:
    _ = locale
    st.title(_("My key share"))
    st.markdown(
        _(
            "This page never asks for your share or your passphrase. Whoever asks before the closing day is not to be given either: tell the organizer."
        )
    )
    waves = [wave for wave in services.collect.open_waves() if wave.public_key is not None]
    if not waves:
        st.info(_("No ballot box is closed with a key at the moment. There is nothing to do."))
    for wave in waves:
        _show(wave, services.clock.today(), _)
    st.caption(_("Of a box that has been opened, the protocol stands on the page of public results once the wave is published."))


def _show(wave: Wave, today: date, locale: Locale) -> None:
    _ = locale
    assert wave.public_key is not None
    st.header(desk.plain(wave_title(wave, _)))
    st.markdown(describe(wave, _))
    days = (wave.closes - today).days
    st.markdown(
        _("The box is opened after {day} (in {days} days) by any {needed} of {shares} custodians.",
          day=_.day(wave.closes), days=max(days, 0), needed=wave.plan.shares_needed, shares=wave.plan.shares)
    )  # fmt: skip
    st.markdown(_("Fingerprint of the box key. Compare it with your sheet; if it differs, tell the organizer:"))
    st.code(fingerprint(wave.public_key), language=None)
    enough = wave.plan.shares > wave.plan.shares_needed
    lines = (
        _(sheet.KEEP),
        _(sheet.BRING, day=_.day(wave.closes)),
        _(sheet.LOST_BUT_ENOUGH, needed=wave.plan.shares_needed) if enough else _(sheet.LOST),
        _(sheet.DESTROY),
    )
    st.markdown("\n".join(f"- {line}" for line in lines))
