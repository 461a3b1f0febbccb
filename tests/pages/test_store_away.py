"""PostgreSQL is away for seconds: whoever answers is told to wait, and the page goes on by itself."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bootstrap import Settings, build
from tests.conftest import DEBIAN_POSTGRES, new_databases, run_postgres
from tests.nursery import serving
from tests.server import Server
from tests.small_world import open_wave

WAIT = "trang này sẽ tự thử lại"


class Postgres:
    """A server that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running = run_postgres(folder, DEBIAN_POSTGRES)
        self.url = next(self._running)

    def _control(self, *arguments: str) -> None:
        command = ["runuser", "-u", "postgres", "--", str(DEBIAN_POSTGRES / "pg_ctl"), "-D", str(self.folder / "data"), "-w"]
        subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._control("-l", str(self.folder / "log"), "-o", options, "start")

    def end(self) -> None:
        next(self._running, None)


@pytest.fixture
def postgres_of_its_own() -> Iterator[Postgres]:
    if not (DEBIAN_POSTGRES / "pg_ctl").exists():
        pytest.skip("needs Debian's PostgreSQL 15")
    folder = Path(tempfile.mkdtemp(prefix="langnghe-away-"))
    running = Postgres(folder)
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


def ask(server: Server, method: str, path: str, body: str | None = None) -> tuple[int, str | None, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, body, {"Origin": server.base})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer.status, answer.headers["Retry-After"], content


def test_while_the_store_is_away_everybody_is_told_to_wait_and_goes_on_afterwards(
    postgres_of_its_own: Postgres, tmp_path: Path, browser: Browser
) -> None:
    database, box = new_databases(postgres_of_its_own.url)
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
    services = build(Settings.read(environment))
    _wave, codes, _shares = open_wave(services, today=services.clock.today())
    services.close()
    code = codes["Sở A"][0]
    with serving(environment, tmp_path) as server:
        page, streamlit = browser.new_page(), browser.new_page()
        streamlit.goto(f"{server.base}/privacy")
        expect(streamlit.locator("h1").first).to_be_visible(timeout=30_000)
        assert ask(server, "GET", f"/p?code={code}")[0] == 200
        postgres_of_its_own.stop()
        for method, path, body in (
            ("GET", f"/p?code={code}", None), ("GET", "/healthz", None), ("POST", "/p/open", json.dumps({"code": code})),
            ("POST", "/p/submit", json.dumps({"code": code, "answers": {}})), ("POST", "/session/open", "x" * 43),
        ):  # fmt: skip
            status, after, content = ask(server, method, path, body)
            assert (status, after) == (503, "5"), (method, path)
            assert WAIT in content
        assert WAIT in ask(server, "GET", f"/p?code={code}&lang=vi")[2]
        page.goto(f"{server.base}/p?code={code}")
        expect(page.get_by_role("status")).to_contain_text(WAIT)
        streamlit.goto(f"{server.base}/public")
        expect(streamlit.get_by_text(WAIT).first).to_be_visible(timeout=30_000)
        postgres_of_its_own.start()
        expect(page.locator("#ln h1")).to_be_visible(timeout=30_000)  # nobody has touched either page
        expect(streamlit.get_by_text(WAIT)).to_have_count(0, timeout=30_000)
        page.close()
        streamlit.close()
        assert ask(server, "POST", "/p/open", json.dumps({"code": code}))[0] == 200
