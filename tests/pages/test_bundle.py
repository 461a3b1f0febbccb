"""Streamlit's scripts: packed once, whole, and all that a page of charts needs named in its head."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.plain import bundle
from pages.plain.unmarked import searching

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture
def client() -> TestClient:
    onward = Route("/{rest:path}", lambda request: PlainTextResponse("went on"))
    return TestClient(Starlette(routes=[onward], middleware=[Middleware(bundle.Packed)]))


def small() -> str:
    return min((bundle.STATIC / "js").glob("Html.*.js")).name


@pytest.mark.parametrize(
    ("said", "encoding"), [("br", "br"), ("gzip, deflate, br;q=1.0", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_a_script_comes_packed_as_the_browser_can_and_is_the_same_script(client: TestClient, said: str, encoding: str) -> None:
    with client.stream("GET", f"/static/js/{small()}", headers={"Accept-Encoding": said}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == encoding
    assert "immutable" in answer.headers["cache-control"] and answer.headers["vary"] == "Accept-Encoding"
    assert UNPACK[encoding](raw) == (bundle.STATIC / "js" / small()).read_bytes()


@pytest.mark.parametrize(("path", "said"), [("/static/js/nothing.js", "br"), ("/static/js/../../index.html", "br"), ("/results", "br")])
def test_any_other_address_goes_on(client: TestClient, path: str, said: str) -> None:
    assert client.get(path, headers={"Accept-Encoding": said}).text == "went on"


def test_a_browser_that_unpacks_nothing_is_left_to_streamlit(client: TestClient) -> None:
    assert client.get(f"/static/js/{small()}", headers={"Accept-Encoding": "identity"}).text == "went on"


def test_a_script_is_packed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packings: list[int] = []
    monkeypatch.setitem(bundle._PACKING, "br", lambda bare: packings.append(len(bare)) or bare)
    file = tmp_path / "part.js"
    file.write_text("let a", encoding="utf-8")
    assert [bundle.packed(file, "br") for _ in range(3)] == [b"let a"] * 3
    assert packings == [5]


def test_every_part_of_a_page_of_charts_is_a_script_of_this_streamlit() -> None:
    """A new Streamlit may name them otherwise: then this says so, instead of a page that has quietly become slower."""
    for part in {*bundle.CHART_PAGE, *bundle.PICTURE_PAGE}:
        assert any(
            name.startswith(f"{part}.") for parts in (bundle.CHART_PAGE, bundle.PICTURE_PAGE) for name in bundle.chart_scripts(parts)
        ), part


def test_the_one_filter_of_all_lists_finds_without_marks() -> None:
    """A new Streamlit may write it otherwise: then this says so, and "so y te" finds nothing until the wrapping is mended."""
    scripts = {file.name: file.read_bytes() for file in (bundle.STATIC / "js").glob("*.js")}
    wrapped = [name for name, script in scripts.items() if searching(script) != script]
    assert len(wrapped) == 1
    asking = [name for name, script in scripts.items() if name.startswith(("Selectbox.", "Multiselect.")) and wrapped[0].encode() in script]
    assert len(asking) == 2
