"""Key shares and the protocol by commands: protected, printed, refused one by one, and typed at a terminal."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bootstrap import Settings
from commands import passphrases
from survey.collect.key_share import KeyShare
from survey.design.questionnaire import Questionnaire
from tests.command_line import Line, furnish, open_wave
from tests.printed import pages, words
from tests.small_world import answers

PASSPHRASES = ("Một con vịt xòe ra", "hai cái cánh nó kêu", "rằng quác quác quác")


@pytest.fixture
def line(tmp_path: Path) -> Line:
    made = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "data")}))
    furnish(made, tmp_path)
    return made


def passphrase_file(folder: Path, *given: str) -> Path:
    path = folder / "passphrases.txt"
    path.write_text("\n".join(given), encoding="utf-8")
    return path


def answered(line: Line, codes: dict[str, list[str]], questionnaire: Questionnaire, folder: Path) -> None:
    paper = folder / "paper.json"
    paper.write_text(json.dumps({"answers": answers(questionnaire)}), encoding="utf-8")
    for code in codes["Sở A"][:6]:
        line.done("wave", "submit", "2026", "--code", code, "--answers", paper)


def test_protected_shares_open_with_their_passphrases_and_each_wrong_one_is_refused(
    line: Line, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    codes, shares = open_wave(line, tmp_path, passphrases=passphrase_file(tmp_path, *PASSPHRASES))
    answered(line, codes, questionnaire, tmp_path)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        f"2026-{n}.{kind}" for n in (1, 2, 3) for kind in ("json", "pdf")
    ]
    for path in map(Path, shares):
        share, sheet = KeyShare.from_bytes(path.read_bytes()), path.with_suffix(".pdf")
        assert share.protected and share.key in words(pages(sheet.read_bytes())[0])
        assert all(file.stat().st_mode & 0o077 == 0 for file in (path, sheet)), "nobody else may read them"
    damaged, scanned, other = tmp_path / "damaged.json", tmp_path / "scanned.txt", tmp_path / "other.json"
    damaged.write_bytes(Path(shares[0]).read_bytes()[:-60])
    scanned.write_text(KeyShare.from_bytes(Path(shares[2]).read_bytes()).to_text(), encoding="utf-8")
    other.write_bytes(Path(shares[0]).read_bytes())

    def refused(files: list[object], *given: str) -> str:
        chosen = [part for file in files for part in ("--share", file)]
        return line.refused("wave", "close", "2026", *chosen, *(("--passphrases", passphrase_file(tmp_path, *given)) if given else ()))

    assert "--passphrases FILE" in refused([shares[0], shares[1]])
    assert "passphrase of share 2 is wrong" in refused([shares[0], shares[1]], PASSPHRASES[0], PASSPHRASES[2])
    assert "1 of 2" in refused([shares[0]], PASSPHRASES[0])
    assert "1 of 2" in refused([shares[0], other], PASSPHRASES[0], PASSPHRASES[0])
    assert "damaged" in refused([damaged, shares[1]], *PASSPHRASES[:2])
    assert "has 1 lines; 2 are needed" in refused([shares[0], shares[1]], PASSPHRASES[0])
    assert line.json("wave", "status", "2026")["state"] == "open"

    given = passphrase_file(tmp_path, PASSPHRASES[2], PASSPHRASES[1])
    closed = line.json("wave", "close", "2026", "--accept-empty", "--share", scanned, "--share", shares[1], "--passphrases", given)
    out = tmp_path / "bien-ban.pdf"
    line.done("wave", "protocol", "2026", "--out", out)
    assert closed["hash"] in "".join(map(words, pages(out.read_bytes()))).replace(" ", "")


def test_a_share_of_another_wave_is_refused_before_any_passphrase_is_asked(line: Line, tmp_path: Path) -> None:
    _, old = open_wave(line, tmp_path, "2025", passphrases=passphrase_file(tmp_path, *PASSPHRASES))
    open_wave(line, tmp_path, "2026")
    assert "belongs to wave 2025" in line.refused("wave", "close", "2026", "--share", old[0])


def test_without_terminal_and_passphrases_shares_are_unprotected_and_that_is_said(
    line: Line, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    today_wave(line, tmp_path)
    opened = line.run("wave", "open", "2026", "--key-dir", tmp_path / "keys", "--json")
    assert "NOT protected" in opened.stderr
    shares = json.loads(opened.stdout)["shares"]
    assert not any(KeyShare.from_bytes(Path(share).read_bytes()).protected for share in shares)
    line.done("wave", "close", "2026", "--accept-empty", "--share", shares[0], "--share", shares[2])


@pytest.mark.parametrize("given", [("short", *PASSPHRASES[1:]), (PASSPHRASES[0],) * 3, PASSPHRASES[:2]])
def test_weak_equal_or_missing_passphrases_leave_a_draft_and_no_file(line: Line, tmp_path: Path, given: tuple[str, ...]) -> None:
    today_wave(line, tmp_path)
    line.refused("wave", "open", "2026", "--key-dir", tmp_path / "keys", "--passphrases", passphrase_file(tmp_path, *given))
    assert line.json("wave", "status", "2026")["state"] == "draft"
    assert not list((tmp_path / "keys").iterdir())


def test_opening_twice_keeps_the_shares_of_the_first_time(line: Line, tmp_path: Path) -> None:
    _, shares = open_wave(line, tmp_path)
    before = [Path(share).read_bytes() for share in shares]
    assert "cannot be opened" in line.refused("wave", "open", "2026", "--key-dir", tmp_path / "keys")
    assert [Path(share).read_bytes() for share in shares] == before


def test_custodians_type_their_passphrases_at_a_terminal(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "at_terminal", lambda: True)
    today_wave(line, tmp_path)
    typed = ["short", "short", *(passphrase for passphrase in PASSPHRASES for _ in range(2))]
    opened = line.run("wave", "open", "2026", "--key-dir", tmp_path / "keys", typed=typed)
    assert "12 characters" in opened.stderr and "Wave 2026 is open" in opened.stdout
    shares = sorted((tmp_path / "keys").glob("*.json"))
    given = ["a wrong passphrase", PASSPHRASES[2], PASSPHRASES[0]]
    closed = line.run("wave", "close", "2026", "--accept-empty", "--share", shares[2], "--share", shares[0], typed=given)
    assert "passphrase of share 3 is wrong" in closed.stderr and "Wave 2026 is closed" in closed.stdout
    for said in (opened.output, closed.output):
        assert not any(passphrase in said for passphrase in PASSPHRASES)


def today_wave(line: Line, folder: Path) -> None:
    today = date.today()
    line.done("wave", "create", "2026", "--questionnaire", "vhcs-core", "--opens", today, "--closes", today + timedelta(days=7))
    line.done("wave", "codes", "2026", "--out", folder / "codes.csv")
