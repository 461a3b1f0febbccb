"""Point 9 of the main job: another body's survey, 2,289 units in five levels, five waves.

The publisher printed shares as whole percents and scores; counts.csv.gz holds those shares turned back
into whole people, each point cut off at what was left of `answers`. So there are two golden tests:
the printed shares through the whole street must give the printed scores, and the counts must give
exactly the scores that follow from them (which are as near to the printed ones as whole people allow).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.disclose.release import NOT_AVAILABLE, Cell, Release, Suppressed
from tests import pses
from tests.command_line import measured
from tests.conftest import REPOSITORY
from tests.importing import import_counts
from tests.verdict_readers import disagreeing, read

POINTS = {"Q64": (0, 25, 50, 75, 100), "Q48": (0, 100), "Q55": (0, 100)}
USUAL = (100, 75, 50, 25, 0)
ALL, NEGATIVE, YES_NO = "all", "Q64", "yes/no"


def langnghe(folder: Path, *arguments: str) -> float:
    """One command in a process of its own; the most memory it held, in MiB."""
    return measured([str(REPOSITORY / "cli.py"), *arguments], {**os.environ, "LANGNGHE_DATA_DIR": str(folder)})


@pytest.fixture(scope="session")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Fresh stores, filled by the three commands an organizer would type."""
    folder, data = tmp_path_factory.mktemp("pses"), shared_data / "pses"
    langnghe(folder, "units", "import", str(data / "units.csv"))
    langnghe(folder, "questionnaire", "import", str(pses.QUESTIONNAIRE))
    memory = langnghe(folder, "import", "counts", str(data / "counts.csv.gz"), "--questionnaire", "pses", "--published")
    assert memory < 1024
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    yield services
    services.close()


@pytest.fixture(scope="session")
def releases(imported: Services) -> dict[str, Release]:
    return {wave: imported.results.release(OPERATOR, wave) for wave in pses.WAVES}


@pytest.fixture(scope="session")
def printed(shared_data: Path) -> pd.DataFrame:
    return pses.printed(shared_data / "pses")


def beside(printed: pd.DataFrame, releases: dict[str, Release]) -> pd.DataFrame:
    """The printed rows with the release's own score and base, and the distance in points."""
    cells = pd.concat(release.cells.assign(wave=wave) for wave, release in releases.items())
    cells = cells[cells["measure"].str.startswith("item:") & (cells["breakdown"] == "")]
    cells = cells.assign(item=cells["measure"].str.removeprefix("item:"))[["wave", "unit", "item", "score", "base", "reason"]]
    found = printed.merge(cells, on=["wave", "unit", "item"], how="left", validate="one_to_one")
    return found.assign(distance=(found["score"] - found["score100"]).abs())


