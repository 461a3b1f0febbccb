"""Attacks on what a release says beside its cells: reliability marks, alphas, drivers, the whole without careless forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.assessing import assessed, reliability
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review import SUITE, review
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.quality import Driver, Drivers, Level, Quality, Reliability, Totals, Why
from survey.disclose.release import INDEX, TOO_FEW, Release
from survey.process.drivers import score_people
from survey.process.quality import Signs
from survey.process.tallies import tally
from tests.process.test_quality import noisy, person
from tests.process.test_scores import wave_over

POLICY = replace(Policy.load(), optimiser_seconds=0)
BEFORE = replace(POLICY, reliability_forms=0)  # marks as they were made before these attacks
SIZES = range(POLICY.reliability_base, 41)
MOST = 14  # forms of one kind that the attacker thinks of: more than any limit in units of these sizes


def organisation(questionnaire: Questionnaire, seed: int) -> tuple[list[Response], Release]:
    """Offices with staff of their own and branches below them; in each, some forms that are careless, copied or contradictory."""
    rng = np.random.default_rng(seed)
    rows, responses = "r,R,,,9\n", noisy(questionnaire, int(rng.integers(1, 5)), seed, "r")
    for office in range(4):
        rows += f"o{office},O{office},,r,60\n" + "".join(f"o{office}.{n},B{n},,o{office},60\n" for n in range(3))
        for unit in (f"o{office}", *(f"o{office}.{n}" for n in range(3))):
            size = int(rng.choice([0, 3, 8, 15, 17, 22, 25, 40, 58]))
            careless = int(rng.integers(0, max(1, size // 3)))
            responses += noisy(questionnaire, size - careless, int(rng.integers(1_000_000)), unit)
            responses += [person(questionnaire, unit, raw=int(rng.choice([1, 4, 5]))) for _ in range(careless)]
    wave = wave_over(rows)
    return responses, protect(tally(wave, questionnaire, responses), wave.plan, POLICY)


@pytest.fixture(scope="module")
def made(questionnaire: Questionnaire) -> list[tuple[list[Response], Release]]:
    found = []
    for seed in range(6):
        responses, release = organisation(questionnaire, seed)
        found.append((responses, assessed(release, responses, POLICY)))
    return found


@pytest.fixture(scope="module")
def release(made: list[tuple[list[Response], Release]]) -> Release:
    return next(one for _, one in made if one.quality and one.quality.totals and one.quality.alphas and one.quality.drivers)


def quality_of(release: Release) -> Quality:
    assert release.quality is not None
    return release.quality


def test_nothing_is_found_beside_the_numbers(made: list[tuple[list[Response], Release]]) -> None:
    for _, release in made:
        again = review(release)
        assert again.found == () and again.tried["quality"] == release.audit["quality"] > 5


def test_every_mark_and_number_speaks_of_enough_true_people(made: list[tuple[list[Response], Release]]) -> None:
    """On the true rows, which only the close can ask about; no entry is of a form."""
    marks: set[Level] = set()
    for responses, release in made:
        assert nearly_the_same(release, responses) == []
        quality, scores = quality_of(release), score_people(release.questionnaire, responses)
        units = np.array(scores.units)
        for unit, mark in quality.units.items():
            forms = int((units == unit).sum())
            assert forms >= POLICY.unit and (forms >= POLICY.reliability_base or not {Why.CONTRADICTIONS, Why.ALIKE} & {*mark.reasons})
            marks.add(mark.level)
        for group in {*quality.alphas, *quality.drivers}:
            own = np.isin(units, release.plan.strata[group])
            assert np.isfinite(scores.themes[own]).all(axis=1).sum() >= POLICY.drivers_people
        assert {*quality.units, *quality.alphas, *quality.drivers} <= {*release.plan.by_id}
    assert marks == set(Level)


# Counts of forms that follow from a mark


@pytest.fixture(scope="module")
def full(questionnaire: Questionnaire) -> Release:
    """One unit of every size, each with all its staff."""
    rows = "".join(f"u{size},U{size},,r,{size}\n" for size in SIZES)
    responses = [one for size in SIZES for one in noisy(questionnaire, size, size, f"u{size}")]
    wave = wave_over(f"r,R,,,\n{rows}")
    return protect(tally(wave, questionnaire, responses), wave.plan, POLICY)


def worlds(forms: int) -> Iterator[tuple[int, int, int]]:
    """Contradictory, copied and straight forms of a unit: every way they may be."""
    for contradictory in range(MOST):
        for copied in (0, *range(2, MOST)):
            for straight in range(MOST):
                if max(contradictory, copied, straight) <= forms:
                    yield contradictory, copied, straight


def told(full: Release, policy: Policy) -> list[str]:
    """Marks after which it is sure that 1 to k-1 forms of a unit are contradictory, or alike.

    The attacker tries every world and keeps those that give the mark he reads. He may know that nobody copied, or
    that nobody ticked down the page; he then knows more of the other kind.
    """
    found = []
    for size in SIZES:
        possible: dict[Reliability, tuple[set[int], set[int], set[int]]] = defaultdict(lambda: (set(), set(), set()))
        for contradictory, copied, straight in worlds(size):
            shares = (100 * count / size for count in (contradictory, copied, straight))
            signs = Signs(**dict(zip(("contradictory", "duplicated", "straight"), shares, strict=True)), forms=size, spread=12.0, top=20.0)
            of_contradictory, of_copied, of_straight = possible[reliability(full, f"u{size}", signs, policy)]
            of_contradictory.add(contradictory)
            if not straight:
                of_copied.add(copied)
            if not copied:
                of_straight.add(straight)
        few = set(range(1, policy.unit))
        found += [f"{size} forms: {mark}" for mark, counts in possible.items() if any(count and count <= few for count in counts)]
    return found


@pytest.mark.parametrize("least", [POLICY.unit, 8, 12])
def test_no_mark_tells_that_a_few_forms_are_of_some_kind(full: Release, least: int) -> None:
    assert told(full, POLICY.raised({"unit": least})) == []


def test_marks_from_shares_alone_are_caught(full: Release, questionnaire: Questionnaire) -> None:
    """Leaky control: as it was. By inverting the marks, and by the attack that needs nothing but the release."""
    assert {one.split()[0] for one in told(full, BEFORE)} == {str(size) for size in range(15, 26)}
    leaky = noisy(questionnaire, 18, 1, "a") + [person(questionnaire, "a", raw=5)] * 2 + noisy(questionnaire, 40, 2, "b")
    wave = wave_over("r,R,,,\na,A,,r,20\nb,B,,r,40\n")
    with pytest.raises(AuditFailed) as caught:
        assessed(protect(tally(wave, questionnaire, leaky), wave.plan, BEFORE), leaky, BEFORE)
    assert caught.value.findings == ("a mark that surely speaks of fewer forms than the minimum: a",)
    assert review(assessed(protect(tally(wave, questionnaire, leaky), wave.plan, POLICY), leaky, POLICY)).found == ()


def test_an_office_with_branches_has_no_mark_of_its_few_own_forms(questionnaire: Questionnaire) -> None:
    """As it was: three people of the office itself made a mark that stood beside the number of all sixty."""
    responses = [person(questionnaire, "r", raw=4)] * 3 + noisy(questionnaire, 30, 1, "r.a") + noisy(questionnaire, 30, 2, "r.b")
    wave = wave_over("r,R,,,3\nr.a,A,,r,30\nr.b,B,,r,30\n")
    release = assessed(protect(tally(wave, questionnaire, responses), wave.plan, POLICY), responses, POLICY)
    assert release.visible("r") and {*quality_of(release).units} <= {"r.a", "r.b"}
    signs = Signs(forms=3, contradictory=100.0, duplicated=100.0, straight=100.0, spread=0.0, top=0.0)
    leaky = replace(release, quality=replace(quality_of(release), units={"r": reliability(release, "r", signs, BEFORE)}))
    assert "a mark of what is no unit, or has others below it: r" in review(leaky).found


# Leaky controls: one entry of a sound release is not what it may be


def hidden_unit(release: Release) -> str:
    return next(node.id for node in release.plan.nodes if release.plan.strata[node.id] == (node.id,) and not release.visible(node.id))


def a_mark(level: Level, *reasons: Why, unit: str = "") -> Callable[[Release], Release]:
    def leak(release: Release) -> Release:
        quality = quality_of(release)
        return replace(
            release, quality=replace(quality, units={**quality.units, unit or hidden_unit(release): Reliability(level, reasons)})
        )

    return leak


def a_mark_told_more(*reasons: Why, level: Level = Level.LOW) -> Callable[[Release], Release]:
    """A small unit's mark, with reasons from its answers."""

    def leak(release: Release) -> Release:
        quality = quality_of(release)
        unit = next(unit for unit, mark in quality.units.items() if Why.FEW in mark.reasons)
        return replace(release, quality=replace(quality, units={unit: Reliability(level, reasons or quality.units[unit].reasons)}))

    return leak


