"""`langnghe report`: one file whose ending says the format, or a file for every unit with a bar on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap import Settings, build
from survey.access import OPERATOR
from tests.command_line import Line
from tests.past_world import settle_past


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    settings = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("reports"))})
    services = build(settings)
    settle_past(services, ("2025",))
    services.close()
    return Line(settings)


@pytest.mark.parametrize(("ending", "begins"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_ending_says_the_format(ending: str, begins: bytes, line: Line, tmp_path: Path) -> None:
    out = tmp_path / f"report.{ending}"
    assert line.done("report", "--wave", "2025", "--unit", "t.a", "--out", out).strip() == str(out)
    assert out.read_bytes().startswith(begins)


def test_what_cannot_be_made_is_refused_and_nothing_is_written(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    assert "no unit nobody" in line.refused("report", "--wave", "2025", "--unit", "nobody", "--out", out)
    assert "1999 has no published results" in line.refused("report", "--wave", "1999", "--unit", "t.a", "--out", out)
    assert line.run("report", "--wave", "2025", "--unit", "t.a", "--out", tmp_path / "report.doc").exit_code == 2
    assert line.run("report", "--wave", "2025", "--out", out).exit_code == 2
    assert line.run("report", "--wave", "2025", "--unit", "t.a", "--all-units", "--out", out).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_all_units_fill_a_folder_and_the_progress_goes_to_standard_error(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    result = line.run("report", "--wave", "2025", "--all-units", "--out", folder)
    assert result.exit_code == 0
    assert result.stdout == f"{folder}\n"
    assert "Reports" in result.stderr
    services = build(line.settings)
    units = services.reports.units(OPERATOR, "2025")
    noted = services.access_log.entries(OPERATOR)[0]
    services.close()
    assert (noted.action, noted.about) == ("results-exported", {"wave": "2025", "format": "docx", "units": str(len(units))})
    assert {path.name for path in folder.iterdir()} == {f"bao-cao-2025-{unit.replace(':', '-')}.docx" for unit in units}
    (tmp_path / "file").write_text("")
    assert "cannot be written" in line.refused("report", "--wave", "2025", "--all-units", "--out", tmp_path / "file")
