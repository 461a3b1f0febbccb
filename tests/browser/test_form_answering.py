"""Answering in a real browser: the whole story, mouse, touch and keyboard."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.collect.ballot import encode
from survey.design.acceptance import clean_comment
from survey.design.questionnaire import Response
from tests.browser.form_page import (
    BARE,
    CODE,
    PHONE,
    POINTS,
    TEXT,
    THEMES,
    Stub,
    choose,
    form,
    next_step,
    radio,
    start,
    storage,
    to_sending,
    to_step,
)

pytestmark = pytest.mark.browser


def test_a_person_answers_and_gets_a_receipt(page: Page, stub: Stub) -> None:
    to_sending(page, stub)
    shown = page.locator("pre").text_content()
    page.locator("#ln-next").click()
    expect(page.locator(".receipt")).to_have_text("K7QX-2M9D")
    [ballot] = stub.ballots
    assert ballot["code"] == BARE
    assert re.fullmatch("[0-9a-f]{32}", ballot["attempt"])
    assert ballot["answers"] == {"KC1": 4, "NL2": 0}
    assert ballot["comments"] == {"MO1": "Mọi việc đúng hẹn."}
    assert ballot["breakdowns"] == {"age_band": "u30"}
    answers, comments, breakdowns = (ballot[key] for key in ("answers", "comments", "breakdowns"))
    response = Response(unit="dn.snv", answers=answers, comments=comments, breakdowns=breakdowns)
    assert (shown or "").encode() == encode(response)
    assert storage(page) == {"session": {}, "local": {}}


def test_rather_not_say_is_stored_as_nothing(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["about_title"])
    choose(page, "age_band", "Không muốn trả lời")
    next_step(page)
    expect(page.get_by_text(TEXT["filled"].replace("{n}", "1").replace("{total}", "1"))).to_be_visible()
    next_step(page)
    assert page.locator("pre").text_content() == '{"answers":{},"breakdowns":{},"comments":{},"unit":"dn.snv"}'
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["breakdowns"] == {}


def test_the_bytes_shown_are_those_the_server_seals_whatever_is_typed(page: Page, stub: Stub) -> None:
    odd = 'Tie\u0302\u0301ng "Việt",,\t\x07 dòng\n\n<b>\u2028 \ufeff\\ 😀 '
    to_step(page, stub, TEXT["comments_title"])
    page.locator("#ln-MO1").fill(odd)
    for _ in range(3):
        next_step(page)
    kept = clean_comment(odd)
    assert "ế" in kept and "\t" not in kept and len(kept.encode()) < len(odd.encode())
    shown = page.locator("pre").text_content() or ""
    assert shown.encode() == encode(Response(unit="dn.snv", answers={}, comments={"MO1": kept}, breakdowns={}))


def test_an_empty_form_can_be_sent(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["stored_title"])
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["answers"] == stub.ballots[0]["comments"] == stub.ballots[0]["breakdowns"] == {}


def test_the_code_leaves_the_address_bar_and_a_reload_finds_the_way_back(page: Page, stub: Stub) -> None:
    page.goto(stub.url + f"/p?lang=vi&code={CODE}")
    expect(page).to_have_url(stub.url + "/p?lang=vi")
    next_step(page)
    choose(page, "KC2", "Không đồng ý")
    page.reload()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    expect(radio(page, "KC2", "Không đồng ý")).to_be_checked()
    expect(page.get_by_text(TEXT["restored"])).to_be_visible()
    assert stub.opened == [{"code": BARE, "lang": "vi"}]


def test_nothing_is_preselected(page: Page, stub: Stub) -> None:
    for title in (THEMES["KC"][0], TEXT["about_title"]):
        to_step(page, stub, title)
        assert page.locator("input[type=radio]").count() > 0
        expect(page.locator("input[type=radio]:checked")).to_have_count(0)


def test_a_second_click_on_the_chosen_answer_clears_it(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    choose(page, "KC1", "Đồng ý")
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    choose(page, "KC1", "Không đồng ý")
    expect(radio(page, "KC1", "Không đồng ý")).to_be_checked()
    choose(page, "KC1", "Không đồng ý")
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(TEXT["cleared"])
    choose(page, "KC1", "Không đồng ý")
    expect(radio(page, "KC1", "Không đồng ý")).to_be_checked()


def test_a_second_tap_clears_it_too(browser: Browser, stub: Stub) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    to_step(page, stub, THEMES["KC"][0])
    option = page.locator("#ln-q-KC1").get_by_text("Đồng ý", exact=True)
    option.tap()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    option.tap()
    expect(radio(page, "KC1", "Đồng ý")).not_to_be_checked()
    context.close()


def test_a_double_click_neither_clears_an_answer_nor_skips_a_step(page: Page, stub: Stub) -> None:
    start(page, stub)
    page.locator("#ln-next").dblclick()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    page.locator("#ln-q-KC1").get_by_text("Đồng ý", exact=True).dblclick()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    radio(page, "KC2", "Đồng ý").dblclick()
    expect(radio(page, "KC2", "Đồng ý")).to_be_checked()
    draft = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    assert draft["answers"] == {"KC1": 4, "KC2": 4}


@pytest.mark.parametrize("key", ["Space", "Backspace", "Delete"])
def test_the_keyboard_chooses_moves_and_clears(page: Page, stub: Stub, key: str) -> None:
    to_step(page, stub, THEMES["KC"][0])
    radio(page, "KC1", POINTS[0]).focus()
    page.keyboard.press("Space")
    expect(radio(page, "KC1", POINTS[0])).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(radio(page, "KC1", POINTS[1])).to_be_checked()
    page.keyboard.press(key)
    expect(page.locator("input:checked")).to_have_count(0)
    page.keyboard.press("Space")
    expect(radio(page, "KC1", POINTS[1])).to_be_checked()


def test_the_form_can_be_filled_in_and_sent_with_the_keyboard_alone(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)

    def tab_to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector}")

    tab_to("#ln-code")
    page.keyboard.type(BARE.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    tab_to("#ln-next")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    tab_to("#ln-KC1-0")
    page.keyboard.press("ArrowDown")
    tab_to("[id^=ln-KC2]")
    page.keyboard.press("Space")
    for _ in range(6):
        title = page.locator("h1").inner_text()
        tab_to("#ln-next")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).not_to_have_text(title)
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["answers"] == {"KC1": 2, "KC2": 1}


def test_focus_goes_to_the_heading_and_progress_is_announced(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Theme 1/2")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
    assert page.evaluate("() => scrollY") == 0


def test_the_browsers_back_button_goes_one_step_back(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    next_step(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_have_text(THEMES["NL"][0])
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    page.go_back()
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])


def test_the_overview_lists_what_is_open_and_brings_the_person_there_and_back(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    choose(page, "KC2", "Đồng ý")
    next_step(page)
    choose(page, "NL1", "Đồng ý")
    for _ in range(3):
        next_step(page)
    expect(page.get_by_text(TEXT["review_some"].replace("{n}", "1"))).to_be_visible()
    expect(page.get_by_text(TEXT["theme_done"].replace("{n}", "2"))).to_be_visible()
    page.get_by_role("button", name="4. Những sai sót").click()
    expect(page.locator("#ln-NL2-0")).to_be_focused()
    choose(page, "NL2", "Không đồng ý")
    page.get_by_role("button", name=TEXT["to_review"]).click()
    expect(page.get_by_text(TEXT["review_all"])).to_be_visible()
    page.get_by_role("button", name=f"{TEXT['change']}: {TEXT['about_title']}").click()
    expect(page.locator("h1")).to_have_text(TEXT["about_title"])


def test_the_comment_counts_down_and_stops_at_its_length(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["comments_title"])
    page.locator("#ln-MO1").fill("Tốt")
    expect(page.get_by_text("497 characters left")).to_be_visible()
    assert page.locator("#ln-MO1").get_attribute("maxlength") == "500"
    expect(page.get_by_text(stub.form["open_warning"])).to_be_visible()


def test_markup_in_texts_stays_text(page: Page, stub: Stub) -> None:
    stub.form = form(unit="<img src=x onerror=alert(1)>", open_warning="</script><b>x</b>")
    start(page, stub)
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
