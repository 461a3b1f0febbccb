"""The plain page on a phone that was never here before: bytes, requests, time to the first theme."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import Row
from benchmarks.stores import environment, in_the_field
from survey.collect import blind
from survey.collect.form.view import FOLDER
from tests.browser import visitor
from tests.browser.test_blinding import BLIND, FINALIZE, ORIGIN
from tests.server import launch, serving

VISITS = 5
BITS, DELAY_MS, SLOWER = 400_000, 300, 4
WEAK = f"{BITS // 1000} kbit/s, {DELAY_MS} ms, processor {SLOWER} x slower"


# Two frames later what was drawn has been painted.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Visit:
    """seconds to the introduction and to the first theme whose answers can be tapped; bytes on the wire."""

    introduction: float
    theme: float
    requests: int
    bytes: int


def rows() -> list[Row]:
    field = in_the_field(staff=20)
    field.services.close()
    code = field.codes[0][0]
    with serving(environment(field.folder), field.folder) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        visit(browser, server.base, code, weak=False)  # the server's first page is not the phone's
        fast = [visit(browser, server.base, code, weak=False) for _ in range(VISITS)]
        slow = [visit(browser, server.base, code, weak=True) for _ in range(VISITS)]
        desk = [visit(browser, server.base, code, weak=False, place="/answer") for _ in range(VISITS)]
        hurried = [at_once(browser, server.base, code) for _ in range(VISITS)]
        blinding = [blinded(browser) for _ in range(VISITS)]
        browser.close()
    first, second = (statistics.median(one.theme for one in visits) for visits in (fast, slow))
    return [
        Row("cold visit of /p?code=…, bytes received (headers too)", f"{slow[0].bytes / 1000:.1f} kB"),
        Row("requests", str(slow[0].requests)),
        Row("first theme can be answered, unthrottled", f"{1000 * first:.0f} ms"),
        Row(f"introduction readable, {WEAK}", f"{statistics.median(one.introduction for one in slow):.2f} s"),
        Row(f"first theme can be answered, {WEAK}", f"{second:.2f} s"),
        Row("the same form on /answer, unthrottled", f"{statistics.median(one.theme for one in desk):.2f} s", "< 2 s"),
        Row(f"from /answer by the link that comes first, code typed, {WEAK}", f"{statistics.median(hurried):.2f} s", "< 7 s"),
        Row(f"invitation: blinding and finishing, cold, processor {SLOWER} x slower", f"{statistics.median(blinding):.0f} ms", "< 2000 ms"),
        Row("/answer: bytes received, requests", f"{desk[0].bytes / 1000:.0f} kB, {desk[0].requests}"),
    ]


@contextmanager
def phone(browser: Browser, *, weak: bool) -> Iterator[tuple[Page, list[float]]]:
    """A page of 390 pixels with an empty cache; the bytes of every answer that has come (its headers too)."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True, has_touch=True)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    finished: list[float] = []
    cdp.on("Network.loadingFinished", lambda event: finished.append(event["encodedDataLength"]))
    if weak:
        speed = {"downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8, "latency": DELAY_MS}
        cdp.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, finished
    context.close()


def visit(browser: Browser, base: str, code: str, *, weak: bool, place: str = "/p") -> Visit:
    """One visit; the person taps "start" the moment it is there."""
    with phone(browser, weak=weak) as (page, finished):
        began = time.perf_counter()
        page.goto(f"{base}{place}?code={code}", wait_until="commit")
        if place != "/p":  # there the code is typed
            visitor.enter_code(page, code)
        page.locator("#ln-next").wait_for()
        introduction = time.perf_counter() - began
        page.locator("#ln-next").tap()
        page.locator("input[type=radio]:enabled").first.wait_for()
        theme = time.perf_counter() - began
        page.wait_for_load_state("networkidle")
    return Visit(introduction, theme, len(finished), int(sum(finished)))


def at_once(browser: Browser, base: str, code: str) -> float:
    """Seconds on a weak line from /answer to the first theme, for somebody who takes the link that comes before Streamlit."""
    with phone(browser, weak=True) as (page, _finished):
        began = time.perf_counter()
        page.goto(f"{base}/answer", wait_until="commit")
        page.locator("a[href='/p']").tap()
        visitor.enter_code(page, code)
        page.locator("#ln-next").tap()
        page.locator("input[type=radio]:enabled").first.wait_for()
        return time.perf_counter() - began


def blinded(browser: Browser) -> float:
    """Milliseconds in which a phone makes its part of a credential for the first time."""
    pem, page = blind.create_key(), browser.new_page()
    page.route(f"{ORIGIN}/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.route(f"{ORIGIN}/blind.js", lambda route: route.fulfill(path=FOLDER / "blind.js", content_type="text/javascript"))
    page.goto(ORIGIN)
    page.evaluate("import('/blind.js').then((module) => { window.b = module; })")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    modulus, clock = blind.modulus_of(pem).hex(), "performance.now()"
    began = page.evaluate(clock)
    made = page.evaluate(BLIND, modulus)
    waits = page.evaluate(clock)
    signed = blind.blind_sign(pem, bytes.fromhex(made["message"])).hex()
    goes_on = page.evaluate(clock)
    page.evaluate(FINALIZE, [modulus, made["prepared"], signed, made["inverse"]])
    milliseconds = float(page.evaluate(clock) - goes_on + waits - began)
    page.close()
    return milliseconds
