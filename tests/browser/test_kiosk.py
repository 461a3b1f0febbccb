"""A kiosk between two people: whatever the second looks at, nothing is left of the first. The same look finds a normal page's draft."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visitor import TEXT, answer_theme, enter_code, heading, next_step
from tests.browser.world import World
from tests.server import FLAGS, Server

pytestmark = pytest.mark.browser
COMMENT = "Chuyện chỉ mình tôi biết"
MARK = "test:written-down"
KIOSK = "/p?kiosk=1"
WIDE = {"width": 1024, "height": 768}

LOOK = """async () => {
  const said = [document.documentElement.outerHTML, JSON.stringify(history.state), location.href, document.title, window.name];
  said.push(...[...document.querySelectorAll("input, textarea")].map((field) => `${field.value} ${field.checked && field.id}`));
  for (const store of [sessionStorage, localStorage]) said.push(JSON.stringify({...store}));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) said.push(asked.url, await (await cache.match(asked)).text());
  }
  said.push(JSON.stringify(await indexedDB.databases()), document.cookie);
  said.push(JSON.stringify(await navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))));
  return said.join("\\n");
}"""


def device(browser: Browser, folder: Path) -> BrowserContext:
    """A browser with a profile on disk, as a device that stands in a hall has."""
    found = shutil.which("chromium")
    args = FLAGS if found else FLAGS[1:]
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=found, args=args, viewport=WIDE, locale="vi-VN", headless=found is None
    )
    context.set_default_timeout(30_000)
    return context


def looked_at(page: Page) -> str:
    """Everything the second person finds in this tab, also behind Back and Forward."""
    found = [page.evaluate(LOOK)]
    for go in (page.go_back, page.go_back, page.go_back, page.go_forward, page.go_forward, page.reload):
        go()
        found.append(page.evaluate(LOOK))
    return "\n".join(found)


def renewed(page: Page) -> None:
    """The page has asked for a fresh document, with nothing in its memory."""
    page.wait_for_function("() => !window.ofTheFirst && document.querySelector('#ln-code')")


def in_files(folder: Path, word: str) -> list[str]:
    """The files of the profile that hold the word, as browsers write texts."""
    wanted, found = (word.encode(), word.encode("utf-16-le")), []
    for at, _folders, names in os.walk(folder):  # which passes by folders that vanish
        for path in (Path(at, name) for name in names):
            with suppress(FileNotFoundError):  # a browser that runs tidies up
                text = path.read_bytes() if path.is_file() else b""
                if any(one in text for one in wanted):
                    found.append(path.name)
    return found


def written_down(page: Page, folder: Path, *words: str) -> None:
    """One of the words is in the profile: Chromium writes five seconds after the first, a minute after the next, and may lose the rest when it ends."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if any(in_files(folder, word) for word in words):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the browser has kept nothing for a minute and a half")


def answer(page: Page, until: str) -> None:
    """Every theme answered, a comment written; stops at the step of this title."""
    next_step(page)
    while heading(page).inner_text() != until:
        if page.locator("textarea").count():
            page.locator("textarea").first.fill(COMMENT)
        elif page.locator("fieldset").count():
            label = "Đồng ý" if page.get_by_text("Đồng ý", exact=True).count() else "Không muốn trả lời"
            answer_theme(page, label)
        if heading(page).inner_text() != until:
            next_step(page)


