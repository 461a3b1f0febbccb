"""axe-core on the live pages: nothing in our own markup; what Streamlit itself breaks is listed with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pages.navigation.catalogue import CUSTODY, ORGANIZE, OWN, PUBLIC, RESULTS, SIGN_IN, PageSpec
from tests.browser import visitor
from tests.browser.visitor import TEXT, heading
from tests.browser.world import World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXCUSES: list[dict[str, str]] = json.loads((Path(__file__).parent / "axe_streamlit.json").read_text(encoding="utf-8"))
FORM = PUBLIC[1]
Scheme = Literal["light", "dark"]
PAPER: dict[Scheme, str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 27)"}  # .streamlit/config.toml


def broken(page: Page) -> tuple[list[str], set[int]]:
    """What axe finds beyond the excuses, and which excuses were needed.

    Only what lasts: Streamlit fades in what a run has drawn, and letters are paler until then.
    """
    found = _looked_at(page)
    if found[0]:
        page.wait_for_timeout(2000)
        found = _looked_at(page)
    return found


def _looked_at(page: Page) -> tuple[list[str], set[int]]:
    ours, needed = [], set()
    violations: list[dict[str, Any]] = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    for rule in violations:
        for node in rule["nodes"]:
            excuse = next((n for n, one in enumerate(EXCUSES) if one["rule"] == rule["id"] and one["html"] in node["html"]), None)
            if excuse is None:
                ours.append(f"{page.url}: {rule['id']} {node['target']} {node['html'][:200]}")
            else:
                needed.add(excuse)
    return ours, needed


def test_streamlit_pages_break_no_rule_in_our_own_markup_and_every_excuse_is_needed(browser: Browser, server: Server, world: World) -> None:
    readers: dict[str | None, tuple[PageSpec, ...]] = {
        None: tuple(spec for spec in (*PUBLIC, SIGN_IN) if spec is not FORM), "lanhdao": (*RESULTS, OWN), "tochuc": ORGANIZE,
        "giukhoa": CUSTODY,
    }  # fmt: skip
    ours: list[str] = []
    needed: set[int] = set()
    for name, specs in readers.items():
        context = signed_in(browser, server, world, name)
        page = context.new_page()
        for spec in specs:
            page.goto(f"{server.base}/{spec.url_path}")
            expect(page.locator("h1").first).to_be_visible()
            for scheme, paper in PAPER.items():
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                expect(page.locator("[data-testid='stApp']")).to_have_css("background-color", paper)
                visitor.settled(page)
                expect(page.locator("[data-stale='true']")).to_have_count(0)
                found, excused = broken(page)
                ours += [f"{scheme} {one}" for one in found]
                needed |= excused
        context.close()
    assert ours == []
    assert [one for n, one in enumerate(EXCUSES) if n not in needed] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["/p", "/answer"])
def test_the_form_breaks_no_rule_in_any_step(browser: Browser, server: Server, world: World, place: str, scheme: Scheme) -> None:
    # A tall screen: axe takes what lies under the sticky bar for a target that is too small.
    context = browser.new_context(viewport={"width": 390, "height": 3000}, color_scheme=scheme, locale="vi-VN", bypass_csp=True)
    page = context.new_page()
    page.goto(server.base + place)
    expect(page.locator("#ln-code")).to_be_visible()
    ours = broken(page)[0]
    visitor.enter_code(page, "0" * 16)
    expect(page.get_by_role("alert")).not_to_be_empty()
    ours += broken(page)[0]
    visitor.enter_code(page, world.codes["Sở A"].pop())
    expect(page.get_by_text(TEXT["fact_time"])).to_be_visible()
    ours += broken(page)[0]
    visitor.next_step(page)
    visitor.answer_theme(page, "Đồng ý")
    page.locator("summary").click()
    ours += broken(page)[0]
    while page.locator("textarea").count() == 0:
        visitor.next_step(page)
    ours += broken(page)[0]
    while heading(page).inner_text() != TEXT["stored_title"]:
        visitor.next_step(page)
        ours += broken(page)[0]
    page.locator("#ln-next").click()
    visitor.receipt(page)
    ours += broken(page)[0]
    context.close()
    # Streamlit's own way past its menu stands outside every landmark, which axe forgives unless the first link of the page lies
    # in a shadow root, as the form's does: it cannot tell then which comes first.
    ours = [one for one in ours if "stSkipToContent" not in one]
    assert ours == []
