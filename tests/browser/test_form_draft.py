"""The draft in the browser: kept, moved, swept away; storage that throws; a kiosk."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.form_page import BARE, TEXT, Stub, choose, form, next_step, radio, start, storage, to_sending

pytestmark = pytest.mark.browser


def test_every_keystroke_survives_a_reload_and_the_attempt_stays_the_same(page: Page, stub: Stub) -> None:
    to_sending(page, stub)
    before = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    page.reload()
    expect(page.locator("h1")).to_have_text(TEXT["stored_title"])
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["attempt"] == before["attempt"]
    assert stub.ballots[0]["comments"] == {"MO1": "Mọi việc đúng hẹn."}


def test_the_draft_moves_to_the_device_only_by_choice_and_never_with_the_code(page: Page, context: BrowserContext, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    assert storage(page)["local"] == {}
    page.locator("summary").click()
    page.get_by_label(TEXT["keep_label"]).check()
    expect(page.get_by_text(TEXT["keep_warning"])).to_be_visible()
    kept = storage(page)
    assert list(kept["local"]) == ["ln:" + stub.form["draft_key"]]
    assert list(kept["session"]) == ["ln:code"]
    assert BARE not in json.dumps(kept["local"])
    other = context.new_page()  # another tab, another day
    start(other, stub)
    expect(radio(other, "KC1", "Đồng ý")).to_be_checked()
    other.get_by_label(TEXT["keep_label"]).uncheck()
    assert storage(other)["local"] == {}


def test_a_draft_kept_too_long_is_swept_away(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.evaluate("() => { localStorage['ln:old'] = JSON.stringify({v: 1, day: 20000}); localStorage.other = 'x'; }")
    start(page, stub)
    assert storage(page)["local"] == {"other": "x"}


def test_answers_can_be_deleted_from_the_device(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("summary").click()
    page.get_by_role("button", name=TEXT["erase"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    assert storage(page) == {"session": {}, "local": {}}


def test_a_draft_of_an_older_questionnaire_keeps_only_what_still_fits(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    choose(page, "KC2", "Đồng ý")
    changed = form()
    changed["themes"][0]["items"].pop()
    stub.form = changed
    page.reload()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    draft = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    assert draft["answers"] == {"KC1": 4}


def test_the_form_works_when_storage_throws(page: Page, stub: Stub) -> None:
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage'])"
        "  Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_a_kiosk_keeps_nothing_and_clears_the_screen_by_itself(page: Page, stub: Stub) -> None:
    stub.config.update(kiosk=True, history=False)
    page.clock.install()
    page.goto(stub.url + "/p?before")  # what a step back leads to
    start(page, stub, code=None)
    page.locator("#ln-code").fill(BARE)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).not_to_have_text(TEXT["code_title"])
    for _ in range(6):
        next_step(page)
    assert storage(page) == {"session": {}, "local": {}}
    expect(page.locator("#ln-keep")).to_have_count(0)
    page.locator("#ln-next").click()
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator(".kiosk")).to_be_visible()
    page.clock.run_for(19_000)
    expect(page.locator(".receipt")).to_be_visible()
    page.evaluate("window.ofTheFirst = true")
    page.clock.run_for(2_000)
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    page.wait_for_function("() => !window.ofTheFirst")  # a fresh document, which a step back would else come in the way of
    expect(page.locator("#ln-code")).to_have_value("")
    page.go_back()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    expect(page.locator("#ln-code")).to_have_value("")
