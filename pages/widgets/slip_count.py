"""The count of slips before a box is opened: how many were handed out, how many are left."""

from __future__ import annotations

import streamlit as st

from survey.collect.door import SlipCount
from survey.i18n import Locale


def ask(locale: Locale) -> SlipCount:
    """Both numbers may be left empty."""
    _ = locale
    st.header(_("Count of the slips"))
    st.markdown(
        _(
            "Before the box is opened the custodians count the slips that were not handed out and destroy them before witnesses: "
            "with a spare slip somebody could send a form for a person who is not there. The protocol has these numbers."
        )
    )
    left, right = st.columns(2)
    handed_out = left.number_input(_("Slips handed out"), min_value=0, value=None, step=1, placeholder=_("not counted"))
    unused = right.number_input(_("Slips unused and destroyed"), min_value=0, value=None, step=1, placeholder=_("not counted"))
    return SlipCount(handed_out, unused)
