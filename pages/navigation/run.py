"""Streamlit's script: one run of it for every visit and every click."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.account import sign_in
from pages.navigation import frame
from pages.navigation.catalogue import PageSpec, sections, without_anything
from pages.widgets.selection import turn_to
from survey.i18n import Locale


def _asked() -> str:
    """The address this run was asked for; "" where Streamlit knows it from the run before."""
    context = get_script_run_ctx()
    return (context and context.pages_manager.intended_page_name) or ""


def run(services: Any) -> None:
    """One run: viewer, language, navigation, the chosen page."""
    locale = Locale(frame.language(services.settings.language))
    viewer, away, empty = None, False, frozenset[str]()
    try:
        viewer = sign_in.current_viewer(services) if services.settings.surface != "respond" else None
        empty = without_anything(services, viewer)
    except services.away:
        away = True
    frame.begin(locale, viewer)

    def page(spec: PageSpec) -> Any:
        render = partial(spec.render, services, viewer, locale)
        visibility = "hidden" if spec.hidden else "visible"
        return st.Page(render, title=locale(spec.title), url_path=spec.url_path, default=not spec.url_path, visibility=visibility)

    listed = sections(services.settings.surface, viewer, empty, _asked())
    pages = {locale(heading): [page(spec) for spec in specs] for heading, specs in listed.items()}
    chosen = st.navigation(pages, position="sidebar" if viewer else "hidden", expanded=True)
    turn_to(chosen.url_path)
    try:
        if away:  # not in one line: of an expression Streamlit writes the value, "None", at the foot of the page
            frame.wait(locale)
        else:
            chosen.run()
    except services.away:
        frame.wait(locale)
    if viewer is not None or chosen.url_path != "answer":  # the form has a link of its own, and hides it where it would cost answers
        frame.end(locale, viewer)
