"""What a person must see without scrolling: whom to ask, until when, the other language; and that a line or storage is missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from survey.collect.form.strings import strings
from survey.i18n import Locale
from tests.browser.form_page import CODE, PHONE, TEXT, Stub, choose, next_step, start, storage, to_sending

pytestmark = pytest.mark.browser
CONTACT = "Phòng Cải cách hành chính, Sở Nội vụ, 0261 3 123 456"
UNTIL = "Ông/Bà có thể trả lời đến hết ngày 30/11/2025."
WAVE = "Đợt khảo sát năm 2025: nhận phiếu đến hết ngày 30/11/2025"
NO_STORAGE = (
    "for (const name of ['sessionStorage', 'localStorage'])"
    "  Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});"
)


def above_the_bar(page: Page, what: Locator) -> bool:
    """Does all of it stand on the screen, and nothing of it under the fixed bar?"""
    box, bar = what.bounding_box(), page.locator(".body > .bar").bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= (bar["y"] if bar else PHONE["height"])


def on_screen(what: Locator) -> bool:
    box = what.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]


@pytest.fixture
def told(stub: Stub) -> Stub:
    stub.config.update(contact=CONTACT, languages={"en": "English"}, waves=[WAVE])
    stub.form["until"] = UNTIL
    return stub


def test_the_introduction_names_contact_closing_day_language_and_privacy_on_the_first_screen(page: Page, told: Stub) -> None:
    start(page, told)
    for what in (
        page.get_by_text(CONTACT), page.get_by_text(UNTIL), page.get_by_role("link", name="English"),
        page.get_by_role("link", name=TEXT["privacy"]),
    ):  # fmt: skip
        expect(what).to_be_visible()
        assert above_the_bar(page, what), what
    assert page.evaluate("() => scrollY") == 0


def test_so_does_the_screen_for_the_code(page: Page, told: Stub) -> None:
    start(page, told, code=None)
    for what in (
        page.get_by_text(CONTACT), page.get_by_text(WAVE), page.get_by_role("link", name="English"),
        page.get_by_role("link", name=TEXT["privacy"]), page.locator("#ln-next"),
    ):  # fmt: skip
        assert on_screen(what), what


def test_without_a_contact_nothing_is_said_of_one(page: Page, stub: Stub) -> None:
    start(page, stub)
    assert TEXT["contact"].split("{")[0] not in page.locator(".body").inner_text()


def test_the_other_language_opens_the_same_form_with_what_was_answered(page: Page, told: Stub) -> None:
    start(page, told)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.locator("#ln-back").click()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/p?lang=en")
    expect(page.locator("h1")).to_have_text(told.form["questionnaire"]["title"])
    next_step(page)
    expect(page.locator("#ln-q-KC1 input:checked")).to_have_value("4")


def test_the_other_language_costs_no_code_where_nothing_is_kept(page: Page, told: Stub) -> None:
    page.add_init_script(NO_STORAGE)
    start(page, told)
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/p?lang=en")  # the code has left the address again
    expect(page.locator("h1")).to_have_text(told.form["questionnaire"]["title"])
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.locator("#ln-back").click()
    expect(page.get_by_role("link", name="English")).to_have_count(0)  # it would cost the answers


def test_that_nothing_is_kept_stands_in_the_open_on_every_step(page: Page, told: Stub) -> None:
    page.add_init_script(NO_STORAGE)
    start(page, told)
    expect(page.locator("h1")).to_have_text(told.form["questionnaire"]["title"])
    warning = page.get_by_text(TEXT["no_storage"])
    while page.locator("h1").inner_text() != TEXT["stored_title"]:
        expect(warning).to_be_visible()
        assert above_the_bar(page, warning), page.locator("h1").inner_text()
        expect(page.get_by_text(TEXT["pause_help"])).to_have_count(0)
        next_step(page)
    assert above_the_bar(page, warning)


def test_a_lost_line_is_said_inside_the_bar_where_the_person_has_pressed(page: Page, context: BrowserContext, stub: Stub) -> None:
    to_sending(page, stub)
    context.set_offline(True)
    page.locator("#ln-next").click()
    said = page.locator(".bar").get_by_role("alert")
    expect(said).to_have_text(TEXT["send_offline"])
    assert on_screen(said) and on_screen(page.locator("#ln-next"))
    page.evaluate("() => scrollTo(0, 0)")
    assert on_screen(said)
    context.set_offline(False)
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_an_old_sentence_about_the_line_goes_when_the_code_is_changed(page: Page, context: BrowserContext, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill(CODE)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.locator(".bar").get_by_role("alert")).to_have_text(TEXT["open_offline"])
    page.locator("#ln-code").fill(CODE[:-1])
    expect(page.get_by_text(TEXT["open_offline"])).to_have_count(0)


@pytest.mark.parametrize("status", ["closed", "counting"])
def test_after_the_close_no_other_code_is_asked_for(page: Page, stub: Stub, status: str) -> None:
    stub.config.update(error={"status": status, "message": "Đợt khảo sát đã đóng."}, contact=CONTACT)
    start(page, stub, code=None)
    expect(page.get_by_role("alert")).to_have_text("Đợt khảo sát đã đóng.")
    expect(page.get_by_text(CONTACT)).to_be_visible()
    expect(page.locator("input")).to_have_count(0)


@pytest.mark.parametrize("status", ["closed", "counting"])
def test_a_form_sent_too_late_asks_for_no_other_code_and_can_be_deleted(page: Page, stub: Stub, status: str) -> None:
    stub.replies = [{"status": status, "message": "Đợt khảo sát đã đóng."}]
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text("Đợt khảo sát đã đóng.")
    expect(page.get_by_role("button", name=TEXT["another_code"])).to_have_count(0)
    assert "ln:" + stub.form["draft_key"] in storage(page)["session"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=TEXT["erase"]).click()
    expect(page.get_by_role("alert")).to_have_text("Đợt khảo sát đã đóng.")
    expect(page.locator("input")).to_have_count(0)
    assert storage(page) == {"session": {}, "local": {}}


def test_the_button_to_the_next_step_says_so_in_vietnamese() -> None:
    assert strings(Locale("vi"))["next"] == "Tiếp theo"


def test_on_every_step_privacy_and_the_other_language_are_one_tap_away_and_the_wave_says_whom_to_ask(page: Page, told: Stub) -> None:
    told.form["contact"] = "Bà Lan, 0261 999"
    start(page, told)
    expect(page.get_by_text("Bà Lan, 0261 999")).to_be_visible()
    expect(page.get_by_text(CONTACT)).to_have_count(0)  # the wave's own takes the place of the installation's
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    for _ in range(4):
        expect(page.locator(".foot").get_by_role("link", name=TEXT["privacy"])).to_be_visible()
        expect(page.locator(".foot").get_by_role("link", name="English")).to_have_attribute("href", "?lang=en")
        next_step(page)
