"""Trying a form out: the link and the QR code of a test code."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from pages.widgets.picture import still
from survey.collect.slips import in_groups
from survey.collect.trial import DAYS
from survey.i18n import Locale
from survey.qr import qr_svg


def trying(address: str, code: str, locale: Locale) -> None:
    """`code`: a test code; `address`: of the survey, as phones open it."""
    _ = locale
    link = f"{address.rstrip('/')}/p?code={code}"
    st.markdown(
        _(
            "The real pages, with a test code: answer on a phone as your staff will. The answers are checked and thrown away; nothing is stored or counted. The link is valid for {n} days and may be passed on.",
            n=DAYS,
        )
    )
    left, right = st.columns([1, 2], vertical_alignment="center")
    with left:
        still(qr_svg(link), _("QR code of the trial"), 180)
    right.link_button(_("Open the form here"), link, icon=":material/smartphone:")
    right.markdown(_("Test code: {code}", code=f"`{in_groups(code)}`"))
    if urlsplit(address).hostname in ("127.0.0.1", "localhost"):
        right.caption(_("This address works on this computer only; a phone needs the address of the server."))


def frame(code: str, change: int, locale: Locale) -> None:
    """The form as a phone shows it, beside the page; `change` makes it read again what has changed."""
    _ = locale
    st.iframe(f"/p/preview?code={code}&lang={_.language}&change={change}", width=390, height=760)
