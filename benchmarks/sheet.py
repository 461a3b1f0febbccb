"""The sheet on a phone that was never here before, and what its charts cost as SVG of our own and as pictures."""

from __future__ import annotations

import base64
import gzip
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import Row
from benchmarks.phone import PAINTED, WEAK, phone
from benchmarks.stores import demonstration, environment, open_stores
from bootstrap import Services
from survey.access import OPERATOR, Role
from survey.disseminate.report import charts as pictures
from survey.disseminate.report.material import Material
from survey.disseminate.sheet import charts
from survey.disseminate.sheet.page import sheet
from survey.disseminate.sheet.reading import reading
from survey.i18n import Locale
from tests.server import launch, serving
from tests.small_world import add_account

WAVE, UNITS = "2025", ("dn", "dn:so_ban_nganh", "dn.syt")
RUNS = 5
PASSWORD = "chi-dung-khi-do-thoi"


@dataclass(frozen=True)
class Visit:
    """Seconds until the first chart can be read; requests and bytes on the wire."""

    chart: float
    requests: int
    bytes: int


def rows() -> list[Row]:
    return measured(demonstration()[0])


def measured(folder: Path) -> list[Row]:
    services = open_stores(folder)
    ticket = leader_ticket(services)
    found = list(drawing(services))
    services.close()
    with serving(environment(folder), folder) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        cookie = cookie_of(browser, server.base, ticket)
        paths = [f"/sheet?wave={WAVE}&unit={unit}" for unit in UNITS]
        visit(browser, server.base + paths[0], cookie, weak=False)  # the server's first page is not the phone's
        for name, weak in (("unthrottled", False), (WEAK, True)):
            visits = [visit(browser, server.base + path, cookie, weak=weak) for path in paths for _ in range(RUNS)]
            seconds = [one.chart for one in visits]
            figure = f"{statistics.median(seconds):.2f} s (longest {max(seconds):.2f})"
            found.append(Row(f"/sheet cold, 390 px: first chart readable, {name}", figure, "< 4 s" if weak else ""))
        most = max(visits, key=lambda one: one.bytes)
        found.append(Row("/sheet: bytes received (headers too), requests", f"{most.bytes / 1000:.1f} kB, {most.requests}", "< 150 kB"))
        browser.close()
    return found


def visit(browser: Browser, address: str, cookie: dict[str, str], *, weak: bool) -> Visit:
    with phone(browser, weak=weak) as (page, finished):
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator("figure svg text").last.wait_for()
        page.evaluate(PAINTED)
        seconds = time.perf_counter() - began
        page.wait_for_load_state("networkidle")
    return Visit(seconds, len(finished), int(sum(finished)))


def leader_ticket(services: Services, unit: str | None = None) -> str:
    """A new leader's, of a unit or of all, to be changed for a session once."""
    name = unit or "do.thu"
    add_account(services, name, Role.LEADER, PASSWORD, unit)
    return services.signing_in.sign_in(name, PASSWORD)[1]


def cookie_of(browser: Browser, base: str, ticket: str) -> dict[str, str]:
    context = browser.new_context()
    if not context.request.post(f"{base}/session/open", data=ticket, headers={"Origin": base}).ok:
        raise RuntimeError("no session")
    cookie = next(one for one in context.cookies() if "session" in one["name"])
    context.close()
    return {"name": cookie["name"], "value": cookie["value"], "url": base}


def drawing(services: Services) -> list[Row]:
    """The same two charts of one unit as SVG of our own and as PNG by the pictures of the Word report."""
    locale, unit = Locale("vi"), UNITS[1]
    of = reading(services.results, OPERATOR, WAVE, unit, locale)
    material = Material(of.releases, of.register, unit, of.hash, locale, of.verdicts)
    list(pictures.themes(material))  # typefaces are read once a process
    own, milliseconds = timed(lambda: (charts.themes(of) + charts.trend(of)).encode())
    png, pictured = timed(lambda: b"".join(base64.b64encode(one.png) for one in (*pictures.themes(material), *pictures.trend(material))))
    page, whole = timed(lambda: sheet(reading(services.results, OPERATOR, WAVE, unit, locale)).encode())
    return [
        Row("two charts as SVG of our own, packed (bare)", f"{packed(own):.1f} kB ({len(own) / 1000:.1f}), {milliseconds:.1f} ms"),
        Row("the same as PNG for Word, in base64, packed (bare)", f"{packed(png):.1f} kB ({len(png) / 1000:.1f}), {pictured:.1f} ms"),
        Row("the whole sheet of a group of 14 units, packed (bare)", f"{packed(page):.1f} kB ({len(page) / 1000:.1f}), {whole:.0f} ms"),
    ]


def timed(make: Callable[[], bytes]) -> tuple[bytes, float]:
    """What is made, and the median of its milliseconds on the processor."""
    taken = []
    for _ in range(RUNS):
        began = time.thread_time()
        made = make()
        taken.append(1000 * (time.thread_time() - began))
    return made, statistics.median(taken)


def packed(content: bytes) -> float:
    return len(gzip.compress(content, 9)) / 1000
