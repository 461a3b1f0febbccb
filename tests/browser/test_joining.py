"""A link to an account in a real browser, from the letter to the desk."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from survey.access import OPERATOR, Role
from survey.i18n import Locale
from tests.browser.visitor import desk, phone
from tests.browser.world import World
from tests.server import Server

VI = Locale("vi")
GOOD = "bon tu khong lien quan"


def test_a_leader_takes_the_account_over_on_a_phone(browser: Browser, world: World, server: Server) -> None:
    services = world.services()
    link = services.accounts.invite(OPERATOR, "moi.den", Role.LEADER, "t.a")
    context = phone(browser)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(link.address(server.base, "vi"))
    expect(page.get_by_text(VI("An account has been made for you: {account}.", account="moi.den"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label(VI("Password"), exact=True).fill("ngan")
    page.get_by_label(VI("Password, once more")).fill("ngan")
    page.get_by_role("button", name=VI("Keep the password and sign in")).click()
    expect(page.get_by_role("alert")).to_contain_text("12")
    assert page.get_by_label(VI("Password"), exact=True).input_value() == "ngan"  # what was typed stays
    page.get_by_label(VI("Password"), exact=True).fill(GOOD)
    page.get_by_label(VI("Password, once more")).fill(GOOD)
    page.get_by_role("button", name=VI("Keep the password and sign in")).click()
    page.wait_for_url("**/results-overview**")
    expect(page.get_by_text(VI("Signed in as {name}", name="moi.den")).first).to_be_attached()
    page.go_back()  # the address is in no history any more
    assert "#" not in page.url
    assert not [url for url in asked if link.token in url.partition("#")[0]]
    again = desk(browser).new_page()
    again.goto(link.address(server.base, "vi"))
    expect(again.get_by_role("alert")).to_contain_text("đã được dùng")
    services.close()
    context.close()
    again.context.close()


def test_a_code_typed_from_paper_opens_the_same(browser: Browser, world: World, server: Server) -> None:
    services = world.services()
    link = services.accounts.invite(OPERATOR, "giu.khoa.hai", Role.CUSTODIAN)
    services.close()
    context = desk(browser)
    page = context.new_page()
    page.goto(f"{server.base}/join?lang=vi")
    page.get_by_label(VI("Code of your letter")).fill("khong phai ma nay")
    page.get_by_role("button", name=VI("Continue")).click()
    expect(page.get_by_role("alert")).to_contain_text("không có đường dẫn này")
    page.goto(f"{server.base}/join?lang=vi")
    page.get_by_label(VI("Code of your letter")).fill(link.token.upper().replace("-", " "))
    page.get_by_role("button", name=VI("Continue")).click()
    expect(page.get_by_text(VI("With it you keep a part of the ballot box's key."))).to_be_visible()
    context.close()
