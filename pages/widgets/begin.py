"""A new installation, which nobody has an account of: where its set-up begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.respondent.links import plain_link
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services


def begin_here(services: Services, locale: Locale) -> bool:
    """Says so; False where there is an account."""
    _ = locale
    if not services.joining.nobody_yet():
        return False
    st.info(
        _(
            "This installation is new: it has no account yet. When the server was started it printed a link in its window, for the one "
            "who sets it up. Open that link, or type its code (what stands behind #). No link any more? Start the server again: it prints a new one."
        )
    )
    plain_link(_("Enter the set-up code"), "/join", _, first=True)
    return True
