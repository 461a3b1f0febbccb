"""The table of formats in docs/formats.md is what the commands do with the files today."""

from __future__ import annotations

from pathlib import Path

from tests.table_formats import ASKED, IN, REFUSED, commands, line_of, outcome, table, written


def test_the_table_says_what_the_commands_do() -> None:
    assert written() == table(), "run: python -m tests.table_formats"


def test_a_file_that_comes_in_that_is_asked_about_and_that_is_refused_are_told_apart(tmp_path: Path) -> None:
    line = line_of(tmp_path / "stores")
    units = tmp_path / "u.csv"
    for text, expected in (
        ("id;name_vi\nz;Sở Z\n", IN),
        ("id;name_vi;valid_from\nz;Sở Z;7/1/2025\n", ASKED),
        ("id;name_vi;headcount\nz;Sở Z;nhiều\n", REFUSED),
    ):
        units.write_text(text, encoding="utf-8")
        assert outcome(line, ("units", "import", units)) == expected


def test_no_table_among_the_files_is_left_out() -> None:
    names = {file.name for file, _arguments in commands()}
    assert {"r01-semicolon-header-commas.csv", "u17-xls-as-xlsx.xlsx", "k5.csv", "p1_google_forms.xlsx", "x09b.csv"} <= names
    assert len(names) >= 80
