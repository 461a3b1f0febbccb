"""Skip logic, hints and notes on the phone: the form of a real XLSForm, and the very cases of tests/design/test_conditions.py."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.design.conditions import parse
from tests.browser.form_page import TEXT, Stub, choose, form, next_step, radio, start
from tests.design.test_conditions import CASES

pytestmark = pytest.mark.browser
TRAINED = {
    "id": "trained",
    "label": "Năm qua Ông/Bà có được đào tạo không?",
    "options": [{"code": "y", "label": "Có"}, {"code": "n", "label": "Không"}],
}


def skipping() -> dict[str, Any]:
    """The second item of the first theme is asked of the trained only, the open question of who gives it 4 or 5."""
    made = form()
    first, second = made["themes"][0]["items"]
    first |= {"hint": "Kể cả làm việc từ xa."}
    second |= {"note": "Về đào tạo", "relevant": parse("${trained} = 'y'"), "before": ["trained"]}
    made["open_questions"][0] |= {"relevant": parse("${KC2} >= 4"), "hint": "Một hai câu."}
    made["breakdowns"].append(TRAINED)
    return made


def to_first_theme(page: Page, stub: Stub) -> None:
    stub.form = skipping()
    start(page, stub)
    next_step(page)


def test_a_question_appears_with_the_answer_it_hangs_on_and_goes_with_it(page: Page, stub: Stub) -> None:
    to_first_theme(page, stub)
    expect(page.get_by_text("Kể cả làm việc từ xa.")).to_be_visible()
    expect(page.locator("#ln-q-KC2")).to_be_hidden()
    expect(page.get_by_text("Về đào tạo")).to_be_hidden()
    choose(page, "trained", "Có")
    expect(page.locator("#ln-q-KC2")).to_be_visible()
    expect(page.get_by_text("Về đào tạo")).to_be_visible()
    choose(page, "KC2", "Đồng ý")
    next_step(page)
    next_step(page)
    expect(page.locator("#ln-q-MO1")).to_be_visible()
    page.locator("#ln-MO1").fill("Lớp tiếng Anh")
    page.go_back()
    page.go_back()
    choose(page, "trained", "Không")
    expect(page.locator("#ln-q-KC2")).to_be_hidden()
    next_step(page)
    next_step(page)
    expect(page.locator("h1")).to_have_text(TEXT["about_title"])  # no step for a comment that is not asked for
    expect(page.locator("#ln-q-trained")).to_have_count(0)  # asked above its question already
    next_step(page)
    expect(page.get_by_text(TEXT["theme_left"].split(".")[0].replace("{n}", "1").replace("{total}", "1"))).to_be_visible()
    next_step(page)
    assert page.locator("pre").text_content() == '{"answers":{},"breakdowns":{"trained":"n"},"comments":{},"unit":"dn.snv"}'


def test_the_hint_belongs_to_its_question_for_a_screen_reader(page: Page, stub: Stub) -> None:
    to_first_theme(page, stub)
    assert "ln-hint-KC1" in (page.locator("#ln-q-KC1").get_attribute("aria-describedby") or "")
    assert radio(page, "KC1", "Đồng ý").is_visible()


def test_browser_and_server_ask_the_same_people(page: Page, stub: Stub) -> None:
    to_first_theme(page, stub)
    source = page.evaluate("() => fetch('/assets/form.js').then((reply) => reply.text())")
    body = source[source.index("function holds(") : source.index("export function mount")]
    for text, answers, asked in CASES:
        given = {name: str(value) for name, value in answers.items()}
        # In the test's own world, where the page's rule against evaluating text does not reach.
        found = page.context.new_cdp_session(page).send(
            "Runtime.evaluate",
            {"expression": f"{body}; holds({parse(text)!r}, (id) => ({given!r})[id] || '')", "returnByValue": True},
        )
        assert found["result"]["value"] is asked, text
