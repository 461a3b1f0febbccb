"""Bad input: refused whole, every error with its place and cure, and nothing in the stores changed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import openpyxl
import pytest

from bootstrap import Settings
from survey.design.questionnaire import Questionnaire
from tests.command_line import Line, furnish, open_wave, stored
from tests.small_world import UNITS, answers

HEADER = "id;name_vi;kind;group;parent;successors;headcount\n"
COUNTS = "wave;unit;item;option;n\n"
QUESTIONNAIRE = """meta: {id: q, version: "1", title_vi: Thử}
scale: {id: s, points: [{value: 1, vi: Không}, {value: 2, vi: Có}]}
themes: [{id: A, vi: Một}]
items:
- {id: A1, theme: A, vi: Câu một}
- {id: A2, vi: Câu hai}
- {id: A3, theme: Z, vi: Câu ba}
"""

# command, file, content, and what standard error must say, line by line
CASES: dict[str, tuple[tuple[str, ...], str, bytes, tuple[str, ...]]] = {
    "units in a cycle": (
        ("units", "import"), "units.csv", (HEADER + "x;Xã;xa;g;y;;9\ny;Huyện;huyen;g;x;;9\n").encode(),
        ("row 2, column parent: units form a cycle: x > y > x. Give one of them a parent outside the cycle, or none.",),
    ),
    "unknown parent and successor, both said": (
        ("units", "import"), "units.csv", (HEADER + "x;Xã;xa;g;nobody;;9\ny;Huyện;huyen;g;;nowhere;9\n").encode(),
        (
            "row 2, column parent: unit x: parent nobody is unknown. Add nobody to the file or correct the id.",
            "row 3, column successors: unit y: successor nowhere is unknown. Add nowhere to the file or correct the id.",
        ),
    ),
    "errors in cells and between rows, all at once": (
        ("units", "import"), "units.csv", (HEADER + "x;Xã;xa;g;nobody;;many\ny;Huyện;huyen;g;;nowhere;9\n").encode(),
        ("row 2, column headcount: ", "row 2, column parent: unit x: parent nobody", "row 3, column successors: unit y: successor nowhere"),
    ),
    "a row with too many columns": (
        ("units", "import"), "units.csv", (HEADER + "x;Xã;xa;g;;;9;one;two\n").encode(),
        ("row 2, column 8: the row has 9 columns, the header 7. Put a text that contains the separator in quotation marks.",),
    ),
    "units in cp1258": (
        ("units", "import"), "units.csv", (HEADER + "x;Xa\u0303 A;xa;g;;;9\n").encode("cp1258"),
        ('row 2, column name_vi: the file is not UTF-8 (it looks like cp1258 or another old encoding). In Excel choose "Save as"',),
    ),
    "a headcount that is no number and a date that is none": (
        ("units", "import"), "units.csv", b"id;name_vi;valid_from;headcount\nx;X;31/2/2020;many\n",
        ('row 2, column headcount: "many" cannot be read. Write a whole', 'row 2, column valid_from: "31/2/2020" cannot be read. Write the date'),
    ),
    "an item without theme and one of an unknown theme": (
        ("questionnaire", "import"), "q.yaml", QUESTIONNAIRE.encode(),
        (
            "row 6, column theme: item A2 has no theme. Give it one of: A.",
            "row 7, column theme: item A3 names an unknown theme: Z. Give it one of: A.",
        ),
    ),
    "counts of an unknown item, unit, option and a negative number": (
        ("import", "counts", "--questionnaire", "vhcs-core"), "counts.csv",
        (COUNTS + "2020;t.a;XX1;3;9\n2020;nobody;TQ1;3;9\n2020;t.a;TQ1;7;9\n2020;t.a;TQ1;3;-4\n").encode(),
        (
            "row 2, column item: item XX1 is not in the questionnaire. Correct the id.",
            "row 3, column unit: unit nobody is unknown. Import the units first, or correct the id.",
            'row 4, column option: item TQ1 has no option "7". Use the numbers of its scale, or "dont_know".',
            'row 5, column n: "-4" is not a number of people. Write a whole number, 0 or more.',
        ),
    ),
    "counts without a column, and with one nobody knows": (
        ("import", "counts", "--questionnaire", "vhcs-core"), "counts.csv", b"wave,unit,item,option,people\n2020,t.a,TQ1,3,9\n",
        ("row 1, column n: the column is missing.", "row 1, column people: the column is unknown or named twice."),
    ),
    "a file that is not there": (("units", "import"), "", b"", ("the file cannot be read: No such file or directory. Check its name",)),
    "a broken archive": (
        ("import", "counts", "--questionnaire", "vhcs-core"), "counts.csv.gz", b"not gzip",
        ("the file cannot be read: ",),
    ),
}  # fmt: skip


def test_bad_input_is_refused_whole_with_row_column_and_cure(settings: Settings, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    before = stored(settings)
    for name, (command, file, content, expected) in CASES.items():
        path = tmp_path / (file or "missing.csv")
        if file:
            path.write_bytes(content)
        said = line.refused(*command, path)
        assert f"{path.name}: refused, nothing was changed." in said, name
        lines = [row.removeprefix("- ") for row in said.splitlines()[1:]]
        assert len(lines) == len(expected), (name, said)
        assert all(row.startswith(text) for row, text in zip(lines, expected, strict=True)), (name, said)
        assert stored(settings) == before, name


def test_an_answers_file_is_refused_whole_and_the_code_stays_good(settings: Settings, questionnaire: Questionnaire, tmp_path: Path) -> None:
    line = Line(settings)
    furnish(line, tmp_path)
    codes, _ = open_wave(line, tmp_path)
    code, paper = codes["Sở A"][0], tmp_path / "paper.json"
    before = stored(settings)
    paper.write_text('{"answers": {\n"TQ1": 9,\n"XX1": 3},\n"breakdowns": {"gender": "x"}}', encoding="utf-8")
    said = line.refused("wave", "submit", "2026", "--code", code, "--answers", paper)
    assert said.splitlines()[1:] == [
        "- row 2, column TQ1: This answer is not one of the options; please choose again. Correct it or leave it out.",
        "- row 3, column XX1: This question is not in the questionnaire. Correct it or leave it out.",
        "- row 4, column gender: This answer is not one of the options; please choose again. Correct it or leave it out.",
    ]
    for broken, place in ((b'{"answers": {"TQ1": 3,}}', "row 1, column 23"), ("{Đ".encode("cp1258"), "row 1, column 2")):
        paper.write_bytes(broken)
        assert place in line.refused("wave", "submit", "2026", "--code", code, "--answers", paper)
    paper.write_text(json.dumps({"answers": answers(questionnaire)}), encoding="utf-8")
    assert "letter by letter" in line.refused("wave", "submit", "2026", "--code", "0" * 16, "--answers", paper)
    assert "There is no wave 2031" in line.refused("wave", "submit", "2031", "--code", code, "--answers", paper)
    assert stored(settings) == before
    assert not line.json("wave", "submit", "2026", "--code", code, "--answers", paper)["already"]


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_comma_and_semicolon_are_read_with_and_without_a_mark(tmp_path: Path, separator: str, encoding: str) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    units = tmp_path / "units.csv"
    units.write_bytes(UNITS.replace(";", separator).replace("\n", "\r\n").encode(encoding))
    assert line.json("units", "import", units) == {"imported": 6, "register": 6}
    line.done("units", "export", tmp_path / "out.csv")
    assert "t.k;Huyện K;District K;huyen;cap_huyen;t;;;;25\r\n" in (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")


def test_refusals_speak_vietnamese_unless_told_otherwise(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}), language="vi")
    units = tmp_path / "units.csv"
    units.write_text(HEADER + "x;Xã;xa;g;nobody;;9\n", encoding="utf-8")
    said = line.refused("units", "import", units)
    assert "dòng 2, cột parent" in said and "nobody" in said


def test_what_can_be_made_only_once_is_not_begun_where_it_cannot_be_written(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    furnish(line, tmp_path)
    today = "2026-03-01"
    line.done("wave", "create", "2026", "--questionnaire", "vhcs-core", "--opens", today, "--closes", "15/3/2026")
    nowhere = tmp_path / "nowhere" / "codes.csv"
    assert "cannot be written: No such file" in line.refused("wave", "codes", "2026", "--out", nowhere)
    line.done("wave", "codes", "2026", "--out", tmp_path / "codes.pdf")
    slips = (tmp_path / "codes.pdf").read_bytes()
    assert slips.startswith(b"%PDF") and (tmp_path / "codes.pdf").stat().st_mode & 0o077 == 0
    assert "already" in line.refused("wave", "codes", "2026", "--out", tmp_path / "codes.pdf")
    assert (tmp_path / "codes.pdf").read_bytes() == slips and not list(tmp_path.glob("*.part"))
    (tmp_path / "a file").touch()
    assert "cannot be written" in line.refused("wave", "open", "2026", "--key-dir", tmp_path / "a file" / "keys")
    assert line.json("wave", "status", "2026")["state"] == "draft"


def test_misuse_is_another_exit_code_than_refusal(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    for arguments in (
        ("nonsense",), ("units", "import"), ("wave", "create", "x", "--questionnaire", "q", "--opens", "yesterday", "--closes", "2026-01-01"),
        ("results", "--wave", "2026"), ("results", "--wave", "2026", "--unit", "t", "--all-units"), ("serve", "--surface", "everything"),
        ("export", "--wave", "2026", "--format", "pdf", "--out", tmp_path / "x"), ("compare", "--unit", "t"),
    ):  # fmt: skip
        result = line.run(*arguments)
        assert result.exit_code == 2 and "Usage:" in result.stderr, arguments
    assert not list(tmp_path.iterdir())


def test_as_a_process_a_refusal_is_on_standard_error_with_exit_1(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}), language="vi")
    units = tmp_path / "đơn vị.csv"
    units.write_text(UNITS, encoding="utf-8")
    done = line.process("units", "import", units, "--json")
    assert done.returncode == 0 and json.loads(done.stdout) == {"imported": 6, "register": 6}
    units.write_text(HEADER + "x;Xã;xa;g;x;;9\n", encoding="utf-8")
    refused = line.process("units", "import", units)
    assert refused.returncode == 1 and not refused.stdout and refused.stderr.startswith("đơn vị.csv: ")
    assert line.process("units", "nonsense").returncode == 2
    unreachable = Line(Settings.read({"LANGNGHE_DATA_DIR": str(units)}))
    refused = unreachable.process("wave", "list")
    assert refused.returncode == 1 and "Traceback" not in refused.stderr and "langnghe check" in refused.stderr


ENDINGS = {
    "codes": ("wave", "codes", "2026", "--out", "MA.TXT"),
    "questionnaire": ("questionnaire", "export", "vhcs-core", "q.pdf"),
    "units": ("units", "export", "u.yaml"),
    "protocol": ("wave", "protocol", "2026", "--out", "p.docx"),
    "paper": ("questionnaire", "paper", "vhcs-core", "--out", "p.txt"),
    "template": ("wave", "template", "2026", "--out", "t.csv"),
    "results": ("export", "--wave", "2026", "--format", "sav", "--out", "w.csv"),
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Line, dict[str, list[str]], Path]:
    """A line with units, a questionnaire and an open wave; codes by unit name; a folder."""
    folder = tmp_path_factory.mktemp("furnished")
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(folder / "stores")}))
    furnish(line, folder)
    codes, _shares = open_wave(line, folder)
    return line, codes, folder


Furnished = tuple[Line, dict[str, list[str]], Path]


@pytest.mark.parametrize("command", ENDINGS.values(), ids=ENDINGS)
def test_a_file_whose_ending_says_another_kind_is_not_written(furnished: Furnished, command: tuple[str, ...]) -> None:
    line, _codes, folder = furnished
    before = stored(line.settings)
    result = line.run(*command[:-1], folder / command[-1])
    assert result.exit_code == 2 and command[-1] in result.stderr, result.output
    assert not (folder / command[-1]).exists() and stored(line.settings) == before


def test_an_ending_in_capitals_is_the_same_ending(furnished: Furnished) -> None:
    line, _codes, folder = furnished
    line.done("questionnaire", "export", "vhcs-core", folder / "Q.XLSX")
    assert (folder / "Q.XLSX").read_bytes().startswith(b"PK")


def test_a_questionnaire_comes_back_from_excel_as_the_same(furnished: Furnished) -> None:
    line, _codes, folder = furnished
    before = stored(line.settings)["questionnaire"]
    line.done("questionnaire", "export", "vhcs-core", folder / "back.xlsx")
    line.done("questionnaire", "import", folder / "back.xlsx")
    assert stored(line.settings)["questionnaire"] == before
    book = openpyxl.load_workbook(folder / "back.xlsx")
    book["survey"]["C3"] = "Chữ khác"
    book.save(folder / "back.xlsx")
    assert "exists with other content" in line.refused("questionnaire", "import", folder / "back.xlsx")


@pytest.mark.parametrize("name", ["answer", "answrs"])
@pytest.mark.parametrize("beside", [{}, {"answers": {}}], ids=["alone", "beside answers"])
def test_answers_under_a_misspelt_name_spend_no_code(furnished: Furnished, name: str, beside: dict[str, object]) -> None:
    line, codes, folder = furnished
    file, code = folder / "answers.json", codes["Sở B"][0]
    before = stored(line.settings)
    file.write_text(json.dumps({**beside, name: {"TQ1": 5}}), encoding="utf-8")
    said = line.refused("wave", "submit", "2026", "--code", code, "--answers", file)
    assert f"row 1, column {name}: This is no part of a form" in said and stored(line.settings) == before


@pytest.mark.parametrize("address", ["foo", "postgres://x:secret@y/z", "mysql://x"])
@pytest.mark.parametrize("command", [("wave", "list"), ("check",)], ids=" ".join)
def test_an_address_that_is_none_is_said_with_its_cure(tmp_path: Path, address: str, command: tuple[str, ...]) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}), extra={"LANGNGHE_DATABASE_URL": address})
    said = line.refused(*command)
    assert "The address of a database cannot be used" in said and "postgresql+psycopg://" in said and "secret" not in said


def test_a_setting_of_a_plan_of_the_wrong_kind_is_shown_how_it_is_written(furnished: Furnished) -> None:
    line, _codes, folder = furnished
    plan = folder / "plan.yaml"
    plan.write_text("minimum_base: 3\nminimumbase: {unit: 6}\n", encoding="utf-8")
    days = ("--opens", "2026-03-01", "--closes", "15/3/2026")
    said = line.refused("wave", "create", "2027", "--questionnaire", "vhcs-core", *days, "--plan", plan)
    assert "row 1, column minimum_base: this setting has a value of the wrong kind. Write it like minimum_base: {unit: 6}." in said
    assert "row 2, column minimumbase: this is not a setting of a plan. Allowed are: roots" in said


def test_a_list_that_is_none_is_said_once(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    file = tmp_path / "q.yaml"
    file.write_text(QUESTIONNAIRE.replace("themes: [{id: A, vi: Một}]", "themes: A"), encoding="utf-8")
    said = line.refused("questionnaire", "check", file)
    assert said.count("this must be a list") == 1, said


def test_what_is_not_there_is_named_without_a_gap(furnished: Furnished) -> None:
    assert "There is no questionnaire nowhere. " in furnished[0].refused("questionnaire", "export", "nowhere", furnished[2] / "q.yaml")


def test_no_unit_is_given_to_who_is_limited_by_none(furnished: Furnished) -> None:
    line, _codes, _folder = furnished
    for role in ("organizer", "custodian"):
        assert "Only a leader's account has a unit" in line.refused("account", "add", "somebody", "--role", role, "--unit", "t.a")
    line.done("account", "add", "leads", "--role", "leader", "--unit", "t.a")
    line.done("account", "add", "organizes", "--role", "organizer")
    said = line.done("account", "list")
    assert "t.a" in said and "None" not in said


def test_what_a_dry_run_would_store_is_told_to_machines_too(furnished: Furnished) -> None:
    line, _codes, folder = furnished
    file = folder / "more.csv"
    file.write_text(HEADER + "x;Xã X;xa;g;;;9\n", encoding="utf-8")
    assert line.json("units", "import", file, "--dry-run") == {"imported": 1, "units": ["x"], "stored": False}


def test_a_wave_that_is_over_is_opened_with_a_word(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}))
    furnish(line, tmp_path)
    line.done("wave", "create", "2020", "--questionnaire", "vhcs-core", "--opens", "2020-03-01", "--closes", "15/3/2020")
    line.done("wave", "codes", "2020", "--out", tmp_path / "codes.csv")
    words = tmp_path / "words.txt"
    words.write_text("".join(f"a passphrase of custodian {n}\n" for n in range(3)), encoding="utf-8")
    said = line.done("wave", "open", "2020", "--key-dir", tmp_path / "keys", "--passphrases", words)
    assert "The last day of wave 2020, 15/03/2020, is past" in said


def test_a_port_that_is_taken_is_said_with_another(tmp_path: Path) -> None:
    line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"langnghe serve --port {port + 1}" in line.refused("serve", "--port", port)
