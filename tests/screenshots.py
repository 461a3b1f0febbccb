"""The pictures of the README and the guides: `python -m tests.screenshots [NAME ...] [--out FOLDER]`.

Starts a demonstration of its own, signs in as each shot asks, and saves small PNG files. Extend SHOTS.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.collect.key_share import KeyShare
from survey.demonstration import build as demonstration
from survey.design.wave import WaveState
from tests.browser import visitor
from tests.browser.visitor import VI
from tests.conftest import REPOSITORY
from tests.server import launch, serving

IMAGES = REPOSITORY / "docs" / "images"
DESK, PHONE = (1440, 900), (390, 844)
LARGEST = 250_000  # bytes
NOBODY, LEADER, ORGANIZER = "", "lanhdao", "tochuc"  # accounts of the demonstration
_DRAWN = """() => !document.querySelector('[data-testid=stSkeleton], #ln-glance')
  && (!document.querySelector('[data-testid=stApp]') || document.querySelector('[data-test-script-state=notRunning]'))
  && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg'))"""


@dataclass(frozen=True)
class Shot:
    """One picture: file name without ending, address, account ("" = not signed in), size, colour scheme.

    `{code}` in the address becomes a fresh code. `whole`: the page to its end, not just the first screen;
    `act`: what is done on the page before the picture; `closed`: after the wave in the field was closed.
    """

    name: str
    address: str
    account: str = NOBODY
    size: tuple[int, int] = DESK
    scheme: str = "light"
    whole: bool = False
    act: Callable[[Page], None] | None = None
    closed: bool = False


def _begin(page: Page) -> None:
    visitor.next_step(page)
    page.locator("fieldset").first.get_by_text("Đồng ý", exact=True).click()


def _to_what_is_stored(page: Page) -> None:
    _begin(page)
    visitor.to_sending(page)
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")


def _to_the_receipt(page: Page) -> None:
    _begin(page)
    visitor.to_sending(page)
    page.locator("#ln-next").click()
    visitor.receipt(page)


def _to_the_slips(page: Page) -> None:
    """A new wave, from its plan to the files to print."""
    page.get_by_role("button", name=VI("Create the wave {wave}", wave="")).click()
    page.get_by_role("button", name=VI("Print the slips"), exact=True).first.click()
    page.get_by_text(VI("I can save and print the files now")).click()
    page.get_by_role("button", name=VI("Make the codes")).click()
    page.get_by_role("button", name=VI("Save the PDF to print")).wait_for(timeout=120_000)


def _to_a_merger(page: Page) -> None:
    """What a merger of two departments would do, after the wave in the field."""
    visitor.open_tab(page, VI("Reorganisation"))
    box = page.get_by_label(VI("Units that merge"))
    for typed in ("so tu phap", "so y te"):
        box.click()
        box.fill(typed)
        page.get_by_role("option").filter(has_text="Sở").first.click()
        box.press("Escape")
        wait_until_drawn(page)
    page.get_by_label(VI("Vietnamese name")).fill("Sở Y tế và Tư pháp")
    day = page.locator("[data-testid='stDateInput']").filter(has_text=VI("First day of the new arrangement"))
    day.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"0107{date.today().year + 1}")
    page.keyboard.press("Tab")
    wait_until_drawn(page)
    page.get_by_role("button", name=VI("Show what will happen")).click()
    store = page.get_by_role("button", name=VI("Store this reorganisation"))
    store.wait_for()
    store.scroll_into_view_if_needed()


def _to_a_draft(page: Page) -> None:
    """A new draft, and its page to edit it."""
    page.get_by_role("button", name=VI("Create the wave {wave}", wave="")).click()
    page.get_by_role("button", name=VI("Edit the draft")).or_(page.get_by_role("link", name=VI("Edit the draft"))).first.click()
    page.wait_for_url("**/organize-editing**")
    wait_until_drawn(page)
    page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")


def _to_a_question(page: Page) -> None:
    page.get_by_text("TQ2 ·").first.click()
    page.wait_for_timeout(600)


