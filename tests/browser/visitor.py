"""What people do in the browser: answer the form, sign in. The words on the screen are Vietnamese."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError, ViewportSize, expect

from survey.collect.form.strings import strings
from survey.i18n import Locale

VI = Locale("vi")
TEXT = strings(VI)
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 30_000  # milliseconds; two processors serve everybody, and a loaded machine is no error
expect.set_options(timeout=PATIENCE)


def phone(browser: Browser, **more: Any) -> BrowserContext:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, is_mobile=True, **more)
    context.set_default_timeout(PATIENCE)
    return context


def desk(browser: Browser, **more: Any) -> BrowserContext:
    context = browser.new_context(viewport=DESK, locale="vi-VN", **more)
    context.set_default_timeout(PATIENCE)
    return context


# The form, the same on /p and /answer


def heading(page: Page) -> Locator:
    return page.locator(".ln-form h1")


def enter_code(page: Page, code: str) -> None:
    page.locator("#ln-code").fill(code)
    page.locator("#ln-next").click()


def next_step(page: Page) -> str:
    """Press the big button; the title of the step that follows."""
    before = heading(page).inner_text()
    page.locator("#ln-next").click()
    expect(heading(page)).not_to_have_text(before)
    return heading(page).inner_text()


def answer_theme(page: Page, label: str) -> None:
    for question in page.locator("fieldset").all():
        question.get_by_text(label, exact=True).click()


def to_sending(page: Page) -> str:
    """Go on to the last step; the bytes shown there."""
    while heading(page).inner_text() != TEXT["stored_title"]:
        next_step(page)
    return page.locator("pre").text_content() or ""


def receipt(page: Page) -> str:
    expect(heading(page)).to_have_text(TEXT["receipt_title"])
    return page.locator(".receipt").inner_text()


# The dashboards


def sign_in(page: Page, base: str, name: str, password: str) -> None:
    page.goto(f"{base}/login")
    settled(page)
    page.get_by_label(VI("Account name"), exact=True).fill(name)
    page.get_by_label(VI("Password"), exact=True).fill(password)
    signed_in = page.get_by_text(VI("Signed in as {name}", name=name))
    for _attempt in range(4):
        # The authenticator's own component runs the script once more when it has loaded, and may swallow a click.
        button = page.get_by_role("button", name=VI("Sign in"), exact=True)
        if button.is_visible():  # else the first click has been heard, and the next page is on its way
            button.click()
        try:
            return expect(signed_in).to_be_visible(timeout=PATIENCE / 3)
        except AssertionError:
            settled(page)
    raise AssertionError(f"{name} cannot sign in")


def open_tab(page: Page, name: str) -> None:
    """While a run still brings elements, Streamlit may go back to the first tab: then once more, as a person would."""
    tab = page.get_by_role("tab", name=name)
    for _attempt in range(3):
        expect(tab).to_be_visible()
        settled(page)
        tab.click()
        settled(page)
        try:
            return expect(tab).to_have_attribute("aria-selected", "true", timeout=PATIENCE / 3)
        except AssertionError:
            continue
    raise AssertionError(f"the tab {name} does not open")


def choose(page: Page, label: str, option: str) -> None:
    """Opens a list and clicks an entry of it. A list that opens while the script runs may close again, and a click go nowhere."""
    box, entry = page.get_by_label(label, exact=True).first, page.get_by_role("option", name=option).first
    for _attempt in range(5):
        settled(page)
        box.click()
        try:
            expect(entry).to_be_visible(timeout=4_000)
            entry.click()
            settled(page)
            return expect(box).to_have_value(re.compile(re.escape(option)), timeout=4_000)
        except (AssertionError, TimeoutError):
            page.keyboard.press("Escape")
    raise AssertionError(f"{option} cannot be chosen for {label}")


def settled(page: Page) -> None:
    """Until Streamlit has finished its run, and the first look (pages/plain/glance.py) is gone."""
    app = page.locator("[data-testid='stApp']")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("#ln-glance")).to_have_count(0)
