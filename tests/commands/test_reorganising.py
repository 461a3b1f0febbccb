"""`langnghe units merge|split|rename|transfer|dissolve` on both databases: told first, stored once, refused whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.design.reorganisation import Kind, Operation, Part
from survey.design.units_file import write_units
from survey.errors import SurveyError
from tests.command_line import Line, furnish, open_wave, stored
from tests.design.test_reorganising import two_provinces
from tests.past_world import settle_past


@pytest.fixture
def province(settings: Settings, tmp_path: Path) -> Line:
    """Đắk Nông as it stood in February 2025, Lâm Đồng beside it."""
    file = tmp_path / "units.csv"
    file.write_bytes(write_units(two_provinces()))
    line = Line(settings)
    line.done("units", "import", file)
    return line


def exported(line: Line, folder: Path) -> str:
    line.done("units", "export", folder / "out.csv")
    return (folder / "out.csv").read_text(encoding="utf-8-sig")


def test_the_reorganisations_of_2025_one_after_the_other(province: Line, tmp_path: Path) -> None:
    before = exported(province, tmp_path)
    merge = ("units", "merge", "dn.skhdt", "dn.stc", "--name", "Sở Tài chính", "--on", "1/3/2025")
    told = province.done(*merge, "--dry-run")
    assert "ends after 28/02/2025; 45 → –" in told and "begins on 01/03/2025; – → 100" in told
    assert "led back over the change" in told and "Nothing was stored." in told
    assert exported(province, tmp_path) == before

    assert province.json(*merge)["begins"] == [{"id": "dn.stc-2", "name_vi": "Sở Tài chính", "parent": "dn", "headcount": 100}]
    kept = province.json("units", "merge", "dn.sldtbxh", "--into", "dn.snv", "--on", "2025-03-01")
    assert (
        kept["ends"] == {"dn.sldtbxh": ["dn.snv"]}
        and kept["stays"][0]["headcount"] == 110
        and kept["people"] == {"before": 110, "after": 110}
    )
    split = province.json(
        "units", "split", "dn.x.gn.nghia_tan", "--into", "m=Phường Một", "--into", "=Phường Hai", "--headcount", "m=12",
        "--headcount", "Phường Hai=9", "--on", "2025-03-01",
    )  # fmt: skip
    assert [(unit["id"], unit["headcount"]) for unit in split["begins"]] == [("m", 12), ("phuong-hai", 9)]
    assert {one["unit"]: one["fate"] for one in split["series"]} == {"dn.x.gn.nghia_tan": "ends", "m": "breaks", "phuong-hai": "breaks"}
    moved = province.json("units", "transfer", "dn.x.gn.nghia_phu", "--parent", "dn.h.cj", "--on", "2025-03-01")
    assert moved["begins"][0]["parent"] == "dn.h.cj"
    province.done("units", "rename", "dn.stp", "--name", "Sở Pháp chế", "--into", "dn.spc", "--on", "2025-04-01")
    gone = province.json("units", "dissolve", "dn.bdt", "--on", "2025-04-01")
    assert gone["ends"] == {"dn.bdt": []} and "leave the survey" in gone["notes"][0]

    whole = province.json("units", "merge", "dn", "--into", "ld", "--on", "1/7/2025")
    assert whole["people"]["before"] == whole["people"]["after"] > 1000 and "dn.spc" in whole["ends"]
    after = exported(province, tmp_path)
    again = tmp_path / "again.csv"
    again.write_text(after, encoding="utf-8")
    province.done("units", "import", again)
    assert exported(province, tmp_path) == after

    lines = [json.loads(line) for line in province.done("log", "--json").splitlines()]
    said = [line for line in lines if "units-reorganised" in json.dumps(line)]
    assert len(said) == 7 and "2025-07-01" in json.dumps(said)


def test_a_refusal_names_the_place_and_the_cure_and_stores_nothing(province: Line) -> None:
    before = stored(province.settings)
    said = province.refused("units", "merge", "dn.khong", "dn.stc", "--name", "Sở A", "--on", "1/3/2025")
    assert "column units: there is no unit dn.khong. Look the id up" in said
    assert "already" in province.refused("units", "rename", "dn.stc", "--name", "Sở Tài chính", "--on", "1/3/2025")
    assert "so.nv=60" in province.refused(
        "units", "split", "dn.stc", "--into", "a=A", "--into", "b=B", "--headcount", "a=x", "--on", "1/3/2025"
    )
    assert "not one of the parts" in province.refused(
        "units", "split", "dn.stc", "--into", "a=A", "--into", "b=B", "--headcount", "c=1", "--on", "1/3/2025"
    )
    assert "still has units below it" in province.refused("units", "dissolve", "dn", "--on", "1/3/2025")
    assert province.run("units", "dissolve", "dn.stc", "--on", "30/2/2025").exit_code == 2
    assert province.run("units", "dissolve", "dn.stc").exit_code == 2
    assert stored(province.settings) == before


def test_a_wave_in_the_field_keeps_its_units_until_its_last_day(settings: Settings, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    open_wave(line, tmp_path)
    last = date.today() + timedelta(days=7)
    before = stored(settings)
    said = line.refused("units", "merge", "t.a", "t.b", "--name", "Sở AB", "--on", last)
    assert "Wave 2026 is in the field until" in said and "choose a day after" in said
    assert stored(settings) == before
    line.done("units", "merge", "t.a", "t.b", "--name", "Sở AB", "--on", last + timedelta(days=1))


def test_a_draft_that_opens_later_is_named(settings: Settings, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    line.done("wave", "create", "2027", "--questionnaire", "vhcs-core", "--opens", "2027-03-01", "--closes", "2027-03-10")
    told = line.json("units", "rename", "t.a", "--name", "Sở Á", "--on", "2027-01-01")
    assert told["waves"] == {"held": [], "stale": ["2027"]} and "delete it and create it again" in told["notes"][0]


def test_a_wave_held_after_the_day_asks_first(settings: Settings) -> None:
    services = build(settings)
    settle_past(services)
    services.close()
    line = Line(settings)
    act = ("units", "merge", "t.a", "t.o", "--name", "Sở AO", "--on", "2025-01-01")
    assert line.json(*act, "--dry-run")["waves"]["held"] == ["2025"]
    before = stored(settings)
    said = line.refused(*act)
    assert "held on 01/01/2025 or later" in said and "--accept-held" in said and stored(settings) == before
    assert line.json(*act, "--accept-held")["stored"] is True


def test_of_two_who_store_at_once_one_is_told_to_look_again(settings: Settings, tmp_path: Path) -> None:
    furnish(Line(settings), tmp_path)
    services = build(settings)
    names = [f"Sở {number}" for number in range(6)]
    seen = [
        services.reorganising.foresee(
            OPERATOR, Operation(kind=Kind.RENAME, day=date(2025, 3, 1), units=("t.a",), into=(Part(name_vi=name),))
        )
        for name in names
    ]

    def store(number: int) -> str:
        try:
            services.reorganising.store(OPERATOR, seen[number])
        except SurveyError as refused:
            return refused.code
        return "stored"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(store, range(6)))
    assert answers == ["stored", *["units-moved"] * 5]
    register = services.design.units(OPERATOR)
    assert len([unit for unit in register if unit.name_vi in names]) == 1 and register.by_id["t.a"].successors == ("t.a-2",)
    services.close()
