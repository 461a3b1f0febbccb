"""The introduction says what is asked and why, where the questionnaire has criteria, and is silent where it has none."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.form_page import TEXT, Stub, form, to_step

pytestmark = pytest.mark.browser
CRITERIA = [{"document": "Kế hoạch 363 (2019)", "lines": ["Đúng hẹn hơn", "<b>Thân thiện</b>"]}, {"document": "", "lines": ["Gọn"]}]


def test_the_criteria_stand_on_the_first_screen_behind_one_touch(page: Page, stub: Stub) -> None:
    stub.form = form(criteria=CRITERIA)
    to_step(page, stub, stub.form["questionnaire"]["title"])
    listed = page.get_by_text("<b>Thân thiện</b>")  # a text of the file, never markup
    expect(listed).to_be_hidden()
    page.get_by_text(TEXT["criteria"]).click()
    expect(listed).to_be_visible()
    expect(page.get_by_text("Kế hoạch 363 (2019)")).to_be_visible()
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("changes", [{}, {"criteria": []}])
def test_without_criteria_nothing_is_said_of_them(page: Page, stub: Stub, changes: dict[str, object]) -> None:
    stub.form = form(**changes)
    to_step(page, stub, stub.form["questionnaire"]["title"])
    expect(page.get_by_text(TEXT["criteria"])).to_have_count(0)
