"""A small store for notebooks, and a page that has no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.past_world import past_in

expect.set_options(timeout=60_000)  # milliseconds; a kernel starts behind every page


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook-store")
    with past_in(folder):
        return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_offline(True)
    yield context.new_page()
    context.close()
