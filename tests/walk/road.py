"""Somebody who walks: a desk, phones, the files they keep, and a picture at each step."""

from __future__ import annotations

import io
import re
import time
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import visitor
from tests.browser.visitor import VI
from tests.screenshots import wait_until_drawn
from tests.server import Server

BEGUN = time.monotonic()
LARGEST = 60_000  # bytes of a picture
WAVE = "2026"
PASSWORD = "bon tu khong lien quan"
CUSTODIANS = ("giu.khoa1", "giu.khoa2", "giu.khoa3")


class Road:
    """`page` is the organizer's desk; `links` are the one-time links of accounts, `codes` those of the slips, by unit."""

    def __init__(self, browser: Browser, server: Server, out: Path, folder: Path) -> None:
        self.browser, self.server, self.out, self.folder = browser, server, out, folder
        self.page = visitor.desk(browser, timezone_id="Asia/Ho_Chi_Minh").new_page()
        self.today = date.today()
        self.last_day = self.today + timedelta(days=4)
        self.links: dict[str, str] = {}
        self.codes: dict[str, list[str]] = {}

    def elsewhere(self, server: Server) -> Road:
        """The same walker before another server, with the files of the first."""
        return Road(self.browser, server, self.out, self.folder)

    def set_up_link(self) -> str:
        found = re.findall(r"http://\S+/join\S+#\S+", self.server.log.read_text(encoding="utf-8"))
        return str(found[-1])

    def person(self, phone: bool = True) -> Page:
        """Somebody else, in a browser of their own."""
        return (visitor.phone if phone else visitor.desk)(self.browser).new_page()

    def go(self, path: str, page: Page | None = None) -> None:
        (page or self.page).goto(self.server.base + path)
        wait_until_drawn(page or self.page)

    def press(self, label: str, *, exact: bool = True, page: Page | None = None) -> None:
        """A button, and what follows from it."""
        (page or self.page).get_by_role("button", name=label, exact=exact).first.click()
        self.drawn(page)

    def unfold(self, label: str) -> None:
        self.page.get_by_test_id("stExpander").locator("summary").filter(has_text=label).first.click()
        self.drawn()

    def tick(self, label: str, page: Page | None = None) -> None:
        (page or self.page).locator("[data-testid='stCheckbox'] label").filter(has_text=label).first.click()
        self.drawn(page)

    def type(self, label: str, text: str, page: Page | None = None) -> None:
        """In the field of this label; the pages take it when the field is left."""
        field = (page or self.page).get_by_label(label, exact=True).first
        field.fill(text)
        field.press("Tab")
        self.drawn(page)

    def day(self, label: str, digits: str) -> None:
        field = self.page.locator("[data-testid='stDateInput']").filter(has_text=label)
        field.get_by_role("spinbutton").first.click()
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Escape")
        self.drawn()

    def choose(self, label: str, typed: str) -> None:
        """From a list, found by some letters without marks."""
        box = self.page.get_by_label(label, exact=True).first
        box.click()
        box.fill(typed)
        self.page.get_by_role("option").first.click()
        box.press("Escape")
        self.drawn()

    def bring(self, *files: Path | dict[str, object], place: int = 0) -> None:
        self.page.locator("input[type=file]").nth(place).set_input_files(list(files))  # type: ignore[arg-type]
        self.page.wait_for_timeout(1200)
        self.drawn()

    def save(self, label: str, name: str, page: Page | None = None) -> Path:
        """What a button gives, kept in the walker's own folder."""
        page = page or self.page
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label, exact=False).or_(page.get_by_role("link", name=label)).first.click()
        waiting.value.save_as(self.folder / name)
        return self.folder / name

    def drawn(self, page: Page | None = None) -> None:
        """Until the page has done what it was asked for."""
        page = page or self.page
        page.wait_for_timeout(400)
        if page.locator("[data-testid='stApp']").count():
            visitor.settled(page)
        page.wait_for_timeout(200)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    # Pictures

    def look(self, name: str, at: Locator | None = None, page: Page | None = None, phone: bool = False) -> None:
        """A picture of a desk's screen, or of the phone in somebody's hand; `at` is what it must show. `phone`: of the desk's page on 390 too."""
        page = page or self.page
        wait_until_drawn(page)
        wide = page.viewport_size == visitor.DESK
        self._take(page, f"{name}-ban" if wide else f"{name}-dt", at)
        if phone and wide:
            page.set_viewport_size(visitor.PHONE)
            page.wait_for_timeout(900)
            self._take(page, f"{name}-dt", at)
            page.set_viewport_size(visitor.DESK)
            page.wait_for_timeout(600)

    def _take(self, page: Page, name: str, at: Locator | None) -> None:
        if at is not None:
            at.first.evaluate("element => element.scrollIntoView({block: 'center'})")
        else:
            page.evaluate("() => document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)")
        page.wait_for_timeout(300)
        (self.out / f"{name}.png").write_bytes(small(page.screenshot()))
        print(name, f"{time.monotonic() - BEGUN:.0f} s", flush=True)


def small(picture: bytes) -> bytes:
    """A page of text and lines needs few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= LARGEST:
            return out.getvalue()
    raise RuntimeError(f"{len(out.getvalue())} bytes are more than {LARGEST}")


def beginning(message: str) -> str:
    """The words of a label up to the first value in it."""
    return VI(message).partition("{")[0]
