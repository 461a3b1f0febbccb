"""`langnghe questionnaire paper`: a form to print, of a version or of a wave."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap import Services, Settings
from survey.access import OPERATOR
from tests.command_line import Line
from tests.printed import pages, words
from tests.small_world import draft_wave


def test_the_form_of_a_version_and_of_a_wave_is_written_and_a_wrong_wave_refused(sqlite_services: Services, tmp_path: Path) -> None:
    draft_wave(sqlite_services)
    sqlite_services.design.edit_wave(OPERATOR, "2026", contact="Bà Lan, 0261")
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    out = tmp_path / "form.pdf"
    assert line.run("questionnaire", "paper", "vhcs-core", "--out", str(out)).exit_code == 0
    assert "Bà Lan" not in words(pages(out.read_bytes())[0])
    done = line.run("questionnaire", "paper", "vhcs-core", "--wave", "2026", "--unit", "Sở A", "--lang", "vi", "--out", str(out))
    first = words(pages(out.read_bytes())[0])
    assert done.exit_code == 0 and "Bà Lan, 0261" in first and "Sở A" in first and "Đợt khảo sát 2026" in first
    before = out.read_bytes()
    wrong = line.run("questionnaire", "paper", "another", "--wave", "2026", "--out", str(out))
    assert wrong.exit_code == 1 and "asks questionnaire vhcs-core" in wrong.stderr and out.read_bytes() == before


@pytest.mark.parametrize("version", ["0.0", "x"])
def test_an_unknown_version_is_refused(sqlite_services: Services, tmp_path: Path, version: str) -> None:
    draft_wave(sqlite_services)
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    found = line.run("questionnaire", "paper", "vhcs-core", "--version", version, "--out", str(tmp_path / "form.pdf"))
    assert found.exit_code == 1 and "There is no questionnaire" in found.stderr and not (tmp_path / "form.pdf").exists()
