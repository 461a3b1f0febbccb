"""Every Streamlit page as a frozen specification, one tuple for each kind of reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pages.account import sign_in
from pages.custodian import share
from pages.leader import breakdowns, comparison, item, overview, trend
from pages.organizer import (
    accounts,
    close,
    creating,
    downloads,
    fieldwork,
    imports,
    invitations,
    opening,
    questionnaires,
    slips,
    units,
    waves,
)
from pages.respondent import answer, home, privacy, public
from survey.access import Permission, Viewer
from survey.errors import N_


@dataclass(frozen=True)
class PageSpec:
    """`title` is a msgid; `surface`: the surface that serves the page beside "all" ("": every one); `hidden`: not in the menu."""

    title: str
    url_path: str
    render: Callable[..., Any]
    surface: str = "results"
    hidden: bool = False


PUBLIC = (
    PageSpec(N_("Home"), "", home.render, ""),
    PageSpec(N_("Answer the survey"), "answer", answer.render, "respond"),
    PageSpec(N_("How anonymity is kept"), "privacy", privacy.render, ""),
    PageSpec(N_("Public results"), "public", public.render),
)
RESULTS = (
    PageSpec(N_("Overview"), "results-overview", overview.render),
    PageSpec(N_("Comparison of units"), "results-comparison", comparison.render),
    PageSpec(N_("Trend over the waves"), "results-trend", trend.render),
    PageSpec(N_("Single questions"), "results-item", item.render),
    PageSpec(N_("Breakdowns"), "results-breakdowns", breakdowns.render),
)
ORGANIZE = (
    PageSpec(N_("Waves"), "organize-waves", waves.render),
    # The steps of a wave are reached from its checklist: a menu would offer them out of their order.
    PageSpec(N_("New wave"), "organize-new", creating.render, hidden=True),
    PageSpec(N_("Print slips"), "organize-slips", slips.render, hidden=True),
    PageSpec(N_("Invite by e-mail"), "organize-invitations", invitations.render, hidden=True),
    PageSpec(N_("Open a wave"), "organize-opening", opening.render, hidden=True),
    PageSpec(N_("Fieldwork"), "organize-fieldwork", fieldwork.render, hidden=True),
    PageSpec(N_("Close and publish"), "organize-close", close.render, hidden=True),
    PageSpec(N_("Downloads"), "organize-downloads", downloads.render),
    PageSpec(N_("Units"), "organize-units", units.render),
    PageSpec(N_("Questionnaires"), "organize-questionnaires", questionnaires.render),
    PageSpec(N_("Past results"), "organize-imports", imports.render),
    PageSpec(N_("Accounts"), "organize-accounts", accounts.render),
)
CUSTODY = (PageSpec(N_("My key share"), "custody", share.render),)
SIGN_IN = PageSpec(N_("Sign in"), "login", sign_in.render)
SIGN_OUT = PageSpec(N_("Sign out"), "logout", sign_in.render_sign_out)


def sections(surface: str, viewer: Viewer | None) -> dict[str, tuple[PageSpec, ...]]:
    """Heading (msgid) -> the pages this viewer may open. The services ask again."""
    found: dict[str, tuple[PageSpec, ...]] = {}
    if viewer is not None and viewer.may(Permission.WAVES_EDIT):
        found[N_("Organizing")] = ORGANIZE
    if viewer is not None and viewer.may(Permission.RESULTS_SEE):
        found[N_("Results")] = RESULTS
    # A deep link sent to a colleague leads through the sign-in back to itself.
    doors = tuple(replace(spec, render=sign_in.render, hidden=True) for spec in (*RESULTS, *ORGANIZE, *CUSTODY))
    if viewer is not None and viewer.may(Permission.BOX_OPEN):
        found[N_("Custody")] = CUSTODY
    account = (SIGN_IN, *doors) if viewer is None else (SIGN_OUT,)
    found[N_("Everybody")] = PUBLIC
    found[N_("Account")] = account
    return {
        heading: kept
        for heading, specs in found.items()
        if (kept := tuple(spec for spec in specs if surface == "all" or spec.surface in ("", surface)))
    }


def all_paths() -> tuple[str, ...]:
    return tuple(f"/{spec.url_path}" for spec in (*PUBLIC, *RESULTS, *ORGANIZE, *CUSTODY, SIGN_IN, SIGN_OUT))
