"""Sending a ballot over a bad line; refusals and rejected answers."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.form_page import TEXT, THEMES, Stub, choose, radio, storage, to_sending, until

pytestmark = pytest.mark.browser


def test_a_lost_line_is_retried_with_growing_pauses_and_the_same_attempt(page: Page, stub: Stub) -> None:
    stub.replies = [503, 429, 500, {"status": "busy", "message": "bận"}, {"status": "already", "receipt": "K7QX-2M9D", "message": ""}]
    page.clock.install()

    def arrived(number: int) -> bool:
        return len(stub.ballots) == number

    to_sending(page, stub)
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))  # else a slow machine's own seconds count, too
    page.locator("#ln-next").click()
    for tries, pause in enumerate((1, 2, 4, 8), 1):
        expect(page.get_by_role("alert")).to_have_text(TEXT["send_offline"])
        expect(page.locator("#ln-next")).to_have_text(TEXT["send_waiting"])
        assert len(stub.ballots) == tries
        page.clock.run_for(1000 * pause - 200)
        assert len(stub.ballots) == tries
        page.clock.run_for(250)
        until(partial(arrived, tries + 1))
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert len({ballot["attempt"] for ballot in stub.ballots}) == 1
    assert storage(page)["session"] == {}


def test_the_answers_leave_at_once_when_the_line_is_back(page: Page, context: BrowserContext, stub: Stub) -> None:
    page.clock.install()  # time stands still: only the `online` event can help
    to_sending(page, stub)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    assert storage(page)["session"]["ln:" + stub.form["draft_key"]]
    context.set_offline(False)
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_send_now_does_not_wait_for_the_pause(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    page.get_by_role("button", name=TEXT["send_waiting"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_two_ballots_are_never_under_way_at_the_same_time(page: Page, stub: Stub) -> None:
    stub.answer_when.clear()
    to_sending(page, stub)
    page.locator("#ln-next").dblclick()
    until(lambda: len(stub.ballots) == 1)
    expect(page.locator("#ln-next")).to_be_disabled()
    expect(page.locator("#ln-next")).to_have_text(TEXT["send_busy"])
    page.evaluate("() => { dispatchEvent(new Event('online')); document.querySelector('#ln-next').click(); }")
    stub.answer_when.set()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert (len(stub.ballots), stub.most_at_once) == (1, 1)


def test_a_reload_while_waiting_goes_on_sending_by_itself(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0] == stub.ballots[1] and stub.ballots[0]["lang"] == "vi"  # a refusal is said in it


def test_going_back_to_change_something_stops_the_automatic_sending(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(TEXT["review_title"])
    page.clock.run_for(60_000)
    assert len(stub.ballots) == 1


def test_a_rejected_answer_is_marked_at_its_question(page: Page, stub: Stub) -> None:
    stub.replies = [{"status": "rejected", "message": "x", "errors": {"NL2": "Giá trị không hợp lệ."}}]
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(THEMES["NL"][0])
    expect(page.locator("#ln-q-NL2").get_by_role("alert")).to_have_text("Giá trị không hợp lệ.")
    expect(page.locator("#ln-q-NL2 input").first).to_be_focused()
    choose(page, "NL2", "Đồng ý")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(radio(page, "NL2", "Đồng ý")).to_be_checked()


@pytest.mark.parametrize("status", ["spent", "unknown"])
def test_a_refused_form_says_why_and_keeps_the_draft_until_the_person_leaves(page: Page, stub: Stub, status: str) -> None:
    stub.replies = [{"status": status, "message": "Mã này đã dùng."}]
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text("Mã này đã dùng.")
    assert "ln:" + stub.form["draft_key"] in storage(page)["session"]
    page.get_by_role("button", name=TEXT["another_code"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    assert storage(page) == {"session": {}, "local": {}}
