"""Paper forms: the same answers by the web page, by the paper page and by Excel; a file refused whole; two operators compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.collect.door import about_on_paper
from survey.collect.entering import Taken
from survey.collect.forms_file import read_forms
from survey.collect.forms_workbook import asked
from survey.collect.pile import Pile
from survey.design.questionnaire import Questionnaire
from survey.errors import InputRefused, NotAllowed, SurveyError
from survey.source import Source
from tests.paper_forms import PEOPLE, VI, filled, people, raw_of
from tests.small_world import TODAY, open_wave


def by_page(services: Services, questionnaire: Questionnaire, codes: Mapping[str, list[str]]) -> None:
    for number, (code, raw) in enumerate(people(questionnaire, codes)):
        services.collect.submit(code, raw, TODAY, f"{number:032x}")


def by_pile(services: Services, questionnaire: Questionnaire, codes: Mapping[str, list[str]]) -> None:
    pile = Pile("2026")
    for number, (code, raw) in enumerate(people(questionnaire, codes)):
        pile.hold(code, raw, f"{number:032x}")
    assert services.entering.send(OPERATOR, "2026", pile.entries.values(), TODAY).spent == ()


def by_excel(services: Services, questionnaire: Questionnaire, codes: Mapping[str, list[str]]) -> None:
    file = filled(services.entering.template(OPERATOR, "2026", VI), questionnaire, people(questionnaire, codes))
    batch = services.entering.read(OPERATOR, "2026", Source("phieu.xlsx", file), TODAY)
    assert services.entering.take(OPERATOR, "2026", batch, TODAY) == Taken(sum(PEOPLE.values()), 0, ())


@pytest.mark.slow  # three waves from their opening to their close
def test_identical_answers_by_three_channels_give_identical_releases(tmp_path: Path) -> None:
    hashes, comments = [], []
    for channel in (by_page, by_pile, by_excel):
        services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / channel.__name__)}))
        wave, codes, shares = open_wave(services)
        channel(services, services.entering.questionnaire(OPERATOR, wave.id), codes)
        release = services.closing.close(OPERATOR, wave.id, shares)
        assert release.visible("t.a") and release.protocol["ballots"] == sum(PEOPLE.values())
        assert release.protocol["paper"] == (None if channel is by_page else 5 * round(sum(PEOPLE.values()) / 5))
        hashes.append(release.hash)  # over every cell and the quality
        comments.append(sorted((one.unit, one.text) for one in services.commenting.comments(OPERATOR, wave.id)))
        services.close()
    assert len(set(hashes)) == 1
    assert comments[0] and comments[0] == comments[1] == comments[2]


@pytest.mark.parametrize(
    ("paper", "ballots", "named"),
    [(0, 40, None), (4, 40, None), (5, 40, 5), (7, 40, 5), (8, 40, 10), (22, 40, 20), (35, 40, 35), (36, 40, None), (39, 40, None), (40, 40, 40)],
)  # fmt: skip
def test_the_minutes_name_a_channel_only_about_and_only_where_neither_is_a_few(paper: int, ballots: int, named: int | None) -> None:
    assert about_on_paper(paper, ballots, 5) == named


def test_nobody_learns_from_the_minutes_whether_one_more_paper_form_was_handed_in() -> None:
    """Whoever knows of n people who took paper forms sees the same for n, and for n without one, more often than not."""
    told = sum(about_on_paper(n, 200, 5) != about_on_paper(n - 1, 200, 5) for n in range(1, 100))
    assert told <= 100 / 5
    assert sum(n != n - 1 for n in range(1, 100)) == 99  # the control: exact


@pytest.fixture
def questionnaire_of(sqlite_services: Services) -> tuple[Questionnaire, dict[str, list[str]]]:
    wave, codes, _ = open_wave(sqlite_services)
    return sqlite_services.entering.questionnaire(OPERATOR, wave.id), codes


def test_a_file_is_refused_whole_with_every_error_in_its_row_and_column(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    questionnaire, codes = questionnaire_of
    services = sqlite_services
    template = services.entering.template(OPERATOR, "2026", VI)
    first = asked(questionnaire)[0].id
    wrong = {"A5": "ABCD", "A6": "0000-0000-0000-0000", "A7": codes["Sở A"][0], "B8": 9, "C8": "Rất ghét", "A9": None}
    file = filled(template, questionnaire, people(questionnaire, codes), **wrong)
    with pytest.raises(InputRefused) as refused:
        services.entering.read(OPERATOR, "2026", Source("phieu.xlsx", file), TODAY)
    found = {(problem.row, problem.column) for problem in refused.value.problems}
    assert found == {(5, "Mã phiếu"), (6, "Mã phiếu"), (7, "Mã phiếu"), (8, first), (8, asked(questionnaire)[1].id), (9, "Mã phiếu")}
    assert all(problem.cure for problem in refused.value.problems)
    assert "row 4 already" in str([problem.message.format(**problem.values) for problem in refused.value.problems])
    assert services.box.count("2026") == 0


def test_the_same_file_twice_counts_once_and_a_code_used_elsewhere_is_told_after_sending_alone(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    """A check that told spent codes and stored nothing would tell whoever has the list of codes who has answered."""
    questionnaire, codes = questionnaire_of
    services = sqlite_services
    services.collect.submit(codes["Sở A"][2], {"answers": {}}, TODAY, "ab" * 16)
    file = filled(services.entering.template(OPERATOR, "2026", VI), questionnaire, people(questionnaire, codes))
    source = Source("phieu.xlsx", file)
    batch = services.entering.read(OPERATOR, "2026", source, TODAY)  # nothing is said of the spent one
    total = sum(PEOPLE.values())
    assert services.entering.take(OPERATOR, "2026", batch, TODAY) == Taken(total - 1, 0, (6,))
    batch = services.entering.read(OPERATOR, "2026", source, TODAY)
    assert services.entering.take(OPERATOR, "2026", batch, TODAY) == Taken(0, total - 1, (6,))
    assert services.box.count("2026") == total


def test_what_a_form_says_does_not_decide_whether_it_was_sent_before(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    questionnaire, codes = questionnaire_of
    services = sqlite_services
    template = services.entering.template(OPERATOR, "2026", VI)
    one = codes["Sở A"][0]
    said = []
    for person in (1, 2):  # other answers in the same template
        file = filled(template, questionnaire, iter([(one, raw_of(questionnaire, person))]))
        batch = services.entering.read(OPERATOR, "2026", Source("phieu.xlsx", file), TODAY)
        said.append(services.entering.take(OPERATOR, "2026", batch, TODAY))
    assert said == [Taken(1, 0, ()), Taken(0, 1, ())]
    fresh = filled(services.entering.template(OPERATOR, "2026", VI), questionnaire, iter([(one, raw_of(questionnaire, 1))]))
    batch = services.entering.read(OPERATOR, "2026", Source("phieu.xlsx", fresh), TODAY)
    assert services.entering.take(OPERATOR, "2026", batch, TODAY) == Taken(0, 0, (4,))


def test_two_entries_are_compared_field_by_field(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    questionnaire, codes = questionnaire_of
    services = sqlite_services
    template = services.entering.template(OPERATOR, "2026", VI)
    forms = list(people(questionnaire, codes))
    first = services.entering.read(OPERATOR, "2026", Source("a.xlsx", filled(template, questionnaire, iter(forms))), TODAY)
    before = forms[3][1]["answers"].get("KC1")
    other = 1 if before != 1 else 2
    slipped = replace_answer(forms[3], other)
    second = services.entering.read(OPERATOR, "2026", Source("b.xlsx", filled(template, questionnaire, iter([forms[1], slipped]))), TODAY)
    found = services.entering.differing(OPERATOR, "2026", first, second)
    assert [(one.code, one.place, one.first, one.second, one.rows) for one in found] == [
        (forms[3][0], "KC1", "" if before is None else str(before), str(other), (7, 5))
    ]
    stranger = replace(second, forms=(replace(second.forms[0], code=codes["Huyện K"][0]),))
    with pytest.raises(InputRefused):
        services.entering.differing(OPERATOR, "2026", first, stranger)


def replace_answer(form: tuple[str, dict[str, Any]], value: int) -> tuple[str, dict[str, Any]]:
    code, raw = form
    return code, {**raw, "answers": {**raw["answers"], "KC1": value}}


def test_a_pile_is_entered_twice_in_part_and_the_paper_decides(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    questionnaire, codes = questionnaire_of
    pile = Pile("2026")
    forms = list(people(questionnaire, codes))[:25]
    for number, (code, raw) in enumerate(forms):
        pile.hold(code, raw, f"{number:032x}")
    pile.draw()
    assert len(pile.sample) == 3 and set(pile.sample) <= {code for code, _raw in forms}
    with pytest.raises(SurveyError):
        pile.enter_again(next(code for code, _raw in forms if code not in pile.sample), {})
    by_code = dict(forms)
    wrong, right, third = pile.sample
    for code in (wrong, right):
        pile.enter_again(code, replace_answer((code, by_code[code]), 1 if by_code[code]["answers"].get("KC1") != 1 else 2)[1])
    pile.enter_again(third, by_code[third])
    assert [one.code for one in pile.differing(questionnaire)] == [wrong, right] and pile.left() == ()
    pile.settle(wrong, second_is_right=True)
    pile.settle(right, second_is_right=False)
    assert pile.differing(questionnaire) == ()
    assert pile.entries[wrong].raw["answers"]["KC1"] != by_code[wrong]["answers"].get("KC1")
    assert pile.entries[right].raw == by_code[right]
    assert codes["Sở A"][0] not in repr(pile)  # a page that fails must not print it


def test_only_organizers_enter_forms(sqlite_services: Services, questionnaire_of: object) -> None:
    for viewer in (None, Viewer(name="l", role=Role.LEADER), Viewer(name="c", role=Role.CUSTODIAN)):
        with pytest.raises(NotAllowed):
            sqlite_services.entering.template(viewer, "2026", VI)
        with pytest.raises(NotAllowed):
            sqlite_services.entering.send(viewer, "2026", (), TODAY)


def test_a_refused_file_does_not_tell_who_has_answered(
    sqlite_services: Services, questionnaire_of: tuple[Questionnaire, dict[str, list[str]]]
) -> None:
    """Somebody with the list of codes sends all of them with one row spoiled, before and after people answer."""
    questionnaire, codes = questionnaire_of
    services = sqlite_services
    template = services.entering.template(OPERATOR, "2026", VI)
    source = Source("do.xlsx", filled(template, questionnaire, people(questionnaire, codes), B4="?"))

    def careless(code: str) -> None:
        services.collect.open(code, TODAY)

    def told(belongs: Callable[[str], None] | None = None) -> str:
        with pytest.raises(InputRefused) as refused:
            if belongs:
                read_forms(source, questionnaire, belongs)
            else:
                services.entering.read(OPERATOR, "2026", source, TODAY)
        return refused.value.text(str.format)

    before, leaky = told(), told(careless)
    for code in codes["Sở A"][3:6]:
        services.collect.submit(code, {"answers": {}}, TODAY)
    assert told() == before
    assert told(careless) != leaky  # the control: a check that opens each form tells three
