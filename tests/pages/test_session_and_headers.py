"""The session cookie and the headers, on http and behind an https proxy, without a browser."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from bootstrap import Services
from pages.plain import session
from pages.plain.headers import SecurityHeaders
from pages.plain.session import COOKIE, DEVICE_PATH, SECURE_COOKIE, cookie_of, devices_of
from survey.access import Role
from survey.devices import SECONDS
from survey.signing_in import SESSION_SECONDS, WrongPassword
from survey.throttle import FREE, PleaseWait
from tests.small_world import add_account

GOOD = "bon tu khong lien quan"
HTTPS = {"Origin": "https://testserver", "X-Forwarded-Proto": "https"}


@pytest.fixture
def client(sqlite_services: Services) -> TestClient:
    add_account(sqlite_services, "lan.anh", Role.LEADER, GOOD)

    def anything(request: Request) -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Cache-Control": "public, max-age=60"})

    routes = [*session.routes(lambda: sqlite_services), Route("/{any:path}", anything)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)]))


def attributes(cookie: str) -> set[str]:
    return {part.strip() for part in cookie.split(";")[1:]}


def test_on_https_the_cookie_is_bound_to_this_host(client: TestClient, sqlite_services: Services) -> None:
    ticket = sqlite_services.signing_in.sign_in("lan.anh", GOOD)[1]
    answer = client.post("/session/open", content=ticket, headers=HTTPS)
    cookie = answer.headers.get_list("set-cookie")[0]
    name, session_id = cookie.split(";")[0].split("=")
    assert name == SECURE_COOKIE == f"__Host-{COOKIE}"
    assert attributes(cookie) == {"HttpOnly", "Secure", "SameSite=lax", "Path=/", f"Max-Age={SESSION_SECONDS}"}
    assert sqlite_services.signing_in.viewer(session_id) is not None
    closed = client.post("/session/close", headers={**HTTPS, "Cookie": f"{SECURE_COOKIE}={session_id}"})
    assert closed.headers["set-cookie"].startswith(f'{SECURE_COOKIE}=""') and "Max-Age=0" in closed.headers["set-cookie"]
    assert sqlite_services.signing_in.viewer(session_id) is None


def test_on_http_it_is_out_of_reach_of_scripts_all_the_same(client: TestClient, sqlite_services: Services) -> None:
    ticket = sqlite_services.signing_in.sign_in("lan.anh", GOOD)[1]
    cookie = client.post("/session/open", content=ticket, headers={"Origin": "http://testserver"}).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=") and {"HttpOnly", "SameSite=lax"} <= attributes(cookie)


@pytest.mark.parametrize("secure", [True, False])
def test_the_browser_is_known_from_then_on_to_streamlit_alone(client: TestClient, sqlite_services: Services, secure: bool) -> None:
    signing_in = sqlite_services.signing_in
    headers = HTTPS if secure else {"Origin": "http://testserver"}
    answer = client.post("/session/open", content=signing_in.sign_in("lan.anh", GOOD)[1], headers=headers)
    cookie = answer.headers.get_list("set-cookie")[1]
    name, value = cookie.split(";")[0].split("=")
    assert name.startswith("__Secure-langnghe_device_" if secure else "langnghe_device_")
    wanted = {"HttpOnly", "SameSite=lax", f"Path={DEVICE_PATH}", f"Max-Age={SECONDS}"} | ({"Secure"} if secure else set())
    assert attributes(cookie) == wanted
    for _ in range(FREE):
        with pytest.raises(WrongPassword):
            signing_in.sign_in("lan.anh", "wrong")
    with pytest.raises(PleaseWait):
        signing_in.sign_in("lan.anh", GOOD, devices_of({name: value}, secure=not secure))
    assert signing_in.sign_in("lan.anh", GOOD, devices_of({"other": "x", name: value}, secure=secure))


def test_a_cookie_a_neighbour_may_have_planted_counts_for_nothing_on_https() -> None:
    assert cookie_of({COOKIE: "planted"}, secure=True) is None
    assert cookie_of({COOKIE: "planted", SECURE_COOKIE: "own"}, secure=True) == "own"
    assert cookie_of({COOKIE: "own"}, secure=False) == "own"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://testserver.example", "null", ""])
def test_another_site_can_neither_open_nor_close_a_session(client: TestClient, sqlite_services: Services, origin: str) -> None:
    ticket = sqlite_services.signing_in.sign_in("lan.anh", GOOD)[1]
    for path in ("/session/open", "/session/close"):
        assert client.post(path, content=ticket, headers={"Origin": origin}).status_code == 403


def test_https_is_kept_for_a_year_and_never_promised_on_http(client: TestClient) -> None:
    assert client.get("/", headers={"X-Forwarded-Proto": "https"}).headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in client.get("/").headers


@pytest.mark.parametrize("path", ["/", "/results-overview", "/media/download.csv", "/_stcore/health", "/p"])
def test_nothing_that_may_hold_results_stays_in_a_cache(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_what_is_the_same_for_everybody_may_stay(client: TestClient) -> None:
    for path in ("/static/js/index.js", "/p/assets/x/form.js"):
        assert client.get(path).headers["cache-control"] == "public, max-age=60"
