"""What a leader's page asks the network for: every script named in its head, packed, none found out later."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.world import World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
ASKED = "() => performance.getEntriesByType('resource').filter(one => one.name.includes('/static/js/')).map(one => one.name)"
FIRST = {"overview": ".ln-picture img:visible", "comparison": ".ln-grid td", "item": ".js-plotly-plot .main-svg"}
NAMED = """() => [...document.querySelectorAll('script[src], link[rel=modulepreload]')].map(one => one.src || one.href)"""


@pytest.mark.parametrize("address", sorted(FIRST))
def test_a_page_of_charts_names_all_its_scripts_in_its_head_and_they_come_packed(
    address: str, browser: Browser, server: Server, world: World
) -> None:
    context = signed_in(browser, server, world, "lanhdao")
    page = context.new_page()
    encodings: dict[str, str] = {}
    page.on("response", lambda answer: encodings.update({answer.url: answer.headers.get("content-encoding", "bare")}))
    page.goto(f"{server.base}/results-{address}")
    expect(page.locator(FIRST[address]).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    asked, named = set(page.evaluate(ASKED)), set(page.evaluate(NAMED))
    context.close()
    assert len(asked) > 50
    assert any("PlotlyChart" in one for one in asked) == (address == "item")  # half of all bytes
    assert asked - named == set(), "found out late: one more wait for the reader"
    assert {encodings[one] for one in asked} == {"br"}  # on 127.0.0.1 a browser takes brotli, as it does over TLS
