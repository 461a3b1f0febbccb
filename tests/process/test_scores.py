from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from survey.design.plan import make_plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.units_file import read_units
from survey.design.wave import Wave
from survey.i18n import Locale
from survey.process.estimates import estimate
from survey.process.intervals import wilson
from survey.process.scores import MISSING, index_scores, item_scores, mean_of_answered, theme_scores
from survey.process.tallies import EVERYBODY, Tallies, tally, tally_from_counts
from survey.source import Source


def wave_over(rows: str, **plan: object) -> Wave:
    register = read_units(Source("u.csv", ("id,name_vi,group,parent,headcount\n" + rows).encode()))
    made = make_plan(register, date(2026, 1, 1), **plan)  # type: ignore[arg-type]
    return Wave(id="w", questionnaire="q", version="1", opens=date(2026, 1, 1), closes=date(2026, 1, 2), plan=made)


def people(questionnaire: Questionnaire, unit: str, values: list[int]) -> list[Response]:
    """One person for each value: that answer, turned round where the item is, on every item."""
    return [
        Response(
            unit=unit,
            answers={item.id: 6 - value if item.reverse else value for item in questionnaire.items},
            comments={},
            breakdowns={},
        )
        for value in values
    ]


def test_an_item_scores_0_to_100_and_reverse_items_are_turned_round(questionnaire: Questionnaire) -> None:
    for item in questionnaire.items:
        column = questionnaire.items.index(item)
        answers = np.full((6, len(questionnaire.items)), MISSING)
        answers[:, column] = [1, 2, 3, 4, 5, 0]
        scores = item_scores(questionnaire, answers)[:, column]
        expected = [0, 25, 50, 75, 100]
        assert scores[:5].tolist() == (expected[::-1] if item.reverse else expected)
        assert np.isnan(scores[5])  # "don't know" is never scored


def test_a_theme_needs_half_of_its_items_and_the_index_three_quarters_of_its_themes(questionnaire: Questionnaire) -> None:
    answers = np.full((3, len(questionnaire.items)), MISSING)
    theme = {item.id: column for column, item in enumerate(questionnaire.items)}
    answers[0, theme["KC1"]] = answers[0, theme["KC2"]] = 5  # two of four
    answers[1, theme["KC1"]] = 5  # one of four
    scored = theme_scores(questionnaire, item_scores(questionnaire, answers))
    column = [t.id for t in questionnaire.themes].index("KC")
    assert scored[0, column] == 100 and np.isnan(scored[1, column])
    themes = np.full((2, len(questionnaire.themes)), np.nan)
    in_index = [number for number, t in enumerate(questionnaire.themes) if t.in_index]
    themes[0, in_index[:6]] = 60  # six of eight
    themes[1, in_index[:5]] = 60
    index = index_scores(questionnaire, themes)
    assert index[0] == 60 and np.isnan(index[1])


def test_the_overall_anchor_stands_outside_the_index(questionnaire: Questionnaire) -> None:
    themes = np.full((1, len(questionnaire.themes)), 50.0)
    themes[0, [t.id for t in questionnaire.themes].index("TQ")] = 100
    assert index_scores(questionnaire, themes)[0] == 50


def test_means_over_nothing_are_missing() -> None:
    assert np.isnan(mean_of_answered(np.full((1, 4), np.nan), 0.5)[0])


@pytest.mark.parametrize(
    ("population", "answers", "favourable", "margin", "without"),
    [(200, 120, 0.43, 5.6, 8.9), (150, 80, 0.50, 7.5, 11.0), (50, 40, 0.30, 6.4, 14.2), (500, 375, 0.60, 2.5, 5.0)],
)
def test_margins_of_the_published_guide_come_out_with_the_finite_population_correction(
    population: int, answers: int, favourable: float, margin: float, without: float
) -> None:
    from survey.process.intervals import share_margin

    assert round(share_margin(favourable, answers, population), 1) == margin
    assert round(share_margin(favourable, answers, None), 1) == without


def test_wilson_intervals_are_the_librarys_and_narrow_to_nothing_in_a_census() -> None:
    assert wilson(269, 565, None) == pytest.approx([100 * end for end in proportion_confint(269, 565, method="wilson")])
    low, high = wilson(30, 40, 50)
    free_low, free_high = wilson(30, 40, None)
    assert free_low < low < 75 < high < free_high
    assert wilson(30, 40, 40) == pytest.approx((75, 75))
    # 30 of 40 out of 50 tell as much as 147 (= 40 x 49 / 10, rounded up) out of a crowd.
    assert (low, high) == pytest.approx(wilson(0.75 * 40 * 4.9, round(40 * 4.9), None), abs=0.02)
    assert wilson(0, 12, None)[0] == pytest.approx(0)


