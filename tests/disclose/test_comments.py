"""Comments between close and publishing: what is masked, what nobody can do, and who reads what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap import Services, Settings
from survey.access import OPERATOR, Role, Viewer
from survey.access_log import Action
from survey.design.questionnaire import Response
from survey.design.questionnaire_file import read_questionnaire
from survey.design.units_file import read_units
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.errors import NotAllowed, SurveyError
from survey.publish.commenting import Look
from survey.publish.redaction import MASK, proposed, redacted, words
from survey.source import Source
from tests.conftest import copied
from tests.importing import import_responses
from tests.process.test_scores import wave_over
from tests.small_world import GENDER, TODAY, answers, open_wave

TELLING = "Nhắc anh Nguyễn Văn Mẫu, số 0900 000 123, trả lời dân."
WAVE = "2026"
LEADER = Viewer(name="l", role=Role.LEADER)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TELLING, "Nhắc anh […], số […], trả lời dân."),
        ("Đồng chí Y Bhăm và đ/c Hoa rất tốt.", "Đồng chí […] và đ/c […] rất tốt."),
        ("Bà H'Mai, ông Lê Đình Ất!", "Bà […], ông […]!"),
        ("Trần Thị Bưởi hay đi muộn", "[…] hay đi muộn"),
        ("Gọi +84 912.345.678 hoặc (0261) 3544 123.", "Gọi […] hoặc (0261) 3544 123."),
        ("CMND 123456789, CCCD 012345678901", "CMND […], CCCD […]"),
        ("viết mau.thu@example.vn nhé", "viết […] nhé"),
        ("xe 48A-123.45 và 47AB 1234", "xe […] và […]"),
        ("đề nghị xem lại NGUYỄN VĂN A.", "đề nghị xem lại […]."),
        ("ÔNG TRẦN VĂN BÌNH KÝ CHẬM", "ÔNG […] KÝ CHẬM"),
        ("GIÁM ĐỐC LÊ HOÀNG NAM", "GIÁM ĐỐC […]"),
        ("Anh HÙNG phòng TCHC", "Anh […] phòng TCHC"),
        ("ĐỖ THỊ HỒNG NHUNG, Y BHĂM NIÊ, H'MAI", "[…], […], […]"),
        ("A. HÙNG quát dân", "A. […] quát dân"),
        ("a. Hùng, c. Lan; Ô. Tuấn", "a. […], c. […]; Ô. […]"),
        ("N.V.Hùng hay vắng", "[…] hay vắng"),
        ("Chị Trần Thị Mai (0912 345 678) tận tình", "Chị […] ([…]) tận tình"),
    ],
)
def test_what_tells_of_somebody_is_proposed(text: str, shown: str) -> None:
    assert redacted(text, proposed(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Anh chị em đoàn kết, ông bà đến làm việc được hướng dẫn.",
        "Năm 2025 có 1.200 hồ sơ, 97,5 % đúng hẹn trong 15 ngày.",
        "Cần giảm họp. Phân công việc chưa đều.",
        "Thực hiện Nghị quyết số 1671/NQ-UBTVQH15 tốt.",
        "UBND xã, CBCC, TTHC, HĐND, BCĐ, VPUB, CNTT, ISO 9001, Sở KH&ĐT, Sở GD&ĐT.",
        "CBCCVC CẦN ĐƯỢC TẬP HUẤN. ĐỀ NGHỊ UBND TỈNH XEM LẠI TTHC.",
        "HỒ SƠ CHẬM DO PHẦN MỀM; LƯƠNG THẤP, LÝ DO VI PHẠM QUY ĐỊNH.",
        "ANH CHỊ EM ĐOÀN KẾT, CHÚ Ý GIỜ GIẤC, HỌC TẬP HỒ CHÍ MINH. Sở Y Tế, Y TẾ.",
        "a. Lương thấp. b. Họp nhiều. c. Phòng chật.",
        "P. TCHC, TP. Gia Nghĩa, TP.HCM, Q.1, Nghị định 30/2020/NĐ-CP, T.Ư",
    ],
)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert proposed(text) == frozenset()


def test_a_mask_takes_away_and_never_adds() -> None:
    for text in (TELLING, "a", "một  hai\nba, bốn.", "«Nguyễn Văn A»"):
        for masked in ({0}, {1, 2}, set(range(len(words(text)))), {99}):
            shown = redacted(text, masked)
            left = iter(text)
            assert all(char in left for char in shown.replace(MASK, ""))  # a subsequence of the text
        assert redacted(text, ()) == text


PLACES = "t,Tỉnh,tinh,,\nt.a,A,so,t,40\nt.b,B,so,t,40\nt.c,C,so,t,40\n"


def written(people: dict[str, tuple[int, int]], each: int = 1) -> list[Response]:
    """Per unit so many respondents, of whom the first so many wrote `each` comments."""
    return [
        Response(
            unit=unit,
            answers={},
            comments={f"MO{question}": f"{unit} {n} {question}" for question in range(1, 1 + each)} if n < wrote else {},
            breakdowns={},
        )
        for unit, (count, wrote) in people.items()
        for n in range(count)
    ]


def test_comments_rise_to_where_enough_people_and_writers_are() -> None:
    plan = wave_over(PLACES).plan
    released = release_comments(plan, written({"t.a": (10, 5), "t.b": (10, 4), "t.c": (9, 9)}), Policy.load())
    assert {comment.unit for comment in released} == {"t.a", "t:so"}
    assert sum(comment.unit == "t:so" for comment in released) == 13
    assert not any(comment.seen for comment in released)


@pytest.mark.parametrize(("wrote", "where"), [(2, "t:so"), (4, "t:so"), (5, "t.a")])
def test_writers_are_counted_and_not_their_comments(wrote: int, where: str) -> None:
    # Two of twelve people who answer three open questions each used to be six comments, which were shown of their unit.
    responses = written({"t.a": (12, wrote), "t.b": (12, 4), "t.c": (12, 4)}, each=3)
    released = release_comments(wave_over(PLACES).plan, responses, Policy.load())
    assert {comment.unit for comment in released if comment.text.startswith("t.a")} == {where}
    assert len(released) == 3 * (wrote + 8)


def test_too_few_writers_in_the_whole_wave_are_shown_nowhere() -> None:
    plan = wave_over(PLACES).plan
    assert release_comments(plan, written({"t.a": (12, 2), "t.b": (12, 2), "t.c": (12, 0)}, each=3), Policy.load()) == ()
    blank = [replace(one, comments={"MO1": " "}) for one in written({"t.a": (12, 0)})]
    assert release_comments(plan, [*blank, *written({"t.b": (12, 4)})], Policy.load()) == ()


def test_three_writers_of_a_real_file_are_not_read(sqlite_services: Services, shared_data: Path) -> None:
    folder = shared_data / "cases" / "bugs"
    if not (folder / "c01-three-writers.csv").is_file():
        pytest.skip("the collected cases are not beside this checkout")
    units = "id;name_vi;group;parent\nx;X;;\nx.a;A;;x\nx.b;B;;x\n"
    sqlite_services.design.save_units(OPERATOR, read_units(Source("units.csv", units.encode())))
    asked = read_questionnaire(Source.open(folder / "q.yaml"))
    sqlite_services.design.save_questionnaire(OPERATOR, asked)
    answered, mapping = Source.open(folder / "c01-three-writers.csv"), Source.open(folder / "d.map.yaml")
    import_responses(sqlite_services, answered, asked, mapping)
    assert sqlite_services.commenting.comments(OPERATOR, "2021") == ()


def closed(services: Services, people: int = 12) -> str:
    """A closed wave: Sở A wrote the telling comment each time, the others wrote nothing."""
    wave, codes, shares = open_wave(services, WAVE, breakdowns=GENDER)
    questionnaire = services.collect.open(codes["Sở A"][0], TODAY).questionnaire
    for unit, comments in (("Sở A", {"MO1": TELLING}), ("Sở B", {}), ("Huyện H", {"MO2": "Nên bớt họp."}), ("Huyện K", {})):
        for code in codes[unit][:people]:
            services.collect.submit(code, {"answers": answers(questionnaire), "comments": comments}, TODAY)
    services.closing.close(OPERATOR, wave.id, shares)
    return wave.id


@pytest.fixture(scope="module")
def closed_files(new_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores with such a wave; nobody works on them."""
    folder = tmp_path_factory.mktemp("closed")
    with copied(new_files, folder) as services:
        closed(services)
    return folder


