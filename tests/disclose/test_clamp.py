from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.design.questionnaire import Questionnaire, Response
from survey.disclose.attack.alike import unanimous
from survey.disclose.attack.audit import AuditFailed, certify
from survey.disclose.attack.composites import loose_composites
from survey.disclose.hide.printed import printed as print_numbers
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import ABOUT, ROUNDED_TO, Cell, Release, Suppressed
from survey.disclose.unanimity import rounded as to_steps
from survey.process.estimates import estimate
from survey.process.tallies import Tallies, tally
from tests.conftest import many
from tests.process.test_scores import people, wave_over

POLICY = Policy.load()
UNITS = "r,R,,,\na,A,,r,40\nb,B,,r,40\nc,C,,r,40\nd,D,,r,40\n"
EXACT = ("score", "sd", "low", "high", "favourable", "unfavourable")


def mixed(questionnaire: Questionnaire, unit: str, number: int, seed: int) -> list[Response]:
    rng = np.random.default_rng(seed)
    answers = rng.choice([1, 2, 3, 4, 5], (number, len(questionnaire.items)), p=[0.15, 0.2, 0.2, 0.25, 0.2])
    genders = rng.choice(["f", "m"], number)
    return [
        Response(
            unit=unit,
            answers={item.id: int(row[place]) for place, item in enumerate(questionnaire.items)},
            comments={},
            breakdowns={"gender": str(gender)},
        )
        for row, gender in zip(answers, genders, strict=True)
    ]


def answering(responses: list[Response], item: str, values: list[int]) -> list[Response]:
    return [replace(one, answers={**one.answers, item: value}) for one, value in zip(responses, values, strict=True)]


def world(questionnaire: Questionnaire, own: list[Response]) -> Tallies:
    others = [one for place, unit in enumerate("bcd") for one in mixed(questionnaire, unit, 32, seed=place)]
    return tally(wave_over(UNITS, breakdowns=["gender"]), questionnaire, own + others)


def attacked(release: Release, tallies: Tallies) -> list[str]:
    plan = release.plan
    return unanimous(release.cells, tallies, plan, {category: estimate(tallies, plan, category) for category in tallies.tables})


def bare(release: Release, tallies: Tallies, keep: str = "") -> Release:
    """The same release with the exact numbers put back, of all rows but those whose measure is `keep`."""
    cells = release.cells.set_index(["unit", "breakdown", "category", "measure"])
    for category in tallies.tables:
        true = estimate(tallies, release.plan, category)
        units, measures = [node.id for node in release.plan.nodes], [str(measure) for measure in tallies.measures]
        rows = pd.MultiIndex.from_product([units, [category[0]], [category[1]], measures], names=cells.index.names)
        exact = pd.DataFrame({name: getattr(true, name).ravel() for name in EXACT} | {"note": ""}, index=rows)
        open_ = cells.index[(cells["reason"] == "") & (cells.index.get_level_values("measure") != keep)]
        there = exact.index.intersection(open_)
        cells.loc[there, list(exact.columns)] = exact.loc[there]
    return replace(release, cells=cells.reset_index()[list(release.cells.columns)])


def printed(questionnaire: Questionnaire, values: list[int], item: str = "KC1") -> tuple[Cell, Release, Tallies]:
    own = answering(mixed(questionnaire, "a", len(values), seed=9), item, values)
    tallies = world(questionnaire, own)
    release = protect(tallies, tallies.wave.plan, POLICY)
    cell = release.cell("a", f"item:{item}")
    assert isinstance(cell, Cell)
    return cell, release, tallies


@pytest.mark.parametrize("values", [[4] * 20, [4] * 19 + [1], [5] * 10 + [4] * 10, [5] * 10 + [4] * 9 + [3]])
def test_where_all_or_all_but_one_are_favourable_a_bound_is_printed_and_nothing_that_undoes_it(
    questionnaire: Questionnaire, values: list[int]
) -> None:
    cell, release, tallies = printed(questionnaire, values)
    assert (cell.favourable, cell.bound("favourable")) == (95, "≥") and (cell.unfavourable, cell.bound("unfavourable")) == (5, "≤")
    assert cell.options == () and cell.bound("sd") == "≤"
    assert release.audit["unanimous"] == 0
    other, _, _ = printed(questionnaire, [5] * 10 + [4] * 10)
    score = sum(values) / len(values)
    if score == 4.5:  # the same mean: nothing printed tells the two groups apart
        assert cell == other
    assert any("a item:KC1" in finding for finding in attacked(bare(release, tallies), tallies))  # leaky control


