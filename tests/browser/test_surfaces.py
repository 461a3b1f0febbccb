"""One code base, two front doors: each answers for its own addresses only."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import Settings
from pages.navigation.catalogue import ORGANIZE, PUBLIC, RESULTS, paths
from tests.browser.stream import sent
from tests.browser.visitor import VI
from tests.browser.world import PASSWORD, World
from tests.command_line import Line
from tests.nursery import serving
from tests.server import Server

pytestmark = pytest.mark.browser
FOR_RESPONDENTS = ("/p", "/p?code=x", "/p/open", "/p/submit", "/p/assets/x/form.js", "/i", "/i/form", "/i/open", "/i/collect", "/answer")
FOR_ACCOUNTS = (
    "/session/open", "/session/close", "/login", "/logout", "/account", "/public", "/sheet", "/public/sheet", "/public/data/2025",
)  # fmt: skip
LEADERS = ("/results", "/results/overview", *(f"/{spec.url_path}" for spec in RESULTS))
ORGANIZERS = ("/organize", "/organize/waves", "/organize/any/thing", *(f"/{spec.url_path}" for spec in ORGANIZE))


@pytest.fixture(scope="module", params=["respond", "results"])
def server(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    with serving({**world.environment, "LANGNGHE_SURFACE": request.param}, tmp_path_factory.mktemp("log")) as running:
        yield request.param, running


def status(server: Server, path: str, method: str = "GET") -> int:
    request = urllib.request.Request(server.base + path, method=method, headers={"Origin": server.base})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_what_belongs_to_another_surface_is_not_there(server: tuple[str, Server]) -> None:
    surface, running = server
    elsewhere = (*FOR_ACCOUNTS, *LEADERS, *ORGANIZERS) if surface == "respond" else (*FOR_RESPONDENTS, *ORGANIZERS)
    assert {path: status(running, path) for path in elsewhere} == dict.fromkeys(elsewhere, 404)
    posted = [path for path in elsewhere if path.startswith(("/p/", "/i/", "/session"))]
    assert {path: status(running, path, "POST") for path in posted} == dict.fromkeys(posted, 404)


def test_what_belongs_here_is_there(server: tuple[str, Server]) -> None:
    surface, running = server
    here = ("/", "/privacy", "/healthz", *(("/p", "/i", "/answer") if surface == "respond" else ("/login", "/public", *LEADERS)))
    assert {path: status(running, path) for path in here} == dict.fromkeys(here, 200)


def test_a_websocket_that_asks_for_another_surfaces_page_is_shown_the_start(server: tuple[str, Server], world: World) -> None:
    """Addresses are for browsers; whoever speaks Streamlit's own language asks for pages by name."""
    surface, running = server
    services = world.services()
    session = services.signing_in.redeem(services.signing_in.sign_in("tochuc", PASSWORD)[1])
    services.close()
    start = sent(running, "/", session)
    strange = [spec for spec in (*PUBLIC, *RESULTS, *ORGANIZE) if f"/{spec.url_path}" in paths(surface)[1]]
    assert strange
    for spec in strange:
        found = sent(running, f"/{spec.url_path}", session)
        assert (VI("Anonymous staff survey on workplace culture") in found) is (VI("Anonymous staff survey on workplace culture") in start)
        for secret in ("Sở A", "vhcs-core", VI("Create a wave")):
            assert secret not in found, spec.url_path


def test_the_start_page_names_no_door_that_is_closed(server: tuple[str, Server]) -> None:
    surface, running = server
    shown = sent(running, "/")
    assert ("/login" in shown, '"/p"' in shown) == ((False, True) if surface == "respond" else (True, False))


def test_a_surface_waits_for_its_stores(tmp_path: Path) -> None:
    """Only the organizers' side makes or upgrades stores."""
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    for surface in ("respond", "results"):
        assert "--surface all" in line.refused("serve", "--surface", surface)
