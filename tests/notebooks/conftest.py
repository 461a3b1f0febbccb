"""A small store for notebooks, those that are exported from it, and a page that has no network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REPOSITORY
from tests.past_world import past_in

EXPORTED = ("01-tham-quan", "02-bang-tuong-tac")
expect.set_options(timeout=60_000)  # milliseconds; a kernel starts behind every page


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook-store")
    with past_in(folder):
        return folder


@pytest.fixture(scope="package")
def exported(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the first two, run and made into pages as the guide does it; the notebooks that ran lie beside their pages."""
    folder, notebooks = tmp_path_factory.mktemp("exported"), [str(REPOSITORY / "notebooks" / f"{name}.ipynb") for name in EXPORTED]
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "langnghe", "--execute", *notebooks, "--output-dir", str(folder)]
    keep = ["--Page.preprocessors=tests.notebooks.kept.Kept", f"--Kept.folder={folder}"]
    environment = {**os.environ, "LANGNGHE_DATA_DIR": str(store), "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([*command, *keep], env=environment, check=True, capture_output=True, timeout=200)
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_offline(True)
    yield context.new_page()
    context.close()