@pytest.mark.parametrize("sends", [True, False], ids=["sent", "given up"])
def test_nothing_of_the_first_person_is_left_for_the_second(
    browser: Browser, server: Server, world: World, tmp_path: Path, sends: bool
) -> None:
    code = world.codes["Sở C"].pop()
    context = device(browser, tmp_path)
    page = context.new_page()
    response = page.goto(server.base + KIOSK)
    assert response is not None and response.headers["cache-control"] == "no-store"
    enter_code(page, code)
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    answer(page, TEXT["stored_title"])
    page.evaluate("(mark) => sessionStorage.setItem(mark, mark)", MARK)
    written_down(page, tmp_path, MARK)
    page.evaluate("() => { window.ofTheFirst = true; }")
    words = [code, "-".join(code[at : at + 4] for at in range(0, 16, 4)), COMMENT]
    if sends:
        page.locator("#ln-next").click()
        words.append(page.locator(".receipt").inner_text())
        page.get_by_role("button", name=TEXT["finish"]).click()
    else:
        page.locator("#ln-back").click()
        page.locator("summary").last.click()
        page.get_by_role("button", name=TEXT["erase"]).click()
    expect(heading(page)).to_have_text(TEXT["code_title"])
    renewed(page)
    expect(page.locator("#ln-code")).to_have_value("")
    found = looked_at(page)
    expect(heading(page)).to_have_text(TEXT["code_title"])
    context.close()
    assert [word for word in words if word in found] == []
    assert {word: files for word in words if (files := in_files(tmp_path, word))} == {}


def test_the_same_look_catches_a_page_that_keeps_a_draft(browser: Browser, server: Server, world: World, tmp_path: Path) -> None:
    """The control: on a normal page the first person walks away without sending."""
    code = world.codes["Sở C"][-1]
    context = device(browser, tmp_path)
    page = context.new_page()
    page.goto(server.base + "/p")
    enter_code(page, code)
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    answer(page, TEXT["review_title"])
    written_down(page, tmp_path, code, COMMENT)
    found = looked_at(page)
    context.close()
    assert code in found and COMMENT in found
    assert in_files(tmp_path, code) or in_files(tmp_path, COMMENT)


def test_a_form_nobody_touches_counts_down_and_clears_itself(page: Page, server: Server, world: World) -> None:
    page.clock.install()
    page.goto(server.base + KIOSK)
    enter_code(page, world.codes["Sở C"][-1])
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    answer(page, TEXT["review_title"])
    strip = page.locator(".kiosk")
    expect(strip).to_be_hidden()
    page.clock.run_for(95_000)
    expect(strip).to_contain_text(TEXT["kiosk_return"].replace("{n}", "25"))
    page.get_by_role("button", name=TEXT["kiosk_stay"]).click()
    expect(strip).to_be_hidden()
    expect(heading(page)).to_have_text(TEXT["review_title"])
    page.evaluate("() => { window.ofTheFirst = true; }")
    page.clock.run_for(121_000)
    renewed(page)
    expect(heading(page)).to_have_text(TEXT["code_title"])
    assert COMMENT not in page.evaluate(LOOK)


def test_a_code_left_half_typed_goes_too_and_so_does_the_language(page: Page, server: Server) -> None:
    page.clock.install()
    page.goto(server.base + KIOSK)
    page.get_by_role("link", name="English").click()
    expect(heading(page)).to_have_text("Enter your access code")
    page.locator("#ln-code").fill("ABCD-EF")
    page.clock.run_for(121_000)
    expect(heading(page)).to_have_text(TEXT["code_title"])
    expect(page.locator("#ln-code")).to_have_value("")
    assert page.url.endswith(KIOSK)


def test_back_is_a_step_inside_the_form_and_a_code_in_the_address_is_not_taken(page: Page, server: Server, world: World) -> None:
    code = world.codes["Sở C"][-1]
    page.goto(f"{server.base}{KIOSK}&code={code}")
    expect(heading(page)).to_have_text(TEXT["code_title"])
    expect(page.locator("#ln-code")).to_have_value("")
    assert code not in page.url
    enter_code(page, code)
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    first = heading(page).inner_text()
    next_step(page)
    page.go_back()
    expect(heading(page)).to_have_text(first)
    page.go_back()
    expect(heading(page)).to_have_text(first)


def test_a_person_who_leaves_by_another_address_leaves_an_empty_page_behind(page: Page, server: Server, world: World) -> None:
    page.goto(server.base + KIOSK)
    enter_code(page, world.codes["Sở C"][-1])
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    answer(page, TEXT["review_title"])
    page.goto(server.base + "/healthz")
    page.go_back()
    expect(heading(page)).to_have_text(TEXT["code_title"])
    assert COMMENT not in page.evaluate(LOOK)
