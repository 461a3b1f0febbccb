"""The table of docs/asvs.md names only evidence that exists, and leaves no requirement out."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY

TABLE = (REPOSITORY / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| ([✓–✗◐]) \| (.+) \|$", TABLE, re.MULTILINE)
# ASVS 4.0.3: how many requirements each section has (V4.1.4 was deleted).
SECTIONS = {"2.1": 12, "2.2": 3, "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
            "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.6": 2, "3.7": 1, "4.1": 5, "4.2": 2, "4.3": 3}  # fmt: skip


def test_every_test_named_as_evidence_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    defined = {
        name
        for path in (REPOSITORY / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) > 30
    assert named - defined == set()


def test_every_file_named_as_evidence_exists() -> None:
    named = set(re.findall(r"`([\w./]+/[\w./]+)`", TABLE))
    assert len(named) > 8
    assert [name for name in named if not (REPOSITORY / name).is_file()] == []


def test_no_requirement_of_the_three_chapters_is_left_out() -> None:
    covered: set[str] = set()
    for first, last, _mark, _evidence in ROWS:
        section, number = first.rsplit(".", 1)
        end = int(last.rsplit(".", 1)[1]) if last else int(number)
        covered |= {f"{section}.{one}" for one in range(int(number), end + 1)}
    required = {f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)} - {"4.1.4"}
    assert required - covered == set()


def test_what_is_met_in_full_names_its_evidence_or_says_why() -> None:
    assert all(len(evidence) > 15 for _first, _last, mark, evidence in ROWS if mark != "–")
    unmet = {first for first, _last, mark, _evidence in ROWS if mark == "✗"}
    listed = set(re.findall(r"\d+\.\d+\.\d+", TABLE.split("Not met:")[1]))
    assert unmet == listed
