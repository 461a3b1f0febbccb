"""Paper forms from an Excel file, by commands."""

from __future__ import annotations

from pathlib import Path

from bootstrap import Settings
from survey.design.questionnaire import Questionnaire
from tests.command_line import Line, furnish, open_wave, stored
from tests.paper_forms import PEOPLE, filled, people


def test_paper_forms_are_checked_compared_and_sent(settings: Settings, questionnaire: Questionnaire, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    codes, _shares = open_wave(line, tmp_path)
    line.done("wave", "template", "2026", "--out", tmp_path / "mau.xlsx")
    template = (tmp_path / "mau.xlsx").read_bytes()
    file, other = tmp_path / "phieu.xlsx", tmp_path / "lan-hai.xlsx"
    total = sum(PEOPLE.values())

    file.write_bytes(filled(template, questionnaire, people(questionnaire, codes), B5="7", A6="?"))
    before = stored(settings)
    said = line.refused("wave", "submit", "2026", "--batch", file)
    assert "row 5, column" in said and "Write one of 1, 2, 3, 4, 5, 0" in said and "row 6, column Mã phiếu" in said
    assert stored(settings) == before

    file.write_bytes(filled(template, questionnaire, people(questionnaire, codes)))
    other.write_bytes(filled(template, questionnaire, iter([next(people(questionnaire, codes))]), C4=1))
    said = line.refused("wave", "submit", "2026", "--batch", file, "--second", other)
    assert "row 4, column" in said and "Look at the paper form" in said
    assert line.json("wave", "submit", "2026", "--batch", file, "--dry-run") == {"forms": total}
    assert stored(settings) == before

    other.write_bytes(filled(template, questionnaire, iter([next(people(questionnaire, codes))])))
    sent = line.json("wave", "submit", "2026", "--batch", file, "--second", other)
    assert sent == {"received": total, "already": 0, "spent": []}
    assert line.json("wave", "submit", "2026", "--batch", file) == {"received": 0, "already": total, "spent": []}

    template_again = tmp_path / "mau-khac.xlsx"
    line.done("wave", "template", "2026", "--out", template_again)
    file.write_bytes(filled(template_again.read_bytes(), questionnaire, iter([next(people(questionnaire, codes))])))
    result = line.run("wave", "submit", "2026", "--batch", file)
    assert result.exit_code == 1 and "the forms in rows 4" in result.stderr


def test_half_a_command_is_a_misuse(settings: Settings, tmp_path: Path) -> None:
    paper = tmp_path / "a.json"
    paper.write_text("{}", encoding="utf-8")
    for wrong in (
        ["--code", "X"],
        ["--answers", paper],
        [],
        ["--batch", paper, "--code", "X"],
        ["--code", "X", "--answers", paper, "--dry-run"],
    ):
        assert Line(settings).run("wave", "submit", "2026", *wrong).exit_code == 2