@pytest.fixture
def closed_services(closed_files: Path, tmp_path: Path) -> Iterator[Services]:
    with copied(closed_files, tmp_path) as services:
        yield services


def of_unit(services: Services, wave: str, unit: str) -> list[ReleasedComment]:
    return [comment for comment in services.commenting.comments(OPERATOR, wave) if comment.unit == unit]


def test_publishing_waits_for_the_comments_and_a_leader_never_reads_one_nobody_looked_at(services: Services) -> None:
    wave = closed(services)
    with pytest.raises(SurveyError, match="24"):
        services.closing.publish(OPERATOR, wave)
    services.commenting.look(OPERATOR, wave, {one.id: Look(one.text, proposed(one.text)) for one in of_unit(services, wave, "t.a")})
    assert services.closing.unseen(wave) == 12
    services.closing.publish(OPERATOR, wave, comments_later=True)
    shown = services.results.comments(LEADER, wave)
    assert {comment.text for comment in shown} == {"Nhắc anh […], số […], trả lời dân."}
    services.commenting.accept(OPERATOR, wave)
    assert len(services.results.comments(LEADER, wave)) == 24


def test_masked_words_and_withheld_comments_are_in_no_file_and_counted(services: Services, settings: Settings, tmp_path: Path) -> None:
    wave = closed(services)
    first, *rest = of_unit(services, wave, "t.a")
    looks = {one.id: Look(one.text, frozenset(range(1, len(words(one.text))))) for one in rest}
    services.commenting.look(OPERATOR, wave, {first.id: Look(first.text, withheld=True), **looks})
    assert services.commenting.counts(OPERATOR, wave) == {"masked": 11, "withheld": 1}
    assert len(of_unit(services, wave, "t.a")) == 11
    entry = next(one for one in services.access_log.entries(OPERATOR) if one.action == Action.COMMENTS_REVIEWED)
    assert entry.about == {"wave": wave, "looked": "12", "masked": "11", "withheld": "1"}
    if settings.database_url.startswith("sqlite"):
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert "Nguyễn Văn Mẫu".encode() not in files and b"0900 000 123" not in files


