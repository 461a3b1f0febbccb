"""Every notebook runs from a clean kernel, on a small store made through the services."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.disclose.release import INDEX, Cell
from survey.i18n import Locale
from tests.conftest import REPOSITORY

if TYPE_CHECKING:  # seconds to import, and every process collects every test
    from nbformat import NotebookNode

STATE = "application/vnd.jupyter.widget-state+json"
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
# The kernel talks over local sockets with libraries of its own warnings; what counts here is what the cells do.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def run(store: Path, exported: Path) -> Iterator[Callable[[Path], NotebookNode]]:
    """The notebook as it stands when all of it has run, in a kernel of its own; once for all who ask, and who exported it."""
    import nbformat
    from nbclient import NotebookClient

    @cache
    def one(path: Path) -> NotebookNode:
        if (ran := exported / path.name).exists():
            return nbformat.read(ran, as_version=4)
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
        return notebook

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGNGHE_DATA_DIR", str(store))
        yield one


def printed(notebook: NotebookNode) -> str:
    return "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs_from_a_clean_kernel(path: Path, store: Path, run: Callable[[Path], NotebookNode]) -> None:
    notebook = run(path)
    if path.stem == "01-tham-quan":
        services = build(Settings.read({"LANGNGHE_DATA_DIR": str(store)}))
        release = services.results.release(OPERATOR, "2025")
        cell = release.cell("t", INDEX)
        services.close()
        assert isinstance(cell, Cell)
        assert Locale("vi").number(cell.score) in printed(notebook) and release.hash in printed(notebook)
    if path.stem == "03-thu-phieu":
        assert re.search(r"Đã niêm phong\. Biên nhận: \w{4}(-\w{4}){3}\n", printed(notebook))
        # While one shows what is printed, nbclient writes to the line on which it waits for the kernel, and may miss its answer: on a
        # busy machine it waited for the whole of its time (nbclient 0.11.0, jupyter_client 8.10.0, pyzmq 27.3.0).
        assert not [one for one in notebook.metadata.widgets[STATE]["state"].values() if one["model_name"] == "OutputModel"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_notebook_holds_no_output(path: Path) -> None:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code")
    assert "widgets" not in notebook.metadata


@pytest.mark.browser
def test_nbconverts_own_html_has_the_charts_too(page: Page, run: Callable[[Path], NotebookNode], tmp_path: Path) -> None:
    import nbformat

    made = tmp_path / "01-tham-quan.ipynb"
    nbformat.write(run(REPOSITORY / "notebooks" / made.name), made)
    subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(made)], check=True, capture_output=True, timeout=200)
    page.goto(made.with_suffix(".html").as_uri())
    expect(page.locator(".js-plotly-plot svg").get_by_text("Các nhóm nội dung – Tỉnh Thử").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
