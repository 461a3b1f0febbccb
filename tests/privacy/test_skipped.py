"""A question that only some are asked: who subtracts its answers from the forms must not find a few who were not asked.

The attacker has the release and the condition, adds and subtracts over the tree. Leaky controls: the same answers released
as if everybody had been asked (as it was), and conditions taken one by one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.design.questionnaire_file import read_questionnaire
from survey.disclose.assessing import assessed
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review import review
from survey.disclose.attack.skipped import skipped_in
from survey.disclose.hide.blocks import blocks
from survey.disclose.hide.pattern import Pattern, pattern
from survey.disclose.policy import Policy
from survey.disclose.protect import frozen, protect
from survey.disclose.release import FORMS, NOT_AVAILABLE, ONLY_SOME, Cell, Release, Suppressed
from survey.process.scores import measures_of
from survey.process.tallies import EVERYBODY, Tallies, tally, tally_from_counts
from survey.source import Source
from tests.process.test_scores import wave_over

POLICY = Policy.load()
QUESTIONS = """
meta: {id: some, version: "1", title_vi: Thử}
scale: {id: five, points: [{value: 1, vi: Kém}, {value: 2, vi: Yếu}, {value: 3, vi: Vừa}, {value: 4, vi: Khá}, {value: 5, vi: Tốt}]}
themes: [{id: A, vi: Chung}, {id: B, vi: Đào tạo}]
items:
  - {id: A1, theme: A, vi: Mọi người}
  - {id: A2, theme: A, vi: Ai đã học, relevant: "${trained} = 'co'"}
  - {id: B1, theme: B, vi: Khóa học có ích, relevant: "${trained} = 'co'"}
  - {id: B2, theme: B, vi: Muốn được học, relevant: "${trained} = 'khong'"}
breakdown_fields:
  - {id: trained, vi: Đã học, options: [{code: co, vi: Có}, {code: khong, vi: Không}]}
