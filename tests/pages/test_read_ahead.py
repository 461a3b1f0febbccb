"""Releases are read when the server starts, not when the first leader comes."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from bootstrap import Services, Settings, build
from pages.plain.application import read_ahead
from survey.access import OPERATOR
from survey.settings import SURFACES
from tests.conftest import REPOSITORY
from tests.past_world import WAVES, settle_past


def test_every_release_is_held_after_reading_ahead_and_a_stopping_server_reads_no_more(sqlite_services: Services) -> None:
    settle_past(sqlite_services)
    again = build(sqlite_services.settings)
    kept = again.results._releases._kept  # type: ignore[attr-defined]
    stopping, came = Event(), Event()
    stopping.set()
    read_ahead(lambda: again, [came.set], stopping)
    assert not came.is_set()
    assert len(kept) == 0
    read_ahead(lambda: again, [came.set], Event())
    assert came.is_set()
    assert len(kept) == len(WAVES)
    held = {id(release) for release in again.results.history(OPERATOR, "2025")}
    assert held == {id(release) for release in again.results.history(OPERATOR, "2025")}
    assert len(kept) == len(WAVES)
    again.close()


def test_what_is_held_when_all_has_been_read_is_not_looked_through_again_and_again(sqlite_services: Services) -> None:
    held: list[list[int]] = []

    def looked_through() -> bool:
        """By Python's search for what is no longer used, which stops everybody."""
        return any(one is held[0] for one in gc.get_objects())

    def load() -> None:
        held.append([1])
        assert looked_through()

    read_ahead(lambda: sqlite_services, [load], Event())
    assert not looked_through()


@pytest.mark.parametrize("surface", SURFACES)
def test_the_application_can_answer_before_the_pages_and_what_they_draw_with_are_imported(surface: str, tmp_path: Path) -> None:
    """What respondents wait for after a start; `ahead` then brings every page of the surface."""
    build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)})).close()
    program = """
import json, sys, app
from pages.navigation.catalogue import ahead
before = {name.partition(".")[0] for name in sys.modules} & {"docx", "fpdf", "pandas", "scipy", "statsmodels", "xlsxwriter"}
for load in ahead(app.surface):
    load()
print("\\n" + json.dumps([sorted(before), [name for name in sys.modules if name.startswith("pages.")]]))
"""
    environment = {**os.environ, "LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_SURFACE": surface}
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    heavy, pages = json.loads(done.stdout.splitlines()[-1])
    assert heavy == []
    assert "pages.respondent.home" in pages and "pages.navigation.frame" in pages
    assert ("pages.leader.overview" in pages) is (surface != "respond")
    assert ("pages.organizer.close" in pages) is (surface == "all")
