from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.form_page import PHONE, Stub
from tests.browser.world import World, make_world
from tests.nursery import serving
from tests.server import Server

expect.set_options(timeout=30_000)  # milliseconds; a loaded machine is no error


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on a phone, whose scripts raise nothing and which asks for nothing its policy forbids."""
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: trouble.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert trouble == []


@pytest.fixture(scope="session")
def stub_server() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(stub_server: Stub) -> Stub:
    stub_server.reset()
    return stub_server


@pytest.fixture(scope="session")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Made once a process; nobody works on it."""
    return make_world(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def world(first_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return first_world.copy(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with serving(world.environment, world.folder.parent) as running:
        yield running