def test_shares_and_differences_print_as_the_published_tables_do() -> None:
    vietnamese = Locale("vi")
    options = (103, 166, 176, 96, 24)
    assert [vietnamese.percent(100 * n / sum(options)) for n in options] == ["18%", "29%", "31%", "17%", "4%"]
    assert vietnamese.percent(100 * 269 / 565) == "48%"
    scores = (52.952, 58.495)
    assert [vietnamese.number(score, 0) for score in scores] == ["53", "58"]
    assert vietnamese.number(scores[0] - scores[1], 0, sign=True) == "−6"


def test_a_group_is_weighted_by_headcount_not_by_forms(questionnaire: Questionnaire) -> None:
    wave = wave_over("r,R,,,\na,A,,r,100\nb,B,,r,20\n")
    responses = people(questionnaire, "a", [5] * 10) + people(questionnaire, "b", [1] * 10)
    estimates = estimate(tally(wave, questionnaire, responses), wave.plan)
    root = [node.id for node in wave.plan.nodes].index("r")
    assert estimates.score[root, 0] == round((100 * 100 + 20 * 0) / 120, 2)
    assert estimates.base[root, 0] == 20
    # Shares are weighted like scores, so that counts and scores of a group tell one story.
    assert estimates.favourable[root, -1] == round(100 * 100 / 120, 2)


def test_a_group_with_an_unknown_headcount_counts_people_equally(questionnaire: Questionnaire) -> None:
    wave = wave_over("r,R,,,\na,A,,r,100\nb,B,,r,\n")
    responses = people(questionnaire, "a", [5] * 10) + people(questionnaire, "b", [1] * 30)
    estimates = estimate(tally(wave, questionnaire, responses), wave.plan)
    root = [node.id for node in wave.plan.nodes].index("r")
    assert estimates.score[root, 0] == pytest.approx(25)


def test_stratified_and_simple_intervals_match_their_formulas(questionnaire: Questionnaire) -> None:
    from scipy.stats import t as student

    wave = wave_over("r,R,,,\na,A,,r,40\nb,B,,r,60\n")
    answers = {"a": [1, 2, 3, 4, 5, 5, 4, 3], "b": [2, 2, 3, 4, 4, 5, 5, 5, 5, 1]}
    responses = [person for unit, values in answers.items() for person in people(questionnaire, unit, values)]
    estimates = estimate(tally(wave, questionnaire, responses), wave.plan)
    names = [node.id for node in wave.plan.nodes]
    samples = {unit: np.array([(value - 1) * 25.0 for value in values]) for unit, values in answers.items()}
    for unit, total in (("a", 40), ("b", 60)):
        x = samples[unit]
        sd = round(x.std(ddof=1), 1)  # as it is printed: the interval says no more than the spread does
        error = sd / np.sqrt(len(x)) * np.sqrt((total - len(x)) / (total - 1))
        margin = student.ppf(0.975, len(x) - 1) * error
        row = names.index(unit)
        assert estimates.sd[row, 0] == sd
        assert estimates.high[row, 0] == pytest.approx(min(100, round(x.mean(), 2) + margin), abs=0.0051)
    spread = {unit: round(x.std(ddof=1), 1) for unit, x in samples.items()}
    variance = sum((n / 100) ** 2 * (1 - len(samples[u]) / n) * spread[u] ** 2 / len(samples[u]) for u, n in (("a", 40), ("b", 60)))
    row = names.index("r")
    assert estimates.high[row, 0] - estimates.score[row, 0] == pytest.approx(student.ppf(0.975, 16) * np.sqrt(variance), abs=0.0051)


def test_everybody_answering_leaves_no_uncertainty(questionnaire: Questionnaire) -> None:
    wave = wave_over("a,A,,,8\n")
    estimates = estimate(tally(wave, questionnaire, people(questionnaire, "a", [1, 2, 3, 4, 5, 5, 4, 3])), wave.plan)
    assert estimates.low[0, 0] == pytest.approx(estimates.high[0, 0])


def test_counts_give_the_same_items_as_the_people_behind_them(questionnaire: Questionnaire) -> None:
    wave = wave_over("a,A,,,40\n")
    responses = people(questionnaire, "a", [1, 2, 3, 4, 5, 5, 4, 3])
    whole = tally(wave, questionnaire, responses)
    table = whole.tables[EVERYBODY]
    items = 1 + len(questionnaire.themes)
    again = tally_from_counts(questionnaire, table.options, table.dont_know)
    imported = Tallies(wave, questionnaire, whole.units, whole.measures, {EVERYBODY: again})
    one, two = estimate(whole, wave.plan), estimate(imported, wave.plan)
    assert np.allclose(one.score, two.score)
    assert np.allclose(one.sd[:, items:], two.sd[:, items:])
    # Without the people the spread of themes is bounded from above, never understated.
    assert (two.sd[:, :items] >= one.sd[:, :items] - 1e-9).all()