def test_two_groups_with_the_same_mean_of_which_one_is_unanimous_print_the_same(questionnaire: Questionnaire) -> None:
    one, _, _ = printed(questionnaire, [4] * 20)
    other, _, _ = printed(questionnaire, [4] * 16 + [5] * 3 + [1])
    assert one == other


def test_a_mixed_group_is_printed_exactly(questionnaire: Questionnaire) -> None:
    cell, _, _ = printed(questionnaire, [5] * 8 + [4] * 6 + [3] * 3 + [2] * 2 + [1])
    assert cell.clamped == "" and cell.options == (1, 2, 3, 6, 8) and cell.favourable == 70 and cell.unfavourable == 15


def test_a_mean_at_the_end_is_a_bound_and_its_interval_reaches_the_end(questionnaire: Questionnaire) -> None:
    cell, _, _ = printed(questionnaire, [5] * 20)
    assert (cell.score, cell.bound("score"), cell.high) == (95, "≥", 100)
    assert cell.low is not None and cell.low < 95


def test_the_group_of_a_clamped_unit_does_not_give_it_away(questionnaire: Questionnaire) -> None:
    _, release, tallies = printed(questionnaire, [4] * 20)
    group = release.cell("r", "item:KC1")
    assert isinstance(group, Cell) and group.bound("favourable") in ("≈", "?") and group.bound("unfavourable") in ("≈", "?")
    assert not group.options
    told = release.cells.copy()  # leaky control: the answers by point beside a rounded number
    told.loc[(told["unit"] == "r") & (told["measure"] == "item:KC1") & (told["breakdown"] == ""), "options"] = "20,20,20,20,20"
    assert any("options beside" in finding for finding in attacked(replace(release, cells=told), tallies))
    # Leaky control: the unit's own number stays clamped, the group's is exact.
    cells = release.cells.copy()
    true = estimate(tallies, release.plan)
    column = [str(measure) for measure in tallies.measures].index("item:KC1")
    at = (cells["unit"] == "r") & (cells["measure"] == "item:KC1") & (cells["breakdown"] == "")
    cells.loc[at, ["favourable", "unfavourable"]] = [true.favourable[0, column], true.unfavourable[0, column]]
    cells.loc[at, "note"] = ""
    assert [finding for finding in attacked(replace(release, cells=cells), tallies) if "r item:KC1" in finding]


def test_one_category_beside_people_who_all_answered_alike_is_withheld_once(questionnaire: Questionnaire) -> None:
    """Of an index with one theme both numbers tell; withholding the theme's is enough for both."""
    theme = next(theme for theme in questionnaire.themes if theme.in_index)
    one = replace(questionnaire, themes=(theme,), items=questionnaire.items_of(theme.id), optional_items=(), antonym_pairs=())
    women = [replace(response, breakdowns={"gender": "f"}) for response in mixed(one, "a", 32, seed=9)]
    tallies = world(one, [*women, *people(one, "a", [5] * 6)])
    release = protect(tallies, tallies.wave.plan, POLICY)
    found = release.cell("a", f"theme:{theme.id}", "gender", "f")
    assert isinstance(found, Cell) and found.score is None and attacked(release, tallies) == []


