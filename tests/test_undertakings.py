"""What units undertake after a wave: who may write it, what it may hang on, what everybody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.design.wave import WaveState
from survey.disclose.release import Suppressed
from survey.errors import InputRefused, NotAllowed, SurveyError
from survey.limits import OWNER
from survey.undertaking import MOST, Progress, Undertaking
from survey.undertakings import Doubt, UndertakingDoubtful
from tests.small_world import GENDER, TODAY, answers, open_wave

OF_A, OF_K = (Viewer(name="l", role=Role.LEADER, unit=unit) for unit in ("t.a", "t.k"))
OF_ALL, CUSTODIAN = Viewer(name="m", role=Role.LEADER), Viewer(name="c", role=Role.CUSTODIAN)
PEOPLE = {"Sở A": 20, "Sở B": 15, "Sở C": 12, "Huyện H": 12, "Huyện K": 6}  # K: themes are shown (5), single questions are not (10)


@pytest.fixture
def closed(services: Services) -> Services:
    return close(services)


@pytest.fixture
def published(sqlite_services: Services) -> Services:
    close(sqlite_services)
    sqlite_services.closing.publish(OPERATOR, "2026")
    return sqlite_services


def close(services: Services) -> Services:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    for unit, count in PEOPLE.items():
        for number, code in enumerate(codes[unit][:count]):
            services.collect.submit(code, {"answers": answers(questionnaire, 2 + number % 3)}, TODAY)
    services.closing.close(OPERATOR, wave.id, shares)
    return services


def undertaking(unit: str = "t.a", measure: str = "theme:KC", **more: object) -> Undertaking:
    said = {"text": "Họp giao ban ngắn lại, biên bản gửi trong ngày.", "owner": "Văn phòng", "due": date(2026, 9, 30)}
    return Undertaking(**{"wave": "2026", "unit": unit, "measure": measure, **said, **more})  # type: ignore[arg-type]


def test_it_is_stored_changed_and_removed_on_both_databases_with_a_line_in_the_log_each(closed: Services) -> None:
    closed.closing.publish(OPERATOR, "2026")
    first = closed.undertakings.add(OF_A, undertaking(text="  Họp ngắn\nlại.  "))
    assert (first.text, first.progress, bool(first.id)) == ("Họp ngắn lại.", Progress.HEARD, True)
    second = closed.undertakings.change(OPERATOR, first, replace(first, progress=Progress.DONE))
    assert closed.undertakings.of_unit(OF_A, "2026", "t.a") == (second,)
    with pytest.raises(SurveyError, match="Somebody else"):
        closed.undertakings.change(OF_A, first, replace(first, text="Anh khác."))
    with pytest.raises(SurveyError, match="Somebody else"):
        closed.undertakings.remove(OF_A, first)
    closed.undertakings.remove(OF_A, second)
    assert closed.undertakings.of_unit(OF_A, "2026", "t.a") == ()
    log = [(one.account, one.action, one.about.get("measure")) for one in closed.access_log.entries(OPERATOR)[:3]]
    assert log == [
        ("l", "undertaking-removed", "theme:KC"),
        ("operator", "undertaking-changed", "theme:KC"),
        ("l", "undertaking-added", "theme:KC"),
    ]
    assert "Họp" not in "".join(one.subject for one in closed.access_log.entries(OPERATOR))


def test_only_who_leads_the_unit_or_an_organizer_writes(published: Services) -> None:
    for viewer in (OF_A, OF_ALL, OPERATOR):
        published.undertakings.add(viewer, undertaking())
    ours = published.undertakings.of_unit(OF_A, "2026", "t.a")
    refused: list[Callable[[Viewer | None], object]] = [
        lambda viewer: published.undertakings.add(viewer, undertaking()),
        lambda viewer: published.undertakings.change(viewer, ours[0], replace(ours[0], text="Khác.")),
        lambda viewer: published.undertakings.change(viewer, ours[0], replace(ours[0], unit="t.k")),  # carried into the own unit
        lambda viewer: published.undertakings.remove(viewer, ours[0]),
    ]
    for viewer in (OF_K, CUSTODIAN, None):
        for attempt in refused:
            with pytest.raises(NotAllowed):
                attempt(viewer)
    with pytest.raises(NotAllowed):  # the whole is shown to a leader of a part, and is not his
        published.undertakings.add(OF_A, undertaking("t"))
    assert published.undertakings.of_unit(OF_A, "2026", "t.a") == ours
    assert published.undertakings.may_write(OF_A, "2026", "t.a") and not published.undertakings.may_write(OF_A, "2026", "t")


def test_nothing_is_undertaken_before_the_wave_is_published(closed: Services) -> None:
    assert closed.design.wave(OPERATOR, "2026").state is WaveState.CLOSED
    with pytest.raises(NotAllowed):
        closed.undertakings.add(OPERATOR, undertaking())
    assert closed.undertakings.announced("2026") == ()


def test_it_hangs_on_nothing_whose_number_its_writer_does_not_see(published: Services) -> None:
    release = published.results.release(OF_K, "2026")
    assert isinstance(release.cell("t.k", "item:KC1"), Suppressed)
    offered = published.undertakings.measures(OF_K, "2026", "t.k")
    assert offered and all(release.visible("t.k", measure) for measure in offered) and "item:KC1" not in offered
    for measure in ("item:KC1", "item:none", "index", "forms", ""):
        with pytest.raises(InputRefused):
            published.undertakings.add(OF_K, undertaking("t.k", measure))
    published.undertakings.add(OF_K, undertaking("t.k", "theme:KC"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "}, {"owner": ""}, {"text": "x" * 501}, {"owner": "x" * (OWNER + 1)}, {"text": "a\x07b"},
        {"due": date(2020, 1, 1)}, {"due": TODAY + timedelta(days=4000)},
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_stored(published: Services, wrong: dict[str, object]) -> None:
    with pytest.raises(InputRefused) as refused:
        published.undertakings.add(OF_A, undertaking(**wrong))
    assert len(refused.value.problems) == 1 and refused.value.problems[0].column and refused.value.problems[0].cure
    assert published.undertakings.of_unit(OF_A, "2026", "t.a") == ()


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Nhắc anh Nguyễn Văn Mẫu họp đúng giờ.", Doubt.NAMES),
        ("Vì chỉ 3 người hài lòng nên đổi giờ họp.", Doubt.RESULTS),
        ("Đưa điểm từ 41,5 điểm lên 60%.", Doubt.RESULTS),
    ],
)
def test_names_and_what_reads_like_a_result_are_asked_about_first(published: Services, text: str, doubt: Doubt) -> None:
    with pytest.raises(UndertakingDoubtful) as asked:
        published.undertakings.add(OF_A, undertaking(text=text))
    assert asked.value.doubt is doubt
    assert published.undertakings.of_unit(OF_A, "2026", "t.a") == ()
    assert published.undertakings.add(OF_A, undertaking(text=text), {doubt}).text == text


def test_plain_words_and_days_are_not_asked_about(published: Services) -> None:
    published.undertakings.add(OF_A, undertaking(text="Trước 30/6, rút còn 2 buổi họp mỗi tuần theo Kế hoạch 15/KH-SNV."))


def test_a_unit_has_no_endless_list(published: Services) -> None:
    for _number in range(MOST):
        published.undertakings.add(OF_A, undertaking())
    with pytest.raises(SurveyError, match=str(MOST)):
        published.undertakings.add(OF_A, undertaking())


def test_everybody_is_told_the_theme_and_never_the_question_or_what_is_kept_inside(published: Services) -> None:
    published.undertakings.add(OF_A, undertaking(measure="item:KC1", text="Công khai."))
    published.undertakings.add(OF_A, undertaking(text="Chỉ trong đơn vị.", announced=False))
    told = published.undertakings.announced("2026")
    assert [(one.text, one.measure) for one in told] == [("Công khai.", "theme:KC")]
    assert {one.text for one in published.undertakings.of_unit(OF_A, "2026", "t.a")} == {"Công khai.", "Chỉ trong đơn vị."}
    above = published.undertakings.add(OPERATOR, undertaking("t", text="Của tỉnh.", announced=False))
    assert above not in published.undertakings.of_unit(OF_A, "2026", "t")
    with pytest.raises(NotAllowed):
        published.undertakings.of_unit(OF_A, "2026", "t.k")


def test_respondents_of_the_next_wave_are_told_their_own_units_and_those_above(published: Services) -> None:
    for unit, text in (("t.a", "Của A."), ("t", "Của tỉnh."), ("t.h", "Của H.")):
        published.undertakings.add(OPERATOR, undertaking(unit, text=text))
    done = published.undertakings.of_unit(OPERATOR, "2026", "t")[0]
    published.undertakings.change(OPERATOR, done, replace(done, progress=Progress.DONE))
    published.undertakings.add(OPERATOR, undertaking(text="Chỉ trong đơn vị.", announced=False))
    later = TODAY + timedelta(days=300)
    _wave, codes, _shares = open_wave(published, "2027", later)
    opened = published.collect.open(codes["Sở A"][0], later)
    heard = published.hearing.before(opened.wave, opened.unit, opened.waves)
    assert heard is not None and heard.wave.id == "2026"
    assert [one.text for one in heard.undertakings] == ["Của tỉnh.", "Của A."]  # what is done comes first
    assert published.hearing.before(heard.wave, opened.unit, opened.waves) is None
