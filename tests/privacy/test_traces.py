"""Every file a server writes while people answer, searched for who they are and what they said."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootstrap import Settings, build
from survey.collect.slips import in_groups
from survey.design.questionnaire import Questionnaire
from tests.conftest import REPOSITORY, new_databases
from tests.privacy.crowd import ADDRESS, AGENT
from tests.server import free_port, serving
from tests.small_world import answers, open_wave

WORDS = "Ý kiến chỉ mình tôi viết ra, số 7731"
HEADERS = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS, "Forwarded": f"for={ADDRESS}", "Cookie": "theo-doi=7731"}


def found_in(folder: Path, marks: Mapping[str, bytes]) -> set[str]:
    """Which marks stand in any file below a folder, or in a file's name."""
    hits = set()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for name, mark in marks.items():
            if mark in content or mark in str(path).encode():
                hits.add(f"{name}: {path.relative_to(folder)}")
    return hits


def marks_of(code: str, attempt: str, raw: Mapping[str, object]) -> dict[str, bytes]:
    some = json.dumps(raw["answers"], separators=(",", ":"))[:60]
    return {
        "address": ADDRESS.encode(),
        "browser": b"Nguoi-Thu",
        "code": code.encode(),
        "code in groups": in_groups(code).encode(),
        "attempt": attempt.encode(),
        "comment": WORDS.encode(),
        "comment, escaped": json.dumps(WORDS)[1:-1].encode(),
        "answers": some.encode(),
        "answers, spaced": json.dumps(raw["answers"])[:60].encode(),
        "cookie": b"theo-doi=7731",
    }


def visit(base: str, code: str, attempt: str, raw: Mapping[str, object]) -> None:
    """A respondent who opens the page, mistypes, breaks things, sends, and sends again."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=30)

    def ask(method: str, path: str, body: bytes = b"") -> bytes:
        connection.request(method, path, body, {**HEADERS, "Content-Type": "application/json"})
        return connection.getresponse().read()

    form = json.dumps({"code": code, "attempt": attempt, "lang": "vi", **raw}).encode()
    ask("GET", f"/p?code={code}")
    ask("GET", f"/?code={code}")
    ask("GET", f"/answer?code={code}")
    ask("GET", f"/khong-co-trang-nay?code={code}")
    ask("POST", "/p/open", json.dumps({"code": in_groups(code), "lang": "vi"}).encode())
    assert b"rejected" in ask("POST", "/p/submit", form.replace(b'"KC1": ', b'"KC1": 9'))
    ask("POST", "/p/submit", form[:-9])  # not JSON any more
    ask("POST", "/p/submit", form + b" " * 70_000)
    ask("POST", "/p/submit", json.dumps({"code": 7731, "answers": [WORDS], "credential": {"x": code}}).encode())
    assert b'"received"' in ask("POST", "/p/submit", form)
    assert b'"already"' in ask("POST", "/p/submit", form)
    other = form.replace(WORDS.encode()[:2], b"zz").replace(b'"KC1": 4', b'"KC1": 1')
    assert b'"already"' in ask("POST", "/p/submit", other)  # nothing of the answers is told
    assert b'"spent"' in ask("POST", "/p/submit", other.replace(attempt.encode(), b"0" * len(attempt)))
    connection.close()


@pytest.fixture(params=["sqlite", "postgres"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    # Home, temporary files, caches and stores of the server: all that it may write to.
    for name in ("home", "tmp", "stores"):
        (tmp_path / name).mkdir()
    environment = {
        "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"), "XDG_CACHE_HOME": str(tmp_path / "home"),
        "LANGNGHE_DATA_DIR": str(tmp_path / "stores"),
    }  # fmt: skip
    if request.param == "postgres":
        database, box = new_databases(request.getfixturevalue("postgres"))
        environment |= {"LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
    return environment


def test_no_file_holds_address_browser_code_or_answer(stores: dict[str, str], tmp_path: Path, questionnaire: Questionnaire) -> None:
    from datetime import date

    services = build(Settings.read(stores))
    _wave, codes, _shares = open_wave(services, today=date.today())
    services.close()
    code, attempt = codes["Sở A"][0], secrets.token_hex(16)
    raw = {"answers": answers(questionnaire), "comments": {questionnaire.open_questions[0].id: WORDS}, "breakdowns": {"gender": "f"}}
    marks = marks_of(code, attempt, raw)
    with serving(stores, tmp_path) as server:
        visit(server.base, code, attempt, raw)
        while_open = found_in(tmp_path, marks)
    assert not while_open | found_in(tmp_path, marks)
    assert any((tmp_path / "stores").iterdir())
    if "LANGNGHE_BOX_URL" in stores:  # the server's own files and log
        folder = Path(stores["LANGNGHE_BOX_URL"].partition("host=")[2].replace("%2F", "/"))
        if folder.is_dir():
            assert not found_in(folder, marks) and (folder / "log").stat().st_size


def test_a_store_that_keeps_the_request_is_caught(tmp_path: Path, questionnaire: Questionnaire) -> None:
    """Leaky control: a table as usual, with its journal. Every mark that is looked for can be found."""
    code, attempt = "0123456789ABCDEF", secrets.token_hex(16)
    raw = {"answers": answers(questionnaire), "comments": {"c": WORDS}}
    kept = [json.dumps({**HEADERS, **raw, "code": code, "attempt": attempt}, separators=separators) for separators in (None, (",", ":"))]
    database = sqlite3.connect(tmp_path / "usual.db")
    database.execute("PRAGMA journal_mode=WAL")
    with database:
        database.execute("CREATE TABLE request (code TEXT, comment TEXT, body TEXT)")
        database.executemany("INSERT INTO request VALUES (?, ?, ?)", [(in_groups(code), WORDS, body) for body in kept])
    marks = marks_of(code, attempt, raw)
    assert {hit.partition(": ")[0] for hit in found_in(tmp_path, marks)} == {*marks}
    database.close()


LOGGING = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/p", lambda request: PlainTextResponse("ok"))])
uvicorn.run(app, port=int(sys.argv[1]), access_log=True, proxy_headers=True)
"""


