"""Real answers of another survey system, one row a person, against a count of the file made here."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from bootstrap import Settings
from tests.command_line import Line, stored
from tests.commands.results_shape import check_unit
from tests.conftest import REPOSITORY

QUESTIONNAIRE = REPOSITORY / "tests" / "data" / "limesurvey.yaml"
MAPPING = REPOSITORY / "tests" / "data" / "limesurvey_mapping.yaml"
KINDS = {
    "academic": "University - within an academic group", "it": "University - within an IT service",
    "hpc": "University - within an HPC group", "laboratory": "National laboratory", "government": "Government",
    "company": "Private company", "ngo": "NGO", "other": "Other",
}  # fmt: skip
AGREE = {"Strongly disagree": "1", "Disagree": "2", "Neither agree or disagree": "3", "Agree": "4", "Strongly Agree": "5"}
OFTEN = {"Never": "1", "Sometimes": "2", "Often": "3", "Very Often": "4", "Always": "5"}
CODES = {
    "JOY": ("likertagree2[affSat1]", AGREE), "LEAVE": ("likertagree3[turnOver6]", AGREE), "KNOW": ("likerttime1[perfCheck1]", OFTEN),
    "SEEN": ("likertagree2[affRec3]", AGREE), "TRUST": ("likertagree3[affRec1]", AGREE),
}  # fmt: skip


@pytest.fixture
def answers_file(shared_data: Path) -> Path:
    return shared_data / "limesurvey" / "2017_uk_public_data.csv"


@pytest.fixture
def line(settings: Settings, tmp_path: Path) -> Line:
    made = Line(settings)
    units = tmp_path / "units.csv"
    units.write_text("id;name_vi;parent\nuk;Vương quốc Anh;\n" + "".join(f"uk.{kind};{kind};uk\n" for kind in KINDS), encoding="utf-8")
    made.done("units", "import", units)
    made.done("questionnaire", "import", QUESTIONNAIRE)
    return made


def counted(path: Path) -> dict[str, dict[str, Counter[str]]]:
    """unit -> item -> option -> people, straight from the file; "uk" is everybody."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place = {name.split(".")[0]: column for column, name in enumerate(header)}
    found: dict[str, dict[str, Counter[str]]] = {}
    for unit, kind in [("uk", ""), *((f"uk.{short}", kind) for short, kind in KINDS.items())]:
        people = [row for row in rows if not kind or row[place["currentEmp1"]] == kind]
        found[unit] = {
            item: Counter(meaning[row[place[code]]] for row in people if row[place[code]]) for item, (code, meaning) in CODES.items()
        }
    return found


def test_every_shown_count_is_the_count_of_the_file(line: Line, answers_file: Path) -> None:
    made = line.json("import", "responses", answers_file, "--questionnaire", "limesurvey", "--mapping", MAPPING)
    assert made["wave"] == "2017" and made["units"] == 9
    truth = counted(answers_file)
    shown = exact = 0
    for row in line.done("results", "--wave", "2017", "--all-units", "--json").splitlines():
        unit = json.loads(row)
        check_unit(unit)
        for item in unit["items"]:
            true = truth[unit["unit"]][item["id"]]
            if "suppressed" in item:
                continue
            shown += 1
            scores = {option: 25 * (5 - int(option) if item["id"] == "LEAVE" else int(option) - 1) for option in "12345"}
            score = sum(scores[option] * n for option, n in true.items()) / true.total()
            assert item["base"] == true.total() >= 10 and item["score"] == pytest.approx(score, abs=0.005)
            if item["options"] == {"suppressed": "protects-another"}:
                # At most one answered on one side, or the unit above shows such an item and would give it away here.
                assert unit["clamped"][f"item:{item['id']}"]
                continue
            # Of a group the shares are printed, with two decimals.
            assert item["options"] == pytest.approx({option: true[option] for option in "12345"}, abs=true.total() / 20_000 + 1e-9)
            exact += 1
    assert shown >= 15 and exact >= 10
    everybody = line.json("results", "--wave", "2017", "--unit", "uk")
    # 28 people answered none of the five questions: they are no forms.
    assert everybody["base"] == 225 and {item["id"] for item in everybody["items"] if "options" in item} == set(CODES)
    assert {category["category"]: "suppressed" in category["index"] for category in everybody["breakdowns"]["gender"]}["o"]


