"""A cell has one verdict, whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.change import called, compare, parent_of, side
from survey.analyse.verdicts import AGAINST, GROUP, Verdicts
from survey.disclose.release import INDEX
from survey.disseminate.between_json import REASONS
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.pages.test_openings import waves
from tests.past_world import settle_past
from tests.verdict_readers import Cell, Said, disagreeing, read, said

WHOLE_PROVINCE = "t"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("verdicts"))}))
    settle_past(services)
    yield services
    services.close()


HEAD = Viewer(name="head", role=Role.LEADER, unit="t.a")


@pytest.mark.parametrize("wave", ["2023", "2024", "2025"])
def test_every_reader_says_the_same_of_a_cell(past: Services, wave: str) -> None:
    twice, apart = disagreeing(read(past, OPERATOR, wave))
    assert twice > 200 and not apart


def test_a_leader_of_one_unit_reads_what_the_province_reads(past: Services) -> None:
    everything = {cell: words for _reader, cell, words in read(past, OPERATOR, "2025")}
    own = {cell: words for _reader, cell, words in read(past, HEAD, "2025")}
    assert own and all(everything[cell] == words for cell, words in own.items())
    assert {unit for _wave, unit, _measure, _against in own} < {unit for _wave, unit, _measure, _against in everything}
    with pytest.raises(KeyError):
        past.results.verdicts(HEAD, "2025").of("t.b", INDEX, GROUP)


def test_a_page_with_tests_of_its_own_is_caught() -> None:
    """Control: one unit's measures as a family by themselves, as each page had it."""

    def heard(seed: int) -> Iterator[tuple[str, Cell, Said]]:
        releases = waves(seed)
        release, verdicts = releases[-1], Verdicts(releases)
        for unit in ("a", "b", "c", "d"):
            group = parent_of(release, unit)
            assert group is not None
            names = [INDEX, *(f"theme:{theme.id}" for theme in release.questionnaire.themes)]
            pairs = [(side(release, unit, one), side(release, group, one)) for one in names]
            for measure, one in zip(names, compare(pairs, release.policy), strict=True):
                yield "page", (str(seed), unit, measure, GROUP), said(one)
                yield "verdict", (str(seed), unit, measure, GROUP), said(verdicts.of(unit, measure, GROUP))

    assert disagreeing(one for seed in range(15) for one in heard(seed))[1]


def test_pages_and_files_have_no_tests_of_their_own() -> None:
    """But breakdowns, which are another question."""
    asking = {
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("pages", "commands", "survey/disseminate")
        for path in (REPOSITORY / folder).rglob("*.py")
        if "import" in path.read_text(encoding="utf-8") and "compare(" in path.read_text(encoding="utf-8")
    }
    assert asking - {"commands/results.py"} <= {"pages/leader/breakdowns.py"}  # the command is named so


def test_the_command_prints_the_verdicts(past: Services) -> None:
    line = Line(past.settings)
    printed = [json.loads(one) for one in line.done("results", "--wave", "2025", "--all-units", "--json").splitlines()]
    verdicts = past.results.verdicts(OPERATOR, "2025")
    assert len(printed) == len(past.results.release(OPERATOR, "2025").nodes())
    for one in printed:
        for measure, row in one["verdicts"].items():
            assert set(row) == set(AGAINST)
            for against, told in row.items():
                expected = verdicts.of(one["unit"], measure, against)
                assert told == {"state": expected.state.value, "difference": expected.difference, "reason": REASONS[expected.reason]}
    whole = next(one for one in printed if one["unit"] == WHOLE_PROVINCE)
    assert whole["verdicts"]["index"]["group"] == {"state": "not-tested", "difference": None, "reason": "nothing-above"}


def test_a_criterion_has_one_verdict_for_every_reader_and_all_units_are_one_family(past: Services) -> None:
    line = Line(past.settings)
    printed = [json.loads(one) for one in line.done("results", "--wave", "2025", "--all-units", "--json").splitlines()]
    told = {(one["unit"], each["id"]): each["since_launch"] for one in printed for each in one["criteria"]}
    plan = past.results.release(OPERATOR, "2025").questionnaire
    calls = past.results.verdicts(OPERATOR, "2025").since_launch(plan)
    assert set(told) == set(calls) and len(calls) > 200
    for cell, one in calls.items():
        assert told[cell] == {"state": one.state.value, "difference": one.difference, "reason": REASONS[one.reason]}
    # What one unit's head reads is what the province reads, and of his unit alone.
    own = past.results.verdicts(HEAD, "2025").since_launch(plan)
    assert own and all(calls[cell] == one for cell, one in own.items())
    assert not any(unit == "t.b" for unit, _criterion in own)
    page = past.results.criteria(HEAD, "2025", "t.a")
    assert page is not None and all(one.since == calls["t.a", one.criterion.id] for one in page.lines)
    # The family is called anew, as Benjamini and Hochberg have it, from all its chances together.
    tested = [one for one in calls.values() if one.p is not None]
    policy = past.results.release(OPERATOR, "2025").policy
    together = called(
        np.array([one.difference for one in tested]), np.array([one.p for one in tested]), policy["smallest"], policy["false_discoveries"]
    )
    assert [one.called for one in tested] == together.tolist()


def test_criteria_called_unit_by_unit_are_caught() -> None:
    """Control: had each unit its own family, as it was, other cells would be called."""
    chances, differences = np.array([[0.001, 0.02, 0.9], [0.04, 0.9, 0.9]]), np.full((2, 3), 9.0)
    alone = [called(d, p, 3.0, 0.05).tolist() for d, p in zip(differences, chances, strict=True)]
    assert alone[0] != called(differences.ravel(), chances.ravel(), 3.0, 0.05)[:3].tolist()
