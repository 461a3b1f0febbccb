"""Figures whose server no longer answers say so, two unanswered questions later, and stop saying so when it answers again."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.plain import line
from tests.browser import visitor
from tests.browser.visitor import VI
from tests.browser.world import World, enter
from tests.nursery import serving
from tests.server import Server

pytestmark = pytest.mark.browser
SAID = VI(line.LOST)
UNANSWERED = 3  # questions: two, and one that was on its way


@pytest.fixture
def own_server(world: World, tmp_path: Path) -> Iterator[Server]:
    """One that may be stopped: the others' goes on."""
    with serving(world.environment, tmp_path) as server:
        yield server


@pytest.fixture
def page(browser: Browser, own_server: Server, world: World) -> Iterator[Page]:
    context = visitor.desk(browser)
    enter(context, own_server, world, "lanhdao")
    page = context.new_page()
    page.goto(f"{own_server.base}/results-comparison")
    visitor.settled(page)
    yield page
    context.close()


def opacity(page: Page) -> float:
    return float(page.locator("[data-testid='stMainBlockContainer']").evaluate("one => getComputedStyle(one).opacity"))


def asked_until_said(page: Page) -> int:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/line") else None)
    page.mouse.move(300, 300)
    page.get_by_text(SAID).wait_for()
    return len(asked)


def test_two_unanswered_questions_take_two_seconds() -> None:
    script = Path(line.__file__).with_suffix(".js").read_text(encoding="utf-8")
    every, patience = (int(found[1]) for name in ("EVERY", "PATIENCE") if (found := re.search(rf"{name} = (\d+)", script)))
    assert every + 2 * patience <= 2000


def test_a_server_that_falls_silent_is_noticed_and_so_is_its_return(page: Page, own_server: Server) -> None:
    page.wait_for_timeout(2500)
    expect(page.get_by_text(SAID)).to_be_hidden()  # the control: a server that answers
    assert opacity(page) == 1
    os.kill(own_server.process.pid, signal.SIGSTOP)
    try:
        assert asked_until_said(page) <= UNANSWERED
        assert opacity(page) < 0.7
    finally:
        os.kill(own_server.process.pid, signal.SIGCONT)
    expect(page.get_by_text(SAID)).to_be_hidden()
    assert opacity(page) == 1


def test_a_server_that_is_gone_is_noticed(page: Page, own_server: Server) -> None:
    own_server.process.kill()
    assert asked_until_said(page) <= UNANSWERED


def test_the_form_keeps_its_own_sentence(browser: Browser, own_server: Server) -> None:
    context = visitor.desk(browser)
    page = context.new_page()
    page.goto(f"{own_server.base}/privacy")
    visitor.settled(page)
    own_server.process.kill()
    page.wait_for_timeout(4000)
    assert page.locator(".ln-line").text_content() == ""
    context.close()
