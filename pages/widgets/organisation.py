"""The organisation's name and mark above a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_STYLE = "display:flex;align-items:center;gap:.7rem;font-weight:600;line-height:1.3;margin-bottom:.4rem"


def organisation(services: Services, locale: Locale) -> None:
    """Nothing where none is set."""
    settings = services.settings
    name = locale.pick(settings.organisation, settings.organisation_en)
    if not name and not settings.mark:
        return
    mark = f'<img src="{escape(settings.mark)}" alt="" style="height:48px;max-width:120px;object-fit:contain">' if settings.mark else ""
    st.html(f'<div style="{_STYLE}">{mark}<span>{escape(name)}</span></div>')
