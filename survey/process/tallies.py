"""Tallies: the sufficient statistics of a wave, and the rows of the people behind them while a close lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Wave
from survey.process.response_columns import categories_of, units_of
from survey.process.scored import Given, scored
from survey.process.scores import Codes, Floats, ItemScores, Measure, measures_of, option_scores

Category = tuple[str, str]  # (breakdown, category); EVERYBODY for the whole
EVERYBODY: Category = ("", "")
Group = tuple[str, Category]  # a node of the plan, and a category in it
Withheld = tuple[Group, str]  # a group and a measure ("index", "theme:KC", "forms")


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of one category in every reporting unit.

    forms: completed questionnaires (units); n: people behind a measure (units x measures): of an item
    those who scored it, of a theme or the index those who scored at least one of its items; total,
    squares: sums of item scores (0-100) and of their squares (units x items); dont_know: people (units
    x items); options: answers per point, low to high, as answered (units x items x points).
    """

    forms: Floats
    n: Floats
    total: Floats
    squares: Floats
    dont_know: Floats
    options: Floats

    def people(self, column: int | None) -> Floats:
        """People behind a measure's column in every unit; None: those who sent a form."""
        return self.forms if column is None else self.n[:, column]


@dataclass(frozen=True, eq=False)
class People:
    """One row a person. unit: column of the reporting unit; scores: people x items;
    given: people x breakdowns, the place of the category in its breakdown from 1, 0 = gave none."""

    unit: NDArray[np.int64]
    scores: ItemScores
    given: NDArray[np.int64]
    breakdowns: tuple[str, ...]

    def counted(self, category: Category, categories: Sequence[Category]) -> NDArray[np.bool_]:
        """Who is in `category` (one of `categories`)."""
        if category == EVERYBODY:
            return np.ones(len(self.unit), dtype=bool)
        place = 1 + [one for one in categories if one[0] == category[0]].index(category)
        return np.asarray(self.given[:, self.breakdowns.index(category[0])] == place)


@dataclass(frozen=True, eq=False)
class Tallies:
    """All tallies of a wave. `people`: None where only counts are known; `published`: another body has
    already protected these numbers; `withheld`: numbers that must not be shown for another reason (a correction).
    `skipped`: people x items, who was not asked (and did not answer); None where rows are not known or everybody is asked all."""

    wave: Wave
    questionnaire: Questionnaire
    units: tuple[str, ...]
    measures: tuple[Measure, ...]
    tables: Mapping[Category, Tally]
    people: People | None = None
    published: bool = False
    withheld: frozenset[Withheld] = frozenset()
    skipped: NDArray[np.bool_] | None = None

    @property
    def categories(self) -> tuple[Category, ...]:
        """All but everybody, breakdown by breakdown."""
        return tuple(category for category in self.tables if category != EVERYBODY)

    def unit_nodes(self, plan: Plan) -> NDArray[np.int64]:
        """Where each reporting unit stands among the plan's nodes."""
        place = {node.id: number for number, node in enumerate(plan.nodes)}
        return np.array([place[unit] for unit in self.units], dtype=np.int64)

    def items_of(self, column: int) -> list[int]:
        """Columns, among the items, of what a measure is made of (an item: itself; the index: of its themes)."""
        return items_of(self.questionnaire, self.measures[column])


def items_of(questionnaire: Questionnaire, measure: Measure) -> list[int]:
    """Places of the items a measure is made of: of themes and the index those that everybody is asked."""
    if measure.kind == "item":
        return [questionnaire.item_place[measure.id]] if measure.id in questionnaire.item_place else []
    if measure.kind == "theme":
        return list(questionnaire.scored_places.get(measure.id, ()))
    return sorted(place for theme in questionnaire.themes if theme.in_index for place in questionnaire.scored_places[theme.id])