def an_alpha(value: float, unit: str = "r", theme: str = "KC") -> Callable[[Release], Release]:
    return lambda release: replace(release, quality=replace(quality_of(release), alphas={unit: {theme: value}}))


def drivers(people: int, share: float = 20.0, unit: str = "r") -> Callable[[Release], Release]:
    part = Drivers(people, 40, (Driver("KC", share, 15.0, 25.0),))
    return lambda release: replace(release, quality=replace(quality_of(release), drivers={unit: part}))


def totals(marked: int, index: int | None = None) -> Callable[[Release], Release]:
    def leak(release: Release) -> Release:
        before = quality_of(release).totals
        assert before is not None
        return replace(
            release, quality=replace(quality_of(release), totals=Totals(marked, before.index if index is None else index, before.without))
        )

    return leak


def with_a_hidden_theme(release: Release) -> Release:
    cells = release.cells.copy()
    here = (cells["unit"] == "r") & (cells["measure"] == "theme:KC")
    cells.loc[here, ["base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know"]] = np.nan
    cells.loc[here, ["options", "note", "reason"]] = ["", "", TOO_FEW]
    return replace(release, cells=cells)


@pytest.mark.parametrize(
    ("leak", "finding"),
    [
        (a_mark(Level.MEDIUM, Why.FEW), "a mark of a unit whose index is hidden"),
        (a_mark(Level.LOW, Why.ALIKE, unit="form 17"), "a mark of what is no unit, or has others below it: form 17"),
        (a_mark_told_more(Why.FEW, Why.ALIKE), "a mark of the answers of few forms"),
        (a_mark_told_more(Why.MORE_THAN_STAFF), "a mark with reasons that the shown numbers do not give"),
        (a_mark_told_more(Why.FEW, Why.FEW), "a mark with reasons that the shown numbers do not give"),
        (a_mark_told_more(level=Level.LOW), "a mark that its reasons do not give"),
        (an_alpha(0.8134), "an alpha that is not rounded (KC): r"),
        (an_alpha(0.81, unit="o0.1"), "an alpha of what is no theme of a group (KC): o0.1"),
        (an_alpha(0.81, theme="form 17"), "an alpha of what is no theme of a group (form 17): r"),
        (an_alpha(0.81, unit="small group"), "an alpha of what is no theme of a group (KC): small group"),
        (drivers(127), "drivers of a number of people that the shown numbers do not give: r"),
        (drivers(90), "drivers of a number of people that the shown numbers do not give: r"),
        (drivers(5000), "drivers of a number of people that the shown numbers do not give: r"),
        (drivers(100, share=19.83), "drivers that are not rounded: r"),
        (drivers(100, unit="o0.1"), "drivers of what is no group: o0.1"),
        (with_a_hidden_theme, "an alpha of hidden or too few people (KC): r"),
        (with_a_hidden_theme, "drivers of hidden or too few people: r"),
        (totals(0), "a total without careless forms that are surely too few"),
        (totals(100), "a total without careless forms that are surely too few"),
        (totals(17), "a total that is not rounded"),
        (totals(15, index=3), "a total of other people than the whole"),
    ],
)
def test_an_entry_that_says_too_much_is_caught(release: Release, leak: Callable[[Release], Release], finding: str) -> None:
    assert any(one.startswith(finding) for one in review(leak(release)).found)


