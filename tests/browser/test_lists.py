"""Lists in a browser: units found with the marks and without, in the list that takes one and in the one that takes several; the lists of
answers, themes and questions that an officer writes in the editor."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.access import OPERATOR
from tests.browser import visitor
from tests.browser.engines import broken
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


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    visitor.settled(page)


def test_a_theme_with_two_questions_and_answers_of_its_own_is_written_seen_and_saved(
    browser: Browser, server: Server, world: World
) -> None:
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.goto(f"{server.base}/organize-editor?questionnaire=vhcs-core&version=1.1")
    part = VI("Part to change")
    visitor.choose(page, part, VI("Lists of answers"))
    page.get_by_label(VI("Answers in Vietnamese, one a line; {order}", order=VI("the worst first"))).fill(
        "Không bao giờ\nĐôi khi\nLuôn luôn"
    )
    press(page, VI("Add the list"))
    visitor.choose(page, part, VI("About the respondent"))
    page.locator("summary").filter(has_text="Giới tính").click()
    assert broken(page)[0] == []  # the parts that the other lists and pads are made of stand here
    visitor.choose(page, part, VI("Themes: add, name, put in order"))
    page.get_by_label(VI("Name of the new theme in Vietnamese")).fill("Chuyển đổi số")
    press(page, VI("Add the theme"))
    expect(page.get_by_label(part)).to_have_value(VI("Theme: {name}", name="Chuyển đổi số"))
    for words in ("Phần mềm chạy ổn định.", "Tôi được hướng dẫn dùng phần mềm."):
        page.get_by_label(VI("A new question, in Vietnamese")).fill(words)
        press(page, VI("Add the question"))
        expect(page.locator("summary").filter(has_text=words)).to_be_visible()
    page.locator("summary").filter(has_text="CDS1").click()
    visitor.choose(page, VI("Answers"), "Không bao giờ / Đôi khi / Luôn luôn")
    table = page.get_by_role("table").filter(has_text=VI("Its series"))
    for name in ("CDS", "CDS1", "CDS2"):
        expect(table.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))).to_contain_text(
            VI("begins with this version")
        )
    phone = page.frame_locator("iframe")
    title = phone.locator(".ln-form h1")
    while title.inner_text() != "Chuyển đổi số":
        before = title.inner_text()
        phone.locator("#ln-next").click()
        expect(title).not_to_have_text(before)
    expect(phone.get_by_text("Luôn luôn", exact=True)).to_have_count(1)
    press(page, VI("Save the questionnaire {id} {version}", id="vhcs-core", version="1.2"))
    page.wait_for_url("**/organize-questionnaires**")
    context.close()
    services = world.services()
    stored = services.design.questionnaire(OPERATOR, "vhcs-core", "1.2")
    services.close()
    assert [point.vi for point in stored.scale_of("CDS1").points] == ["Không bao giờ", "Đôi khi", "Luôn luôn"]
    assert stored.scale_of("CDS2") == stored.scale_of("KC1") and stored.themes[-1].vi == "Chuyển đổi số"
