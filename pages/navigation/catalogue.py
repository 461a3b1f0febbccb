"""Every Streamlit page as a frozen specification, one tuple for each kind of reader."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pages.navigation.later import Later
from survey.access import Permission, Viewer
from survey.errors import N_

if TYPE_CHECKING:
    from bootstrap import Services


@dataclass(frozen=True)
class PageSpec:
    """`title` is a msgid; `surface`: who serves the page beside "all" ("": every surface; "organize": nobody); `hidden`: not in the menu."""

    title: str
    url_path: str
    render: Later
    surface: str = "results"
    hidden: bool = False


CRITERIA = "results-criteria"
PUBLIC = (
    PageSpec(N_("Home"), "", Later("pages.respondent.home"), ""),
    PageSpec(N_("Answer the survey"), "answer", Later("pages.respondent.answer"), "respond"),
    PageSpec(N_("How anonymity is kept"), "privacy", Later("pages.respondent.privacy"), ""),
    PageSpec(N_("Public results"), "public", Later("pages.respondent.public")),
)
RESULTS = (
    PageSpec(N_("Overview"), "results-overview", Later("pages.leader.overview")),
    PageSpec(N_("Comparison of units"), "results-comparison", Later("pages.leader.comparison")),
    PageSpec(N_("Trend over the waves"), "results-trend", Later("pages.leader.trend")),
    PageSpec(N_("By the plan's criteria"), CRITERIA, Later("pages.leader.criteria")),
    PageSpec(N_("Single questions"), "results-item", Later("pages.leader.item")),
    PageSpec(N_("Breakdowns"), "results-breakdowns", Later("pages.leader.breakdowns")),
    PageSpec(N_("Why"), "results-drivers", Later("pages.leader.drivers")),
    PageSpec(N_("Comments"), "results-comments", Later("pages.leader.comments")),
    PageSpec(N_("What is being done"), "results-actions", Later("pages.leader.undertakings")),
)
ORGANIZE = (
    PageSpec(N_("Waves"), "organize-waves", Later("pages.organizer.waves"), "organize"),
    # The steps of a wave are reached from its checklist: a menu would offer them out of their order.
    PageSpec(N_("New wave"), "organize-new", Later("pages.organizer.creating"), "organize", hidden=True),
    PageSpec(N_("Edit a draft"), "organize-editing", Later("pages.organizer.editing"), "organize", hidden=True),
    PageSpec(N_("Print slips"), "organize-slips", Later("pages.organizer.slips"), "organize", hidden=True),
    PageSpec(N_("Invite by e-mail"), "organize-invitations", Later("pages.organizer.invitations"), "organize", hidden=True),
    PageSpec(N_("Open a wave"), "organize-opening", Later("pages.organizer.opening"), "organize", hidden=True),
    PageSpec(N_("Fieldwork"), "organize-fieldwork", Later("pages.organizer.fieldwork"), "organize", hidden=True),
    PageSpec(N_("Paper forms"), "organize-paper", Later("pages.organizer.paper"), "organize", hidden=True),
    PageSpec(N_("Close and publish"), "organize-close", Later("pages.organizer.close"), "organize", hidden=True),
    PageSpec(N_("Look at comments"), "organize-comments", Later("pages.organizer.comments"), "organize", hidden=True),
    PageSpec(N_("Downloads"), "organize-downloads", Later("pages.organizer.downloads"), "organize"),
    PageSpec(N_("Units"), "organize-units", Later("pages.organizer.units"), "organize"),
    PageSpec(N_("Questionnaires"), "organize-questionnaires", Later("pages.organizer.questionnaires"), "organize"),
    PageSpec(N_("New version of a questionnaire"), "organize-editor", Later("pages.organizer.editor"), "organize", hidden=True),
    PageSpec(N_("Past results"), "organize-imports", Later("pages.organizer.imports"), "organize"),
    PageSpec(N_("Accounts"), "organize-accounts", Later("pages.organizer.accounts"), "organize"),
    PageSpec(N_("Installation"), "organize-installation", Later("pages.organizer.installation"), "organize"),
    PageSpec(N_("Operations"), "organize-operations", Later("pages.organizer.operations"), "organize"),
    PageSpec(N_("Access log"), "organize-log", Later("pages.organizer.log"), "organize"),
)
CUSTODY = (PageSpec(N_("My key share"), "custody", Later("pages.custodian.share"), "organize"),)
SIGN_IN = PageSpec(N_("Sign in"), "login", Later("pages.account.sign_in"))
OWN = PageSpec(N_("My account"), "account", Later("pages.account.own"))
SIGN_OUT = PageSpec(N_("Sign out"), "logout", Later("pages.account.sign_in", "render_sign_out"))
ELSEWHERE = Later("pages.account.elsewhere")
_EVERYBODYS = tuple(spec.url_path for spec in PUBLIC if spec.url_path)
_BEHIND_THE_DOOR = (*RESULTS, *ORGANIZE, *CUSTODY, OWN)


def sections(surface: str, viewer: Viewer | None, empty: Collection[str] = (), asked: str = "") -> dict[str, tuple[PageSpec, ...]]:
    """Heading (msgid) -> the pages this viewer may open. The services ask again. `empty`: addresses the menu leaves out.

    `asked`: the address, where it is known. Nobody's pages need thirty doors beside them: a run of them costs half as much without.
    """
    found: dict[str, tuple[PageSpec, ...]] = {}
    if viewer is not None and viewer.must_change_password:
        found[N_("Account")] = (OWN, SIGN_OUT, *_doors(OWN.render, OWN))
        return _served(found, surface)
    if viewer is not None and viewer.may(Permission.WAVES_EDIT):
        found[N_("Organizing")] = ORGANIZE
    if viewer is not None and viewer.may(Permission.RESULTS_SEE):
        found[N_("Results")] = tuple(replace(spec, hidden=spec.url_path in empty) for spec in RESULTS)
    if viewer is not None and viewer.may(Permission.BOX_OPEN):
        found[N_("Custody")] = CUSTODY
    found[N_("Everybody")] = PUBLIC
    # A deep link sent to a colleague leads through the sign-in back to itself.
    if viewer is None:
        found[N_("Account")] = (SIGN_IN, *(() if asked in _EVERYBODYS else _doors(SIGN_IN.render)))
    else:  # an address of somebody else's page says so; unknown to Streamlit, it would lead home
        own_paths = {spec.url_path for specs in found.values() for spec in specs}
        others = [spec for spec in _doors(ELSEWHERE, OWN) if spec.url_path not in own_paths]
        found[N_("Account")] = (OWN, SIGN_OUT, *others)
    return _served(found, surface)


def without_anything(services: Services, viewer: Viewer | None) -> frozenset[str]:
    """Addresses of pages that would have nothing to show to this viewer."""
    sees = viewer is not None and not viewer.must_change_password and viewer.may(Permission.RESULTS_SEE)
    return frozenset() if not sees or services.results.has_criteria(viewer) else frozenset({CRITERIA})


def _doors(render: Later, *but: PageSpec) -> tuple[PageSpec, ...]:
    return tuple(replace(spec, render=render, hidden=True) for spec in _BEHIND_THE_DOOR if spec not in but)


def _served(found: dict[str, tuple[PageSpec, ...]], surface: str) -> dict[str, tuple[PageSpec, ...]]:
    kept = {heading: tuple(spec for spec in specs if _on(spec, surface)) for heading, specs in found.items()}
    return {heading: specs for heading, specs in kept.items() if specs}


def _on(spec: PageSpec, surface: str) -> bool:
    return surface == "all" or spec.surface in ("", surface)


def ahead(surface: str) -> tuple[Callable[[], object], ...]:
    """What imports the script and the pages of a surface, so that the first reader does not wait for it."""
    specs = (spec for spec in (*PUBLIC, SIGN_IN, *_BEHIND_THE_DOOR) if _on(spec, surface))
    first_look = () if surface == "respond" else (Later("pages.plain.glance", "glance"),)
    return tuple(later.load for later in (Later("pages.navigation.run", "run"), *first_look, *(spec.render for spec in specs)))


def paths(surface: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of Streamlit's pages: those this surface serves, and those it does not."""
    specs = (*PUBLIC, *_BEHIND_THE_DOOR, SIGN_IN, SIGN_OUT)
    served = tuple(f"/{spec.url_path}" for spec in specs if _on(spec, surface))
    return served, tuple(f"/{spec.url_path}" for spec in specs if not _on(spec, surface))
