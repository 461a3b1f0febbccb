"""A wave from the first unit to the restored backup, by commands alone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyreadstat
import pytest
from openpyxl import load_workbook

from bootstrap import Settings
from survey.design.questionnaire import Questionnaire
from tests.command_line import Line, furnish, open_wave
from tests.commands.results_shape import check_unit
from tests.conftest import new_databases
from tests.small_world import answers

PEOPLE = {"Sở A": 10, "Sở B": 9, "Sở C": 1, "Huyện H": 10}


@pytest.fixture
def elsewhere(settings: Settings, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Empty stores of the same kind in another place."""
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path / "elsewhere")}
    if settings.database_url.startswith("postgresql"):
        database, box = new_databases(request.getfixturevalue("postgres"))
        environment |= {"LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
    return Settings.read(environment)


def submit_all(line: Line, questionnaire: Questionnaire, codes: dict[str, list[str]], folder: Path) -> None:
    for unit, count in PEOPLE.items():
        for number, code in enumerate(codes[unit][:count]):
            paper = folder / "paper.json"
            given = answers(questionnaire, good=4 if number % 2 else 2)
            response = {"answers": given, "breakdowns": {"gender": "fm"[number // 2 % 2]}, "comments": {}}
            paper.write_text(json.dumps(response), encoding="utf-8")
            receipt = line.json("wave", "submit", "2026", "--code", code, "--answers", paper)
            assert not receipt["already"] and len(receipt["receipt"]) == 19


def test_the_whole_life_of_a_wave_by_commands_alone(
    settings: Settings, elsewhere: Settings, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    codes, shares = open_wave(line, tmp_path)
    assert {unit: len(made) for unit, made in codes.items()} == {"Sở A": 40, "Sở B": 30, "Sở C": 20, "Huyện H": 25, "Huyện K": 25}
    submit_all(line, questionnaire, codes, tmp_path)
    paper = tmp_path / "paper.json"
    assert "already been used" in line.refused("wave", "submit", "2026", "--code", codes["Sở A"][0], "--answers", paper)
    assert "has no published results" in line.refused("results", "--wave", "2026", "--all-units")
    status = line.json("wave", "status", "2026")
    assert status["state"] == "open" and {row["unit"]: row["rate"] for row in status["participation"]}["t.a"] == 25

    assert "1 of 2" in line.refused("wave", "close", "2026", "--share", shares[0])
    closed = line.json("wave", "close", "2026", "--share", shares[0], "--share", shares[2])
    line.done("wave", "publish", "2026")
    assert [(wave["id"], wave["state"]) for wave in line.json("wave", "list")] == [("2026", "published")]
    assert line.json("wave", "status", "2026")["participation"] == []

    units = [json.loads(row) for row in line.done("results", "--wave", "2026", "--all-units", "--json").splitlines()]
    for unit in units:
        check_unit(unit)
    of_a = line.json("results", "--wave", "2026", "--unit", "t.a")
    assert of_a == next(unit for unit in units if unit["unit"] == "t.a")
    assert of_a["base"] == 10 and of_a["headcount"] == 40 and of_a["response_rate"] == 25
    assert of_a["index"]["score"] == pytest.approx(50) and of_a["items"][0]["options"] == {"1": 0, "2": 5, "3": 0, "4": 5, "5": 0}
    assert next(unit for unit in units if unit["unit"] == "t.k")["index"] == {"suppressed": "too-few"}
    assert {category["category"]: category["base"] for category in units[0]["breakdowns"]["gender"]} == {"f": 18, "m": 12}

    for kind in ("csv", "xlsx", "sav"):
        line.done("export", "--wave", "2026", "--format", kind, "--out", tmp_path / f"release.{kind}")
    for scores in (from_csv(tmp_path / "release.csv"), from_xlsx(tmp_path / "release.xlsx"), from_sav(tmp_path / "release.sav")):
        assert scores["t.a"] == pytest.approx(50) and scores["t.k"] is None

    audit = line.json("audit", "--wave", "2026")
    assert audit["release"] == closed["hash"] and audit["combinations"] == 0 and audit["under_minimum"] == 0

    line.done("backup", tmp_path / "copy")
    there = Line(elsewhere)
    there.done("restore", tmp_path / "copy")
    assert there.json("audit", "--wave", "2026") == audit
    assert there.json("results", "--wave", "2026", "--unit", "t.a") == of_a


def from_csv(path: Path) -> dict[str, float | None]:
    text = path.read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return {row["unit"]: number(row["score"].replace(",", ".")) for row in rows if row["measure"] == "index" and not row["breakdown"]}


def from_xlsx(path: Path) -> dict[str, float | None]:
    header, *rows = load_workbook(io.BytesIO(path.read_bytes())).worksheets[1].iter_rows(values_only=True)
    place = {name: column for column, name in enumerate(header)}
    return {row[place["unit"]]: row[place["score"]] for row in rows if row[place["measure"]] == "index" and not row[place["breakdown"]]}


def from_sav(path: Path) -> dict[str, float | None]:
    frame, _ = pyreadstat.read_sav(path)
    chosen = frame[(frame["measure"] == "index") & (frame["breakdown"] == "")]
    return {unit: None if score != score else score for unit, score in zip(chosen["unit"], chosen["score"], strict=True)}


def number(text: str) -> float | None:
    return float(text) if text else None