def test_no_small_unit_of_the_file_is_shown(line: Line, answers_file: Path) -> None:
    line.done("import", "responses", answers_file, "--questionnaire", "limesurvey", "--mapping", MAPPING)
    truth = counted(answers_file)
    for short in KINDS:
        for item in line.json("results", "--wave", "2017", "--unit", f"uk.{short}")["items"]:
            if truth[f"uk.{short}"][item["id"]].total() < 10:
                assert "suppressed" in item, (short, item)
    audit = line.json("audit", "--wave", "2017")
    assert audit["under_minimum"] == audit["combinations"] == audit["unanimous"] == audit["composites"] == 0


def test_a_value_without_a_meaning_refuses_the_whole_file(line: Line, answers_file: Path, tmp_path: Path) -> None:
    text = answers_file.read_bytes().decode("utf-8-sig")
    spoiled = tmp_path / "answers.csv"
    spoiled.write_text(text.replace("National laboratory", "Lab").replace("Strongly Agree", "Totally"), encoding="utf-8")
    before = stored(line.settings)
    said = line.refused("import", "responses", spoiled, "--questionnaire", "limesurvey", "--mapping", MAPPING)
    assert "currentEmp1" in said and "unit Lab is unknown" in said and ". Correct it, or add it under unit: values:." in said
    assert '"Totally" is not an option (' in said and "Correct it, or add it to the mapping's values:." in said
    assert sum(one.startswith("- ") for one in said.splitlines()) == 5  # each value once for its column, however many rows hold it
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("wave: '2017'\nunit: {column: Nowhere}\nitems:\n  XX: {column: A}\n  JOY: {columns: B}\n", encoding="utf-8")
    said = line.refused("import", "responses", answers_file, "--questionnaire", "limesurvey", "--mapping", mapping)
    assert "row 4, column items.XX: this is not in the questionnaire." in said and "row 5, column items.JOY: the column is missing." in said
    assert stored(line.settings) == before
    line.done("import", "responses", answers_file, "--questionnaire", "limesurvey", "--mapping", MAPPING)
    again = line.refused("import", "responses", answers_file, "--questionnaire", "limesurvey", "--mapping", MAPPING)
    assert "wave 2017 exists already" in again


def test_a_correction_is_audited_with_what_it_replaces(line: Line, answers_file: Path, tmp_path: Path) -> None:
    how = ("--questionnaire", "limesurvey", "--mapping", MAPPING)
    assert "wave 2017 cannot be replaced" in line.refused("import", "responses", answers_file, *how, "--replace")
    old = line.json("import", "responses", answers_file, *how)
    text = answers_file.read_bytes().decode("utf-8-sig")
    fewer = tmp_path / "answers.csv"
    fewer.write_text(text[: text.rstrip().rindex("\n") + 1], encoding="utf-8")  # without the last person
    before = stored(line.settings)
    assert "differ from the published ones by the answers of 1 to 4 people" in line.refused("import", "responses", fewer, *how, "--replace")
    assert stored(line.settings) == before
    same = line.json("import", "responses", answers_file, *how, "--replace")
    audit = line.json("audit", "--wave", "2017")
    assert same["hash"] == old["hash"] == audit["replaces"] and audit["told_by_both"] == 0 and audit["releases_before"] == 1
    other = tmp_path / "mapping.yaml"
    other.write_text(MAPPING.read_text(encoding="utf-8").replace("2017", "2018"), encoding="utf-8")
    before = stored(line.settings)
    said = line.refused("import", "responses", fewer, *how[:3], other)
    assert "Wave 2018 was not imported" in said and "nearly those of wave 2017" in said and "--replace" in said
    assert stored(line.settings) == before
