"""Composites: a theme is the mean of its item means, the index the mean of its theme means.

Of those that are printed, and as they are printed: nothing is left to subtract. Source: OPM, FEVS indices; why not means
of persons: docs/decisions/0022-people.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from survey.design.questionnaire import Questionnaire
from survey.process.scores import Floats, Measure
from survey.process.tallies import Tallies, items_of
from survey.process.tree import Flags

POINTS, SPREADS = 2, 1  # decimals: everything that is printed anywhere is computed from numbers of so many


def points_of(values: Floats) -> Floats:
    return np.asarray(np.round(values, POINTS))


def spread_of(values: Floats) -> Floats:
    return np.asarray(np.round(values, SPREADS))


COMPOSED = ("score", "favourable", "unfavourable")


def composite_columns(questionnaire: Questionnaire, measures: Sequence[Measure]) -> dict[int, list[int]]:
    """Each composite's column and those of its parts: themes of items, then the index (column 0) of themes."""
    first = len(measures) - len(questionnaire.items)
    found = {column: [first + item for item in items_of(questionnaire, measures[column])] for column in range(1, first)}
    return found | {0: [column for column in range(1, first) if in_index(questionnaire, measures[column])]}


def compose(tallies: Tallies, values: Mapping[str, Floats], shown: Flags, partial: Flags, parts: Flags, items: Flags | None) -> None:
    """Put the mean of the printed parts into every composite that has some (in place).

    values: nodes x measures by name, NaN where a number is not printed; shown: which cells are; parts: which composites
    are made of printed parts (found here, and kept); items: printed items (None in a category: only themes are parts).
    """
    for column, columns in composite_columns(tallies.questionnaire, tallies.measures).items():
        if column and items is None:
            continue
        there = shown[:, columns] & np.isfinite(values["score"][:, columns])
        made = parts[:, column] = parts[:, column] | there.any(axis=1)
        lacking = (there.sum(axis=1) < len(columns)) | (there & partial[:, columns]).any(axis=1)
        partial[:, column] = np.where(made, lacking, partial[:, column])
        for name in COMPOSED:
            if column == 0 and name != "score":
                continue
            told = shown[:, columns] & np.isfinite(values[name][:, columns])
            mean, _ = mean_of_parts(values[name], told, columns, inner=True)
            # A share that some of the parts do not tell is not told of the whole either: it would be another thing.
            mean = np.where((told | ~there).all(axis=1), mean, np.nan)
            values[name][:, column] = np.where(made, points_of(mean), values[name][:, column])


def in_index(questionnaire: Questionnaire, measure: Measure) -> bool:
    return any(theme.in_index for theme in questionnaire.themes if measure.kind == "theme" and theme.id == measure.id)


def mean_of_parts(values: Floats, there: Flags, columns: Sequence[int], inner: bool = False) -> tuple[Floats, Flags]:
    """(row means over `columns` where there is something, does something lack); inner: `there` has these columns only."""
    use = there if inner else there[:, columns]
    count = use.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(use, values[:, columns], 0.0).sum(axis=1) / count
    return np.where(count > 0, mean, np.nan), count < len(columns)


def item_weights(questionnaire: Questionnaire, measure: Measure, used: Flags) -> Floats:
    """What each item counts in a composite: items alike in their theme, themes alike in the index."""
    weights: Floats = np.zeros(used.shape)
    themes = [measure.id] if measure.kind == "theme" else [theme.id for theme in questionnaire.themes if theme.in_index]
    for theme in themes:
        columns = items_of(questionnaire, Measure("theme", theme))
        count = np.maximum(used[:, columns].sum(axis=1), 1)
        weights[:, columns] = used[:, columns] / count[:, None] / len(themes)
    return weights


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Row sums of weights x values over what is there, weights made up for what is not."""
    there = np.isfinite(values)
    total = np.where(there, weights, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.nan_to_num(values) * np.where(there, weights, 0.0)).sum(axis=1) / total)
