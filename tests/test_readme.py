"""The README promises pictures: each one is there, and each screen that is photographed stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.screenshots import IMAGES, LARGEST, SHOTS

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_picture_of_the_readme_is_a_screen_that_can_be_photographed_anew() -> None:
    shown = set(re.findall(r"docs/images/([a-z-]+)\.png", README))
    assert shown == {shot.name for shot in SHOTS} == {file.stem for file in IMAGES.glob("*.png")}
    assert all(file.stat().st_size <= LARGEST for file in IMAGES.glob("*.png"))


@pytest.mark.parametrize("page", [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))], ids=lambda page: page.name)
def test_every_file_a_page_points_to_exists(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_picture_of_the_road_is_taken_on_the_walk_and_small() -> None:
    shown = set(re.findall(r"images/con-duong/([a-z0-9-]+)\.png", (REPOSITORY / "docs" / "con-duong.md").read_text(encoding="utf-8")))
    kept = {file.stem for file in (IMAGES / "con-duong").glob("*.png")}
    source = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "tests" / "walk").glob("*.py"))
    taken = set(re.findall(r'road\.look\(\s*"([a-z0-9-]+)"', source))
    assert shown == kept and {name.rpartition("-")[0] for name in kept} == taken
    assert all(file.stat().st_size <= 60_000 for file in (IMAGES / "con-duong").glob("*.png"))
