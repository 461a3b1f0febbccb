"""Every Streamlit page as a frozen specification, one tuple for each kind of reader."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pages.account import own, sign_in
from pages.custodian import share
from pages.leader import breakdowns, comparison, criteria, drivers, item, overview, trend
from pages.leader import comments as leader_comments
from pages.organizer import (
    accounts,
    close,
    comments,
    creating,
    downloads,
    fieldwork,
    imports,
    invitations,
    log,
    opening,
    questionnaires,
    slips,
    units,
    waves,
)
from pages.respondent import answer, home, privacy, public
from survey.access import Permission, Viewer
from survey.errors import N_

if TYPE_CHECKING:
    from bootstrap import Services


@dataclass(frozen=True)
class PageSpec:
    """`title` is a msgid; `surface`: who serves the page beside "all" ("": every surface; "organize": nobody); `hidden`: not in the menu."""

    title: str
    url_path: str
    render: Callable[..., Any]
    surface: str = "results"
    hidden: bool = False


CRITERIA = "results-criteria"
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
    PageSpec(N_("By the plan's criteria"), CRITERIA, criteria.render),
    PageSpec(N_("Single questions"), "results-item", item.render),
    PageSpec(N_("Breakdowns"), "results-breakdowns", breakdowns.render),
    PageSpec(N_("Why"), "results-drivers", drivers.render),
    PageSpec(N_("Comments"), "results-comments", leader_comments.render),
)
ORGANIZE = (
    PageSpec(N_("Waves"), "organize-waves", waves.render, "organize"),
    # The steps of a wave are reached from its checklist: a menu would offer them out of their order.
    PageSpec(N_("New wave"), "organize-new", creating.render, "organize", hidden=True),
    PageSpec(N_("Print slips"), "organize-slips", slips.render, "organize", hidden=True),
    PageSpec(N_("Invite by e-mail"), "organize-invitations", invitations.render, "organize", hidden=True),
    PageSpec(N_("Open a wave"), "organize-opening", opening.render, "organize", hidden=True),
    PageSpec(N_("Fieldwork"), "organize-fieldwork", fieldwork.render, "organize", hidden=True),
    PageSpec(N_("Close and publish"), "organize-close", close.render, "organize", hidden=True),
    PageSpec(N_("Look at comments"), "organize-comments", comments.render, "organize", hidden=True),
    PageSpec(N_("Downloads"), "organize-downloads", downloads.render, "organize"),
    PageSpec(N_("Units"), "organize-units", units.render, "organize"),
    PageSpec(N_("Questionnaires"), "organize-questionnaires", questionnaires.render, "organize"),
    PageSpec(N_("Past results"), "organize-imports", imports.render, "organize"),
    PageSpec(N_("Accounts"), "organize-accounts", accounts.render, "organize"),
    PageSpec(N_("Access log"), "organize-log", log.render, "organize"),
)
CUSTODY = (PageSpec(N_("My key share"), "custody", share.render, "organize"),)
SIGN_IN = PageSpec(N_("Sign in"), "login", sign_in.render)
OWN = PageSpec(N_("My account"), "account", own.render)
SIGN_OUT = PageSpec(N_("Sign out"), "logout", sign_in.render_sign_out)
_BEHIND_THE_DOOR = (*RESULTS, *ORGANIZE, *CUSTODY, OWN)


def sections(surface: str, viewer: Viewer | None, empty: Collection[str] = ()) -> dict[str, tuple[PageSpec, ...]]:
    """Heading (msgid) -> the pages this viewer may open. The services ask again. `empty`: addresses the menu leaves out."""
    found: dict[str, tuple[PageSpec, ...]] = {}
    if viewer is not None and viewer.must_change_password:
        found[N_("Account")] = (OWN, SIGN_OUT, *_doors(own.render, OWN))
        return _served(found, surface)
    if viewer is not None and viewer.may(Permission.WAVES_EDIT):
        found[N_("Organizing")] = ORGANIZE
    if viewer is not None and viewer.may(Permission.RESULTS_SEE):
        found[N_("Results")] = tuple(replace(spec, hidden=spec.url_path in empty) for spec in RESULTS)
    if viewer is not None and viewer.may(Permission.BOX_OPEN):
        found[N_("Custody")] = CUSTODY
    found[N_("Everybody")] = PUBLIC
    # A deep link sent to a colleague leads through the sign-in back to itself.
    found[N_("Account")] = (SIGN_IN, *_doors(sign_in.render)) if viewer is None else (OWN, SIGN_OUT)
    return _served(found, surface)


def without_anything(services: Services, viewer: Viewer | None) -> frozenset[str]:
    """Addresses of pages that would have nothing to show to this viewer."""
    sees = viewer is not None and not viewer.must_change_password and viewer.may(Permission.RESULTS_SEE)
    return frozenset() if not sees or services.results.has_criteria(viewer) else frozenset({CRITERIA})


def _doors(render: Callable[..., Any], *but: PageSpec) -> tuple[PageSpec, ...]:
    return tuple(replace(spec, render=render, hidden=True) for spec in _BEHIND_THE_DOOR if spec not in but)


def _served(found: dict[str, tuple[PageSpec, ...]], surface: str) -> dict[str, tuple[PageSpec, ...]]:
    kept = {heading: tuple(spec for spec in specs if _on(spec, surface)) for heading, specs in found.items()}
    return {heading: specs for heading, specs in kept.items() if specs}


def _on(spec: PageSpec, surface: str) -> bool:
    return surface == "all" or spec.surface in ("", surface)


def paths(surface: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of Streamlit's pages: those this surface serves, and those it does not."""
    specs = (*PUBLIC, *_BEHIND_THE_DOOR, SIGN_IN, SIGN_OUT)
    served = tuple(f"/{spec.url_path}" for spec in specs if _on(spec, surface))
    return served, tuple(f"/{spec.url_path}" for spec in specs if not _on(spec, surface))