"""
UNITS = "r,Tỉnh,,,0\na,A,,r,60\nb,B,,r,50\nc,C,,r,40\n"


@pytest.fixture(scope="module")
def some() -> Questionnaire:
    return read_questionnaire(Source("q.yaml", QUESTIONS.encode()))


def answered(trained: dict[str, tuple[int, int, int]], silent: int = 0, seed: int = 0) -> list[Response]:
    """`trained`: of each unit how many had a course, had none, and did not say. `silent`: of who was asked, who gave no answer."""
    rng = np.random.default_rng(seed)
    made: list[Response] = []
    for unit, counts in trained.items():
        for said, people in zip(("co", "khong", ""), counts, strict=True):
            for _ in range(people):
                asked = {"co": ("A1", "A2", "B1"), "khong": ("A1", "B2"), "": ("A1",)}[said]
                quiet, silent = silent > 0 and said == "co", silent - (silent > 0 and said == "co")
                answers = {item: int(rng.integers(1, 6)) for item in asked if item == "A1" or not quiet}
                made.append(Response(unit=unit, answers=answers, comments={}, breakdowns={"trained": said} if said else {}))
    return made


def counted(questionnaire: Questionnaire, responses: list[Response], rows: bool = True) -> Tallies:
    """`rows`: False as a file of counts gives them."""
    found = tally(wave_over(UNITS, breakdowns=("trained",)), questionnaire, responses)
    if rows:
        return found
    tables = {category: tally_from_counts(questionnaire, table.options, table.dont_know) for category, table in found.tables.items()}
    return Tallies(found.wave, questionnaire, found.units, measures_of(questionnaire), {EVERYBODY: tables[EVERYBODY]})


def left_out(release: Release, items: tuple[str, ...] = ("A2", "B1", "B2")) -> list[int]:
    """The attacker: of every unit, and of what a unit leaves of those below it, how many gave no answer to each question; and to
    none of two questions whose conditions exclude each other."""
    shown = {
        (node.id, item): forms.base - cell.base
        for node in release.plan.nodes
        for item in items
        if isinstance(forms := release.cell(node.id, FORMS), Cell) and isinstance(cell := release.cell(node.id, f"item:{item}"), Cell)
    }
    found = list(shown.values())
    for (unit, item), left in shown.items():
        below = [shown[child.id, item] for child in release.plan.nodes if child.parent == unit and (child.id, item) in shown]
        if below and len(below) < 3:
            found.append(left - sum(below))
    whole = release.cell("r", FORMS)
    if isinstance(whole, Cell) and {("r", "B1"), ("r", "B2")} <= {*shown}:
        neither = shown["r", "B1"] + shown["r", "B2"] - whole.base
        found += [neither] if neither else []  # nobody: everybody was asked one of them, which says nothing of which
    return found


# In every unit few were left out, or in one; everywhere enough in the whole.
FEW = {"a": (38, 3, 0), "b": (31, 2, 0), "c": (26, 4, 0)}


@pytest.mark.parametrize("how", [pattern, blocks])
@pytest.mark.parametrize("rows", [True, False])
def test_nobody_finds_a_few_who_were_not_asked(some: Questionnaire, how: object, rows: bool) -> None:
    policy = POLICY if how is pattern else replace(POLICY, optimiser_seconds=0)
    release = protect(counted(some, answered(FEW), rows), counted(some, answered(FEW)).wave.plan, policy)
    assert [one for one in left_out(release) if one < POLICY.unit] == [] and left_out(release)
    assert review(release).found == ()
    whole = release.cell("r", "item:B1")
    assert isinstance(whole, Cell) and whole.base == 95
    for unit in "abc":
        assert release.cell(unit, "item:B1") == Suppressed(ONLY_SOME)
        assert isinstance(release.cell(unit, "item:A1"), Cell)
    assert not (release.cells["measure"].str.startswith("item:") & (release.cells["breakdown"] != "")).any()


def test_the_leaky_control_is_caught_by_each_attack(some: Questionnaire) -> None:
    """As it was: the question is released as if everybody had been asked and some had not answered."""
    plain = replace(some, items=tuple(replace(item, relevant="") for item in some.items))
    responses = answered(FEW)
    leaky = protect(counted(plain, responses), counted(plain, responses).wave.plan, POLICY)
    assert {2, 3, 4} <= {*left_out(leaky)}
    found = skipped_in(leaky.cells, some, leaky.plan, POLICY.unit)
    assert [one.split(":")[1:3] for one in found] == [[item, f" {unit}"] for item in ("A2", "B1") for unit in "abc"]
    assert any("gave no answer" in one for one in review(replace(leaky, questionnaire=some)).found)
    tallies = counted(some, responses)
    hidden = pattern(counted(plain, responses), tallies.wave.plan, POLICY)
    assert hidden is not None
    with pytest.raises(AuditFailed) as refused:
        frozen(tallies, tallies.wave.plan, POLICY, hidden, "control")
    assert any("were asked differently" in one for one in refused.value.findings)


@pytest.mark.parametrize("silent", [0, 7])
@pytest.mark.parametrize("not_asked", [0, 1, 4, 5, 12])
def test_the_whole_shows_it_where_those_not_asked_are_a_group(some: Questionnaire, not_asked: int, silent: int) -> None:
    """Also where others gave no answer: that nobody knows how many these are is no protection."""
    responses = answered({"a": (38, not_asked, 0), "b": (31, 0, 0), "c": (26, 0, 0)}, silent)
    release = protect(counted(some, responses), counted(some, responses).wave.plan, POLICY)
    found = release.cell("r", "item:B1")
    assert found == Suppressed(ONLY_SOME) if not_asked < POLICY.unit else isinstance(found, Cell) and found.base == 95 - silent
    assert all(one >= POLICY.unit for one in left_out(release))


def test_the_threshold_is_the_release_s_own(some: Questionnaire) -> None:
    tallies = counted(some, answered({"a": (38, 6, 0), "b": (31, 0, 0), "c": (26, 0, 0)}))
    for least, shown in ((5, True), (6, True), (7, False)):
        plan = replace(tallies.wave.plan, minimum_base={"unit": least})
        made = protect(replace(tallies, wave=replace(tallies.wave, plan=plan)), plan, POLICY)
        assert made.visible("r", "item:B1") is shown


@pytest.mark.parametrize("rows", [True, False])
def test_two_conditions_side_by_side_cut_off_no_small_group(some: Questionnaire, rows: bool) -> None:
    """Three people did not say whether they were trained: neither question was asked of them."""
    tallies = counted(some, answered({"a": (38, 20, 2), "b": (31, 19, 1), "c": (26, 14, 0)}), rows)
    plan = tallies.wave.plan
    release = protect(tallies, plan, POLICY)
    assert release.visible("r", "item:B1") and release.cell("r", "item:B2") == Suppressed(ONLY_SOME)
    assert all(one >= POLICY.unit for one in left_out(release))
    if rows:  # leaky control: each condition by itself
        hidden = pattern(tallies, plan, POLICY)
        assert hidden is not None
        whole = hidden.cells[EVERYBODY].copy()
        whole[[node.id for node in plan.nodes].index("r"), -1] = ""
        with pytest.raises(AuditFailed, match="3 people were asked differently"):
            frozen(tallies, plan, POLICY, Pattern({**hidden.cells, EVERYBODY: whole}, hidden.forms), "control")
    enough = counted(some, answered({"a": (38, 20, 4), "b": (31, 19, 1), "c": (26, 14, 0)}), rows)
    assert protect(enough, plan, POLICY).visible("r", "item:B2")


@pytest.mark.parametrize("rows", [True, False])
def test_no_theme_and_no_index_holds_it(some: Questionnaire, rows: bool) -> None:
    """What is not in a composite cannot be subtracted from it."""
    responses = answered(FEW)
    release = protect(counted(some, responses, rows), counted(some, responses).wave.plan, POLICY)
    assert [theme.in_index for theme in some.themes] == [True, False]
    for unit in "rabc":
        alone, theme, index = (release.cell(unit, measure) for measure in ("item:A1", "theme:A", "index"))
        assert isinstance(alone, Cell) and isinstance(theme, Cell) and isinstance(index, Cell)
        assert alone.score == theme.score == index.score and not theme.partial
        assert alone.base == theme.base == index.base
        assert release.cell(unit, "theme:B") == Suppressed(NOT_AVAILABLE)
    assert assessed(protect(counted(some, responses), release.plan, POLICY), responses, POLICY).quality is not None


def test_a_plan_of_several_tops_has_no_whole(some: Questionnaire) -> None:
    responses = answered(FEW)
    wave = wave_over("a,A,,,60\nb,B,,,50\nc,C,,,40\n")
    release = protect(tally(wave, some, responses), wave.plan, POLICY)
    assert all(release.cell(unit, "item:B1") == Suppressed(ONLY_SOME) for unit in "abc")
