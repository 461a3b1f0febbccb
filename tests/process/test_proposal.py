"""What a file of past answers is proposed to mean: columns, values, units, waves; nothing is taken for its opposite."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import SHIPPED, read_questionnaire
from survey.design.units_file import read_units
from survey.i18n import Locale
from survey.process.mapping_file import read_mapping
from survey.process.proposal import Kind, Proposal, Proposer, Use, mapping_text, to_look_at
from survey.process.proposal.answers import meanings_of
from survey.process.proposal.units import UnitNames
from survey.process.responses_file import read_responses
from survey.source import Source
from tests.conftest import REPOSITORY

CASES = REPOSITORY / "tests" / "data" / "cases"
REGISTER = read_units(
    Source(
        "units.csv",
        """id;name_vi;parent;valid_from;valid_to;successors
t;Tỉnh Thử;;;;
khdt;Sở Kế hoạch và Đầu tư;t;;2025-02-28;tc2
tc;Sở Tài chính;t;;2025-02-28;tc2
tc2;Sở Tài chính;t;2025-03-01;;
ld;Sở Lao động - Thương binh và Xã hội;t;;;
tn;Sở Tài nguyên và Môi trường;t;;;
tnmt;Sở Thanh niên và Mầm trẻ;t;;;
dm;Ủy ban nhân dân huyện Đắk Mil;t;;;
vp;Văn phòng Ủy ban nhân dân tỉnh;t;;;
xa;Xã Đắk Búk So;t;;;
""".encode(),
    )
)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read_questionnaire(Source.open(next(SHIPPED.glob("*.yaml"))))


def source(text: str, name: str = "answers.csv") -> Source:
    return Source(name, text.encode())


def read_back(proposal: Proposal, file: Source, questionnaire: Questionnaire) -> dict[str, int]:
    """Forms by wave, when the proposal's own mapping file is used as the command uses it."""
    mapping = source(mapping_text(proposal, questionnaire, Locale("vi")), "mapping.yaml")
    return {wave: len(rows) for wave, rows in read_responses(file, mapping, questionnaire, REGISTER).by_wave.items()}


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("Sở KH&ĐT", "khdt"), ("SO KE HOACH VA DAU TU", "khdt"), ("Sở KHĐT", "khdt"), ("Sở LĐ-TB&XH", "ld"), ("Sở LĐTBXH", "ld"),
        ("UBND huyện Đắk Mil", "dm"), ("Huyện Đắk Mil", "dm"), ("H. Đăk Mil", "dm"), ("VP UBND tỉnh", "vp"), ("Xã Đăk Buk So", "xa"),
        ("Sở Kế hoạch và Đầu tư tỉnh Thử", "khdt"), ("khdt", "khdt"),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_what_offices_call_it(written: str, unit: str) -> None:
    found, _guessed = UnitNames(REGISTER, [date(2021, 12, 31)]).meanings_of([written])
    assert found == {written: unit}


@pytest.mark.parametrize("written", ["Sở TNMT", "Sở Y tế", "Phòng KH&ĐT huyện Cư Jút", "Sở", "Xã Đắk", "Huyện Đắk Song"])
def test_a_name_that_is_no_unit_or_more_than_one_is_left_open(written: str) -> None:
    assert UnitNames(REGISTER, [date(2021, 12, 31)]).meanings_of([written])[0] == {}


def test_an_old_name_is_the_unit_of_the_waves_day_and_is_asked_about() -> None:
    assert UnitNames(REGISTER, [date(2021, 12, 31)]).meanings_of(["Sở Tài chính"]) == ({"Sở Tài chính": "tc"}, frozenset())
    assert UnitNames(REGISTER, [date(2025, 12, 31)]).meanings_of(["Sở Tài chính"]) == ({"Sở Tài chính": "tc2"}, frozenset())
    assert UnitNames(REGISTER, [date(2025, 12, 31)]).meanings_of(["Sở KH&ĐT"]) == ({"Sở KH&ĐT": "tc2"}, {"Sở KH&ĐT"})
    assert UnitNames(REGISTER).meanings_of(["Sở Tài chính"])[0] == {}  # on which day?


@pytest.mark.parametrize(
    ("written", "value", "sure"),
    [
        ("Đồng ý", "4", True), ("DONG Y", "4", True), ("4", "4", True), ("4.0", "4", True), ("4 (Đồng ý)", "4", True), ("4. Đồng ý", "4", True),
        ("Đồng ý (4)", "4", True), ("Hoàn toàn đồng ýy", "5", False), ("Hoàn toàn không đồng ý", "1", True), ("Không biết/Không ý kiến", "0", True),
        ("n/a", None, True), ("Từ chối trả lời", None, False),
    ],
)  # fmt: skip
def test_an_option_is_known_by_label_or_number(questionnaire: Questionnaire, written: str, value: str | None, sure: bool) -> None:
    options = Proposer(questionnaire, REGISTER).options(Use(Kind.ITEM, "KC1"))
    found, guessed = meanings_of([written], options)
    assert found == {written: value} and (written not in guessed) is sure


