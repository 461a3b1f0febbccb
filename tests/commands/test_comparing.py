"""`langnghe compare`: change, interval, state and breaks, on two waves whose numbers are reckoned by hand."""

from __future__ import annotations

import gzip
import hashlib
import math
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from bootstrap import Settings, build
from survey.access import OPERATOR
from survey.clock import Clock
from survey.disseminate import sentences
from survey.i18n import Locale
from survey.source import Source
from tests.command_line import Line

UNITS = """id;name_vi;parent;valid_from;valid_to;successors;headcount
p;Tỉnh;;;;;
old1;Sở Cũ Một;p;;2025-02-28;new;60
old2;Sở Cũ Hai;p;;2025-02-28;new;40
new;Sở Mới;p;2025-03-01;;;100
same;Sở Không đổi;p;;;;100
"""
QUESTIONNAIRE = """meta: {{id: q, version: "{version}", title_vi: Thử}}
scale: {{id: s, points: [{{value: 1, vi: Không}}, {{value: 2, vi: Vừa}}, {{value: 3, vi: Có}}]}}
themes: [{{id: A, vi: Một}}]
items:
- {{id: A1, theme: A, vi: Câu một}}
- {{id: A2, theme: A, vi: {second}}}
"""
HEADCOUNTS = {"2024": {"old1": 60, "old2": 40, "same": 100}, "2025": {"new": 100, "same": 100}}
COUNTS = {  # wave -> unit -> people who answered 1, 2, 3 (both items)
    "2024": {"old1": (20, 20, 10), "old2": (10, 10, 10), "same": (40, 20, 20)},
    "2025": {"new": (10, 30, 40), "same": (20, 20, 40)},
}


def publish(line: Line, folder: Path, wave: str, questionnaire: str) -> None:
    file = folder / "counts.csv"
    rows = [
        f"{wave};{unit};{item};{option};{n}"
        for unit, counts in COUNTS[wave].items()
        for item in ("A1", "A2")
        for option, n in enumerate(counts, start=1)
    ]
    file.write_text("wave;unit;item;option;n\n" + "\n".join(rows), encoding="utf-8")
    source = folder / "q.yaml"
    source.write_text(questionnaire, encoding="utf-8")
    line.done("questionnaire", "import", source)
    heads = folder / "headcounts.csv"
    heads.write_text("wave;unit;headcount\n" + "".join(f"{wave};{unit};{n}\n" for unit, n in HEADCOUNTS[wave].items()), encoding="utf-8")
    line.done("import", "counts", file, "--questionnaire", "q", "--headcounts", heads)


@pytest.fixture
def line(tmp_path: Path) -> Line:
    made = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    made.done("units", "import", tmp_path / "units.csv")
    publish(made, tmp_path, "2024", QUESTIONNAIRE.format(version="1", second="Câu hai"))
    publish(made, tmp_path, "2025", QUESTIONNAIRE.format(version="2", second="Câu hai viết lại"))
    return made


def by_measure(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["measure"]: change for change in found["changes"]}


def test_a_difference_its_interval_and_its_state_are_those_of_welch(line: Line) -> None:
    found = line.json("compare", "--unit", "same", "--from", "2024", "--to", "2025")
    item = by_measure(found)["item:A1"]
    before, after = ([0.0] * 40 + [50.0] * 20 + [100.0] * 20), ([0.0] * 20 + [50.0] * 20 + [100.0] * 40)
    assert item["from"] == {"base": 80, "score": 37.5} and item["to"] == {"base": 80, "score": 62.5}
    assert item["difference"] == pytest.approx(25) and item["state"] == "higher" and item["reason"] == ""
    # 80 of 100 answered: the finite population correction narrows both sides alike, the degrees of freedom stay.
    welch = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    half = (welch.high - welch.low) / 2 * math.sqrt(20 / 99)
    assert (item["low"], item["high"]) == pytest.approx((25 - half, 25 + half), abs=0.01)  # a release keeps one decimal of a spread
    assert by_measure(found)["index"]["state"] == "higher"


def test_a_reworded_item_is_a_break_and_is_not_compared(line: Line) -> None:
    found = line.json("compare", "--unit", "same", "--from", "2024", "--to", "2025")
    assert found["breaks"] == {"reorganisations": ["2025-03-01"], "absent": [], "counted_in": {}, "reworded": ["A2"]}
    item = by_measure(found)["item:A2"]
    assert item["difference"] is None and item["low"] is None and (item["state"], item["reason"]) == ("not-tested", "reworded")


def test_an_imported_wave_remembers_its_file_its_hash_and_the_day(line: Line, tmp_path: Path) -> None:
    services = build(line.settings)
    wave = services.results.release(OPERATOR, "2025").wave
    services.close()
    content = (tmp_path / "counts.csv").read_bytes()
    assert (wave.note, wave.source_hash, wave.imported_on) == ("counts.csv", hashlib.sha256(content).hexdigest(), Clock.of().today())
    said = sentences.provenance(wave, Locale("vi"))
    assert "counts.csv" in said and wave.source_hash[:16] in said and Clock.of().today().strftime("%d/%m/%Y") in said
    packed = tmp_path / "counts.csv.gz"
    packed.write_bytes(gzip.compress(content))
    assert Source.open(packed).sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_a_new_unit_has_no_past_unless_its_predecessors_stand_for_it(line: Line) -> None:
    alone = line.json("compare", "--unit", "new", "--from", "2024", "--to", "2025")
    assert alone["breaks"]["absent"] == ["2024"]
    assert all(change["difference"] is None and change["reason"] in ("hidden", "reworded") for change in alone["changes"])
    assert by_measure(alone)["index"]["from"] == {"suppressed": "not-available"}
    recast = by_measure(line.json("compare", "--unit", "new", "--from", "2024", "--to", "2025", "--recast"))["item:A1"]
    # old1: 40 points of 60 people, old2: 50 points of 40 people
    assert recast["recast"] and recast["from"]["score"] == pytest.approx((60 * 40 + 40 * 50) / 100)
    assert recast["difference"] == pytest.approx(68.75 - 44) and (recast["state"], recast["reason"]) == ("not-tested", "no-spread")
    assert recast["low"] is None and recast["high"] is None


def test_without_json_a_person_reads_a_line_for_each_measure(line: Line) -> None:
    rows = line.done("compare", "--unit", "same", "--from", "2024", "--to", "2025").splitlines()
    assert rows[0].split()[:4] == ["index", "37.5", "62.5", "+25.0"] and "clearly higher" in rows[0]
    assert rows[-1] == "reorganisation 01/03/2025"


def test_what_cannot_be_compared_is_refused_with_the_reason(line: Line, tmp_path: Path) -> None:
    assert "Name the earlier one first" in line.refused("compare", "--unit", "same", "--from", "2025", "--to", "2024")
    assert "There is no unit nobody" in line.refused("compare", "--unit", "nobody", "--from", "2024", "--to", "2025")
    assert "2019 has no published results" in line.refused("compare", "--unit", "same", "--from", "2019", "--to", "2025")
    other = QUESTIONNAIRE.format(version="1", second="Câu hai").replace("id: q,", "id: other,")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    line.done("questionnaire", "import", tmp_path / "other.yaml")
    (tmp_path / "counts.csv").write_text("wave;unit;item;option;n\n2026;same;A1;1;50\n", encoding="utf-8")
    line.done("import", "counts", tmp_path / "counts.csv", "--questionnaire", "other")
    assert "asked different questionnaires" in line.refused("compare", "--unit", "same", "--from", "2025", "--to", "2026")
