"""The first look in a leader's index: the page's own words and pictures, for nobody but who may see the page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import Services, Settings, build
from pages.plain.glance import glance
from survey.access import Role, Viewer
from survey.i18n import Locale
from tests.pages.looking import look
from tests.past_world import past_in

VI = Locale("vi")
GOVERNOR, HEAD = Viewer(name="lanhdao", role=Role.LEADER), Viewer(name="a", role=Role.LEADER, unit="t.a")
OVERVIEW, COMPARISON, TREND = "/results-overview", "/results-comparison", "/results-trend"
PAGES = {OVERVIEW: "leader.overview", COMPARISON: "leader.comparison", TREND: "leader.trend"}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("glance")
    with past_in(folder):
        return folder


@pytest.fixture
def services(past: Path, tmp_path: Path) -> Iterator[Services]:
    shutil.copytree(past, tmp_path / "stores")
    made = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    yield made
    made.close()


def on_the_page(services: Services, viewer: Viewer, path: str, said: dict[str, str]) -> str:
    at = look(PAGES[path], services, viewer, live=False, **said)
    return "\n".join(str(one.proto.body if one.type == "html" else one.value) for kind in ("html", "markdown") for one in at.get(kind))


def pieces(of: str) -> list[str]:
    """What is not layout: every sentence, cell, link and picture."""
    inside = re.sub(r"<style>.*?</style>", "", of)
    return [*re.findall(r'src="(data:[^"]+)"', inside), *re.findall(r'<a href="([^"]+)"', inside), *re.findall(r"<td.*?</td>", inside)]


@pytest.mark.parametrize("viewer", [GOVERNOR, HEAD], ids=["whole", "one unit"])
@pytest.mark.parametrize("path", PAGES)
def test_what_it_shows_stands_on_the_page_that_comes_after(services: Services, viewer: Viewer, path: str) -> None:
    for said in ({}, {"wave": "2024"}, {"wave": "2025", "lang": "vi"}):
        first, page = glance(services, viewer, path, said, VI), on_the_page(services, viewer, path, said)
        found = [one for one in pieces(first) if "/sheet" not in one]
        assert found, path
        assert [one for one in found if one not in page] == []


def test_a_reader_of_one_unit_begins_at_it_as_on_the_page(services: Services) -> None:
    assert "<strong>Sở A</strong>" in glance(services, HEAD, OVERVIEW, {}, VI)
    assert "<strong>Tỉnh Thử</strong>" in glance(services, GOVERNOR, OVERVIEW, {}, VI)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_gets_one(services: Services, path: str) -> None:
    must_change = Viewer(name="a", role=Role.LEADER, must_change_password=True)
    for viewer in (None, Viewer(name="k", role=Role.CUSTODIAN), must_change):
        assert glance(services, viewer, path, {}, VI) == ""
    assert glance(services, GOVERNOR, path, {}, VI)
    assert glance(services, GOVERNOR, "/results-item", {}, VI) == glance(services, GOVERNOR, "/organize-waves", {}, VI) == ""


@pytest.mark.parametrize("said", [{"wave": "1999"}, {"unit": "t.b"}, {"unit": "x"}, {"group": "x"}, {"view": "x"}, {"measure": "theme:X"}])
def test_what_the_address_names_and_is_not_there_is_left_to_the_page_to_explain(services: Services, said: dict[str, str]) -> None:
    asked = {"wave": OVERVIEW, "unit": OVERVIEW, "group": COMPARISON, "view": COMPARISON, "measure": TREND}[next(iter(said))]
    assert glance(services, HEAD, asked, said, VI) == ""
