"""Every way out of the house: no number of few people, and the audit that anybody may run again."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.verdicts import Verdicts
from survey.disclose.attack.review import SUITE
from survey.disclose.policy import Policy
from survey.disclose.release import INDEX, Cell, Release
from survey.disseminate import export
from survey.disseminate.report_json import unit_results
from survey.i18n import Locale
from tests.command_line import Line
from tests.past_world import HIDDEN, past_in

POLICY = Policy.load()
WAYS = {"csv", "xlsx", "sav", "json"}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("ways"), ("2024", "2025")) as made:
        yield made


def ways_out(release: Release) -> Iterator[tuple[str, str, str, float]]:
    """(way, unit, measure, base) of every number that leaves the house with its base."""
    locale = Locale("en")
    csv = pd.read_csv(io.BytesIO(export.to_csv(release, locale, ",")), encoding="utf-8-sig", dtype={"unit": str})
    sheet = openpyxl.load_workbook(io.BytesIO(export.to_xlsx(release, locale))).worksheets[1]
    head, *body = sheet.iter_rows(values_only=True)
    xlsx = pd.DataFrame(body, columns=[str(name) for name in head])
    for way, table in (("csv", csv), ("xlsx", xlsx), ("sav", _sav(export.to_sav(release, locale)))):
        for row in table[table["score"].notna() | table["base"].notna()].itertuples():
            yield way, str(row.unit), str(row.measure), float(row.base)
    verdicts = Verdicts((release,))
    for node in release.nodes():
        found = json.loads(json.dumps(unit_results(release, node.id, verdicts)))
        yield from _of_json(node.id, found)
        index = release.cell(node.id, INDEX)
        if "score" in found["index"]:  # beside the number of forms, without its own base
            yield "json", node.id, INDEX, float(index.base) if isinstance(index, Cell) else 0.0


def _sav(content: bytes) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "r.sav").write_bytes(content)
        frame, _ = pyreadstat.read_sav(str(Path(folder) / "r.sav"))
    return frame


def _of_json(unit: str, found: Any, inside: str = "") -> Iterator[tuple[str, str, str, float]]:
    """Every object with a score or a base, wherever it stands; one without a base stands in one that has it."""
    if isinstance(found, list):
        for one in found:
            yield from _of_json(unit, one, inside)
    elif isinstance(found, dict):
        if isinstance(found.get("base"), (int, float)):
            yield "json", unit, str(found.get("id", found.get("category", inside))), float(found["base"])
        elif isinstance(found.get("score"), (int, float)) and inside != "index":
            yield "json", unit, f"{inside}: a score without its base", 0.0
        for name, one in found.items():
            yield from _of_json(unit, one, name)


def too_small(release: Release) -> tuple[set[str], list[tuple[str, str, str]]]:
    """(the ways out that give any number, (way, unit, measure) of numbers of fewer people than the minimum)."""
    items = {item.id for item in release.questionnaire.items}
    ways, found = set(), []
    for way, unit, measure, base in ways_out(release):
        ways.add(way)
        if base < (POLICY.item if measure.startswith("item") or measure in items else POLICY.unit):
            found.append((way, unit, measure))
    return ways, found


def test_no_way_out_gives_a_number_of_few_people(services: Services) -> None:
    for viewer in (OPERATOR, Viewer(name="l", role=Role.LEADER, unit="t.a"), Viewer(name="g", role=Role.LEADER)):
        release = services.results.release(viewer, "2025")
        assert too_small(release) == (WAYS, []) and all(unit != HIDDEN for _, unit, _, _ in ways_out(release))


@pytest.mark.parametrize(
    ("unit", "measure", "base"), [("t.a", INDEX, 4), ("t.a", "item:KC1", 9), (HIDDEN, INDEX, 3), (HIDDEN, "item:KC1", 3)]
)
def test_a_number_of_few_people_is_caught_on_every_way_out(services: Services, unit: str, measure: str, base: int) -> None:
    """Leaky control: one number of too few people, or one that should be hidden, in a release."""
    release = services.results.release(OPERATOR, "2025")
    cells = release.cells.copy()
    here = (cells["unit"] == unit) & (cells["measure"] == measure) & (cells["breakdown"] == "")
    cells.loc[here, ["base", "score", "reason", "note"]] = [float(base), 50.0, "", ""]
    ways, found = too_small(replace(release, cells=cells))
    assert ways == WAYS == {way for way, where, _ in found if where == unit}


def test_the_audit_is_run_again_by_command_and_notices_a_changed_number(services: Services) -> None:
    line = Line(services.settings)
    said = line.json("audit", "--wave", "2025")
    assert said["again"] == {"suite": SUITE, "tried": said["again"]["tried"], "found": [], "unchanged": True}
    assert said["release"] == services.results.release(OPERATOR, "2025").hash
    with services.engines[0].begin() as connection:
        changed = "UPDATE cell SET base = 3 WHERE unit = 't.a' AND measure = 'index' AND breakdown = '' AND release = (SELECT id FROM release WHERE wave = '2024')"
        assert connection.exec_driver_sql(changed).rowcount == 1
    result = line.run("audit", "--wave", "2024", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and found["again"]["unchanged"] is False
    assert "base under the minimum: t.a index" in found["again"]["found"]


def public_page(services: object, language: str) -> None:
    from pages.respondent import public
    from survey.i18n import Locale

    public.render(services, None, Locale(language))  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "words"), [("en", "Before anything was published"), ("vi", "Trước khi công bố")])
def test_anybody_can_read_the_certificate(services: Services, language: str, words: str) -> None:
    at = AppTest.from_function(public_page, default_timeout=60, args=(services, language))
    at.run()
    assert not at.exception
    release = services.results.release(OPERATOR, "2025")
    assert any(words in str(one.value) for one in at.markdown)
    assert any(release.hash in str(one.value) and release.cells_hash in str(one.value) for one in at.code)
