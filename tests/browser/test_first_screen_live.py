"""Both hosts of the form, on a real server: what the first screen says, and what is left after the close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.access import OPERATOR
from survey.collect.keys import KeyShare
from survey.publish.doubts import Doubt
from tests.browser import visitor
from tests.browser.visitor import TEXT, VI, heading
from tests.browser.world import WAVE, World
from tests.server import Server

pytestmark = pytest.mark.browser
CONTACT = "Phòng Cải cách hành chính <Sở Nội vụ> 0261 3 123 456"
BOTH = pytest.mark.parametrize("place", ["/p", "/answer"])


@pytest.fixture(scope="module")
def world(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return replace(first_world.copy(tmp_path_factory.mktemp("world")), more={"LANGNGHE_CONTACT": CONTACT})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor.phone(browser)
    yield context.new_page()
    context.close()


@BOTH
def test_the_first_screen_says_whom_to_ask_and_until_when_in_the_language_chosen(
    page: Page, server: Server, world: World, place: str
) -> None:
    until = VI("open until {day}", day=VI.day(date.today() + timedelta(days=7)))
    page.goto(server.base + place)
    form = page.locator(".ln-form")
    for said in (CONTACT, until):
        expect(form.get_by_text(said)).to_be_in_viewport(ratio=1)
    visitor.enter_code(page, world.codes["Sở A"][-1])
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    for said in (CONTACT, VI("You can answer until {day}.", day=VI.day(date.today() + timedelta(days=7))), TEXT["privacy"]):
        expect(form.get_by_text(said)).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("None", exact=True)).to_have_count(0)  # what Streamlit prints of a lone expression
    page.get_by_role("link", name="English").click()  # the only one on the page
    expect(form.get_by_text("Questions about this survey")).to_be_visible()
    expect(heading(page)).not_to_have_text("Enter your access code")  # the tab still knows its code


def test_the_link_to_how_anonymity_is_kept_opens_beside_the_form(page: Page, server: Server) -> None:
    page.goto(server.base + "/p")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=TEXT["privacy"]).click()
    expect(opened.value.get_by_role("heading", name=VI("How anonymity is kept"))).to_be_visible()


def test_after_the_close_neither_host_asks_for_a_code(page: Page, server: Server, world: World) -> None:
    services = world.services()
    share = KeyShare.from_bytes(Path(world.share).read_bytes())
    services.closing.close(OPERATOR, WAVE, [share], accept=[Doubt.EMPTY, Doubt.DIFFERENCE])
    services.close()
    code = world.codes["Sở B"][0]
    for place in ("/p", f"/p?code={code}", "/answer"):
        page.goto(server.base + place)
        expect(heading(page)).to_have_text(TEXT["over_title"])
        expect(page.get_by_text(VI("No survey is open at the moment, so no answers can be sent."))).to_be_visible()
        expect(page.locator("input")).to_have_count(0)
        expect(page.get_by_text(CONTACT)).to_be_visible()
