"""Custodians' key shares as a page takes them: files or the text of a QR code, each with its passphrase."""

from __future__ import annotations

import re
from collections.abc import Iterator

import streamlit as st

from pages.widgets import organizer as desk
from survey.collect.key_share import KeyShare, fingerprint
from survey.errors import SurveyError
from survey.i18n import Locale


def unlocked_shares(locale: Locale, wave_id: str, public_key: bytes, name: str) -> tuple[KeyShare, ...]:
    """The shares of this key that are here and unlocked; says of each what it is, or why it is refused.

    `name` keeps the fields of two such places apart; `desk.renew(name)` empties them.
    """
    _ = locale
    found: dict[int, KeyShare] = {}
    for called, content in _given(_, name):
        try:
            share = KeyShare.from_bytes(content)
        except SurveyError as refused:
            st.error(f"{desk.plain(called)}: {desk.plain(refused.text(_))}")
            continue
        if share.wave != wave_id or share.key != fingerprint(public_key):
            st.error(
                _(
                    "{file}: this share belongs to wave {wave} or to another key. Ask the custodian for the right file.",
                    file=desk.plain(called),
                    wave=desk.plain(share.wave),
                )
            )
        elif share.number in found:
            st.info(_("{file}: share {number} is here already; bring another custodian's.", file=desk.plain(called), number=share.number))
        else:
            found[share.number] = share
    opened = (_unlocked(_, share, name) for share in found.values())
    return tuple(share for share in opened if share is not None)


def _given(locale: Locale, name: str) -> Iterator[tuple[str, bytes]]:
    """Every share that was brought, and what it is called in a message."""
    _ = locale
    key = desk.renewed(name)
    files = st.file_uploader(_("The custodians' share files (.json)"), type=["json", "txt"], accept_multiple_files=True, key=f"{key}.files")
    with st.expander(_("No file? Use the printed sheet")):
        text = st.text_area(
            _("Text of the QR code, or the lines of the sheet; an empty line between two shares"), key=f"{key}.text",
            help=_("A QR scanner of a counter types the text by itself; on a phone, scan and copy the text into this field."),
        )  # fmt: skip
    for file in files or ():
        yield file.name, file.getvalue()
    for number, part in enumerate(filter(None, re.split(r"\n\s*\n|(?=LANGNGHE:)", text.strip(), flags=re.IGNORECASE)), start=1):
        yield _("Sheet {number}", number=number), part.encode()


def _unlocked(locale: Locale, share: KeyShare, name: str) -> KeyShare | None:
    _ = locale
    which = _("Share {number} of {shares}", number=share.number, shares=share.of)
    if not share.protected:
        st.markdown(f"✓ {which}")
        return share
    typed = st.text_input(
        _("{share}: its custodian's passphrase", share=which), type="password", autocomplete="off",
        key=f"{desk.renewed(name)}.{share.number}",
    )  # fmt: skip
    if not typed:
        return None
    try:
        opened = share.unlock(typed)
    except SurveyError as refused:
        st.error(desk.plain(refused.text(_)))
        return None
    st.markdown(_("✓ {share}: the passphrase is right", share=which))
    return opened