def part(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    chosen = {ALL: rows["item"] != "", NEGATIVE: rows["item"] == "Q64", YES_NO: rows["item"].isin(["Q48", "Q55"])}
    return rows[chosen[which]]


@pytest.fixture(scope="session")
def by_shares(shared_data: Path, printed: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The printed shares walked through the whole street: file, tallies, protection, release, store."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("pses-shares"))}))
    questionnaire = pses.settle(services, shared_data / "pses")
    import_counts(services, pses.as_counts(printed), questionnaire, published=True)
    found = beside(printed, {wave: services.results.release(OPERATOR, wave) for wave in pses.WAVES})
    services.close()
    return found


@pytest.mark.parametrize("which", [ALL, NEGATIVE, YES_NO])
def test_printed_shares_give_the_printed_scores(by_shares: pd.DataFrame, which: str) -> None:
    rows = part(by_shares[by_shares["answers"] >= 10], which)
    assert len(rows) == {ALL: 74_558, NEGATIVE: 2_368, YES_NO: 2_720}[which]
    assert (rows["distance"] <= 1).mean() >= 0.99


@pytest.fixture(scope="session")
def by_counts(printed: pd.DataFrame, releases: dict[str, Release]) -> pd.DataFrame:
    return beside(printed, releases)


@pytest.mark.parametrize("which", [ALL, NEGATIVE, YES_NO])
def test_counts_give_exactly_the_scores_that_follow_from_them(by_counts: pd.DataFrame, shared_data: Path, which: str) -> None:
    """Reckoned again from the file with nothing but pandas: every shown row, to the two decimals a release keeps."""
    counts = pd.read_csv(shared_data / "pses" / "counts.csv.gz", dtype={"wave": str, "option": str})
    counts = counts[counts["option"] != "dont_know"]
    points = pd.DataFrame(
        [(item, str(place), value) for item in counts["item"].unique() for place, value in enumerate(POINTS.get(item, USUAL), start=1)],
        columns=["item", "option", "points"],
    )
    counts = counts.merge(points, on=["item", "option"], how="left", validate="many_to_one")
    counts["points"] *= counts["n"]
    sums = counts.groupby(["wave", "unit", "item"], as_index=False)[["points", "n"]].sum()
    rows = part(by_counts, which).merge(sums, on=["wave", "unit", "item"], validate="one_to_one")
    shown = rows[rows["reason"] == ""]
    assert ((rows["n"] >= 10) == (rows["reason"] == "")).all()
    assert (shown["score"] - shown["points"] / shown["n"]).abs().max() < 0.005 + 1e-9
    assert (shown["base"] == shown["n"]).all()


@pytest.mark.parametrize(
    ("which", "least", "people"), [(ALL, 0.90, 10), (ALL, 0.98, 100), (ALL, 0.99, 500), (NEGATIVE, 0.98, 100), (YES_NO, 0.98, 30)]
)
def test_counts_come_as_near_to_the_printed_scores_as_whole_people_allow(
    by_counts: pd.DataFrame, which: str, least: float, people: int
) -> None:
    rows = part(by_counts[by_counts["base"] >= people], which)
    assert len(rows) > 200
    assert (rows["distance"] <= 1).mean() >= least


@pytest.mark.parametrize(("item", "percent"), [("Q23", 75.8), ("Q44", 67.0), ("Q06", 60.0), ("Q30", 57.1)])
def test_percent_positive_of_the_whole_public_service_is_the_publishers(releases: dict[str, Release], item: str, percent: float) -> None:
    cell = releases["2018"].cell("ps", f"item:{item}")
    assert isinstance(cell, Cell) and cell.favourable == pytest.approx(percent, abs=0.06)


def test_dont_know_is_outside_the_base(releases: dict[str, Release], printed: pd.DataFrame) -> None:
    cell = releases["2018"].cell("ps", "item:Q23")
    answers = printed.query("wave == '2018' and unit == 'ps' and item == 'Q23'")["answers"].item()
    assert isinstance(cell, Cell) and cell.dont_know and cell.base + cell.dont_know == answers


def test_a_parent_is_what_was_printed_not_the_sum_of_its_children(releases: dict[str, Release]) -> None:
    release = releases["2018"]
    parents = [node.id for node in release.nodes() if release.plan.children.get(node.id)]
    apart = 0
    for parent in parents:
        cells = [release.cell(child, "item:Q43") for child in release.plan.children[parent]]
        own = release.cell(parent, "item:Q43")
        if isinstance(own, Cell):
            apart += own.base != sum(cell.base for cell in cells if isinstance(cell, Cell))
    assert apart > 100


def test_the_release_says_that_another_body_published_it(releases: dict[str, Release]) -> None:
    for release in releases.values():
        assert release.published_elsewhere and release.wave.note == "counts.csv.gz"
    assert [len(release.nodes()) for release in releases.values()] == [66, 72, 80, 82, 2_287]


def test_what_the_publisher_hid_is_not_available(releases: dict[str, Release], printed: pd.DataFrame) -> None:
    """Two units without any 2018 number, and a unit whose harassment question was not printed."""
    release = releases["2018"]
    for unit in ("ps-95-105", "ps-95-109"):
        assert unit not in release.plan.by_id
        assert release.cell(unit, "index") == Suppressed(NOT_AVAILABLE)
    assert printed.query("wave == '2018' and unit == 'ps-8-204-310-428' and item == 'Q48'").empty
    assert release.cell("ps-8-204-310-428", "item:Q48") == Suppressed(NOT_AVAILABLE)
    assert release.cell("ps-8-204-310-428", "item:Q43") != Suppressed(NOT_AVAILABLE)
    asked = printed[printed["wave"] == "2018"].groupby("unit")["item"].agg(set)
    for unit, items in asked[asked.map(len) < 31].items():
        for item in {i.id for i in release.questionnaire.items} - items:
            assert release.cell(str(unit), f"item:{item}") == Suppressed(NOT_AVAILABLE)


def page(name: str, services: object, viewer: object) -> None:
    import importlib

    from survey.i18n import Locale

    importlib.import_module(f"pages.leader.{name}").render(services, viewer, Locale("vi"))


@pytest.mark.parametrize("name", ["overview", "comparison", "trend", "item", "breakdowns"])
def test_every_leaders_page_stands_on_it(imported: Services, name: str) -> None:
    leader = Viewer(name="leader", role=Role.LEADER, unit="ps-2")
    for viewer, unit in [(OPERATOR, unit) for unit in pses.UNITS] + [(leader, "ps-2")]:
        at = AppTest.from_function(page, default_timeout=60, args=(name, imported, viewer))
        at.query_params["unit"] = unit
        at.run()
        assert not at.exception, at.exception
        assert at.title and not at.error
        pictures = [one for one in at.get("html") if "ln-picture" in one.proto.body and "<img" in one.proto.body]
        assert at.get("plotly_chart") or pictures or name == "breakdowns"


def test_every_reader_says_the_same_of_a_cell(imported: Services) -> None:
    release = imported.results.release(OPERATOR, pses.WAVES[-1])
    units = {node.id for place, node in enumerate(release.nodes()) if place % 60 == 0}
    twice, apart = disagreeing(read(imported, OPERATOR, release.wave.id, units))
    assert twice > 500 and not apart