def tally(wave: Wave, questionnaire: Questionnaire, given: Given) -> Tallies:
    """Count responses per reporting unit, whole and by category of every planned breakdown."""
    counted = scored(questionnaire, given)
    responses, answers, scores = counted.responses, counted.answers, counted.scores
    units = tuple(node.id for node in wave.plan.nodes if node.reporting)
    place = {unit: number for number, unit in enumerate(units)}
    unit = np.array([place[one] for one in units_of(responses)], dtype=np.int64)
    breakdowns = [b for b in questionnaire.breakdowns if b.id in wave.plan.breakdowns]
    places = np.zeros((len(responses), len(breakdowns)), dtype=np.int64)
    for column, breakdown in enumerate(breakdowns):
        codes = {category.value: 1 + number for number, category in enumerate(breakdown.published)}
        places[:, column] = [codes.get(one, 0) for one in categories_of(responses, breakdown.id)]
    people = People(unit, scores, places, tuple(b.id for b in breakdowns))
    measures = measures_of(questionnaire)
    categories = [EVERYBODY, *((b.id, str(c.value)) for b in breakdowns for c in b.published)]
    indicators = _indicators(questionnaire, measures, answers, scores)
    tables = {
        category: _tally(questionnaire, indicators, unit, people.counted(category, categories[1:]), len(units)) for category in categories
    }
    return Tallies(wave, questionnaire, units, measures, tables, people, skipped=_skipped(questionnaire, responses))


def _skipped(questionnaire: Questionnaire, responses: Sequence[Response]) -> NDArray[np.bool_] | None:
    if not any(item.of_some for item in questionnaire.items):
        return None
    gone = [questionnaire.skipped({**response.answers, **response.breakdowns}) - set(response.answers) for response in responses]
    return np.array([[item.id in one for item in questionnaire.items] for one in gone], dtype=bool).reshape(
        len(responses), len(questionnaire.items)
    )


@dataclass(frozen=True, eq=False)
class _Indicators:
    """What is summed over people. n: people x measures; dont_know: people x items; scores: of people x items."""

    n: NDArray[np.bool_]
    dont_know: NDArray[np.bool_]
    scores: ItemScores


def _indicators(questionnaire: Questionnaire, measures: Sequence[Measure], answers: Codes, scores: ItemScores) -> _Indicators:
    there = scores.there
    n = np.column_stack([there[:, items_of(questionnaire, measure)].any(axis=1) for measure in measures])
    values = [questionnaire.scales[item.scale].dont_know_value for item in questionnaire.items]
    dont_know = [answers[:, column] == value for column, value in enumerate(values)]
    return _Indicators(n, np.column_stack(dont_know), scores)


def _tally(questionnaire: Questionnaire, of: _Indicators, unit: NDArray[np.int64], chosen: NDArray[np.bool_], units: int) -> Tally:
    who = np.flatnonzero(chosen)
    place = unit[who]

    def counted(flags: NDArray[np.bool_]) -> Floats:
        columns = [np.bincount(place[flags[who, column]], minlength=units) for column in range(flags.shape[1])]
        return np.column_stack(columns).astype(float)

    points, items = of.scores.points, len(questionnaire.items)
    options = np.zeros((units, items, points))
    total, squares = np.zeros((units, items)), np.zeros((units, items))
    for column, worth in enumerate(np.nan_to_num(of.scores.worth)):
        point = of.scores.point[who, column].astype(np.intp)
        found = np.bincount(place * (points + 1) + point, minlength=units * (points + 1))
        options[:, column] = found.reshape(units, points + 1)[:, :-1]
        # One person after the other, not the counts times what they are worth: the last digit is that of every release before.
        total[:, column] = np.bincount(place, weights=worth[point], minlength=units)
        squares[:, column] = np.bincount(place, weights=(worth**2)[point], minlength=units)
    return Tally(
        forms=np.bincount(place, minlength=units).astype(float),
        n=counted(of.n),
        total=total,
        squares=squares,
        dont_know=counted(of.dont_know),
        options=options,
    )


def tally_from_counts(questionnaire: Questionnaire, options: Floats, dont_know: Floats) -> Tally:
    """A tally from item counts alone (units x items x points; units x items), as past reports give them.

    Without the people behind the counts, those behind a theme or the index are at least as many as
    scored its most answered item.
    """
    n_items = options.sum(axis=2)
    total, squares = np.zeros_like(n_items), np.zeros_like(n_items)
    for column, item in enumerate(questionnaire.items):
        scores = option_scores(item, questionnaire.scales[item.scale])
        counts = options[:, column, : len(scores)]
        total[:, column], squares[:, column] = counts @ scores, counts @ scores**2
    n = [n_items[:, items_of(questionnaire, measure)].max(axis=1, initial=0) for measure in measures_of(questionnaire)]
    return Tally((n_items + dont_know).max(axis=1, initial=0), np.column_stack(n), total, squares, dont_know, options)