FORM = "/p?code={code}"
SHOTS = (
    Shot("leader-overview", "/results-overview?wave=2025&unit=dn.syt", LEADER),
    Shot("leader-comparison", "/results-comparison?wave=2025&group=dn%3Aso_ban_nganh", LEADER),
    Shot("leader-sheet", "/sheet?wave=2025&unit=dn.syt", LEADER),
    Shot("leader-trend", "/results-trend?wave=2025&unit=dn.snv2", LEADER),
    Shot("leader-criteria", "/results-criteria?wave=2025&unit=dn.syt", LEADER),
    Shot("leader-item", "/results-item?wave=2025&unit=dn.syt&item=LC1", LEADER),
    Shot("leader-breakdowns", "/results-breakdowns?wave=2025&unit=dn%3Aso_ban_nganh", LEADER),
    Shot("leader-drivers", "/results-drivers?wave=2025", LEADER),
    Shot("leader-undertakings", "/results-actions?wave=2025&unit=dn.snv2", LEADER),
    Shot("leader-comments", "/results-comments?wave=2025&unit=dn.syt", LEADER),
    Shot("organizer-waves", "/organize-waves", ORGANIZER),
    Shot("organizer-new", "/organize-new", ORGANIZER),
    Shot("organizer-invitations", "/organize-invitations", ORGANIZER),
    Shot("organizer-fieldwork", "/organize-fieldwork", ORGANIZER),
    Shot("organizer-close", "/organize-close", ORGANIZER),
    Shot("organizer-downloads", "/organize-downloads", ORGANIZER),
    Shot("organizer-units", "/organize-units", ORGANIZER),
    Shot("organizer-reorganising", "/organize-units", ORGANIZER, act=_to_a_merger),
    Shot("organizer-questionnaires", "/organize-questionnaires", ORGANIZER),
    Shot("organizer-imports", "/organize-imports", ORGANIZER),
    Shot("organizer-accounts", "/organize-accounts", ORGANIZER),
    Shot("organizer-log", "/organize-log", ORGANIZER),
    Shot("organizer-installation", "/organize-installation", ORGANIZER),
    Shot("organizer-operations", "/organize-operations", ORGANIZER, act=lambda page: visitor.open_tab(page, VI("What is deleted when"))),
    Shot("organizer-paper", "/organize-paper", ORGANIZER),
    Shot("organizer-editor", "/organize-editor?questionnaire=vhcs-core&version=1.1", ORGANIZER, act=_to_a_question),
    Shot("organizer-slips", "/organize-new", ORGANIZER, act=_to_the_slips),
    Shot("organizer-opening", "/organize-opening", ORGANIZER),
    Shot("organizer-editing", "/organize-new", ORGANIZER, act=_to_a_draft),
    Shot("respondent-intro", FORM, size=PHONE),
    Shot("respondent-theme", FORM, size=PHONE, act=_begin),
    Shot("respondent-stored", FORM, size=PHONE, act=_to_what_is_stored),
    Shot("respondent-receipt", FORM, size=PHONE, act=_to_the_receipt),
    Shot("respondent-kiosk", "/p?kiosk=1", size=PHONE),
    Shot("public", "/public"),
    Shot("organizer-comments", "/organize-comments?wave=2026", ORGANIZER, closed=True),
)


def take(browser: Browser, base: str, shot: Shot, ticket_of: Callable[[str], str], code: str = "") -> bytes:
    """The picture as an optimised PNG."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]}, color_scheme="dark" if shot.scheme == "dark" else "light",
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
    )  # fmt: skip
    if shot.account:
        _sign_in(context, base, ticket_of(shot.account))
    page = context.new_page()
    page.goto(base + shot.address.format(code=code))
    wait_until_drawn(page)
    if shot.act:
        shot.act(page)
        page.wait_for_timeout(300)
    if shot.whole:
        height = page.evaluate("() => (document.querySelector('[data-testid=stMain]') || document.documentElement).scrollHeight")
        page.set_viewport_size({"width": shot.size[0], "height": max(shot.size[1], height)})
        page.wait_for_timeout(800)
    picture = page.screenshot()
    context.close()
    return smaller(picture)


def _sign_in(context: BrowserContext, base: str, ticket: str) -> None:
    answer = context.request.post(f"{base}/session/open", data=ticket, headers={"Origin": base})
    if not answer.ok:
        raise RuntimeError(f"sign-in: {answer.status}")


def wait_until_drawn(page: Page) -> None:
    """Until the script has ended and every chart stands. Polled from here: the page's policy forbids eval."""
    page.wait_for_selector("h1")
    for _attempt in range(150):
        page.wait_for_timeout(200)
        if page.evaluate(_DRAWN):
            break
    page.wait_for_timeout(900)


def smaller(picture: bytes) -> bytes:
    """256 colours are enough for a page of text and charts."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    if len(out.getvalue()) > LARGEST:
        raise RuntimeError(f"{len(out.getvalue())} bytes are more than {LARGEST}")
    return out.getvalue()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these shots (or beginnings of names)")
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--stores", type=Path, help="a folder with demonstration stores, instead of building new ones")
    chosen = parser.parse_args(arguments)
    wanted = [shot for shot in SHOTS if not chosen.names or shot.name.startswith(tuple(chosen.names))]
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="langnghe-shots-") as folder:
        stores = chosen.stores or Path(folder)
        environment = {"LANGNGHE_DATA_DIR": str(stores)}
        if chosen.stores is None:
            subprocess.run([sys.executable, str(REPOSITORY / "cli.py"), "demo"], env=_environment(environment), check=True)
        services = build(Settings.read(environment))
        ready = demonstration.ready(services, date.today())

        def ticket_of(account: str) -> str:
            return services.signing_in.sign_in(account, ready.passwords[account])[1]

        with serving(environment, Path(folder)) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            for number, shot in enumerate(sorted(wanted, key=lambda one: one.closed)):
                if shot.closed:
                    _close(services, stores)
                code = ready.codes[number % len(ready.codes)] if shot.address == FORM else ""
                picture = take(browser, server.base, shot, ticket_of, code)
                (chosen.out / f"{shot.name}.png").write_bytes(picture)
                print(shot.name)
            browser.close()
        services.close()


def _close(services: Services, stores: Path) -> None:
    """Close the wave in the field with the share that the demonstration leaves beside its stores."""
    for wave in services.design.waves(OPERATOR):
        if wave.state is WaveState.OPEN:
            shares = [KeyShare.from_bytes(file.read_bytes()) for file in (stores / "khoa").glob(f"{wave.id}-*.json")]
            services.closing.close(OPERATOR, wave.id, shares)


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **more, "PYTHONPATH": str(REPOSITORY)}


if __name__ == "__main__":
    main()
