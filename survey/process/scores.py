"""From answers to scores 0-100: items, themes, index.

Source: Civil Service People Survey technical guides; the questionnaire's own scoring block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Item, Questionnaire, Scale

Floats = NDArray[np.float64]
Codes = NDArray[np.signedinteger[Any]]  # of answers, as narrow as they fit (narrow)

THEME_ANSWERED = 0.5  # a person's theme score needs at least half of its items
INDEX_ANSWERED = 0.75  # a person's index needs at least three quarters of its themes
MISSING = -1


@dataclass(frozen=True, order=True)
class Measure:
    """One thing that is scored: the index, a theme or an item."""

    kind: str  # "index" | "theme" | "item"
    id: str

    def __str__(self) -> str:
        return self.kind if self.kind == "index" else f"{self.kind}:{self.id}"


INDEX = Measure("index", "index")


def measures_of(questionnaire: Questionnaire) -> tuple[Measure, ...]:
    """Index, themes, items: the order of every table."""
    themes = tuple(Measure("theme", theme.id) for theme in questionnaire.themes)
    items = tuple(Measure("item", item.id) for item in questionnaire.items)
    return (INDEX, *themes, *items)


def option_scores(item: Item, scale: Scale) -> Floats:
    """Score of each point, from the worst (0) to the best (100), turned round for negatively worded items."""
    values = np.array(scale.values, dtype=float)
    scores: Floats = (values - values[0]) / (values[-1] - values[0]) * 100
    return 100 - scores if item.reverse else scores


def narrow(least: int, most: int) -> type[np.signedinteger[Any]]:
    """The smallest type that holds whole numbers from `least` to `most`: of a hundred thousand people every byte is four megabytes."""
    return next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max)


@dataclass(frozen=True, eq=False)
class ItemScores:
    """Scores of people x items, NaN = not scored, held as places on the items' scales: a byte each instead of eight.

    point: people x items, the place of the answer on its scale, `points` where it is none; worth: items x (points + 1).
    Read scores as of an array: scores[rows, columns].
    """

    point: Codes
    worth: Floats

    @property
    def points(self) -> int:
        return int(self.worth.shape[1]) - 1

    @property
    def there(self) -> NDArray[np.bool_]:
        """Who was scored (people x items)."""
        return np.asarray(self.point != self.points)

    def __getitem__(self, at: tuple[slice | NDArray[Any], int | slice | Sequence[int]]) -> Floats:
        rows, columns = at
        places = self.point[rows][:, columns]
        return np.asarray(self.worth[np.arange(len(self.worth))[columns], places])

    def some(self, chosen: NDArray[np.bool_]) -> ItemScores:
        return ItemScores(self.point[chosen], self.worth)


def item_scores(questionnaire: Questionnaire, answers: NDArray[Any]) -> ItemScores:
    """Scores of `answers` (people x items, MISSING where not answered)."""
    points = most_points(questionnaire)
    point = np.empty(answers.shape, dtype=narrow(0, points))
    worth = np.full((len(questionnaire.items), points + 1), np.nan)
    for column, item in enumerate(questionnaire.items):
        scale = questionnaire.scales[item.scale]
        given, found = answers[:, column].copy(), np.full(len(answers), points, dtype=point.dtype)  # side by side: three times as fast
        for place, value in enumerate(scale.values):
            found[given == value] = place
        point[:, column] = found
        worth[column, : len(scale.values)] = option_scores(item, scale)
    return ItemScores(point, worth)


def most_points(questionnaire: Questionnaire) -> int:
    return max(3, *(len(scale.points) for scale in questionnaire.scales.values()))


def theme_scores(questionnaire: Questionnaire, scores: ItemScores) -> Floats:
    """A person's theme score: mean of the scored items, if at least half were answered (people x themes)."""
    columns = questionnaire.item_place
    themes = []
    for theme in questionnaire.themes:
        part = scores[:, [columns[item.id] for item in questionnaire.scored_in(theme.id)]]
        themes.append(mean_of_answered(part, THEME_ANSWERED))
    return np.column_stack(themes)


def index_scores(questionnaire: Questionnaire, themes: Floats) -> Floats:
    """A person's index: mean over the themes `in_index`, if three quarters of them are scored (people,)."""
    chosen = [place for place, theme in enumerate(questionnaire.themes) if theme.in_index]
    return mean_of_answered(themes[:, chosen], INDEX_ANSWERED)


def mean_of_answered(part: Floats, least: float) -> Floats:
    """Row means over what is not NaN, NaN where less than `least` of the columns is there."""
    there = np.isfinite(part)
    count = there.sum(axis=1)
    total = np.where(there, part, 0.0).sum(axis=1)
    enough = (count >= least * part.shape[1]) & (count > 0)
    return np.where(enough, total / np.maximum(count, 1), np.nan)
