"""The code of a slip, typed or scanned, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.form_page import CODE, TEXT, Stub, start

pytestmark = pytest.mark.browser


def test_a_typed_code_is_grouped_and_look_alikes_are_forgiven(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    field = page.locator("#ln-code")
    field.press_sequentially("abcd efgh")
    expect(field).to_have_value("ABCD-EFGH")
    field.fill("")
    field.press_sequentially("oilu-1234")
    expect(field).to_have_value("011V-1234")
    field.fill(f"https://khaosat.example/p?code={CODE}&lang=vi")
    expect(field).to_have_value(CODE)
    field.press("Enter")
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])


def test_a_letter_in_the_middle_of_the_code_can_be_changed_without_the_caret_jumping(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    field = page.locator("#ln-code")
    field.press_sequentially("ABCDEFGHJKMN")
    field.evaluate("field => field.setSelectionRange(3, 3)")
    field.press("Backspace")
    expect(field).to_have_value("ABDE-FGHJ-KMN")
    page.keyboard.type("c")
    expect(field).to_have_value("ABCD-EFGH-JKMN")
    assert field.evaluate("field => field.selectionStart") == 3


def test_a_vietnamese_keyboard_is_noticed(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").press_sequentially("ABĐÂ")
    expect(page.get_by_role("alert")).to_have_text(TEXT["code_accents"])
    expect(page.locator("#ln-code")).to_have_value("ABDA")


def test_a_short_code_says_how_many_characters_are_missing(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill("ABCD-E")
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text(TEXT["code_short"].replace("{n}", "5"))
    expect(page.locator("#ln-code")).to_be_focused()
    assert stub.opened == []


def test_a_wrong_code_shows_the_servers_sentence(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill("0000-0000-0000-0000")
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text("Mã phiếu không hợp lệ.")
    expect(page.locator("#ln-code")).to_have_value("0000-0000-0000-0000")


def test_an_error_in_the_configuration_stands_on_the_code_screen(page: Page, stub: Stub) -> None:
    stub.config["error"] = {"status": "spent", "message": "Mã này đã dùng."}
    start(page, stub, code=None)
    expect(page.get_by_role("alert")).to_have_text("Mã này đã dùng.")
    expect(page.locator("#ln-code")).to_be_visible()


def test_opening_without_a_line_is_tried_again_as_soon_as_it_is_back(page: Page, context: BrowserContext, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill(CODE)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["open_offline"])).to_be_visible()
    context.set_offline(False)
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])