def test_a_small_group_s_alpha_and_the_whole_s_total_are_caught(questionnaire: Questionnaire, release: Release) -> None:
    """The same attacks on a province of ninety people, where none of these numbers may be."""
    responses = noisy(questionnaire, 45, 1, "a") + noisy(questionnaire, 45, 2, "b")
    wave = wave_over("r,R,,,\na,A,,r,50\nb,B,,r,50\n")
    small = assessed(protect(tally(wave, questionnaire, responses), wave.plan, POLICY), responses, POLICY)
    assert quality_of(small).alphas == {} and quality_of(small).totals is None and small.visible("r", INDEX)
    leaky = replace(small, quality=replace(quality_of(release), units={}))
    found = review(leaky).found
    assert "an alpha of hidden or too few people (KC): r" in found and "drivers of hidden or too few people: r" in found
    assert "a total without careless forms where the whole is hidden or too small" in found


def test_a_hidden_theme_has_no_alpha_and_no_part_in_drivers(made: list[tuple[list[Response], Release]]) -> None:
    responses, release = next((people, one) for people, one in made if quality_of(one).drivers and "KC" in quality_of(one).alphas["r"])
    quality = quality_of(assessed(with_a_hidden_theme(release), responses, POLICY))
    assert quality.alphas["r"] and "KC" not in quality.alphas["r"] and "r" not in quality.drivers


