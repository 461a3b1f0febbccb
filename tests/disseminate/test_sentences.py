"""Sentences never claim a difference that was not called, and never name a hidden number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.change import Comparison, State, compare, parent_of, side
from survey.analyse.priorities import Priority, priorities
from survey.analyse.trend import as_it_was, recast
from survey.analyse.verdicts import Verdicts
from survey.disclose.release import INDEX, NOT_AVAILABLE, PROTECTS, TOO_FEW, Cell, Release, Suppressed
from survey.disseminate import sentences
from survey.i18n import Locale
from tests.past_world import HIDDEN

EN, VI = Locale("en"), Locale("vi")
CLAIMS = re.compile(r"clearly|a clear rise|a clear fall|differ for sure\.")
SILENT = (Comparison(9.0, State.NO_CLEAR_DIFFERENCE, p=0.2), Comparison(9.0, State.NOT_TESTED, "too few answers for a test"))


@pytest.mark.parametrize("one", SILENT, ids=lambda one: str(one.state))
def test_nothing_is_claimed_of_a_difference_that_was_not_called(one: Comparison, releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    points = as_it_was(releases, "t.a")
    item = release.questionnaire.items[5]
    cell = release.cell("t.a", f"item:{item.id}")
    assert isinstance(cell, Cell)
    said = [
        sentences.how_we_are(release, "t.a", one, "t:so_ban_nganh", EN),
        sentences.what_changed([("Discipline", one)], "2024", EN),
        sentences.trend("A", points, one, EN),
        sentences.priority(Priority(item, cell, one, one), EN),
        sentences.units_and_calls({"t.a": "A"}, {("t.a", INDEX): one}, (), EN).replace("No cell differs for sure.", ""),
        sentences.index_changes({"t.a": "A"}, {"t.a": one}, "2024", EN),
        *(text.replace("is clearly", "is") for text in sentences.index_calls({"t.a": "A"}, {"t.a": one}, "all", EN)),
        *(text.replace("is clearly", "is") for text in sentences.good_and_bad([("Discipline", one)], "all", EN)),
    ]
    assert [text for text in said if CLAIMS.search(text)] == []


def test_called_differences_are_said_in_their_own_direction(releases: tuple[Release, ...]) -> None:
    release, points = releases[-1], as_it_was(releases, "t.a")
    up, down = Comparison(5.0, State.HIGHER), Comparison(-5.0, State.LOWER)
    assert "clearly higher than" in sentences.how_we_are(release, "t.a", up, "t:so_ban_nganh", EN)
    assert "clearly lower than" in sentences.how_we_are(release, "t.a", down, "t:so_ban_nganh", EN)
    changed = sentences.what_changed([("Discipline", up), ("Service", down)], "2024", EN)
    assert "clearly up: “Discipline”" in changed
    assert "clearly down: “Service”" in changed
    assert sentences.trend("A", points, up, EN).endswith("a clear rise.")
    assert sentences.trend("A", points, down, EN).endswith("a clear fall.")
    up, down = Comparison(5.0, State.HIGHER, p=0.001), Comparison(-5.0, State.LOWER, p=0.001)
    good, bad = sentences.index_calls({"t.a": "A", "t.o": "O"}, {"t.a": up, "t.o": down}, "all", EN)
    assert (good, bad) == ("Index clearly higher than all: A.", "Index clearly lower than all: O.")
    cells = (Suppressed(TOO_FEW), Suppressed(PROTECTS), Suppressed(NOT_AVAILABLE))
    table = sentences.units_and_calls({"t.a": "A", "t.o": "O"}, {("t.a", INDEX): up, ("t.o", INDEX): down}, cells, EN)
    assert "2 cells differ for sure." in table and "2 cells are hidden." in table and "For 1 cells there is no number." in table


def test_none_is_said_only_of_what_could_be_tested(releases: tuple[Release, ...]) -> None:
    """61 points in one printed wave and 70 in the next, without a base: that is no "no clear rise"."""
    point, clear = as_it_was(releases, "t.a")[-1], Comparison(0.5, State.NO_CLEAR_DIFFERENCE, p=0.6)
    untested, rose = Comparison(9.0, State.NOT_TESTED, "no base"), Comparison(9.0, State.HIGHER, p=0.001)
    assert sentences.rises_and_falls([(point, untested)] * 2, EN) == ("No change on the wave before could be tested.", "")
    assert sentences.rises_and_falls([(point, untested), (point, clear)], EN)[0] == "No change that could be tested is a clear rise."
    assert sentences.rises_and_falls([(point, clear)], EN)[1] == "In no wave was there a clear fall on the wave before."
    risen, fallen = sentences.rises_and_falls([(point, untested), (point, rose)], EN)
    assert "Clear rise" in risen and fallen == "No change that could be tested is a clear fall."
    one = {("t.a", INDEX): untested}
    assert "No cell could be tested." in sentences.units_and_calls({"t.a": "A"}, one, (), EN)
    assert "No cell differs for sure." in sentences.units_and_calls({"t.a": "A"}, {**one, ("t.b", INDEX): clear}, (), EN)


def test_over_the_whole_province_words_follow_the_tests(releases: tuple[Release, ...]) -> None:
    before, release = releases[-2:]
    for node in release.nodes():
        group = parent_of(release, node.id)
        if group is None or not before.visible(node.id):
            continue
        against = compare([(side(release, node.id, INDEX), side(release, group, INDEX))], release.policy)[0]
        said = sentences.how_we_are(release, node.id, against, group, EN)
        assert ("clearly" in said) == against.called, node.id
        changes = compare([(side(release, node.id, "theme:KC"), side(before, node.id, "theme:KC"))], release.policy)
        assert ("clearly" in sentences.what_changed([("KC", changes[0])], "2024", EN)) == changes[0].called


def test_a_hidden_unit_is_told_the_reason_and_where_its_answers_count(releases: tuple[Release, ...]) -> None:
    said = sentences.how_we_are(releases[-1], HIDDEN, None, None, VI)
    assert "ẩn do chưa đủ số phiếu" in said
    assert not re.search(r"\d", said)
    assert "Khối sở, ban, ngành" in sentences.where_to_look(releases[-1], HIDDEN, VI)


def test_numbers_are_the_releases_own_with_a_decimal_comma(releases: tuple[Release, ...]) -> None:
    cell = releases[-1].cell("t.a", INDEX)
    assert isinstance(cell, Cell)
    said = sentences.how_we_are(releases[-1], "t.a", None, None, VI)
    assert VI.number(cell.score) in said
    assert re.search(r"\d,\d", said)
    assert not re.search(r"\d\.\d", said)


def test_lineage_names_predecessors_successors_and_days(past_services: Services) -> None:
    register = past_services.results.register(OPERATOR)
    assert sentences.lineage(register, "t.m", VI).count("01/03/2025") == 1
    assert "Sở B và Sở C" in sentences.lineage(register, "t.m", VI)
    assert "28/02/2025" in sentences.lineage(register, "t.b", VI)
    assert sentences.lineage(register, "t.a", VI) == ""


def test_a_recast_is_said_not_to_be_the_units_own_and_a_break_gets_its_reason(
    past_services: Services, releases: tuple[Release, ...]
) -> None:
    register = past_services.results.register(OPERATOR)
    assert "not tested" in sentences.recast(recast(releases, register, "t.m"), EN)
    assert sentences.recast(recast(releases, register, "t.a"), EN) == ""


def test_the_first_things_to_mend_are_the_clearly_lower_ones_then_the_lowest(releases: tuple[Release, ...]) -> None:
    release = releases[-2]
    found = priorities(release, "t.b", Verdicts((release,)))
    assert len(found) == 3
    assert all(one.against.state is State.LOWER for one in found)
    gaps = [one.against.difference for one in found if one.against.difference]
    assert gaps == sorted(gaps)
    whole = priorities(release, "t", Verdicts((release,)))
    lowest = min(cell.score or 0 for item in release.questionnaire.items if isinstance(cell := release.cell("t", f"item:{item.id}"), Cell))
    outside = {item.id for item in release.questionnaire.items if not release.questionnaire.theme[item.theme].in_index}
    assert not {one.item.id for one in whole} & outside
    assert whole[0].cell.score == pytest.approx(lowest) or outside
    assert priorities(release, HIDDEN, Verdicts((release,))) == ()


def test_a_withheld_share_is_left_out_of_the_sentence_and_said_to_be(releases: tuple[Release, ...]) -> None:
    release = releases[-1]
    item = release.questionnaire.items[5]
    rows = (release.cells["unit"] == "t.a") & (release.cells["measure"] == f"item:{item.id}")
    assert rows.sum() == 1

    def shares(**changes: float) -> str:
        cells = release.cells.copy()
        for name, value in changes.items():
            cells.loc[rows, name] = value
        none = Comparison(None, State.NOT_TESTED, "no earlier wave")
        return sentences.item(replace(release, cells=cells), "t.a", item, None, none, none, None, EN)[1]

    assert "withheld" not in shares() and shares().count("answered") == 2
    for hidden in ({"unfavourable": float("nan")}, {"favourable": float("nan")}, {"dont_know": float("nan")}):
        said = shares(**hidden)
        assert said.endswith("Some shares of this question are withheld.") and said.count("answered") == 1 and "–" not in said
