"""A browser that has signed in before does not wait for strangers: the cookie goes all the way, from the form and back to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from survey.i18n import Locale
from survey.signing_in import WrongPassword
from survey.throttle import FREE
from tests.browser.visitor import PATIENCE, settled
from tests.browser.world import PASSWORD, World
from tests.server import Server

VI = Locale("vi")


def sign_in(context: BrowserContext, server: Server, password: str, says: str) -> None:
    page = context.new_page()
    page.goto(f"{server.base}/login")
    settled(page)
    page.get_by_label(VI("Account name"), exact=True).fill("lanhdao")
    page.get_by_label(VI("Password"), exact=True).fill(password)
    button = page.get_by_test_id("stBaseButton-secondaryFormSubmit")
    for _attempt in range(4):  # the authenticator's own component may swallow a click while it loads (visitor.sign_in)
        if button.is_visible() and not page.get_by_text(says).first.is_visible():
            button.click()
        try:
            expect(page.get_by_text(says).first).to_be_visible(timeout=PATIENCE / 3)
            break
        except AssertionError:
            settled(page)
    expect(page.get_by_text(says).first).to_be_visible()
    page.close()


def test_a_known_browser_gets_in_while_strangers_guess(browser: Browser, world: World, server: Server) -> None:
    known, strange = browser.new_context(), browser.new_context()
    inside, wait = VI("Signed in as {name}", name="lanhdao"), "Không ai bị khóa"
    sign_in(known, server, PASSWORD, inside)
    (cookie,) = [one for one in known.cookies(f"{server.base}/_stcore/stream") if one["name"].startswith("langnghe_device_")]
    assert cookie["httpOnly"] and cookie["path"] == "/_stcore" and "lanhdao" not in str(cookie)
    assert not [one for one in known.cookies(f"{server.base}/p") if "device" in one["name"]]
    services = world.services()
    for _ in range(FREE):
        with pytest.raises(WrongPassword):
            services.signing_in.sign_in("lanhdao", "wrong")
    services.close()
    sign_in(strange, server, PASSWORD, wait)
    page = known.new_page()
    page.goto(f"{server.base}/logout")
    expect(page.get_by_role("link", name=VI("Sign in")).first).to_be_visible()
    page.close()
    sign_in(known, server, PASSWORD, inside)
    known.close()
    strange.close()
