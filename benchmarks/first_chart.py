"""A leader at a desk: from asking for a page to its first chart, in a real browser, with an empty cache and with a full one;
beside it the same numbers in a plain Streamlit script."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks import Row, plain
from benchmarks.phone import PAINTED
from benchmarks.sheet import cookie_of, leader_ticket
from benchmarks.stores import demonstration, environment, open_stores, pses
from tests.server import launch, serving

PAGES = ("overview", "comparison", "trend")
RUNS = 3
# A picture that can be read, the table of units, or a chart of plotly's with its axis.
DRAWN = """() => document.querySelector('.ln-grid td a') || [...document.querySelectorAll('.ln-picture img')].some(one => one.complete && one.naturalWidth && one.offsetWidth)
  || document.querySelector('.js-plotly-plot .main-svg .xtick text, .js-plotly-plot .main-svg .ytick text')"""
# The page itself, its first look gone, and its filters.
STANDS = (
    """() => !document.getElementById('ln-glance') && document.querySelector('.st-key-filters [role=combobox], .st-key-filters input')"""
)
# What all charts say.
MARKS = """[...document.querySelectorAll('.js-plotly-plot .main-svg, .ln-picture img, .ln-grid td')].map(one => one.src || one.textContent).join('|')"""


@dataclass(frozen=True)
class Visit:
    """Seconds to the page's title, to its first chart (with the bytes and requests until then), and until it can be worked with;
    seconds of the main thread; requests and bytes on the wire in all."""

    title: float
    chart: float
    stands: float
    busy: float
    requests: int
    bytes: int
    first_requests: int
    first_bytes: int


def rows() -> list[Row]:
    found = measured("demonstration", demonstration()[0])
    made = pses()
    return found + (measured("PSES", made[0], PAGES[:2]) if made else [])


def measured(of: str, folder: Path, pages: tuple[str, ...] = PAGES) -> list[Row]:
    """Our pages, and then the same numbers in a plain Streamlit script with plotly's charts."""
    services = open_stores(folder)
    with serving(environment(folder), folder) as server, plain.charts(services) as beside, sync_playwright() as playwright:
        browser = launch(playwright)
        cookie = cookie_of(browser, server.base, leader_ticket(services))
        places = {page: f"{server.base}/results-{page}" for page in pages} | {"plain Streamlit and plotly": beside.base}
        found = [row for page, address in places.items() for row in _rows(f"{of}, {page}", *looked(browser, address, cookie))]
        browser.close()
    services.close()
    return found


def _rows(page: str, cold: list[Visit], warm: list[Visit], turns: list[float]) -> list[Row]:
    fetched = f"{cold[-1].first_requests}, {cold[-1].first_bytes / 1e6:.2f} MB; {cold[-1].requests}, {cold[-1].bytes / 1e6:.2f} MB"
    return [
        Row(f"{page}, empty cache: title, first chart, page can be worked with, main thread", _said(cold)),
        Row(f"{page}, empty cache: requests, bytes received until the first chart; in all", fetched),
        Row(f"{page}, full cache: title, first chart, page can be worked with, main thread", _said(warm)),
        Row(f"{page}: another unit chosen, to its drawn chart", f"{statistics.median(turns):.2f} s"),
    ]


def looked(browser: Browser, address: str, cookie: dict[str, str]) -> tuple[list[Visit], list[Visit], list[float]]:
    """Visits with an empty cache, with a full one, and seconds from the choice of another unit to its chart."""
    cold, warm, turns = [], [], []
    with _desk(browser, cookie) as first:
        visit(*first, address)  # the server's first run of the page is not the reader's
    for _ in range(RUNS):
        with _desk(browser, cookie) as (page, cdp, came):
            cold.append(visit(page, cdp, came, address))
            warm.append(visit(page, cdp, came, address))
            turns.append(turned(page))
    return cold, warm, turns


@contextmanager
def _desk(browser: Browser, cookie: dict[str, str]) -> Iterator[tuple[Page, CDPSession, list[float]]]:
    """A page at a desk with an empty cache, and the bytes of every answer that has come (its headers too)."""
    context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Performance.enable")
    came: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    yield page, cdp, came
    context.close()


def visit(page: Page, cdp: CDPSession, came: list[float], address: str) -> Visit:
    page.goto("about:blank")
    came.clear()
    before, began = _busy(cdp), time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("h1").first.wait_for()
    title = time.perf_counter() - began
    page.wait_for_function(DRAWN)
    page.evaluate(PAINTED)
    chart = time.perf_counter() - began
    first = [one for one in came if one > 0]
    page.wait_for_function(STANDS)
    stands = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    fetched = [one for one in came if one > 0]
    return Visit(title, chart, stands, _busy(cdp) - before, len(fetched), int(sum(fetched)), len(first), int(sum(first)))


def turned(page: Page) -> float:
    """Another unit of the list under "Unit": seconds until a chart with other marks stands there."""
    before = page.evaluate(f"() => {MARKS}")
    page.locator(".st-key-filters").get_by_role("combobox").nth(1).click()
    page.keyboard.press("ArrowDown")
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(f"before => {MARKS} !== before", arg=before)
    page.evaluate(PAINTED)
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    return seconds


def _busy(cdp: CDPSession) -> float:
    metrics = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _said(visits: list[Visit]) -> str:
    return " / ".join(f"{statistics.median(getattr(one, what) for one in visits):.2f} s" for what in ("title", "chart", "stands", "busy"))
