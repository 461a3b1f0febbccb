"""What goes with the overall assessment: Cronbach's alpha, and Johnson's relative weights with bootstrap intervals.

A relative weight is a predictor's part of R² when predictors overlap: the predictors are replaced by
their closest orthogonal ones, whose squared standardized coefficients are given back by their squared
correlations with the predictors. Source: Johnson 2000 (Multivariate Behavioral Research 35, 1-19); Cronbach 1951.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.design.questionnaire import Questionnaire
from survey.process.response_columns import units_of
from survey.process.scored import Given, scored
from survey.process.scores import Floats, ItemScores, theme_scores

CONFIDENCE = 0.95
_BATCH = 500_000  # counts drawn at once: resamples x groups
# People above twice this are put at random into so many groups, and groups are resampled: the variance of a mean of independent people
# is that of the mean of their groups, and its estimate from 2,000 groups is off by 3 %, less than a thousand resamples are.
GROUPS = 2000
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class People:
    """Scores of people, rows in the order of the responses: items, themes (NaN = not scored), and who is in which unit."""

    units: tuple[str, ...]
    items: ItemScores
    themes: Floats


@dataclass(frozen=True, eq=False)
class Weights:
    """people: complete rows; explained: R² (0-1); share, low, high: each predictor's percent of R², 95% interval."""

    people: int
    explained: float
    share: Floats
    low: Floats
    high: Floats


def score_people(questionnaire: Questionnaire, given: Given) -> People:
    people = scored(questionnaire, given)
    return People(tuple(units_of(people.responses)), people.scores, theme_scores(questionnaire, people.scores))


def cronbach(scores: Floats) -> float | None:
    """k / (k - 1) (1 - sum of the items' variances / variance of their sum), over complete rows (people x items)."""
    rows = scores[np.isfinite(scores).all(axis=1)]
    items = rows.shape[1]
    if items < 2 or len(rows) < 2:
        return None
    whole = rows.sum(axis=1).var(ddof=1)
    return None if whole < _TINY else float(items / (items - 1) * (1 - rows.var(axis=0, ddof=1).sum() / whole))


def relative_weights(correlation: Floats) -> Floats:
    """Raw weights of the predictors (..., p); they sum to R². `correlation`: (..., p + 1, p + 1), the outcome last."""
    values, vectors = np.linalg.eigh(correlation[..., :-1, :-1])
    roots = np.sqrt(np.clip(values, _TINY, None))
    half = (vectors * roots[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    inverse = (vectors / roots[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    coefficients = inverse @ correlation[..., :-1, -1:]
    return np.asarray((half**2 @ coefficients**2)[..., 0])


def weigh(predictors: Floats, outcome: Floats, resamples: int, seed: int) -> Weights | None:
    """Relative weights over the complete rows; None where something does not vary.

    Rows are sorted first, so that the intervals depend on what was answered and not on its order.
    """
    rows = np.column_stack([predictors, outcome])
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) < 3 or (rows.std(axis=0) < _TINY).any():
        return None
    rows = rows[np.lexsort(rows.T[::-1])]
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    raw = relative_weights(rows.T @ rows / len(rows))
    if raw.sum() < _TINY:
        return None
    drawn = _resampled(rows, resamples, np.random.default_rng(seed))
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(100 * drawn / drawn.sum(axis=1, keepdims=True), [tail, 100 - tail], axis=0)
    return Weights(len(rows), float(raw.sum()), 100 * raw / raw.sum(), low, high)


def _resampled(rows: Floats, resamples: int, rng: np.random.Generator) -> Floats:
    """Raw weights of every resample: means and products of a resample are a product of its counts with those of the groups."""
    columns = rows.shape[1]
    one, other = np.triu_indices(columns)
    sums, people = _grouped(rows, rng)
    groups = len(people)
    found = []
    step = max(1, _BATCH // groups)
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        drawn = rng.integers(groups, size=(size, groups)) + groups * np.arange(size)[:, None]
        # As floats: whole numbers are multiplied without BLAS, four times slower.
        counts = np.bincount(drawn.ravel(), minlength=size * groups).reshape(size, groups).astype(float)
        moments = counts @ sums / (counts @ people)[:, None]
        mean, squares = moments[:, :columns], np.empty((size, columns, columns))
        squares[:, one, other] = squares[:, other, one] = moments[:, columns:]
        covariance = squares - mean[:, :, None] * mean[:, None, :]
        deviation = np.sqrt(np.clip(np.einsum("rii->ri", covariance), _TINY, None))
        found.append(relative_weights(covariance / deviation[:, :, None] / deviation[:, None, :]))
    return np.concatenate(found)


def _grouped(rows: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Of each group the sums of the columns and of their products, and its people: of few people everybody is a group."""
    people = len(rows)
    starts = np.arange(people)
    if people > 2 * GROUPS:
        rows, starts = rows[rng.permutation(people)], np.linspace(0, people, GROUPS, endpoint=False).astype(np.int64)
    # A column at a time: with all products of a hundred thousand people beside each other this is what needs most memory of an import.
    one, other = np.triu_indices(rows.shape[1])
    products = (rows[:, first] * rows[:, second] for first, second in zip(one.tolist(), other.tolist(), strict=True))
    sums = [np.add.reduceat(rows, starts, axis=0), *(np.add.reduceat(column, starts)[:, None] for column in products)]
    return np.hstack(sums), np.diff(np.append(starts, people)).astype(float)
