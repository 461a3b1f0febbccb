"""What comes out of a notebook for people without a kernel: a page with its charts, seen in a browser without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import REPOSITORY
from tests.notebooks.waiting import answered
from tests.server import free_port

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]
TITLES = {  # the first line of each chart, as it stands in the picture
    "01-tham-quan": ("Các nhóm nội dung – Tỉnh Thử", "So sánh giữa các đơn vị"),
    "02-bang-tuong-tac": ("Các nhóm nội dung – Tỉnh Thử", "So sánh giữa các đơn vị", "Chỉ số văn hóa công sở – Tỉnh Thử"),
}


@pytest.mark.parametrize("name", TITLES)
def test_an_exported_notebook_holds_its_charts_and_asks_no_network(page: Page, exported: Path, name: str) -> None:
    path = exported / f"{name}.html"
    assert re.search(r'<html[^>]* lang="vi"', path.read_text(encoding="utf-8"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(len(TITLES[name]))
    for chart, title in zip(charts.all(), TITLES[name], strict=True):
        expect(chart.locator("svg").get_by_text(title).first).to_be_visible()
        assert chart.locator(".main-svg").first.evaluate("e => e.getBoundingClientRect().width") > 900
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_voila_draws_all_three_parts_and_keeps_their_size_after_a_choice(browser: Browser, store: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "voila.log"
    command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", str(REPOSITORY / "notebooks" / "02-bang-tuong-tac.ipynb")]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "LANGNGHE_DATA_DIR": str(store)}, cwd=tmp_path
        )
    try:
        answered(f"http://127.0.0.1:{port}/voila/static/voila.js", server, log)  # the notebook itself runs anew for whoever asks for it
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(90_000)
        trouble: list[str] = []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        sent = page.goto(f"http://127.0.0.1:{port}/")
        assert sent is not None
        # Widgets draw themselves in the browser; what is sent holds their places, and no error of the kernel.
        said = sent.text()
        assert "widget-view+json" in said and "Chọn đợt, đơn vị" in said and "Traceback" not in said
        for unit, place in (("Tỉnh Thử", 0), ("Sở B và C", 1)):
            if place:
                page.locator("select").nth(1).select_option(label=unit)
            expect(page.locator("svg").get_by_text(f"Các nhóm nội dung – {unit}").first).to_be_visible()
            expect(page.locator("svg").get_by_text(f"Chỉ số văn hóa công sở – {unit}").first).to_be_visible()
            expect(page.locator(".js-plotly-plot")).to_have_count(3)
            page.wait_for_timeout(1500)
            widths = page.evaluate(
                "() => [...document.querySelectorAll('.js-plotly-plot')].map(e => e.querySelector('.main-svg').getBoundingClientRect().width)"
            )
            assert min(widths) > 1200, widths
        expect(page.locator("html")).to_have_attribute("lang", "vi")
        page.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    # anywidget gives a widget two seconds to load plotly's five megabytes and complains after that; the chart comes all the same.
    assert [line for line in trouble if "Failed to initialize model" not in line] == []
    assert not re.search(r"Traceback|\bERROR\b|Error:", log.read_text(errors="replace"))


def test_jupyter_lab_opens_the_folder_of_notebooks(store: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "lab.log"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--allow-root",
        str(REPOSITORY / "notebooks"),
    ]
    environment = {**os.environ, "LANGNGHE_DATA_DIR": str(store), "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path)}
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    try:
        answered(f"http://127.0.0.1:{port}/lab", server, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=30) as answer:
            assert b"01-tham-quan.ipynb" in answer.read()
    finally:
        server.terminate()
        server.wait(timeout=20)