def complete_people(release: Release, responses: list[Response]) -> dict[tuple[str, str], np.ndarray]:
    """(group, theme, or "" for drivers) -> who stands behind that number."""
    scores, items = score_people(release.questionnaire, responses), release.questionnaire.items
    units, found = np.array(scores.units), {}
    for group, alphas in quality_of(release).alphas.items():
        for theme in alphas:
            rows = scores.items[:, [place for place, item in enumerate(items) if item.theme == theme]]
            found[group, theme] = np.isin(units, release.plan.strata[group]) & np.isfinite(rows).all(axis=1)
    for group in quality_of(release).drivers:
        found[group, ""] = np.isin(units, release.plan.strata[group]) & np.isfinite(scores.themes).all(axis=1)
    return found


def nearly_the_same(release: Release, responses: list[Response]) -> list[str]:
    """Two groups with a number of the same name whose people differ by 1 to k-1: nested sets, on the true rows."""
    behind = complete_people(release, responses)
    pairs = ((one, other) for one in behind for other in behind if one[1] == other[1] and one[0] < other[0])
    return [f"{one} {other[0]}" for one, other in pairs if 0 < (behind[one] ^ behind[other]).sum() < POLICY.unit]


def test_no_alpha_is_shown_of_two_groups_that_are_nearly_the_same_people(questionnaire: Questionnaire) -> None:
    """Ten people more in the whole than in an office, who but for three left a question of each theme out."""
    first = {questionnaire.items[place].id for place in {item.theme: place for place, item in enumerate(questionnaire.items)}.values()}
    skipping = [
        replace(one, answers={item: given for item, given in one.answers.items() if item not in first})
        for one in noisy(questionnaire, 7, 3, "b")
    ]
    responses = noisy(questionnaire, 90, 1, "a.x") + noisy(questionnaire, 40, 2, "a.y") + noisy(questionnaire, 3, 4, "b") + skipping
    wave = wave_over("r,R,,,\na,A,,r,0\na.x,X,,a,90\na.y,Y,,a,40\nb,B,,r,20\n")
    release = protect(tally(wave, questionnaire, responses), wave.plan, POLICY)
    sound = assessed(release, responses, POLICY)
    assert release.visible("a") and release.visible("r") and quality_of(sound).alphas["r"] and nearly_the_same(sound, responses) == []
    both = {group: quality_of(sound).alphas["r"] for group in ("r", "a")}
    assert nearly_the_same(replace(sound, quality=replace(quality_of(sound), alphas=both)), responses) != []


def test_the_certificate_says_that_it_was_tried(release: Release) -> None:
    assert release.audit["suite"] == SUITE >= "2" and release.audit["quality"] == review(release).tried["quality"]