@pytest.mark.parametrize(
    "written", ["5 (Hoàn toàn không đồng ý)", "Đồng ý (2)", "99", "9", "Chưa đồng ý lắm", "Khá đồng ý", "Hoàn toàn đồng ý 1"]
)
def test_what_contradicts_itself_or_is_no_option_is_left_open(questionnaire: Questionnaire, written: str) -> None:
    assert meanings_of([written], Proposer(questionnaire, REGISTER).options(Use(Kind.ITEM, "KC1"))) == ({}, frozenset())


def test_no_text_is_taken_for_its_opposite() -> None:
    from survey.design.questionnaire import Option

    points = [Option(value=1, vi="Rất không hài lòng", en="Very dissatisfied"), Option(value=2, vi="Rất hài lòng ạ", en="Very satisfied x")]
    assert meanings_of(["Very satisfied"], points)[0] == {"Very satisfied": "2"}
    assert meanings_of(["Very disatisfied"], points)[0] in ({}, {"Very disatisfied": "1"})
    assert meanings_of(["Rất hài lòng"], points[:1])[0] == {}


def test_a_google_form_needs_no_mapping_file(questionnaire: Questionnaire) -> None:
    file = Source.open(CASES / "officer" / "p1_google_forms.xlsx")
    register = read_units(Source.open(CASES / "officer" / "u2.csv"))
    found = Proposer(questionnaire, register).propose(file)
    kept = read_mapping(Source.open(CASES / "officer" / "map1.yaml"), questionnaire, register)
    assert {one.use.id: one.column.head for one in found.used(Kind.ITEM)} == {item: rule.column for item, rule in kept.items.items()}
    assert (found.wave, [str(one) for one in found.missing()]) == ("2024", [])
    mapping = source(mapping_text(found, questionnaire, Locale("vi")), "m.yaml")
    (rows,) = read_responses(file, mapping, questionnaire, register).by_wave.values()
    assert len(rows) == 120 and sum(row.unit == "so.khdt" for row in rows) == 28
    said = "\n".join(to_look_at(found, questionnaire, Locale("en")))
    assert '"Sở KH&ĐT" is taken for so.khdt' in said


def test_the_header_below_titles_and_on_another_sheet_is_found_and_can_be_changed(questionnaire: Questionnaire) -> None:
    file = source("Kết quả khảo sát,,\n,,\nĐơn vị,KC1,KC2\nSở KH&ĐT,4,Đồng ý\n", "2021.csv")
    found = Proposer(questionnaire, REGISTER).propose(file)
    assert (found.table.header_row, found.wave) == (3, "2021")
    assert [one.use for one in found.columns] == [Use(Kind.UNIT), Use(Kind.ITEM, "KC1"), Use(Kind.ITEM, "KC2")]
    assert read_back(found, file, questionnaire) == {"2021": 1}
    other = Proposer(questionnaire, REGISTER).propose(file, header_row=1)
    assert other.table.header_row == 1 and not other.used(Kind.ITEM)


def test_a_separator_is_what_divides_every_row_alike(questionnaire: Questionnaire) -> None:
    file = source("Đơn vị;Bàn, ghế, đèn;KC1\nSở KHĐT;x;4\n")
    assert [one.head for one in Proposer(questionnaire, REGISTER).propose(file).table.columns] == ["Đơn vị", "Bàn, ghế, đèn", "KC1"]


def test_bare_numbers_are_questions_only_where_they_are_all_there(questionnaire: Questionnaire) -> None:
    n = len(questionnaire.items)
    for numbers, expected in ((range(1, n + 1), n), (range(2, n + 2), 0), (range(1, n), 0)):
        heads = ["Đơn vị", *(f"Câu {number}" for number in numbers)]
        found = Proposer(questionnaire, REGISTER).propose(
            source(",".join(heads) + "\n" + ",".join(["Sở KHĐT", *"4" * (len(heads) - 1)]) + "\n")
        )
        assert len(found.used(Kind.ITEM)) == expected and not any(one.sure for one in found.used(Kind.ITEM))


