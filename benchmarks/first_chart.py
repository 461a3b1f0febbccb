"""A leader at a desk: from asking for a page to its first chart, in a real browser, with an empty cache and with a full one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks import Row
from benchmarks.sheet import PASSWORD, cookie_of
from benchmarks.stores import demonstration, environment, open_stores
from survey.access import Role
from tests.server import launch, serving
from tests.small_world import add_account

PAGES = ("overview", "comparison", "trend")
RUNS = 5
DRAWN = "() => document.querySelector('.js-plotly-plot .main-svg .xtick text, .js-plotly-plot .main-svg .ytick text')"
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Visit:
    """Seconds to the page's title and to its first chart; seconds of the main thread; requests and bytes on the wire."""

    title: float
    chart: float
    busy: float
    requests: int
    bytes: int


def rows() -> list[Row]:
    return measured(demonstration()[0])


def measured(folder: Path, pages: tuple[str, ...] = PAGES) -> list[Row]:
    services = open_stores(folder)
    add_account(services, "do.thu", Role.LEADER, PASSWORD)
    ticket = services.signing_in.sign_in("do.thu", PASSWORD)[1]
    services.close()
    found = []
    with serving(environment(folder), folder) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        cookie = cookie_of(browser, server.base, ticket)
        for page in pages:
            address = f"{server.base}/results-{page}"
            cold, warm, turns = looked(browser, address, cookie)
            found += [
                Row(f"{page}, empty cache: title, first chart, main thread", _said(cold)),
                Row(f"{page}, empty cache: requests, bytes received", f"{cold[-1].requests}, {cold[-1].bytes / 1e6:.2f} MB"),
                Row(f"{page}, full cache: title, first chart, main thread", _said(warm)),
                Row(f"{page}: another unit chosen, to its drawn chart", f"{statistics.median(turns):.2f} s"),
            ]
        browser.close()
    return found


def looked(browser: Browser, address: str, cookie: dict[str, str]) -> tuple[list[Visit], list[Visit], list[float]]:
    """Visits with an empty cache, with a full one, and seconds from the choice of another unit to its chart."""
    cold, warm, turns = [], [], []
    with _desk(browser, cookie) as first:
        visit(*first, address)  # the server's first run of the page is not the reader's
    for _ in range(RUNS):
        with _desk(browser, cookie) as (page, cdp):
            cold.append(visit(page, cdp, address))
            warm.append(visit(page, cdp, address))
            turns.append(turned(page))
    return cold, warm, turns


@contextmanager
def _desk(browser: Browser, cookie: dict[str, str]) -> Iterator[tuple[Page, CDPSession]]:
    context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Performance.enable")
    yield page, cdp
    context.close()


def visit(page: Page, cdp: CDPSession, address: str) -> Visit:
    came: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto("about:blank")
    came.clear()
    before, began = _busy(cdp), time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("h1").first.wait_for()
    title = time.perf_counter() - began
    page.wait_for_function(DRAWN)
    page.evaluate(PAINTED)
    chart = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    fetched = [one for one in came if one > 0]
    return Visit(title, chart, _busy(cdp) - before, len(fetched), int(sum(fetched)))


def turned(page: Page) -> float:
    """Another unit of the list under "Unit": seconds until a chart with other marks stands there."""
    before = page.evaluate("() => [...document.querySelectorAll('.js-plotly-plot .main-svg')].map(one => one.textContent).join('|')")
    page.locator(".st-key-filters").get_by_role("combobox").nth(1).click()
    page.keyboard.press("ArrowDown")
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => [...document.querySelectorAll('.js-plotly-plot .main-svg')].map(one => one.textContent).join('|') !== before", arg=before
    )
    page.evaluate(PAINTED)
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    return seconds


def _busy(cdp: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _said(visits: list[Visit]) -> str:
    return " / ".join(f"{statistics.median(getattr(one, what) for one in visits):.2f} s" for what in ("title", "chart", "busy"))