@contextmanager
def logging_server(log: Path) -> Iterator[str]:
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", LOGGING, str(port)], stdout=out, stderr=subprocess.STDOUT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_server_that_logs_requests_is_caught(tmp_path: Path) -> None:
    """Leaky control: the same framework as its makers deliver it."""
    code = "0123456789ABCDEF"
    with logging_server(tmp_path / "log") as base:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(urllib.request.Request(f"{base}/p?code={code}", headers=HEADERS), timeout=5).read()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
    marks = {"address": ADDRESS.encode(), "code": code.encode()}
    assert found_in(tmp_path, marks) == {"address: log", "code: log"}


# The reverse proxy

SILENT = {
    "access_log": "off",
    "error_log": "/dev/null emerg",
    "proxy_request_buffering": "off",
    "proxy_buffering": "off",
    "proxy_max_temp_file_size": "0",
}
NOT_HANDED_ON = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "User-Agent")


def why_it_tells(configuration: str) -> list[str]:
    """What in an nginx configuration would keep or hand on who asks."""
    lines = re.sub(r"#.*", "", configuration)
    wrong = []
    for block in re.split(r"\nserver\s*{", lines)[1:]:
        told = dict.fromkeys(re.findall(r"^\s*(access_log|error_log)\s+([^;]+);", block, re.MULTILINE))
        wrong += [f"{name} {value}" for name, value in told if value != SILENT[name]]
        wrong += [f"no {name}" for name in ("access_log", "error_log") if name not in {seen for seen, _ in told}]
        if "proxy_pass" in block:
            directives = dict(re.findall(r"^\s*(\w+)\s+([^;]+);", block, re.MULTILINE))
            wrong += [name for name, value in SILENT.items() if name.startswith("proxy") and directives.get(name) != value]
            wrong += [name for name in NOT_HANDED_ON if not re.search(rf'proxy_set_header\s+{name}\s+"";', block)]
    return wrong or (["no server"] if "server" not in lines else [])


def test_the_reverse_proxy_keeps_nothing_and_hands_nobody_on() -> None:
    assert not why_it_tells((REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8"))


def test_a_reverse_proxy_as_usually_configured_is_caught() -> None:
    """Leaky control."""
    usual = (
        "\nserver {\n listen 80;\n location / {\n  proxy_pass http://127.0.0.1:8501;\n  proxy_set_header X-Real-IP $remote_addr;\n }\n}\n"
    )
    assert {"no access_log", "no error_log", "proxy_buffering", "X-Real-IP", "User-Agent"} <= set(why_it_tells(usual))
    assert why_it_tells(usual.replace("listen 80;", "access_log /var/log/nginx/access.log;"))[0] == "access_log /var/log/nginx/access.log"
