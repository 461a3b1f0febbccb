"""A page as Streamlit's own test runner sees it, its neighbours registered beside it so that links lead somewhere."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import Viewer

LEADERS = ("overview", "comparison", "trend", "criteria", "item", "breakdowns", "drivers", "comments", "undertakings")
ORGANIZERS = (
    "waves", "creating", "editing", "invitations", "slips", "opening", "fieldwork", "paper", "close", "comments", "units", "questionnaires", "editor", "imports", "downloads",
    "accounts", "log", "installation", "operations",
)  # fmt: skip
# Module below pages -> address.
ADDRESSES = {
    **{f"leader.{name}": f"results-{'actions' if name == 'undertakings' else name}" for name in LEADERS},
    **{f"organizer.{name}": f"organize-{'new' if name == 'creating' else name}" for name in ORGANIZERS},
}


def _script(addresses: dict[str, str], page: str, services: object, viewer: object, language: str) -> None:
    import importlib
    from functools import partial

    import streamlit as st

    from pages.widgets.selection import turn_to
    from survey.i18n import Locale

    shown = []
    for name, address in addresses.items():
        render = partial(importlib.import_module(f"pages.{name}").render, services, viewer, Locale(language))
        shown.append(st.Page(render, title=name, url_path=address, default=name == page))
    chosen = st.navigation(shown)
    turn_to(chosen.url_path)
    chosen.run()


def look(
    page: str,
    services: Services,
    viewer: Viewer | None,
    language: str = "vi",
    *,
    live: bool = True,
    **query: str,
) -> AppTest:
    """The page ("leader.trend") after its first run; one that stands alone ("account.own") has no neighbours.

    `live`: by a reader who has asked for charts that answer to the pointer, whose numbers a test can read.
    """
    addresses = ADDRESSES if page in ADDRESSES else {page: page.replace(".", "-")}
    at = AppTest.from_function(_script, default_timeout=60, args=(addresses, page, services, viewer, language))
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state["chart.live"] = live
    return unbroken(at.run())


def unbroken(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def with_tables(at: AppTest) -> AppTest:
    """The same page when every table that is sent only when it is asked for has been asked for."""
    for one in at.expander:
        if (key := one.proto.id.partition("-")[2].partition("-")[2]).startswith("table."):
            at.session_state[key] = True
    return unbroken(at.run())


def click(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return unbroken(at.run())


def tick(at: AppTest, start: str) -> AppTest:
    next(box for box in at.checkbox if box.label.startswith(start)).check()
    return at.run()


def said(at: AppTest) -> str:
    return "\n".join(str(one.value) for kind in ("markdown", "info", "warning", "error", "success", "title") for one in at.get(kind))