def test_the_interval_of_a_rounded_score_says_no_more_than_the_score_and_covers_the_exact_one(questionnaire: Questionnaire) -> None:
    tallies = world(questionnaire, mixed(questionnaire, "a", 32, seed=9))
    exact = estimate(tallies, wave_over(UNITS, breakdowns=["gender"]).plan)
    marks = {name: np.full(exact.score.shape, "", dtype=object) for name in ("score", "favourable", "unfavourable")}
    marks["score"][:] = ABOUT
    nowhere = np.zeros(exact.score.shape, dtype=bool)
    values = {"score": to_steps(exact.score), "favourable": exact.favourable, "unfavourable": exact.unfavourable}
    rounded = print_numbers(exact, values, marks, nowhere[0], nowhere)
    assert (np.abs(rounded.score - exact.score) <= ROUNDED_TO / 2).all() and (rounded.score % ROUNDED_TO == 0).all()
    inside = (rounded.low > 0) & (rounded.high < 100)
    middle = (rounded.low + rounded.high) / 2
    assert inside.any() and rounded.score[inside] == pytest.approx(middle[inside])  # the ends are as far from it on both sides
    assert (rounded.low <= exact.low).all() and (rounded.high >= exact.high).all()


def test_a_theme_does_not_give_its_clamped_item_away(questionnaire: Questionnaire) -> None:
    # It is the mean of its items as they are printed, bounds and all, so there is nothing left to take off.
    _, release, tallies = printed(questionnaire, [5] * 10 + [4] * 10)
    theme = release.cell("a", "theme:KC")
    items = [release.cell("a", f"item:{item.id}") for item in questionnaire.items_of("KC")]
    assert isinstance(theme, Cell) and theme.bound("unfavourable") == "≤"
    shares = [item.unfavourable for item in items if isinstance(item, Cell) and item.unfavourable is not None]
    assert len(shares) == len(items) and theme.unfavourable == pytest.approx(sum(shares) / len(shares), abs=0.0051)
    leaky = bare(release, tallies, keep="item:KC1")
    found = loose_composites(leaky.cells, questionnaire, release.plan)
    assert "a / unfavourable: not the mean of its printed parts" in found


def test_numbers_that_another_body_has_published_stay_as_they_are(questionnaire: Questionnaire) -> None:
    own = answering(mixed(questionnaire, "a", 20, seed=9), "KC1", [4] * 20)
    tallies = replace(world(questionnaire, own), published=True)
    cell = protect(tallies, tallies.wave.plan, POLICY).cell("a", "item:KC1")
    assert isinstance(cell, Cell) and cell.favourable == 100 and cell.clamped == ""


@pytest.mark.parametrize("seed", many(4, quick=2))
def test_no_group_of_a_random_organisation_forces_an_answer(questionnaire: Questionnaire, seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = {f"u{k}": int(rng.choice([0, 3, 5, 8, 20, 45])) for k in range(9)}
    rows = "r,R,,,\n" + "".join(f"g{k},G{k},,r,\n" for k in range(3)) + "".join(f"{u},{u},,g{k % 3},60\n" for k, u in enumerate(units))
    happy = {unit: rng.dirichlet([0.1, 0.1, 0.3, 4, 3]) for unit in units}
    responses = [
        replace(one, breakdowns={"gender": str(rng.choice(["f", "m", ""]))})
        for unit, number in units.items()
        for one in people(questionnaire, unit, [int(v) for v in rng.choice([1, 2, 3, 4, 5], number, p=happy[unit])])
    ]
    tallies = tally(wave_over(rows, breakdowns=["gender"]), questionnaire, responses)
    release = protect(tallies, tallies.wave.plan, POLICY)  # raises if anything is found
    assert release.audit["unanimous"] == 0
    assert len(attacked(bare(release, tallies), tallies)) > 0  # leaky control


def test_the_audit_refuses_a_release_in_which_a_group_forces_an_answer(questionnaire: Questionnaire) -> None:
    _, release, tallies = printed(questionnaire, [4] * 20)
    estimates = {category: estimate(tallies, release.plan, category) for category in tallies.tables}
    certify(tallies, release.plan, POLICY, release.cells, estimates)
    with pytest.raises(AuditFailed) as caught:
        certify(tallies, release.plan, POLICY, bare(release, tallies).cells, estimates)
    assert "a item:KC1:  favourable" in caught.value.findings


def test_hidden_rows_carry_no_note(questionnaire: Questionnaire) -> None:
    _, release, _ = printed(questionnaire, [4] * 20)
    hidden: pd.DataFrame = release.cells[release.cells["reason"] != ""]
    assert (hidden["note"] == "").all() and isinstance(release.cell("a", "item:KC1", "gender", "f"), Suppressed)
