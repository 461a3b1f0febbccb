"""The page /join over HTTP: looking spends nothing, choosing signs in, another site can do neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.testclient import TestClient

from bootstrap import Services, Settings, build
from pages.plain import joining, restoring
from pages.plain.bodies import BACKUP, SMALL, Bodies
from pages.plain.headers import SecurityHeaders
from pages.plain.session import COOKIE, SECURE_COOKIE
from survey.access import OPERATOR, Role
from tests.small_world import add_account

GOOD = "bon tu khong lien quan"
OURS = {"Origin": "http://testserver"}
HTTPS = {"Origin": "https://testserver", "X-Forwarded-Proto": "https"}


@pytest.fixture
def client(sqlite_services: Services) -> TestClient:
    return TestClient(Starlette(routes=joining.routes(lambda: sqlite_services), middleware=[Middleware(SecurityHeaders)]))


@pytest.fixture
def token(sqlite_services: Services) -> str:
    return sqlite_services.accounts.invite(OPERATOR, "lan.anh", Role.LEADER).token


def choose(client: TestClient, token: str, password: str = GOOD, headers: dict[str, str] = OURS, **more: str) -> dict[str, object]:
    sent = {"token": token, "password": password, "again": password, "lang": "en", **more}
    answered: dict[str, object] = client.post("/join/choose", json=sent, headers=headers).json()
    return answered


def test_programs_that_open_links_spend_nothing(client: TestClient, token: str) -> None:
    for _ in range(3):
        page = client.get(f"/join?lang=vi#{token}")
        assert page.status_code == 200 and token not in page.text and "set-cookie" not in page.headers
        assert client.head("/join").status_code == 200
        client.get(f"/join?token={token}")
        found = client.post("/join/open", json={"token": token, "lang": "en"}).json()  # one that runs the page's script
        assert found["account"] == "lan.anh" and not found["first"]
    assert choose(client, token) == {"next": "/results"}


def test_the_page_runs_our_script_alone_and_stays_in_no_cache(client: TestClient) -> None:
    page = client.get("/join?lang=vi")
    assert (
        "script-src 'self'" in page.headers["content-security-policy"] and "default-src 'none'" in page.headers["content-security-policy"]
    )
    assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "no-referrer"
    script = page.text.partition('<script src="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Nhập lại mật khẩu" in client.get(script).text


@pytest.mark.parametrize("headers", [OURS, HTTPS])
def test_choosing_signs_this_browser_in(client: TestClient, sqlite_services: Services, token: str, headers: dict[str, str]) -> None:
    answer = client.post("/join/choose", json={"token": token, "password": GOOD, "again": GOOD}, headers=headers)
    cookie = answer.headers.get_list("set-cookie")[0]
    name, session_id = cookie.split(";")[0].split("=")
    assert name == (SECURE_COOKIE if headers is HTTPS else COOKIE) and "HttpOnly" in cookie and "SameSite=lax" in cookie
    viewer = sqlite_services.signing_in.viewer(session_id)
    assert viewer is not None and viewer.name == "lan.anh" and not viewer.must_change_password


def test_whoever_was_signed_in_here_before_is_signed_out(client: TestClient, sqlite_services: Services, token: str) -> None:
    add_account(sqlite_services, "boss", Role.ORGANIZER, GOOD)
    before = sqlite_services.signing_in.redeem(sqlite_services.signing_in.sign_in("boss", GOOD)[1])
    assert before is not None
    choose(client, token, headers={**OURS, "Cookie": f"{COOKIE}={before}"})
    assert sqlite_services.signing_in.viewer(before) is None


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://testserver.example", "null", ""])
def test_another_site_cannot_choose(client: TestClient, sqlite_services: Services, token: str, origin: str) -> None:
    choose(client, token, headers={"Origin": origin})
    assert sqlite_services.joining.opened(token).name == "lan.anh"


def test_what_is_refused_says_why_and_sets_no_cookie(client: TestClient, token: str) -> None:
    sent = {"token": token, "password": GOOD, "again": "khac", "lang": "en"}
    twice = client.post("/join/choose", json=sent, headers=OURS)
    assert "not the same" in twice.json()["error"]["message"] and "set-cookie" not in twice.headers
    refusals = {
        "password-short": choose(client, token, "ngan"),
        "link-unknown": choose(client, "khong-co"),
    }
    assert choose(client, token)["next"]
    refusals["link-used"] = choose(client, token)
    for code, said in refusals.items():
        error = said["error"]
        assert isinstance(error, dict) and error["status"] == code and len(error["message"]) > 20


def test_something_that_is_no_text_is_refused_like_a_wrong_link(client: TestClient) -> None:
    for odd in (None, 5, [], {}, "\ud800"[:0], "x" * 50_000):
        assert client.post("/join/open", json={"token": odd}).json()["error"]["status"] == "link-unknown"


# A backup in place of the first account


def restore(client: TestClient, link: str, content: bytes, headers: dict[str, str] = OURS) -> dict[str, object]:
    answer = client.post("/join/restore?lang=en", content=content, headers={**headers, restoring.LINK: link})
    said: dict[str, object] = answer.json()
    assert "set-cookie" not in answer.headers
    return said


def test_a_backup_comes_back_in_place_of_the_first_account(
    client: TestClient, sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "old")}))
    add_account(old, "boss", Role.ORGANIZER, GOOD)
    old.stores.installation.keep({"organisation": "Sở Nội vụ"})
    content = old.copying.packed(OPERATOR)
    old.close()
    link = sqlite_services.accounts.give_set_up_link()
    assert link is not None
    assert client.post("/join/open", json={"token": link.token}).json()["restore"] is True
    assert sqlite_services.up_to_date().settings.organisation == ""
    asked = []
    monkeypatch.setattr(restoring, "restored", lambda *_: asked.append("read") or {})
    for refused in (restore(client, "khong-co", content), restore(client, link.token, content, {"Origin": "https://elsewhere.example"})):
        assert refused["error"]["status"] in ("link-unknown", "forbidden")  # type: ignore[index]
    assert asked == []
    assert restore(client, link.token, content) == {} and asked == ["read"]  # the control: the right link is let in
    monkeypatch.undo()
    assert "is not a backup" in restore(client, link.token, content[:-9])["error"]["message"]  # type: ignore[index]
    said = restore(client, link.token, content)
    assert said["accounts"] is True and "boss" in " ".join(said["done"]) and said["notes"] == []  # type: ignore[arg-type]
    assert sqlite_services.signing_in.sign_in("boss", GOOD)
    assert sqlite_services.up_to_date().settings.organisation == "Sở Nội vụ"  # at once, not some seconds later
    assert restore(client, link.token, content)["error"]["status"] == "set-up-already"  # type: ignore[index]


def test_a_backup_may_be_larger_than_what_else_is_sent_and_is_bounded_all_the_same(sqlite_services: Services) -> None:
    async def nobody(request: Request) -> bool:
        return False

    bounded = Middleware(Bodies, language="en", may_upload=nobody, kept=lambda: 0, away=(OSError,))
    client = TestClient(Starlette(routes=joining.routes(lambda: sqlite_services), middleware=[bounded]))
    content = bytes(3 * SMALL.size)
    assert restore(client, "khong-co", content)["error"]["status"] == "link-unknown"  # type: ignore[index]
    assert client.post("/join/choose", content=content, headers=OURS).status_code == 413  # the control
    too_long = {**OURS, "Content-Length": str(BACKUP.size + 1)}
    assert client.post("/join/restore", content=b"", headers=too_long).status_code == 413
