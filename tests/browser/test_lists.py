"""Lists of units in a browser: found with the marks and without, in the one that takes one unit and in the one that takes several."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import visitor
from tests.browser.visitor import VI
from tests.browser.world import World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def trend(browser: Browser, server: Server, world: World) -> Iterator[Page]:
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.goto(f"{server.base}/results-trend?wave=2025&unit=t.a")
    visitor.settled(page)
    expect(page.locator(".ln-about strong")).to_have_text("Sở A")
    yield page
    context.close()


def test_a_unit_is_found_without_its_marks_and_with_them(trend: Page) -> None:
    box = trend.get_by_label(VI("Unit"), exact=True).first
    for typed, found in (("huyen k", "Huyện K"), ("Sở b", "Sở B"), ("HUYEN h", "Huyện H")):
        box.click()
        box.fill(typed)
        expect(trend.get_by_role("option").first).to_have_text(found)
        box.press("Enter")
        expect(trend.locator(".ln-about strong")).to_have_text(found)
        visitor.settled(trend)
    box.click()
    box.fill("khong co dau")  # the control: a filter that finds all finds nothing
    expect(trend.get_by_role("option").filter(has_text="Huyện")).to_have_count(0)


def test_so_are_the_units_laid_beside_it(trend: Page) -> None:
    box = trend.locator("[data-testid='stMultiSelect'] input").first
    box.click()
    box.fill("huyen k")
    trend.get_by_role("option").filter(has_text="Huyện K").first.click()
    expect(trend).to_have_url(re.compile("beside=t.k"))
