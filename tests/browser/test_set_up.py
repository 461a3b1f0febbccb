"""From an empty folder to the first desk, with nothing but the start of the server on the command line."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from survey.i18n import Locale
from tests import nursery
from tests.browser.engines import broken
from tests.browser.visitor import desk, open_tab, settled, sign_in
from tests.server import Server, serving

VI = Locale("vi")
GOOD = "bon tu khong lien quan"
NAME = "Sở Nội vụ tỉnh Đắk Nông"
MARK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#b00"/></svg>'


def set_up_link(server: Server) -> str:
    found = re.findall(r"http://\S+/join\S+#\S+", server.log.read_text(encoding="utf-8"))
    assert len(found) == 1, server.log.read_text(encoding="utf-8")
    return str(found[0])


def choose(page: Page, name: str, password: str = GOOD) -> None:
    page.get_by_label(VI("Account name")).fill(name)
    page.get_by_label(VI("Password"), exact=True).fill(password)
    page.get_by_label(VI("Password, once more")).fill(password)
    page.get_by_role("button", name=VI("Keep the password and sign in")).click()


def test_a_new_installation_is_set_up_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    with serving({"LANGNGHE_DATA_DIR": str(tmp_path / "new")}, tmp_path) as server:
        context = desk(browser, bypass_csp=True)
        page = context.new_page()
        page.goto(f"{server.base}/")  # somebody on the network finds the new server, and no way in
        expect(page.get_by_role("link", name=VI("Enter the set-up code"))).to_be_visible()
        page.goto(f"{server.base}/login")
        expect(page.get_by_role("link", name=VI("Enter the set-up code"))).to_be_visible()
        assert page.get_by_label(VI("Password")).count() == 0 and broken(page)[0] == []
        guess = page.request.post(f"{server.base}/join/choose", headers={"Origin": server.base}, data={"token": "", "name": "ke.trom"})
        assert guess.json()["error"]["status"] in ("link-unknown", "password-twice")
        page.goto(set_up_link(server))
        expect(page.get_by_label(VI("Password, once more"))).to_be_visible()
        assert broken(page)[0] == []
        choose(page, "to.chuc")
        page.wait_for_url("**/organize-installation**")
        settled(page)
        page.get_by_label(VI("Name of the organisation"), exact=True).fill(NAME)
        page.get_by_label(VI("Public address of the survey"), exact=True).fill("khaosat.gov.vn")
        page.get_by_role("button", name=VI("Save the settings")).click()
        expect(page.get_by_test_id("stAlert").first).to_contain_text("http://")
        assert page.get_by_label(VI("Name of the organisation"), exact=True).input_value() == NAME  # what was typed stays
        page.get_by_label(VI("Public address of the survey"), exact=True).fill("https://khaosat.example.gov.vn")
        page.get_by_role("button", name=VI("Save the settings")).click()
        expect(page.get_by_text(VI("The settings have been saved."))).to_be_visible()
        page.locator("input[type=file]").set_input_files({"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": MARK})
        page.get_by_role("button", name=VI("Use this mark")).click()
        expect(page.get_by_text(VI("The mark has been saved."))).to_be_visible()
        page.get_by_role("button", name=VI("Use this questionnaire")).click()
        expect(page.get_by_text(VI("Already stored")).first).to_be_visible()
        form = context.new_page()
        form.goto(f"{server.base}/p")
        expect(form.locator(".whose")).to_contain_text(NAME)
        assert form.locator(".whose img").evaluate("image => image.naturalWidth > 0")
        other = desk(browser)
        late = other.new_page()
        late.goto(f"{server.base}/login")
        expect(late.get_by_text(NAME)).to_be_visible()
        late.goto(set_up_link(server))
        expect(late.get_by_role("alert")).to_contain_text("đã được dùng")
        other.close()
        backup = backed_up(page, server, tmp_path)
        context.close()
    with nursery.serving({"LANGNGHE_DATA_DIR": str(tmp_path / "another")}, tmp_path) as server:
        comes_back(browser, server, backup)


def backed_up(page: Page, server: Server, folder: Path) -> Path:
    """The file that the page of the operations saves, looked into there."""
    page.goto(f"{server.base}/organize-operations")
    open_tab(page, VI("Backup"))
    with page.expect_download() as saved:
        page.get_by_role("button", name=VI("Make a backup and save it (.zip)")).click()
    backup = folder / "backup.zip"
    saved.value.save_as(backup)
    page.locator("input[type=file]").set_input_files(backup)
    page.get_by_role("button", name=VI("Look into this backup")).click()
    expect(page.get_by_text("to.chuc").last).to_be_visible()
    return backup


def comes_back(browser: Browser, server: Server, backup: Path) -> None:
    """On a new computer, with the link the server prints and the password of then."""
    context = desk(browser)
    page = context.new_page()
    page.goto(set_up_link(server))
    page.get_by_role("button", name=VI("Restore a backup")).click()
    page.get_by_role("button", name=VI("Restore this backup")).click()
    expect(page.get_by_role("alert")).to_have_text(VI("Choose the file of the backup first."))
    page.get_by_label(VI("Backup (.zip)")).set_input_files(backup)
    page.get_by_role("button", name=VI("Restore this backup")).click()
    expect(page.get_by_role("heading")).to_have_text(VI("The installation is back"))
    assert "#" not in page.url
    page.get_by_role("link", name=VI("Sign in")).click()
    expect(page.get_by_text(NAME)).to_be_visible()  # the settings are back, without another start of the server
    sign_in(page, server.base, "to.chuc", GOOD)
    context.close()
