"""Whole visits of `/p`, the page (packed, as a phone asks for it) and then the answer, in turn with the build before.

Each build has a server, stores and codes of its own, made by itself; 8 clients keep their connections. Rounds of both
alternate, so that a busy machine is busy for both, and what one does some seconds after its answers is not done in the
other's. What a page costs is measured with pages alone; the rest of a visit is the answer.
"""

from __future__ import annotations

import http.client
import json
import secrets
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks import Row
from benchmarks.answer import field_of, given
from benchmarks.before import trees
from benchmarks.stores import environment, new_folder
from benchmarks.submits import bare_commits, every
from tests.server import Server, at_rest, serving

ROUNDS = 3
PAGES, VISITS, WARM_UP = 800, 1200, 100  # long enough for what is done some seconds after an answer to have its share
LATER = 6  # seconds after which all that an answer asks for has begun
_PHONE = {"Accept-Encoding": "gzip", "Accept": "text/html", "Accept-Language": "vi", "User-Agent": "Mozilla/5.0 (Android 13; Mobile)"}
_SEND = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}


@dataclass
class Build:
    """One build with its server and the forms that nobody has sent yet. Of each round: visits/s, ms of processor."""

    server: Server
    process: psutil.Process
    forms: Iterator[bytes]
    rates: list[float] = field(default_factory=list)
    visit: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    size: int = 0

    def round(self) -> None:
        forms = self.some(PAGES)
        before = self.used()
        every(forms, self.server.base, self.look)
        self.page.append((self.used() - before) / PAGES)
        forms = self.some(VISITS)
        before, began = self.used(), time.perf_counter()
        every(forms, self.server.base, self.go)
        self.rates.append(VISITS / (time.perf_counter() - began))
        self.visit.append((self.used() - before) / VISITS)
        time.sleep(LATER)
        at_rest(self.server)

    def some(self, count: int) -> list[bytes]:
        return [next(self.forms) for _ in range(count)]

    def used(self) -> float:
        """Milliseconds of processor so far."""
        times = self.process.cpu_times()
        return 1000 * (times.user + times.system)

    def look(self, line: http.client.HTTPConnection, form: bytes) -> None:
        line.request("GET", f"/p?code={json.loads(form)['code']}", headers=_PHONE)
        answer = line.getresponse()
        self.size = len(answer.read())
        if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
            raise RuntimeError(f"/p: {answer.status}, {answer.headers}")

    def go(self, line: http.client.HTTPConnection, form: bytes) -> None:
        self.look(line, form)
        began = time.perf_counter()
        line.request("POST", "/p/submit", form, _SEND)
        answer = line.getresponse().read()
        self.receipts.append(1000 * (time.perf_counter() - began))
        if b'"received"' not in answer:
            raise RuntimeError(f"/p/submit: {answer!r}")


@contextmanager
def build_of(tree: Path) -> Iterator[Build]:
    folder, codes = field_of(tree, staff=80)
    with serving(environment(folder), folder, tree) as server:
        yield Build(at_rest(server), psutil.Process(server.process.pid), forms_of(codes))


def forms_of(codes: list[str]) -> Iterator[bytes]:
    """Every question answered, as the browser sends it."""
    form = {"lang": "vi", **given()}
    for code in codes:
        sent = {**form, "code": code, "attempt": secrets.token_hex(16)}
        yield json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def rows() -> list[Row]:
    with build_of(trees()["now"]) as now, build_of(trees()["before"]) as before:
        for build in (now, before):
            every(build.some(WARM_UP), build.server.base, build.go)
            build.receipts.clear()
        for _round in range(ROUNDS):
            now.round()
            before.round()
        bare = bare_commits(new_folder())
    return [
        _row("whole visits a second", now.rates, before.rates, "> 2.5 x", digits=0),
        Row("against bare SQLite commits of one such ballot, same disk and settings", f"{median(now.rates) / bare:.2f} x ({bare:.0f} /s)"),
        _row("server CPU of a visit, ms", now.visit, before.visit),
        _row("of it the page, ms", now.page, before.page),
        _row("of it the answer, ms", _rest(now), _rest(before)),
        Row("bytes of the page, packed", f"{now.size:,} (before {before.size:,})"),
        Row("time to the receipt, median / 99th percentile", f"{_waits(now)} ms (before {_waits(before)})"),
    ]


def median(measured: list[float]) -> float:
    return statistics.median(measured)


def _rest(build: Build) -> list[float]:
    return [visit - page for visit, page in zip(build.visit, build.page, strict=True)]


def _waits(build: Build) -> str:
    waits = sorted(build.receipts)
    return f"{median(waits):.0f} / {waits[len(waits) * 99 // 100]:.0f}"


def _row(what: str, now: list[float], before: list[float], target: str = "", digits: int = 2) -> Row:
    larger, smaller = sorted((median(now), median(before)), reverse=True)
    return Row(what, f"{median(now):.{digits}f} (before {median(before):.{digits}f}: {larger / smaller:.2f} x)", target)
