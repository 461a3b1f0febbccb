"""The comparison in a browser: on a phone its row heads stay, it says that there is more, and Enter opens what a cell is made of."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import visitor
from tests.browser.visitor import VI
from tests.browser.world import World, enter
from tests.server import Server

pytestmark = pytest.mark.browser
GROUP = "/results-comparison?wave=2025&group=t:so_ban_nganh"


def opened(context: BrowserContext, server: Server, world: World) -> Page:
    enter(context, server, world, "tochuc")
    page = context.new_page()
    page.goto(server.base + GROUP)
    visitor.settled(page)
    expect(page.locator(".ln-wide")).to_be_visible()
    return page


@pytest.fixture
def phone(browser: Browser, server: Server, world: World) -> Iterator[Page]:
    context = visitor.phone(browser)
    yield opened(context, server, world)
    context.close()


@pytest.fixture
def desk(browser: Browser, server: Server, world: World) -> Iterator[Page]:
    context = visitor.desk(browser)
    yield opened(context, server, world)
    context.close()


def test_row_heads_stay_while_the_columns_scroll_and_the_page_does_not(phone: Page) -> None:
    frame, head = phone.locator(".ln-wide"), phone.locator(".ln-grid tbody th").nth(1)
    cell = phone.locator(".ln-grid tbody tr").nth(1).locator("td").first
    head.scroll_into_view_if_needed()
    before, there = head.bounding_box(), cell.bounding_box()
    assert frame.evaluate("one => one.scrollWidth > one.clientWidth")
    frame.evaluate("one => { one.scrollLeft = 200 }")
    after, gone = head.bounding_box(), cell.bounding_box()
    assert before and after and there and gone
    assert after["x"] == before["x"]
    assert gone["x"] < there["x"] - 150  # the control: what is no head has moved
    assert phone.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def test_a_sign_says_that_there_are_more_columns_only_where_they_do_not_fit(phone: Page, desk: Page) -> None:
    sign = VI("Scroll sideways: there are more columns.")
    expect(phone.get_by_text(sign)).to_be_visible()
    expect(desk.get_by_text(sign)).to_be_hidden()
    assert desk.locator(".ln-wide").evaluate("one => one.scrollWidth <= one.clientWidth")


def test_enter_on_a_cell_opens_the_question_of_that_unit_and_theme(desk: Page) -> None:
    row = desk.locator(".ln-grid tbody tr").filter(has_text="Sở A")
    row.locator("td a").nth(1).focus()
    desk.keyboard.press("Tab")  # from cell to cell by the keyboard alone
    wanted = parse_qs(urlsplit(row.locator("td a").nth(2).get_attribute("href") or "").query)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/results-item?*")
    visitor.settled(desk)
    assert parse_qs(urlsplit(desk.url).query)["item"] == wanted["item"]
    expect(desk.get_by_text(f"{wanted['item'][0]}. ").first).to_be_visible()
    expect(desk.locator(".ln-about strong")).to_have_text("Sở A")


def test_a_click_on_the_index_opens_the_overview_of_the_unit(desk: Page) -> None:
    desk.locator(".ln-grid tbody tr").filter(has_text="Sở A").locator("td a").first.click()
    desk.wait_for_url("**/results-overview?*")
    expect(desk.locator(".ln-about strong")).to_have_text("Sở A")