def test_the_release_keeps_its_hash_whatever_happens_to_comments(closed_services: Services) -> None:
    before = closed_services.results.release(OPERATOR, WAVE).hash
    closed_services.commenting.accept(OPERATOR, WAVE)
    closed_services.closing.publish(OPERATOR, WAVE)
    assert closed_services.results.release(OPERATOR, WAVE).hash == before


def test_a_leader_reads_the_comments_of_his_own_part_of_the_tree_only(closed_services: Services) -> None:
    closed_services.commenting.accept(OPERATOR, WAVE)
    closed_services.closing.publish(OPERATOR, WAVE)

    def read(unit: str) -> set[str]:
        viewer = Viewer(name="l", role=Role.LEADER, unit=unit)
        return {comment.unit for comment in closed_services.results.comments(viewer, WAVE)}

    assert read("t.a") == {"t.a"}
    assert read("t.h") == {"t.h"}
    assert read("t.b") == set()
    with pytest.raises(NotAllowed):
        closed_services.results.comments(None, WAVE)
    with pytest.raises(NotAllowed):
        closed_services.commenting.comments(LEADER, WAVE)
    with pytest.raises(NotAllowed):
        closed_services.commenting.look(LEADER, WAVE, {})


def test_comments_of_a_wave_without_published_results_are_read_by_no_leader(closed_services: Services) -> None:
    closed_services.commenting.accept(OPERATOR, WAVE)
    with pytest.raises(SurveyError):
        closed_services.results.comments(LEADER, WAVE)


def test_two_organizers_at_once_do_not_mask_the_wrong_words(closed_services: Services) -> None:
    one = of_unit(closed_services, WAVE, "t.a")[0]
    closed_services.commenting.look(OPERATOR, WAVE, {one.id: Look(one.text, frozenset({2}))})
    with pytest.raises(SurveyError):
        closed_services.commenting.look(OPERATOR, WAVE, {one.id: Look(one.text, frozenset({5}))})
    with pytest.raises(SurveyError):
        closed_services.commenting.look(OPERATOR, WAVE, {"no-such-comment": Look("", withheld=True)})
