"""Tallies: the sufficient statistics of a wave. From here on there are no people, only counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Wave
from survey.process.scores import (
    INDEX_ANSWERED,
    MISSING,
    THEME_ANSWERED,
    Floats,
    Measure,
    index_scores,
    item_scores,
    measures_of,
    option_scores,
    theme_scores,
)

Category = tuple[str, str]  # (breakdown, category); EVERYBODY for the whole
EVERYBODY: Category = ("", "")
Group = tuple[str, Category]  # a node of the plan, and a category in it
Withheld = tuple[Group, str]  # a group and a measure ("index", "theme:KC", "forms")


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of one category in every reporting unit: arrays of units x measures.

    n: scored people; total and squares: sums of their scores (0-100) and squares; dont_know: people;
    options: units x measures x points, answers per point (items: raw, low to high; themes:
    unfavourable, neutral, favourable); forms: completed questionnaires per unit.
    """

    forms: Floats
    n: Floats
    total: Floats
    squares: Floats
    dont_know: Floats
    options: Floats


@dataclass(frozen=True, eq=False)
class Tallies:
    """All tallies of a wave. `published`: another body has already protected these numbers; `apart`:
    pairs of groups (node, category) that are nearly the same people and must not both be shown;
    `withheld`: numbers that must not be shown for another reason (a correction)."""

    wave: Wave
    questionnaire: Questionnaire
    units: tuple[str, ...]
    measures: tuple[Measure, ...]
    tables: Mapping[Category, Tally]
    published: bool = False
    apart: tuple[tuple[Group, Group], ...] = ()
    withheld: frozenset[Withheld] = frozenset()


def tally(wave: Wave, questionnaire: Questionnaire, responses: Sequence[Response]) -> Tallies:
    """Count `responses` per reporting unit, whole and by category of every planned breakdown."""
    units = tuple(node.id for node in wave.plan.nodes if node.reporting)
    place = {unit: number for number, unit in enumerate(units)}
    rows = np.array([place[response.unit] for response in responses], dtype=np.int64)
    answers = answer_matrix(questionnaire, responses)
    measured = _measured(questionnaire, answers)
    tables: dict[Category, Tally] = {EVERYBODY: _tally(questionnaire, rows, answers, measured, len(units))}
    for breakdown in questionnaire.breakdowns:
        if breakdown.id not in wave.plan.breakdowns:
            continue
        given = np.array([response.breakdowns.get(breakdown.id, "") for response in responses], dtype=object)
        for category in breakdown.published:
            chosen = given == category.value
            tables[(breakdown.id, str(category.value))] = _tally(questionnaire, rows[chosen], answers[chosen], measured[chosen], len(units))
    return Tallies(wave, questionnaire, units, measures_of(questionnaire), tables)


def answer_matrix(questionnaire: Questionnaire, responses: Sequence[Response]) -> NDArray[np.int64]:
    answers = np.full((len(responses), len(questionnaire.items)), MISSING, dtype=np.int64)
    for column, item in enumerate(questionnaire.items):
        for row, response in enumerate(responses):
            answers[row, column] = response.answers.get(item.id, MISSING)
    return answers


def _measured(questionnaire: Questionnaire, answers: NDArray[np.int64]) -> Floats:
    items = item_scores(questionnaire, answers)
    themes = theme_scores(questionnaire, items)
    return np.column_stack([index_scores(questionnaire, themes), themes, items])


def _tally(questionnaire: Questionnaire, rows: NDArray[np.int64], answers: NDArray[np.int64], measured: Floats, units: int) -> Tally:
    def per_unit(values: NDArray[np.generic]) -> Floats:
        out = np.zeros((units, *values.shape[1:]))
        np.add.at(out, rows, values.astype(float))
        return out

    scored = np.isfinite(measured)
    filled = np.where(scored, measured, 0.0)
    first_item = 1 + len(questionnaire.themes)
    points = max(3, *(len(scale.points) for scale in questionnaire.scales.values()))
    options = np.zeros((len(rows), measured.shape[1], points))
    dont_know = np.zeros(measured.shape)
    for column, item in enumerate(questionnaire.items):
        scale = questionnaire.scales[item.scale]
        dont_know[:, first_item + column] = answers[:, column] == scale.dont_know_value
        for number, value in enumerate(scale.values):
            options[:, first_item + column, number] = answers[:, column] == value
    for number, theme in enumerate(questionnaire.themes, start=1):
        for column, item in enumerate(questionnaire.items):
            if item.theme == theme.id:
                score = measured[:, first_item + column]
                for side, chosen in enumerate((score < 50, score == 50, score > 50)):
                    options[:, number, side] += chosen
    return Tally(
        forms=per_unit(np.ones(len(rows))),
        n=per_unit(scored),
        total=per_unit(filled),
        squares=per_unit(filled**2),
        dont_know=per_unit(dont_know),
        options=per_unit(options),
    )


