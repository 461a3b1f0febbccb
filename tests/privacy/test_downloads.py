"""Does the address of a downloaded file do without the session that made it? A real server, a real browser."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bootstrap import Services, Settings, build
from pages.plain.downloads import SignedInDownloads
from pages.plain.session import COOKIE
from survey.access import OPERATOR, Role
from survey.signing_in import SigningIn
from tests.nursery import serving
from tests.small_world import add_account, answers, open_wave

GOOD = "bon tu khong lien quan"


def signed_in(signing_in: SigningIn, name: str) -> str:
    _viewer, ticket = signing_in.sign_in(name, GOOD)
    session_id = signing_in.redeem(ticket)
    assert session_id
    return session_id


def fetched(address: str, session_id: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(address, headers={"Cookie": f"{COOKIE}={session_id}"} if session_id else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    yield made
    made.close()


@pytest.mark.browser
def test_a_file_of_the_organizer_is_given_to_sessions_only(services: Services, tmp_path: Path, browser: Browser) -> None:
    wave, codes, shares = open_wave(services, today=date.today())
    questionnaire = services.collect.open(codes["Sở A"][0], date.today()).questionnaire
    for code in codes["Sở A"][:12]:
        services.collect.submit(code, {"answers": answers(questionnaire)}, date.today())
    services.closing.close(OPERATOR, wave.id, shares)
    services.closing.publish(OPERATOR, wave.id)
    add_account(services, "to.chuc", Role.ORGANIZER, GOOD)
    session_id = signed_in(services.signing_in, "to.chuc")
    with serving({"LANGNGHE_DATA_DIR": str(tmp_path)}, tmp_path) as server:
        context = browser.new_context(accept_downloads=True)
        context.add_cookies([{"name": COOKIE, "value": session_id, "url": server.base}])
        page = context.new_page()
        page.goto(f"{server.base}/organize-units?lang=en")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Export all units").first.click()
        address = waiting.value.url
        content = Path(waiting.value.path()).read_bytes()
        assert "/media/" in address and content.startswith(b"PK") and b"xl/workbook.xml" in content  # the register, as a workbook
        assert fetched(address, session_id) == (200, content)
        for stranger in ("", "0" * 43):
            status, body = fetched(address, stranger)
            assert status == 403 and not body.startswith(b"PK")
        # What is everybody's needs no session and no Streamlit.
        public = browser.new_page()
        public.goto(f"{server.base}/public?lang=en")
        with public.expect_download() as protocol:
            public.get_by_role("link", name="Protocol of the opening of the ballot box (PDF)").click()
        assert Path(protocol.value.path()).read_bytes().startswith(b"%PDF")
        status, receipts = fetched(f"{server.base}/public/receipts/{wave.id}")
        assert (status, receipts.decode()) == (200, services.results.receipts(wave.id))
        assert fetched(f"{server.base}/public/receipts/none")[0] == fetched(f"{server.base}/public/protocol/none")[0] == 404
        services.signing_in.sign_out(session_id)
        assert fetched(address, session_id)[0] == 403
        public.close()
        context.close()


def files_of(services: object, guarded: bool) -> TestClient:
    """A server whose one file lies under /media/, as Streamlit's do."""
    routes = [Route("/media/{name}", lambda request: PlainTextResponse("mã phiếu"))]
    middleware = [Middleware(SignedInDownloads, services=lambda: services)] if guarded else []
    return TestClient(Starlette(routes=routes, middleware=middleware))


def open_to_strangers(client: TestClient) -> bool:
    return any(client.get("/media/0a1b.csv", headers=headers).status_code == 200 for headers in ({}, {"Cookie": f"{COOKIE}=doan"}))


def test_every_surface_keeps_strangers_out(services: Services) -> None:
    add_account(services, "lan.anh", Role.LEADER, GOOD)
    client = files_of(services, guarded=True)
    assert not open_to_strangers(client)
    assert client.get("/media/0a1b.csv", headers={"Cookie": f"{COOKIE}={signed_in(services.signing_in, 'lan.anh')}"}).status_code == 200
    assert not open_to_strangers(files_of(object(), guarded=True))  # the surface that takes answers has no accounts


def test_streamlits_own_downloads_are_caught(services: Services) -> None:
    """Leaky control: the same file without the door."""
    assert open_to_strangers(files_of(services, guarded=False))


def test_a_request_on_https_shows_the_cookie_of_https(services: Services) -> None:
    add_account(services, "lan.anh", Role.LEADER, GOOD)
    session_id, client = signed_in(services.signing_in, "lan.anh"), files_of(services, guarded=True)
    https = {"X-Forwarded-Proto": "https"}
    assert client.get("/media/x", headers=https | {"Cookie": f"{COOKIE}={session_id}"}).status_code == 403
    assert client.get("/media/x", headers=https | {"Cookie": f"__Host-{COOKIE}={session_id}"}).status_code == 200
