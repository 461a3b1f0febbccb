"""The first look in a browser: read before any script of Streamlit's has come, and gone when the page stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from survey.i18n import Locale
from tests.browser import visitor
from tests.browser.form_page import PHONE
from tests.browser.world import World, signed_in
from tests.server import Server

pytestmark = pytest.mark.browser
STREAMLIT = "**/static/js/**"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
# Streamlit scrolls a box of its own.
SCROLLED = "() => document.querySelector('[data-testid=\"stMain\"]').scrollTop"

# Fonts and pictures of the first look are there: nothing in it changes its height any more.
COME = "one => Promise.all([document.fonts.ready, ...[...one.querySelectorAll('img')].map(it => it.decode().catch(() => 0))])"


def looking(browser: Browser, server: Server, world: World, size: str) -> Page:
    page = signed_in(browser, server, world, "lanhdao").new_page()
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("address", "figure"), [("overview", ".ln-lead strong"), ("comparison", ".ln-grid td a"), ("trend", ".ln-picture img:visible")]
)
def test_figures_are_read_while_no_script_has_come(
    browser: Browser, server: Server, world: World, address: str, figure: str, size: str
) -> None:
    page = looking(browser, server, world, size)
    page.route(STREAMLIT, lambda route: route.abort())
    page.goto(f"{server.base}/results-{address}")
    expect(page.locator(figure).first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => { const one = document.getElementById('ln-glance'); return one.scrollWidth <= one.clientWidth; }")
    page.context.close()


def test_it_goes_when_the_page_stands_and_leaves_the_reader_where_he_was(browser: Browser, server: Server, world: World) -> None:
    page = looking(browser, server, world, "phone")
    held: list[Route] = []
    come: list[bool] = []
    page.route(STREAMLIT, lambda route: route.continue_() if come else held.append(route))
    page.goto(f"{server.base}/results-overview", wait_until="commit")
    glance = page.locator("#ln-glance")
    expect(glance).to_be_visible()
    glance.evaluate(COME)
    glance.evaluate("one => one.scrollTo(0, 300)")
    come.append(True)
    for route in held:
        route.continue_()
    visitor.settled(page)
    assert not page.evaluate("() => document.getElementById('root').inert")
    # Not to the pixel: where a font or a picture above comes late, the browser itself holds the line that is read in its place.
    assert page.evaluate(SCROLLED) == pytest.approx(300, abs=60)
    page.get_by_role("combobox").first.click()  # nothing lies over the page
    page.context.close()


def test_nobody_who_has_not_signed_in_is_shown_one(browser: Browser, server: Server, world: World) -> None:
    page = signed_in(browser, server, world, None).new_page()
    answer = page.goto(f"{server.base}/results-overview")
    assert answer is not None and "ln-glance" not in answer.text() and "ln-lead" not in answer.text()
    page.context.close()


@pytest.mark.parametrize(("address", "language"), [("/", "vi"), ("/answer", "vi"), ("/answer", "en")])
def test_who_comes_to_answer_need_not_wait_for_any_script(browser: Browser, server: Server, address: str, language: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.route(STREAMLIT, lambda route: route.abort())
    page.goto(f"{server.base}{address}?lang={language}")
    link = page.get_by_role("link", name=Locale(language)("Answer the survey"))
    place = link.bounding_box()
    assert place is not None and place["height"] >= 48 and place["width"] >= 200
    link.click()
    expect(page.get_by_label(Locale(language)("Access code"))).to_be_visible()
    context.close()
