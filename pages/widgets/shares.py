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
    plain = [share for share in found.values() if not share.protected]
    for share in plain:
        st.markdown(f"✓ {_which(_, share)}")
    return (*plain, *_unlocked(_, [share for share in found.values() if share.protected], name))


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


def _which(locale: Locale, share: KeyShare) -> str:
    return locale("Share {number} of {shares}", number=share.number, shares=share.of)


def _unlocked(locale: Locale, shares: list[KeyShare], name: str) -> list[KeyShare]:
    _ = locale
    if not shares:
        return []
    # A form: Streamlit does not send a password when Tab leaves its field.
    with st.form(f"{desk.renewed(name)}.passphrases"):
        places = []
        for share in shares:
            typed = st.text_input(
                _("{share}: its custodian's passphrase", share=_which(_, share)), type="password", autocomplete="off",
                key=f"{desk.renewed(name)}.{share.number}",
            )  # fmt: skip
            places.append((share, typed, st.container()))
        st.form_submit_button(_("Check the passphrases"))
    opened = []
    for share, typed, place in places:
        if typed:
            with place, desk.refusals(_):
                opened.append(share.unlock(typed))
                st.markdown(_("✓ the passphrase is right"))
    return opened
