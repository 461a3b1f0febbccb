"""Was my form in the box? The public list of receipts of every box that has been opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.plain.downloads import receipts_address
from pages.widgets.links import file_link
from pages.widgets.organizer import plain
from survey.access import OPERATOR
from survey.design.wave import Origin, Wave
from survey.i18n import Locale
from survey.publish.protocol import find_receipt, receipts_hash

if TYPE_CHECKING:
    from bootstrap import Services

EXAMPLE = "ABCD-EFGH-2345-6723"


def section(services: Services, locale: Locale) -> None:
    """A field to type a receipt into, and the lists themselves; nothing where no box has been opened."""
    _ = locale
    waves = [wave for wave in reversed(services.results.waves(OPERATOR)) if wave.origin is Origin.COLLECTED]
    if not waves:
        return
    with st.expander(_("Is my form in the count? Check a receipt")):
        typed = st.text_input(_("The receipt you were shown after sending"), max_chars=40, placeholder=EXAMPLE, autocomplete="off")
        if typed.strip():
            _answer(services, waves, typed, _)
        st.markdown(
            _(
                "When a box is opened, the receipts of all sealed forms in it are listed here, sorted. A receipt shows that a form was in the box, not what it said, nor the unit, nor when it was sent."
            )
        )
        for wave in waves:
            _list(services, wave, _)


def _answer(services: Services, waves: list[Wave], typed: str, locale: Locale) -> None:
    _ = locale
    for wave in waves:
        found = find_receipt(services.results.receipts(wave.id), typed)
        if found:
            st.success(
                _("Found: your sealed form {receipt} was in the box of “{wave}” and was counted.",
                  receipt=found, wave=plain(_.pick(wave.title_vi, wave.title_en)))
            )  # fmt: skip
            return
    st.warning(
        _(
            "Not found. Please compare what you typed with your receipt. While a survey is running there is no list yet: look again after it has closed."
        )
        + " "
        + _(
            "If it has closed and the receipt is right, tell a custodian: the signed protocol holds the hash of the list. You need not say who you are."
        )
    )


def _list(services: Services, wave: Wave, locale: Locale) -> None:
    _ = locale
    receipts = services.results.receipts(wave.id)
    title = plain(_.pick(wave.title_vi, wave.title_en) or wave.id)
    if not receipts:
        st.markdown(_("{wave}: no list, because too few people answered.", wave=title))
        return
    label = _("Download the list of {wave} ({n} receipts)", wave=title, n=_.number(receipts.count("\n"), 0))
    file_link(label, receipts_address(wave.id))
    st.caption(_("Fingerprint of the list of receipts (SHA-256)") + f": {receipts_hash(receipts)}")
