"""Small files made from public bug reports and an officer's desk: each is read rightly, refused with its place, or asked about.

tests/data/cases/README.md is the table of what each must do. Questionnaires in XLSForm have a test of their own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.design.questionnaire_file import SHIPPED, read_questionnaire
from survey.design.run import outside
from survey.design.units import BEGINNING
from survey.design.units_file import read_units
from survey.disclose.release import Cell
from survey.errors import InputRefused, Said
from survey.i18n import Locale
from survey.publish.import_options import ImportOptions
from survey.publish.preview import Prepared
from survey.source import Source
from tests.command_line import Line, stored
from tests.conftest import REPOSITORY

CASES = REPOSITORY / "tests" / "data" / "cases"
BUGS, OFFICER = CASES / "bugs", CASES / "officer"


@dataclass(frozen=True)
class World:
    """A store with the units and the questionnaire the cases speak of; nothing is stored in it after that."""

    services: Services
    line: Line

    def answers(self, name: str, questionnaire: str = "q1", mapping: str = "", folder: Path = BUGS) -> Prepared:
        file = next(path for path in sorted(folder.glob(f"{name}*")) if path.suffix in (".csv", ".xlsx"))
        rules = folder / mapping if mapping else file.with_name(f"{file.stem}.map.yaml")
        found = self.services.design.questionnaire(OPERATOR, questionnaire)
        return self.services.importing.prepare_responses(OPERATOR, Source.open(file), found, Source.open(rules))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("cases"))})
    services = build(settings)
    services.design.save_units(OPERATOR, read_units(Source.open(BUGS / "units.csv")))
    services.design.save_units(OPERATOR, read_units(Source.open(OFFICER / "u2.csv")))
    for path in (BUGS / "q.yaml", BUGS / "y30-reverse-khong.yaml", *SHIPPED.glob("*.yaml")):
        services.design.save_questionnaire(OPERATOR, read_questionnaire(Source.open(path)))
    yield World(services, Line(settings))
    services.close()


def refusal(error: InputRefused) -> str:
    return error.text(lambda text, **values: text.format(**values))


# Answers: (unit, I1, I2) of the only row; None = no answer, 0 = don't know

A, B = "x.a", "x.b"
READ: dict[str, tuple[str, int | None, int | None]] = {
    "r01": (A, 4, 5), "r03-": (A, 4, 5), "r03b": (A, 4, 5), "r04": (A, 4, 5), "r05": (A, 4, 5),
    "r06-yaml": (A, 5, 1), "r06b": (A, 5, 1), "r06c": (A, 0, 5), "r06d": (A, 1, 5), "r06e": (A, 1, 5), "r06f": (A, 5, 1), "r06g": (A, 1, 5),
    "r07": (B, 1, 5), "r08-": (A, 5, 2), "r08b": (A, 5, 2), "r08c": (A, 4, 2), "r09-": (A, 4, 5), "r09b": (A, 4, 5), "r09c": (A, 5, 2),
    "r09d": (A, 5, 2), "r10-": (A, 5, 5), "r10b": (A, 5, 5), "r12-": (A, 4, 5), "r12b": (A, 4, 5), "r13-": (A, 4, 5), "r13b": (A, 4, 5),
    "r13c": (A, 4, 5), "r20b": (A, 4, 5), "r24": (A, 4, 5), "r25": (A, 4, 5), "r26": (A, 4, 5), "r27": (A, 4, 5), "r28": (A, None, 5),
    "r29": (A, 4, 5), "r34": (A, 4, 5),
}  # fmt: skip


def counted(prepared: Prepared, item: str) -> dict[str, int]:
    (wave,) = prepared.previews
    one = next(found for found in wave.items if found.item.id == item)
    counts = {str(value): n for value, _label, _score, n in one.points} | {"0": one.dont_know, "": one.empty}
    return {value: n for value, n in counts.items() if n}


@pytest.mark.parametrize("name", READ)
def test_answers_are_read_as_they_are_meant(world: World, name: str) -> None:
    unit, first, second = READ[name]
    prepared = world.answers(name)
    (wave,) = prepared.previews
    assert wave.forms == 1 and {one: n for one, n in wave.units.items() if n} == {unit: 1}
    for item, value in (("I1", first), ("I2", second)):
        assert counted(prepared, item) == {"" if value is None else str(value): 1}


def test_no_answer_in_any_spelling_is_none_and_4_0_is_4(world: World) -> None:
    floats = world.answers("r11-")
    assert counted(floats, "I1") == {"4": 1, "": 1} and counted(floats, "I2") == {"5": 1, "3": 1}
    missing = world.answers("r11b")  # a row of N/A and -oth- is no form
    assert counted(missing, "I2") == {"5": 1} and counted(missing, "I1") == {"": 1}


def test_a_wave_is_the_text_that_stands_there(world: World) -> None:
    assert [world.answers(name).releases[0].wave.id for name in ("r13-", "r13b", "r13c", "r20b")] == [
        "2021",
        "2021-11-15",
        "2021-06",
        "2021",
    ]


def test_a_recode_with_number_keys_turns_the_index(world: World) -> None:
    release = world.answers("r06-silent").releases[0]
    index = release.cell("x", "index")
    assert isinstance(index, Cell) and index.score == pytest.approx(88.54, abs=0.01)  # 11.46 where it was left out


def test_breakdowns_are_recoded_and_declined_is_no_category(world: World) -> None:
    assert "gender" in world.answers("r06d").releases[0].plan.breakdowns
    assert world.answers("r29").releases[0].plan.breakdowns == ()


def test_what_was_taken_upon_oneself_is_told(world: World) -> None:
    def told(name: str) -> str:
        return " ".join(said.message.format(**said.values) for said in world.answers(name).said)

    assert 'sheet "Dữ liệu"' in told("r24") and "1 rows without any answer" in told("r34") and "1 comments were longer" in told("r26")
    assert "stand nowhere in the file: Đắk R'lấp" in told("r01")


# what must be said, and in which row
REFUSED: dict[str, tuple[str, int]] = {
    "r14": ("put it in quotation marks", 2), "r15-": ('"null" is not one of the answers', 3), "r15b": ("not a table of values", 3),
    "r15c": ("not a table of values", 3), "r33": ("must name questions and their columns", 3), "r16": ('"٤" is not an option', 2),
    "r21": ('"TRUE" is a true/false cell', 2), "r22": ('"=A1" is not an option', 2), "r23": ("header_row: 2", 2), "r31": ("given to I1 already", 3),
    "r32": ('the key "I1" stands twice', 3), "r35": ("the unit is missing", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_answers_that_may_mean_two_things_are_refused_with_their_place(world: World, name: str) -> None:
    words, row = REFUSED[name]
    with pytest.raises(InputRefused) as caught:
        world.answers(name)
    assert words in refusal(caught.value)
    assert row in {problem.row for problem in caught.value.problems}, caught.value.problems


MADE = {  # answers, mapping, what is said
    "a number that no key and no option is": ("7", "items: {I1: C1}", '"7" is not an option'),
    "07 is not 7": ("4", "unit: {column: DV, values: {07: x.a}}\nitems: {I1: C1}", "unit 7 is unknown"),
    "refused": ("97", "items: {I1: C1}", "It is not a point of the scale"),
    "not applicable": ("Không áp dụng", "items: {I1: C1}", "It is not a point of the scale"),
    "keys for another column": ("4", "items: {I1: {column: C1, values: {rất tốt: 5, tệ: 1, xấu: 2}}}", "no cell of the column"),
    "two keys that are one text": ("4", "items: {I1: {column: C1, values: {Hòa: 5, hoà: 4}}}", "are the same text"),
    "an unknown part": ("4", "items: {I1: {column: C1, vales: {4: 5}}}", "not a part of a mapping"),
    "an unknown section": ("4", "item: {I1: C1}\nitems: {I1: C1}", "not a part of a mapping"),
    "a column that is not there": ("4", "items: {I1: Câu}", 'the columns of the file are: "DV", "C1"'),
    "a meaning that is no option": ("4", "items: {I1: C1}\nvalues: {4: 9}", '"9" is not one of the answers'),
}


@pytest.mark.parametrize("name", MADE)
def test_what_has_no_meaning_is_refused_with_its_value(world: World, name: str) -> None:
    cell, mapping, words = MADE[name]
    unit = "" if "unit:" in mapping else "unit: {column: DV}\n"
    table = Source("a.csv", f"DV;C1\n{'7' if '07' in mapping else 'x.a'};{cell}\nx.a;{cell}\n".encode())
    rules = Source("m.yaml", f"wave: 2021\n{unit}{mapping}\n".encode())
    found = world.services.design.questionnaire(OPERATOR, "q1")
    with pytest.raises(InputRefused) as caught:
        world.services.importing.prepare_responses(OPERATOR, table, found, rules)
    assert words in refusal(caught.value)
    assert len(caught.value.problems) <= 2  # a value is told once, however many rows hold it


def test_a_refused_file_leaves_the_stores_as_they_were(world: World) -> None:
    before = stored(world.line.settings)
    for name in ("r15b-values-empty", "r23-two-header-rows", "r31-same-column-twice", "r35-unit-missing"):
        file = next(path for path in BUGS.glob(f"{name}.*") if path.suffix in (".csv", ".xlsx"))
        said = world.line.refused("import", "responses", file, "--questionnaire", "q1", "--mapping", BUGS / f"{name}.map.yaml")
        assert "row" in said
    assert stored(world.line.settings) == before


def test_a_dry_run_shows_direction_points_and_answers_and_stores_nothing(world: World) -> None:
    before = stored(world.line.settings)
    how = ("--questionnaire", "q1", "--mapping", BUGS / "r06-silent.map.yaml", "--dry-run")
    said = world.line.done("import", "responses", BUGS / "r06-silent.csv", *how)
    assert "I1 (a high answer is the good one, in the index)" in said and "5 Rất tốt = 100: 18" in said and "Nothing was stored." in said
    shown = world.line.json("import", "responses", BUGS / "r06-silent.csv", *how)
    assert shown["forms"] == 24 and shown["items"][0]["answers"] == {"1": 0, "2": 0, "3": 0, "4": 6, "5": 18}
    assert stored(world.line.settings) == before


def test_three_writers_are_not_published(world: World) -> None:
    prepared = world.answers("c01", mapping="d.map.yaml")
    assert prepared.releases[0].visible("x") and not any(prepared.comments.values())


def test_an_item_that_is_not_reversed_in_any_language_is_not(world: World) -> None:
    release = world.answers("y30", "q2", "y30.map.yaml").releases[0]
    cell = release.cell("x", "item:I1")
    assert isinstance(cell, Cell) and cell.score == pytest.approx(83.33, abs=0.01)  # 16.67 where "không" counted as yes


# Counts


def counts(world: World, name: Path | Source, **how: Any) -> Prepared:
    source = name if isinstance(name, Source) else Source.open(name)
    found = world.services.design.questionnaire(OPERATOR, "vhcs-core")
    return world.services.importing.prepare_counts(OPERATOR, source, found, ImportOptions(**how))


def test_a_row_of_totals_is_left_out_and_told(world: World) -> None:
    prepared = counts(world, OFFICER / "k5.csv")
    cell = prepared.releases[0].cell("tinh", "item:KC1")
    assert isinstance(cell, Cell) and cell.base == 111
    assert "is the total of the 3 units below it (111 people)" in prepared.said[0].message.format(**prepared.said[0].values)


def test_a_total_that_does_not_add_up_is_asked_about(world: World) -> None:
    text = (OFFICER / "k5.csv").read_text(encoding="utf-8-sig").replace("tinh;;;KC1;4;45", "tinh;;;KC1;4;46")
    with pytest.raises(InputRefused) as caught:
        counts(world, Source("k.csv", text.encode()))
    assert "112 people, the 3 units below it 111" in refusal(caught.value) and "--own-people" in refusal(caught.value)
    assert counts(world, Source("k.csv", text.encode()), own_people=True).previews[0].forms == 223


def test_headcounts_belong_to_a_wave(world: World) -> None:
    heads = "wave;unit;headcount\n2022;so.nv;40\n2022;so.tc;55\n2022;so.khdt;48\n"
    given = counts(world, OFFICER / "k5.csv", headcounts=Source("h.csv", heads.encode())).releases[0]
    assert given.plan.headcount("tinh") == 143 and given.response_rate("tinh") is not None
    named = heads.replace("so.nv", "SỞ  NỘI VỤ").replace("so.khdt", "Sở Kế hoạch và Đầu tư").encode()
    assert counts(world, OFFICER / "k5.csv", headcounts=Source("h.csv", named)).releases[0].plan == given.plan
    none = counts(world, OFFICER / "k5.csv")
    assert none.releases[0].plan.headcount("so.nv") is None and none.releases[0].response_rate("tinh") is None  # the register says 80 today
    assert any("no headcount is given for 3 of 3 units" in said.message.format(**said.values) for said in none.said)
    with pytest.raises(InputRefused) as caught:
        counts(world, OFFICER / "k5.csv", headcounts=Source("h.csv", heads.replace(";40", ";30").encode()))
    assert "37 people answered, but its headcount is 30" in refusal(caught.value)
    with pytest.raises(InputRefused) as caught:
        counts(world, OFFICER / "k5.csv", headcounts=Source("h.csv", heads.replace("2022;so.nv;40", "2023;so.x;a").encode()))
    assert len(caught.value.problems) == 3


# Questionnaires

GOOD = ("q", "y01", "y02", "y03", "y04", "y05", "y12", "y13", "y14-", "y14b", "y23", "y30-reverse")
FAULTS = {
    "y06": 4, "y07": 4, "y08": 4, "y09": 7, "y10": 7, "y11": 6, "y16": 5, "y17": 6, "y18": 5, "y20": 3, "y21": 6, "y22": 4, "y24": 7,
    "y25": 7, "y26": 4, "y27": 6, "y28": 4, "y29": 12,
}  # fmt: skip


def questionnaire_file(name: str) -> Source:
    return Source.open(next(path for path in sorted(BUGS.glob(f"{name}*.yaml")) if ".map" not in path.name))


@pytest.mark.parametrize("name", GOOD)
def test_a_questionnaire_is_what_stands_there(name: str) -> None:
    read = read_questionnaire(questionnaire_file(name))
    assert not any(item.reverse for item in read.items)
    said = {
        "y01": read.version == "1.10", "y02": read.version == "2025-01-01", "y12": read.items[0].vi == "Yes", "y23": read.items[0].en == "No",
        "y05": read.themes[0].id == "NO",
    }  # fmt: skip
    assert said.get(name, True)
    codes = [category.value for breakdown in read.breakdowns for category in breakdown.categories]
    assert codes == {"y03": ["yes", "no"], "y04": ["01", "08", "1e3", "12:30"], "y23": ["c", "k"], "q": ["m", "f", "na"]}.get(name, [])


@pytest.mark.parametrize("name", FAULTS)
def test_a_questionnaire_that_says_nothing_clear_is_refused_with_its_line(name: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_questionnaire(questionnaire_file(name))
    assert FAULTS[name] in {problem.row for problem in caught.value.problems}, refusal(caught.value)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ({1: "Tệ", 2: "Vừa", 3: "Tốt"}, ()),
        ({0: "0", 25: "25", 50: "50", 75: "75", 100: "100"}, ()),
        ({1: "Tệ", 2: "Vừa", 3: "Tốt", 97: "Từ chối", 98: "Khác"}, (97, 98)),
        ({1: "Tệ", 2: "Tốt", 97: "Từ chối", 98: "KBT", 99: "Không áp dụng"}, (97, 98, 99)),
        ({1: "Tệ", 2: "Kém", 3: "Không ý kiến", 4: "Khá", 5: "Tốt"}, (3,)),
        ({1: "Tệ", 2: "Vừa", 3: "Tốt", 9: "?"}, (9,)),
        ({1: "Không đồng ý", 2: "Không rõ ràng lắm", 3: "Không bao giờ"}, ()),
        ({1: "Tệ", 2: "Tốt", 3: "KBT"}, (3,)),
    ],
)
def test_what_lies_outside_the_run_of_a_scale_is_no_point(labels: dict[int, str], found: tuple[int, ...]) -> None:
    assert outside(list(labels.items())) == found


# Units


def units_file(name: str) -> Path:
    return next(path for folder in (BUGS, OFFICER) for path in sorted(folder.glob(f"{name}*")))


@pytest.mark.parametrize(
    ("name", "units", "first"),
    [
        ("u01", 2, ("a", "Sở A", date(2019, 1, 1), date(2025, 6, 30), 40)),
        ("u02", 3, ("a", "Sở Nội vụ", BEGINNING, None, None)),
        ("u04", 3, ("1", "A", BEGINNING, None, None)),
        ("u06", 3, ("r", "Tỉnh", BEGINNING, None, None)),
        ("u08", 1, ("a", "A", BEGINNING, None, None)),
        ("u09", 1, ("a", "A", BEGINNING, None, None)),
        ("u10", 4, ("a", "A", date(2025, 7, 1), date(2025, 12, 31), None)),
        ("u12", 1, ("a", "A", BEGINNING, None, None)),
        ("u13", 2, ("a", "A", BEGINNING, None, None)),
        ("u14b", 1, ("a", "A B C", BEGINNING, None, None)),
        ("u14c", 4, ("x", "Tỉnh", BEGINNING, None, None)),
        ("c1_", 15, ("tinh", "Tỉnh Đắk Hà", BEGINNING, None, None)),
        ("a_lon_xon", 10, ("tinh-dak-ha", "Tỉnh Đắk Hà", BEGINNING, None, None)),
        ("b2_stt", 15, ("tinh", "Tỉnh Đắk Hà", BEGINNING, None, None)),
        ("b_tieu", 15, ("tinh", "Tỉnh Đắk Hà", BEGINNING, None, None)),
        ("w4", 15, ("tinh", "Tỉnh Đắk Hà", BEGINNING, None, None)),
        ("u2.csv", 17, ("tinh", "Tỉnh Đắk Hà", BEGINNING, None, None)),
    ],
)
def test_units_are_read_as_an_officer_means_them(name: str, units: int, first: tuple[Any, ...]) -> None:
    read = read_units(Source.open(units_file(name)))
    one = read.units[0]
    assert len(read) == units and (one.id, one.name_vi, one.valid_from, one.valid_to, one.headcount) == first
    assert all(unit.name_vi.isprintable() and "_x000" not in unit.name_vi for unit in read)


@pytest.mark.parametrize(
    ("name", "row", "words"),
    [
        ("u03", 5, '"12.5" cannot be read'),
        ("u05", 2, '"=10+5" cannot be read'),
        ("u07", 3, 'the id "a/b" is not usable'),
        ("u11-", 2, "TCVN3, VNI"),
        ("u11b", 2, "not UTF-8"),
        ("u11c", 2, "another encoding"),
        ("u11d", 2, "TCVN3, VNI"),
        ("u14-", 2, "cannot be seen or stored"),
        ("u15", None, "not a proper CSV"),
        ("u17", None, "not a proper Excel workbook"),
        ("u2_ke", 2, "still has units below it"),
        ("u2_ke", 14, "begins"),
    ],
)
def test_units_that_cannot_be_meant_so_are_refused_with_their_row(name: str, row: int | None, words: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_units(Source.open(units_file(name)))
    assert words in refusal(caught.value) and row in {problem.row for problem in caught.value.problems}


def test_what_was_taken_upon_oneself_in_units_is_told() -> None:
    said: list[Said] = []
    for name in ("a_lon_xon", "b2_stt", "w4", "u06"):
        read_units(Source.open(units_file(name)), None, said)
    told = " ".join(one.message.format(**one.values) for one in said)
    for words in (
        "header was found in row 6",
        "is a total",
        "is a heading",
        '"Dữ liệu"',
        "ids were made of names",
        "two units under the same",
    ):
        assert words in told


def test_a_hidden_sheet_does_not_stand_before_what_people_see() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        hidden, seen = book.add_worksheet("ẩn"), book.add_worksheet("Đơn vị")
        for sheet, name in ((hidden, "Cũ"), (seen, "Mới")):
            sheet.write_row(0, 0, ["id", "name_vi"])
            sheet.write_row(1, 0, ["a", name])
        seen.activate()
        hidden.hide()
    assert read_units(Source("u.xlsx", out.getvalue())).units[0].name_vi == "Mới"


def test_a_day_that_can_be_two_is_asked_about_once_for_the_file(world: World, tmp_path: Path) -> None:
    file = tmp_path / "u.csv"
    file.write_text("id;name_vi;valid_from\nz;Z;7/1/2025\nz.a;A;1/7/2025\n", encoding="utf-8")
    said = world.line.refused("units", "import", file)
    assert said.count("can be two days") == 1 and "--dates dmy" in said
    assert "Nothing was stored." in world.line.done("units", "import", file, "--dates", "dmy", "--dry-run")
    assert read_units(Source("u.csv", b"id;name_vi;valid_from\nz;Z;7/1/2025\nz.a;A;25/7/2025\n")).by_id["z"].valid_from == date(2025, 1, 7)
    assert read_units(Source("u.csv", b"id;name_vi;valid_from\nz;Z;7/1/2025\nz.a;A;7/25/2025\n")).by_id["z"].valid_from == date(2025, 7, 1)


# An officer's Google Forms export, with a mapping and the names that it lacks


def test_a_form_of_google_is_read_with_its_mapping_and_names_it_lacks_are_told(world: World) -> None:
    found = world.services.design.questionnaire(OPERATOR, "vhcs-core")
    rules = Source.open(OFFICER / "map1.yaml")
    prepared = world.services.importing.prepare_responses(OPERATOR, Source.open(OFFICER / "p1_google_forms.xlsx"), found, rules)
    told = " ".join(one.text(Locale("en")) for one in prepared.said)
    assert "Sở KH&ĐT = so.khdt" in told and "Văn hoá, Thể thao và Du lịch = so.vhttdl" in told
    (wave,) = prepared.previews
    assert wave.forms == 120 and {unit: n for unit, n in wave.units.items() if n} == {
        "so.nv": 63,
        "so.tc": 12,
        "so.khdt": 28,
        "so.vhttdl": 17,
    }
