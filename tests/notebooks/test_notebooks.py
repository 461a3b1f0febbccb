"""Every notebook runs from a clean kernel, on a small store made through the services."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.disclose.release import INDEX, Cell
from survey.i18n import Locale
from tests.conftest import REPOSITORY
from tests.notebooks.waiting import answered
from tests.past_world import settle_past
from tests.server import free_port

if TYPE_CHECKING:  # seconds to import, and every process collects every test
    from nbformat import NotebookNode

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
# The kernel talks over local sockets with libraries of its own warnings; what counts here is what the cells do.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook-store")
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    settle_past(services)
    services.close()
    return folder


def run(path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("LANGNGHE_DATA_DIR", str(store))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def printed(notebook: NotebookNode) -> str:
    return "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs_from_a_clean_kernel(path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = run(path, store, monkeypatch)
    if path.stem == "01-tham-quan":
        services = build(Settings.read({"LANGNGHE_DATA_DIR": str(store)}))
        release = services.results.release(OPERATOR, "2025")
        cell = release.cell("t", INDEX)
        services.close()
        assert isinstance(cell, Cell)
        assert Locale("vi").number(cell.score) in printed(notebook) and release.hash in printed(notebook)
    if path.stem == "03-thu-phieu":
        assert "Biên nhận" in str(notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_notebook_holds_no_output(path: Path) -> None:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")
    assert "widgets" not in notebook.metadata


def test_the_dashboard_is_served_by_voila(store: Path, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "voila.log"
    command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", str(REPOSITORY / "notebooks" / "02-bang-tuong-tac.ipynb")]
    with log.open("wb") as out:
        environment = {**os.environ, "LANGNGHE_DATA_DIR": str(store)}
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=tmp_path, env=environment)
    try:
        page = answered(f"http://127.0.0.1:{port}/", server, log)
    finally:
        server.terminate()
        server.wait(timeout=20)
    # Widgets draw themselves in the browser; the page holds their places, and no error of the kernel.
    assert "widget-view+json" in page and "Chọn đợt, đơn vị" in page and "Traceback" not in page