def test_a_breakdown_is_known_by_its_values_and_asked_about(questionnaire: Questionnaire) -> None:
    proposer = Proposer(questionnaire, REGISTER)
    one = proposer.propose(source("Đơn vị,KC1,GT\nSở KHĐT,4,Nam\nSở KHĐT,5,Nữ\n")).column("GT")
    assert (one.use, one.sure, set(one.values)) == (Use(Kind.BREAKDOWN, "gender"), False, {"Nam", "Nữ"})
    two = proposer.propose(source("Đơn vị,KC1,GT,GT con\nSở KHĐT,4,Nam,Nữ\nSở KHĐT,5,Nữ,Nam\n"))
    assert not two.used(Kind.BREAKDOWN)


def test_a_column_called_unit_is_one_also_with_names_nobody_knows(questionnaire: Questionnaire) -> None:
    found = Proposer(questionnaire, REGISTER).propose(source("Đơn vị,KC1\n07,4\n7,5\n"))
    assert found.column("Đơn vị").use.kind is Kind.UNIT and found.column("Đơn vị").unknown == ("07", "7")


def test_a_column_of_days_is_the_wave_by_its_year(questionnaire: Questionnaire) -> None:
    file = source("Timestamp,Đơn vị,KC1\n2021-05-01 10:00,Sở KHĐT,4\n7/1/2022 9:00:00,Sở KHĐT,5\n1/13/2022 9:00:00,Sở KHĐT,5\n")
    found = Proposer(questionnaire, REGISTER).propose(file)
    assert found.by_year and found.used(Kind.WAVE)[0].column.head == "Timestamp"
    assert read_back(found, file, questionnaire) == {"2021": 1, "2022": 2}


def test_what_an_officer_chooses_counts_and_two_columns_for_one_question_are_named(questionnaire: Questionnaire) -> None:
    file = source("Đơn vị,KC1,Câu lạ\nSở KHĐT,4,Tốt\nSở KHĐT,5,Kém\n", "2021.csv")
    proposer = Proposer(questionnaire, REGISTER)
    twice = proposer.with_use(proposer.propose(file), "Câu lạ", Use(Kind.ITEM, "KC1"))
    assert [one.values["columns"] for one in twice.missing()] == ['"KC1", "Câu lạ"']
    found = proposer.with_use(proposer.propose(file), "Câu lạ", Use(Kind.ITEM, "KC2"))
    (scale,) = [one for one in found.answers(questionnaire) if one.use.kind is Kind.ITEM]
    assert scale.columns == ("KC1", "Câu lạ") and scale.unknown == ("Tốt", "Kém") and (scale.rows["Kém"], scale.first["Kém"]) == (1, 3)
    for value, meaning in (("Tốt", "5"), ("Kém", None)):
        found = found.with_value(scale.columns, value, meaning)
    assert not any(one.unknown for one in found.answers(questionnaire))
    mapping = source(mapping_text(found, questionnaire, Locale("vi")), "m.yaml")
    rows = read_responses(file, mapping, questionnaire, REGISTER).by_wave["2021"]
    assert [row.answers for row in rows] == [{"KC1": 4, "KC2": 5}, {"KC1": 5}]


def test_a_mapping_that_was_kept_is_put_upon_the_next_file(questionnaire: Questionnaire) -> None:
    proposer = Proposer(questionnaire, REGISTER)
    first = source("Đơn vị,KC1,Câu lạ\nSở KHĐT,4,Tốt\n", "2021.csv")
    made = proposer.with_use(proposer.propose(first), "Câu lạ", Use(Kind.ITEM, "KC2")).with_value(("Câu lạ",), "Tốt", "5")
    kept = read_mapping(source(mapping_text(made, questionnaire, Locale("vi")), "m.yaml"), questionnaire, REGISTER)
    second = source("Câu lạ,KC1,Đơn vị,Thừa\nTốt,4,Sở KHĐT,x\nXấu,2,Sở LĐTBXH,y\n", "2022.csv")
    found = proposer.adopted(proposer.propose(second), kept)
    assert found.column("Câu lạ").use == Use(Kind.ITEM, "KC2") and found.column("Câu lạ").values == {"Tốt": "5"}
    assert found.column("Câu lạ").unknown == ("Xấu",) and found.wave == "2022"  # of this file, not of the one before
    assert found.told[0].values == {"wave": "2021", "file": "2022"}
    gone = proposer.adopted(proposer.propose(source("Đơn vị,KC1\nSở KHĐT,4\n")), kept)
    assert "Câu lạ" in gone.told[0].text(Locale("vi"))


def test_a_file_that_is_no_table_is_refused_and_not_guessed(questionnaire: Questionnaire, tmp_path: Path) -> None:
    from survey.errors import InputRefused

    with pytest.raises(InputRefused):
        Proposer(questionnaire, REGISTER).propose(source(""))
