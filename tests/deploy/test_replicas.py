"""Two replicas on PostgreSQL behind Debian's nginx, as deploy/nginx.conf sets it up: sign in, answer, watch, download, lose one."""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.plain.session import SECURE_COOKIE
from survey.design.questionnaire import Questionnaire
from tests.browser import visitor
from tests.browser.stream import sent_from
from tests.browser.visitor import VI
from tests.browser.world import PASSWORD, World, make_world
from tests.conftest import new_databases
from tests.deploy.proxy import DELIVERED, Proxy, proxying
from tests.nursery import start
from tests.server import Server
from tests.small_world import UNITS, answers

pytestmark = pytest.mark.browser
MORE_UNITS = UNITS + "t.m;Sở Mới;New department;so;so_ban_nganh;t;;;;33\n"


@dataclass(frozen=True)
class Installation:
    world: World
    replicas: list[Server]
    proxy: Proxy


@pytest.fixture(scope="module")
def installed(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("replicas")
    database, box = new_databases(postgres)
    world = make_world(folder, LANGNGHE_DATABASE_URL=database, LANGNGHE_BOX_URL=box)
    replicas: list[Server] = []
    try:
        replicas += [start(world.environment, folder) for _ in range(2)]
        with proxying([one.port for one in replicas], folder / "nginx") as proxy:
            yield Installation(world, replicas, proxy)
    finally:
        for one in replicas:
            one.stop()


class Line:
    """A respondent's connection to the proxy: what was answered, an outage of the way (not of the survey) tried again."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        request = urllib.request.Request(
            self._proxy.base + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30, context=self._proxy.trust) as answer:
            return bytes(answer.read())

    def send(self, code: str, raw: dict[str, object], attempt: str) -> str:
        """The status of a ballot that is sent as the form sends it: again and again while the way is out."""
        for _attempt in range(10):
            try:
                return str(json.loads(self.ask("POST", "/p/submit", {"code": code, "attempt": attempt, "lang": "vi", **raw}))["status"])
            except urllib.error.HTTPError as outage:
                if outage.code < 500:
                    raise
            except (http.client.HTTPException, OSError):
                pass
        raise AssertionError("no way to the survey")


@contextmanager
def desk_of(browser: Browser, installed: Installation, name: str) -> Iterator[Page]:
    context = visitor.desk(browser, ignore_https_errors=True)
    page = context.new_page()
    visitor.sign_in(page, installed.proxy.base, name, PASSWORD)
    yield page
    context.close()


def cookie_of(page: Page) -> str:
    [cookie] = [one for one in page.context.cookies() if one["name"] == SECURE_COOKIE]
    assert cookie["secure"] and cookie["httpOnly"]
    return f"{SECURE_COOKIE}={cookie['value']}"


def test_signing_in_and_working_through_the_proxy(
    browser: Browser, installed: Installation, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    """On another port than 443; uploads and downloads meet the replica that has them, and only through the proxy."""
    proxy, world = installed.proxy, installed.world
    code, attempt = world.codes["Sở A"].pop(), secrets.token_hex(16)
    raw: dict[str, object] = {"answers": answers(questionnaire)}
    line = Line(proxy)
    assert questionnaire.items[0].id.encode() in line.ask("GET", f"/p?code={code}")
    assert line.send(code, raw, attempt) == "received"
    assert line.send(code, raw, attempt) == "already"
    (tmp_path / "units.csv").write_text(MORE_UNITS, encoding="utf-8")
    with desk_of(browser, installed, "tochuc") as page:
        cookie = cookie_of(page)
        assert VI("Codes given out") in sent_from(proxy.base, "/organize-fieldwork", cookie, proxy.trust)
        page.goto(f"{proxy.base}/organize/units")
        visitor.open_tab(page, VI("Import a file"))
        page.locator("input[type=file]").set_input_files(tmp_path / "units.csv")
        page.get_by_role("button", name=VI("Save {n} units", n=1)).click()
        expect(page.get_by_text(VI("{n} units have been saved.", n=1))).to_be_visible()
        visitor.open_tab(page, VI("Units at a date"))
        with page.expect_download() as downloading:
            page.get_by_role("button", name=VI("Export all units (Excel)")).first.click()
        address = downloading.value.url
        assert Path(downloading.value.path()).read_bytes().startswith(b"PK")  # a workbook
        path = address.removeprefix(proxy.base)
        assert path.startswith("/media/")
        assert {status_of(proxy, path, cookie) for _ in range(20)} == {200}
        # What the proxy is there for: one of the replicas does not have the file.
        assert sorted(direct(one, path, cookie) for one in installed.replicas) == [200, 404]


def test_a_proxy_that_drops_the_port_lets_nobody_in(installed: Installation, tmp_path: Path) -> None:
    """The fault this file once had, as a control: a ticket is refused before it is even looked at."""
    replicas = [one.port for one in installed.replicas]
    with proxying(replicas, tmp_path / "nginx", DELIVERED.replace("Host $http_host", "Host $host")) as dropping:
        assert exchanged(dropping) == "forbidden"
    assert exchanged(installed.proxy) == "expired"  # looked at: there is no such ticket


def exchanged(proxy: Proxy) -> str:
    request = urllib.request.Request(f"{proxy.base}/session/open", b"no ticket", {"Origin": proxy.base})
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=30, context=proxy.trust):
        pass
    with refused.value as answer:
        return answer.read().decode()


def status_of(proxy: Proxy, path: str, cookie: str) -> int:
    request = urllib.request.Request(proxy.base + path, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=30, context=proxy.trust) as answer:
        return int(answer.status)


def direct(replica: Server, path: str, cookie: str) -> int:
    headers = {"Cookie": cookie, "X-Forwarded-Proto": "https"}
    try:
        with urllib.request.urlopen(urllib.request.Request(replica.base + path, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_a_replica_that_is_killed_costs_no_answer_and_signs_nobody_out(
    browser: Browser, installed: Installation, questionnaire: Questionnaire
) -> None:
    proxy, world = installed.proxy, installed.world
    line, raw = Line(proxy), {"answers": answers(questionnaire)}
    codes = world.codes["Sở B"]
    services = world.services()
    before = services.box.count("2026")
    with desk_of(browser, installed, "lanhdao") as page:
        cookie = cookie_of(page)
        for number, code in enumerate(codes):
            if number == len(codes) // 2:
                installed.replicas[0].process.kill()
            assert line.send(code, dict(raw), secrets.token_hex(16)) in ("received", "already")
        assert "Sở A" in sent_from(proxy.base, "/results-overview", cookie, proxy.trust)
        page.goto(f"{proxy.base}/results-overview")
        expect(page.get_by_role("heading", name=VI("Overview")).first).to_be_visible()
    assert services.box.count("2026") - before == len(codes) > 20
    services.close()


def test_nginx_wrote_nothing_about_anybody(installed: Installation) -> None:
    """After all of the above, refused connections included; with nginx's usual logs the same visit is found."""
    code = installed.world.codes["Huyện H"].pop()
    usual = "\n".join(line for line in DELIVERED.splitlines() if not line.strip().startswith(("access_log", "error_log")))
    Line(installed.proxy).ask("GET", f"/p?code={code}")
    assert told(installed.proxy.folder, code) == set()
    replicas = [one.port for one in installed.replicas]
    with proxying(replicas, installed.proxy.folder.parent / "usual", usual) as leaky:
        Line(leaky).ask("GET", f"/p?code={code}")
    assert "access.log" in told(leaky.folder, code)  # and error.log where the replica it fell to is the one that was killed


def told(folder: Path, code: str) -> set[str]:
    """The files that hold the code, or an address of whoever asked."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "site.conf"]
    return {path.name for path in files if any(mark in path.read_bytes() for mark in (code.encode(), b"127.0.0.1 -", b"client: 127."))}