def tally_from_counts(questionnaire: Questionnaire, options: Floats, dont_know: Floats) -> Tally:
    """A tally from item counts alone (units x items x points; units x items), as past reports give them.

    Without the people behind the counts a theme is the mean of its items and the index the mean of
    its themes, on the smallest base among them, and the spread is bounded from above by the mean of
    the parts' standard deviations (they cannot vary more than if all moved together), so intervals
    are too wide rather than too narrow.
    """
    units = options.shape[0]
    n_items = options.sum(axis=2)
    total = np.zeros_like(n_items)
    squares = np.zeros_like(n_items)
    shares = np.zeros((units, len(questionnaire.items), 3))
    for column, item in enumerate(questionnaire.items):
        scores = option_scores(item, questionnaire.scales[item.scale])
        counts = options[:, column, : len(scores)]
        total[:, column] = counts @ scores
        squares[:, column] = counts @ scores**2
        for side, chosen in enumerate((scores < 50, scores == 50, scores > 50)):
            shares[:, column, side] = counts[:, chosen].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n_items
        spread = np.sqrt(np.maximum(squares / n_items - mean**2, 0))
    parts = [
        _combine(mean[:, chosen], spread[:, chosen], n_items[:, chosen], THEME_ANSWERED)
        for theme in questionnaire.themes
        if (chosen := [c for c, item in enumerate(questionnaire.items) if item.theme == theme.id])
    ]
    theme_mean, theme_spread, theme_n = (np.column_stack([part[k] for part in parts]) for k in range(3))
    in_index = [k for k, theme in enumerate(questionnaire.themes) if theme.in_index]
    index = _combine(theme_mean[:, in_index], theme_spread[:, in_index], theme_n[:, in_index], INDEX_ANSWERED)
    means = np.column_stack([index[0], theme_mean])
    spreads = np.column_stack([index[1], theme_spread])
    bases = np.column_stack([index[2], theme_n])
    means, spreads = np.nan_to_num(means), np.nan_to_num(spreads)
    theme_options = np.stack(
        [
            shares[:, [c for c, item in enumerate(questionnaire.items) if item.theme == theme.id]].sum(axis=1)
            for theme in questionnaire.themes
        ],
        axis=1,
    )
    points = options.shape[2]
    top = np.zeros((units, 1 + len(questionnaire.themes), points))
    top[:, 1:, :3] = theme_options
    blank = np.zeros((units, 1 + len(questionnaire.themes)))
    return Tally(
        forms=(n_items + dont_know).max(axis=1, initial=0),
        n=np.column_stack([bases, n_items]),
        total=np.column_stack([means * bases, total]),
        squares=np.column_stack([(means**2 + spreads**2) * bases, squares]),
        dont_know=np.column_stack([blank, dont_know]),
        options=np.concatenate([top, options], axis=1),
    )


def _combine(means: Floats, spreads: Floats, bases: Floats, least: float) -> tuple[Floats, Floats, Floats]:
    there = bases > 0
    count = there.sum(axis=1)
    enough = (count >= least * means.shape[1]) & (count > 0)
    divisor = np.maximum(count, 1)
    smallest = np.where(there, bases, np.inf).min(axis=1, initial=np.inf)
    base = np.where(enough, smallest, 0.0)
    return (
        np.where(there, means, 0.0).sum(axis=1) / divisor,
        np.where(there, spreads, 0.0).sum(axis=1) / divisor,
        base,
    )
