"""An officer merges two departments in a browser: found without marks, looked at, stored with a second click."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.access import OPERATOR
from tests.browser import visitor
from tests.browser.visitor import VI
from tests.browser.world import World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
DAY = date.today() + timedelta(days=40)  # after the last day of the wave in the field


def choose(page: Page, typed: str, name: str) -> None:
    box = page.get_by_label(VI("Units that merge"))
    box.click()
    box.fill(typed)
    expect(page.get_by_role("option").filter(has_text="Tỉnh Thử")).to_have_count(0)  # the list moves while it is narrowed down
    page.get_by_role("option").filter(has_text=name).first.click()
    box.press("Escape")
    expect(page.locator("[data-testid='stMultiSelect']").filter(has_text=name).first).to_be_visible()
    visitor.settled(page)


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["looked at on a phone", "stored at a desk"])
def test_two_departments_are_merged_on_the_page(browser: Browser, server: Server, world: World, size: tuple[int, int]) -> None:
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server.base}/organize-units")
    visitor.open_tab(page, VI("Reorganisation"))
    choose(page, "so b", "Sở B")
    choose(page, "so c", "Sở C")
    day = page.locator("[data-testid='stDateInput']").filter(has_text=VI("First day of the new arrangement"))
    day.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{DAY:%d%m%Y}")
    page.keyboard.press("Tab")
    visitor.settled(page)
    show = page.get_by_role("button", name=VI("Show what will happen"))
    show.click()
    expect(page.get_by_text(VI("This cannot be done so; nothing was changed."))).to_be_visible()
    name = page.get_by_label(VI("Vietnamese name"))
    name.fill("Sở B và C")
    name.press("Tab")
    visitor.settled(page)
    show.click()
    expect(page.get_by_text(VI("Staff of the units concerned: {before}, the same afterwards.", before="50"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size[0] > 1000:
        page.get_by_role("button", name=VI("Store this reorganisation")).click()
        stored = page.get_by_test_id("stAlert").filter(has_text=VI("Stored. {what}.", what="").split(".")[0]).first
        expect(stored).to_be_visible()
        page.get_by_label(VI("Vietnamese name")).fill("Sở D")  # the next thing typed takes the message away, and not the open tab
        page.keyboard.press("Tab")
        expect(stored).to_have_count(0)
        visitor.settled(page)
        expect(page.get_by_role("tab", name=VI("Reorganisation"))).to_have_attribute("aria-selected", "true")
    context.close()
    services = world.services()
    register = services.design.units(OPERATOR)
    services.close()
    ended = register.by_id["t.b"]
    assert (ended.valid_to, ended.successors) == ((DAY - timedelta(days=1), ("so-b-va-c",)) if size[0] > 1000 else (None, ()))


def test_a_calendar_speaks_the_language_of_the_page_and_begins_on_monday(browser: Browser, server: Server, world: World) -> None:
    """Whatever the browser speaks: an American one begins the week on Sunday."""
    context = signed_in(browser, server, world, "tochuc")
    context.add_init_script("Object.defineProperty(navigator, 'language', { configurable: true, get: () => 'en-US' });")
    page = context.new_page()
    for language, first in (("vi", "T2"), ("en", "M")):
        page.goto(f"{server.base}/organize-units?lang={language}")
        visitor.settled(page)
        page.get_by_test_id("stDateInput").first.get_by_role("button").click()
        expect(page.get_by_role("grid").locator("thead th, [role=columnheader]").first).to_have_text(first)
        assert (
            page.evaluate("navigator.languages.join() + (0.5).toLocaleString(navigator.languages)")[-3:]
            == {"vi": "0,5", "en": "0.5"}[language]
        )
        # What is heard of a field of a date follows too; Streamlit itself has it in English alone.
        month = page.get_by_test_id("stDateInput").first.get_by_role("spinbutton").nth(1)
        heard = {"vi": rf"^{VI('month, {n}', n='')}", "en": "^month, "}[language]
        expect(month).to_have_attribute("aria-label", re.compile(heard))
        expect(month).to_have_attribute("aria-valuetext", re.compile({"vi": r"^\d+$", "en": r"^\d+ – [A-Z]"}[language]))
    context.close()
