"""A live server asked as strangers ask: deep links, headers, closed addresses, sessions."""

from __future__ import annotations

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Browser, expect

from pages.navigation.catalogue import ORGANIZE, RESULTS, paths
from pages.plain.session import COOKIE
from survey.access import OPERATOR
from tests import nursery
from tests import server as started
from tests.browser import visitor
from tests.browser.stream import sent
from tests.browser.visitor import VI
from tests.browser.world import PASSWORD, World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
# What only a signed-in organizer may read; the second half not even a leader (of Sở A).
SECRETS = ("Sở A", "Sở B", "Huyện H", "tochuc", "lanhdao", "vhcs-core", VI.number(33.75))
NOT_FOR_LEADERS = ("Sở B", "Huyện H", "tochuc", "vhcs-core")
WHOLE = "Tỉnh Thử"  # its totals are public, but not on these pages
SIGN_IN_FORM = "FormSubmitter:Login"
PROCESSES = 6
SERVED, _ = paths("all")
GUARDED = tuple(f"/{spec.url_path}" for spec in (*RESULTS, *ORGANIZE))


def session_of(world: World, name: str) -> str:
    """A session as the server gives it after a checked password."""
    services = world.services()
    session = services.signing_in.redeem(services.signing_in.sign_in(name, PASSWORD)[1])
    services.close()
    assert session
    return session


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
    request = urllib.request.Request(server.base + path, method=method, headers=headers)
    try:
        found: HTTPResponse = urllib.request.urlopen(request, timeout=30)
        return found
    except urllib.error.HTTPError as refused:
        return refused  # type: ignore[return-value]


# Deep links


def test_a_leader_at_an_organizers_address_is_told_why_it_stays_closed(browser: Browser, server: Server, world: World) -> None:
    context = signed_in(browser, server, world, "lanhdao")
    page = context.new_page()
    page.goto(f"{server.base}/organize-units")
    expect(page.get_by_role("heading", name=VI("This page is not for your account"))).to_be_visible()
    expect(page.get_by_text(VI("Your account sees results of units."))).to_be_visible()
    assert page.url.endswith("/organize-units")
    context.close()


def test_no_deep_link_of_a_fresh_process_shows_more_than_the_viewer_may_see(world: World, tmp_path: Path) -> None:
    """What the very first request of a process finds is asked without signing in: six processes share the addresses.

    One is started as anybody starts it, the others have their modules from the start.
    """
    leader, organizer = session_of(world, "lanhdao"), session_of(world, "tochuc")

    def asked(number: int) -> dict[str, tuple[str, str, str]]:
        paths = guarded_first[number::PROCESSES]
        process = (nursery.start if number else started.start)(world.environment, tmp_path)
        try:
            anybody = [sent(process, path) for path in paths]
            to_leader, to_organizer = ([sent(process, path, session) for path in paths] for session in (leader, organizer))
            return dict(zip(paths, zip(anybody, to_leader, to_organizer, strict=True), strict=True))
        finally:
            process.stop()

    guarded_first = sorted(SERVED, key=lambda path: path not in GUARDED)
    with ThreadPoolExecutor(2) as pool:
        found = {path: texts for share in pool.map(asked, range(PROCESSES)) for path, texts in share.items()}
    assert set(found) == set(SERVED)
    for path, (anybody, to_leader, _to_organizer) in found.items():
        assert not [secret for secret in SECRETS if secret in anybody], path
        assert not [secret for secret in NOT_FOR_LEADERS if secret in to_leader], path
    for path in GUARDED:
        anybody, _to_leader, to_organizer = found[path]
        assert WHOLE not in anybody, path
        assert SIGN_IN_FORM in anybody and SIGN_IN_FORM not in to_organizer, path
    # What is withheld is really there.
    shown = "".join(found[path][1] + found[path][2] for path in GUARDED)
    assert [secret for secret in SECRETS if secret not in shown] == []
    assert all(WHOLE in found[f"/{spec.url_path}"][1] for spec in RESULTS)


@pytest.mark.parametrize("path", GUARDED)
def test_the_addresses_of_the_contract_lead_to_the_pages(server: Server, path: str) -> None:
    section, _dash, name = path[1:].partition("-")
    answer = ask(server, f"/{section}/{name}?wave=2025")
    assert (answer.status, answer.url) == (200, f"{server.base}{path}?wave=2025")


# Health, headers, closed addresses


def test_healthz_says_ok(server: Server) -> None:
    answer = ask(server, "/healthz")
    assert (answer.status, answer.read(), answer.headers["Cache-Control"]) == (200, b"ok", "no-store")


@pytest.mark.parametrize(
    "path",
    ["/", "/p", "/p?code=x", "/p/open", "/p/submit", "/p/assets/x/form.css", "/p/assets/x/nothing", "/healthz", "/answer", "/login",
     "/results", "/session/open", "/session/close", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/nothing/here"],
)  # fmt: skip
def test_every_response_carries_the_security_headers(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        headers = ask(server, path, method).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"])
def test_streamlits_own_counters_and_agent_are_closed(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 404
    assert b"session" not in answer.read().lower()


def test_the_respondents_page_sets_no_cookie(server: Server) -> None:
    for path in ("/p", "/p/open", "/healthz", "/answer"):
        assert ask(server, path).headers["Set-Cookie"] is None


# Sessions


def test_the_session_cookie_is_out_of_reach_and_dies_with_the_sign_out(browser: Browser, server: Server) -> None:
    context = visitor.desk(browser)
    page = context.new_page()
    visitor.sign_in(page, server.base, "lanhdao", PASSWORD)
    [cookie] = [one for one in context.cookies() if one["name"] == COOKIE]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] in ("Lax", "Strict")
    assert COOKIE not in page.evaluate("document.cookie")
    stolen = cookie["value"]
    assert "Sở A" in sent(server, "/results-overview", stolen)
    page.goto(f"{server.base}/logout")
    expect(page.get_by_role("link", name=VI("Sign in")).first).to_be_visible()
    assert COOKIE not in {one["name"] for one in context.cookies()}
    assert "Sở A" not in sent(server, "/results-overview", stolen)
    context.close()


def test_a_new_password_signs_every_browser_out(world: World, server: Server) -> None:
    old = session_of(world, "lanhdao")
    assert "Sở A" in sent(server, "/results-overview", old)
    services = world.services()
    services.accounts.set_password(OPERATOR, "lanhdao", PASSWORD)
    services.close()
    assert "Sở A" not in sent(server, "/results-overview", old)


def test_a_session_is_opened_by_our_own_page_with_a_ticket_used_once(world: World, server: Server) -> None:
    services = world.services()
    ticket = services.signing_in.sign_in("lanhdao", PASSWORD)[1]
    services.close()

    def exchange(origin: str, word: str) -> int:
        request = urllib.request.Request(f"{server.base}/session/open", word.encode(), {"Origin": origin})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    assert exchange("https://elsewhere.example", ticket) == 403
    assert exchange(server.base, ticket) == 200
    assert exchange(server.base, ticket) == 403
    assert exchange(server.base, "") == 403


def test_a_cookie_made_for_streamlit_authenticator_opens_nothing_even_with_the_right_key(world: World, server: Server) -> None:
    forged = jwt.encode({"username": "tochuc", "exp_date": 4e9}, world.environment["LANGNGHE_COOKIE_KEY"], algorithm="HS256")
    shown = sent(server, "/organize-waves", f"x; langnghe_unused={forged}")
    assert VI("Account name or password is wrong.") in shown
    assert not [secret for secret in SECRETS if secret in shown]
