"""From answers to scores 0-100: items, themes, index.

Source: Civil Service People Survey technical guides; the questionnaire's own scoring block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Item, Questionnaire, Scale

Floats = NDArray[np.float64]

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


def item_scores(questionnaire: Questionnaire, answers: NDArray[np.int64]) -> Floats:
    """Scores of `answers` (people x items, MISSING where not answered); NaN = not scored."""
    scores = np.full(answers.shape, np.nan)
    for column, item in enumerate(questionnaire.items):
        scale = questionnaire.scales[item.scale]
        given, found = answers[:, column].copy(), np.full(len(answers), np.nan)  # side by side in memory: three times as fast
        for value, score in zip(scale.values, option_scores(item, scale), strict=True):
            found[given == value] = score
        scores[:, column] = found
    return scores


def theme_scores(questionnaire: Questionnaire, scores: Floats) -> Floats:
    """A person's theme score: mean of the scored items, if at least half were answered (people x themes)."""
    columns = {item.id: place for place, item in enumerate(questionnaire.items)}
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
