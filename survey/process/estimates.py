"""From tallies of reporting units to estimates of every node: bases, means, spreads, intervals.

A unit's item score is the mean of its people. A group's or the province's is weighted by headcount over
its weighting classes (tree.py): sum of (N_c / N) mean_c, with the variance
sum of (N_c / N)^2 (1 - n_c / N_c) s_c^2 / n_c. Where a headcount is unknown people count equally and no
finite population correction is made. A theme is the mean of its item means, the index the mean of its theme
means (as OPM does for FEVS indices): of those that are printed, so that nothing is left to subtract; their
spread and interval come from people's linearised values. Points and percent have two decimals, standard
deviations one: everything that is printed anywhere is computed from these.
Source: CSPS technical guides; Cochran, Sampling Techniques, ch. 5; Woodruff 1971 (linearisation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire
from survey.process.composites import compose, in_index, item_weights, mean_of_parts, points_of, spread_of, weighted_mean
from survey.process.intervals import student
from survey.process.scores import Floats, Measure, option_scores
from survey.process.tallies import EVERYBODY, Category, Tallies, items_of
from survey.process.tree import Flags, Places, Tree


@dataclass(frozen=True, eq=False)
class Estimates:
    """Arrays of nodes x measures (forms: nodes; options: nodes x measures x points, 0 but of items); scores 0-100.

    margin: half of the 95% interval; partial: a composite some of whose parts are hidden, or answered by nobody;
    parts: whether it is the mean of printed parts; weight: what a node counts in its parent: headcount, or people
    where a headcount is unknown. Only what `shown` shows is right: the rest is not to be printed.
    """

    forms: Floats
    base: Floats
    score: Floats
    sd: Floats
    margin: Floats
    favourable: Floats
    unfavourable: Floats
    dont_know: Floats
    options: Floats
    weight: Floats
    partial: Flags
    parts: Flags

    def first(self, columns: int) -> Estimates:
        """The same of the first measures only (a category has no items)."""
        cut = {name: getattr(self, name)[:, :columns] for name in (*_NUMBERS, "options", "partial", "parts")}
        return Estimates(forms=self.forms, **cut)

    @property
    def low(self) -> Floats:
        return np.asarray(np.maximum(points_of(self.score - self.margin), 0))

    @property
    def high(self) -> Floats:
        return np.asarray(np.minimum(points_of(self.score + self.margin), 100))


def membership(tallies: Tallies, plan: Plan) -> sparse.csr_matrix:
    """Nodes x reporting units: 1 where the unit's people are counted in the node."""
    return _membership(Tree.of(plan), tallies.unit_nodes(plan), tallies.published)


def estimate(
    tallies: Tallies, plan: Plan, category: Category = EVERYBODY, shown: Mapping[Category, Flags] | None = None, tree: Tree | None = None
) -> Estimates:
    """Estimates of every node of the plan for one category; `shown`: nodes x measures of each category, None = all."""
    return _Estimating(tallies, plan, category, shown, tree or Tree.of(plan)).made()


@dataclass(frozen=True, eq=False)
class _Classes:
    """One pattern of shown nodes. own: each unit's class (-1: none); of: classes x units; within: nodes x classes."""

    own: Places
    of: sparse.csr_matrix
    within: sparse.csr_matrix
    single: Flags
    keys: Places


class _Estimating:
    def __init__(self, tallies: Tallies, plan: Plan, category: Category, shown: Mapping[Category, Flags] | None, tree: Tree) -> None:
        self._t, self._tree, self._category = tallies, tree, category
        self._table, self._whole = tallies.tables[category], tallies.tables[EVERYBODY]
        everything = np.ones((len(plan.nodes), len(tallies.measures)), dtype=bool)
        self._shown = everything if shown is None else shown[category]
        self._first = len(tallies.measures) - len(tallies.questionnaire.items)
        self._items = (everything if shown is None else shown[EVERYBODY])[:, self._first :]
        self._units = tallies.unit_nodes(plan)
        counts = [plan.by_id[unit].headcount for unit in tallies.units]
        self._population = np.array([np.nan if count is None else float(count) for count in counts])
        self._out = {name: np.full((len(plan.nodes), len(tallies.measures)), np.nan) for name in _NUMBERS}
        self._out["base"][:] = self._out["weight"][:] = self._out["dont_know"][:] = 0.0
        self._options = np.zeros((len(plan.nodes), len(tallies.measures), self._table.options.shape[2]))
        self._partial = np.zeros(self._shown.shape, dtype=bool)
        self._parts = np.zeros(self._shown.shape, dtype=bool)

    def made(self) -> Estimates:
        if self._category == EVERYBODY:
            for columns, classes in self._patterns(range(self._first, self._shown.shape[1])):
                self._estimate_items(columns, classes)
        for columns, classes in self._patterns(range(self._first)):
            self._estimate_composites(columns, classes)
        self._compose()
        within = _membership(self._tree, self._units, self._t.published)
        return Estimates(forms=within @ self._table.forms, options=self._options, partial=self._partial, parts=self._parts, **self._out)

    def _patterns(self, columns: Sequence[int]) -> Iterator[tuple[list[int], _Classes]]:
        """Measures with the same nodes shown share their classes."""
        found: dict[bytes, list[int]] = {}
        for column in columns:
            found.setdefault(np.packbits(self._shown[:, column]).tobytes(), []).append(column)
        for group in found.values():
            yield group, self._classes(self._shown[:, group[0]])

    def _classes(self, shown: Flags) -> _Classes:
        units = len(self._units)
        nearest = self._units if self._t.published else self._tree.nearest(shown)[self._units]
        keys, own = np.unique(nearest, return_inverse=True)
        there = nearest >= 0
        own = np.where(there, own - (keys[0] < 0 if len(keys) else 0), -1)
        keys = keys[keys >= 0]
        of = sparse.csr_matrix((np.ones(int(there.sum())), (own[there], np.flatnonzero(there))), shape=(len(keys), units))
        within = _membership(self._tree, keys, self._t.published)
        return _Classes(own, of, within, np.asarray(within.sum(axis=1)).ravel() == 1, keys)

    def _sizes(self, classes: _Classes, n: Floats, everybody: Floats) -> tuple[Floats, Flags]:
        """(what each class stands for: N_c, or its share in the category; is it known), classes x columns."""
        population = classes.of @ np.nan_to_num(self._population)
        known = (classes.of @ np.isnan(self._population).astype(float)) == 0
        with np.errstate(invalid="ignore", divide="ignore"):
            size = np.where(known[:, None], population[:, None] * n / (classes.of @ everybody), n)
        return np.where(n > 0, np.maximum(np.nan_to_num(size), n), 0.0), np.repeat(known[:, None], n.shape[1], axis=1)

    def _estimate_items(self, columns: list[int], classes: _Classes) -> None:
        items = [column - self._first for column in columns]
        of, table = classes.of, self._table
        n = of @ table.n[:, columns]
        size, known = self._sizes(classes, n, self._whole.n[:, columns])
        pool = _Pool(classes, n, size, known)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = of @ table.total[:, items] / n
            spread = np.sqrt(np.maximum(of @ table.squares[:, items] / n - mean**2, 0) * n / (n - 1))
        self._store(columns, pool, pool.mean(mean), *pool.spread(mean, spread))
        self._out["dont_know"][:, columns] = classes.within @ (of @ table.dont_know[:, items])
        options = np.stack([of @ table.options[:, items, point] for point in range(table.options.shape[2])], axis=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.stack([pool.mean(options[:, :, point] / n) for point in range(options.shape[2])], axis=2)
        exact = np.stack([classes.within @ options[:, :, point] for point in range(options.shape[2])], axis=2)
        base = pool.base[:, :, None]
        pooled = np.nan_to_num(points_of(100 * shares) / 100 * base)
        self._options[:, columns] = np.where(classes.single[:, None, None], exact, pooled)
        for name, side in (("favourable", 1), ("unfavourable", -1)):
            chosen = np.column_stack([_side(self._t.questionnaire, item, side, shares.shape[2]) for item in items])
            with np.errstate(invalid="ignore"):
                percent = 100 * (shares * chosen.T[None]).sum(axis=2)
            self._out[name][:, columns] = points_of(np.where(pool.base > 0, percent, np.nan))

    def _store(self, columns: Sequence[int], pool: _Pool, score: Floats, sd: Floats, margin: Floats) -> None:
        for name, values in (("score", points_of(score)), ("sd", sd), ("margin", margin), ("base", pool.base), ("weight", pool.weight)):
            self._out[name][:, columns] = values

    def _estimate_composites(self, columns: list[int], classes: _Classes) -> None:
        """Composites from their own pattern's item means; where parts are printed, _compose() puts their mean instead."""
        of, table = classes.of, self._table
        items = range(len(self._t.questionnaire.items))
        n = of @ table.n[:, self._first :]
        size, known = self._sizes(classes, n, self._whole.n[:, self._first :])
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = of @ table.total / n
            counts = (of @ table.options.reshape(len(self._units), -1)).reshape(-1, *table.options.shape[1:])
            shares = [_shares(np.ascontiguousarray(counts[:, item, :])) for item in items]
        pool = _Pool(classes, n, size, known)
        weights = {column: item_weights(self._t.questionnaire, self._t.measures[column], self._used[classes.keys]) for column in columns}
        bases = {column: of @ table.n[:, [column]] for column in columns}
        spreads = self._linearised(classes, mean, n, weights, bases)
        means = {"score": pool.mean(mean)}
        for side, name in enumerate(("favourable", "unfavourable")):
            means[name] = pool.mean(np.column_stack([_side_share(self._t.questionnaire, item, shares[item], side) for item in items]))
        for column in columns:
            base = bases[column]
            composite = _Pool(classes, base, *self._sizes(classes, base, self._whole.n[:, [column]]))
            middle = weighted_mean(mean, weights[column])[:, None]
            spread = self._of_counts(classes, mean, n, weights[column]) if spreads is None else spreads[column]
            self._store([column], composite, np.zeros_like(composite.base), *composite.spread(middle, spread[:, None]))
            for name, values in means.items():
                if name != "score" and self._t.measures[column].kind == "index":
                    continue
                theme_means, lacking = self._of_parts(column, values)
                self._out[name][:, column] = points_of(theme_means)
                if name == "score":
                    self._partial[:, column] = lacking

    @cached_property
    def _used(self) -> Flags:
        """Nodes x items: those that make up the composites of a node: of each theme the printed ones, or all where none is printed."""
        used = self._items.copy()
        for theme in self._t.questionnaire.themes:
            columns = items_of(self._t.questionnaire, Measure("theme", theme.id))
            if columns:
                used[:, columns] |= np.asarray(~used[:, columns].any(axis=1))[:, None]
        return used

    def _of_parts(self, column: int, values: Floats) -> tuple[Floats, Flags]:
        """Mean of item means, of theme means for the index, over the used items that somebody answered."""
        there = self._used & np.isfinite(values)
        measure = self._t.measures[column]
        if measure.kind == "theme":
            return mean_of_parts(values, there, items_of(self._t.questionnaire, measure))
        parts = [m for m in self._t.measures[1 : self._first] if in_index(self._t.questionnaire, m)]
        means, lacking = zip(*(mean_of_parts(values, there, items_of(self._t.questionnaire, m)) for m in parts), strict=True)
        whole, some = mean_of_parts(np.column_stack(means), np.isfinite(np.column_stack(means)), list(range(len(parts))))
        return whole, some | np.column_stack(lacking).any(axis=1)

    def _linearised(
        self, classes: _Classes, mean: Floats, n: Floats, weights: Mapping[int, Floats], bases: Mapping[int, Floats]
    ) -> dict[int, Floats] | None:
        """Of each composite (its column) the standard deviation in each class: of people's deviations from the item means, items
        weighted alike. None where only counts are known. Some people at a time: all their deviations are as large as what is left of a close."""
        people = self._t.people
        if people is None:
            return None
        own = classes.own[people.unit]
        who = np.flatnonzero(people.counted(self._category, self._t.categories) & (own >= 0))
        middle, squares = np.nan_to_num(mean), {column: np.empty(len(who)) for column in weights}
        with np.errstate(invalid="ignore", divide="ignore"):
            factors = {column: np.where(n > 0, weights[column] * bases[column] / n, 0.0) for column in weights}
            for start in range(0, len(who), _AT_ONCE):
                some = who[start : start + _AT_ONCE]
                deviations = people.scores[some, :] - middle[own[some]]
                deviations[np.isnan(deviations)] = 0.0
                for column, factor in factors.items():
                    squares[column][start : start + _AT_ONCE] = (factor[own[some]] * deviations).sum(axis=1) ** 2
            return {
                column: np.asarray(np.sqrt(np.bincount(own[who], weights=found, minlength=len(n)) / (bases[column][:, 0] - 1)))
                for column, found in squares.items()
            }

    def _of_counts(self, classes: _Classes, mean: Floats, n: Floats, weights: Floats) -> Floats:
        """The same where only counts are known: the mean of the items' deviations, which cannot vary more than if all moved together."""
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.sqrt(np.maximum(classes.of @ self._table.squares / n - mean**2, 0) * n / (n - 1))
            return weighted_mean(spread, weights)

    def _compose(self) -> None:
        """Composites of printed parts are the means of these parts as they are printed."""
        compose(self._t, self._out, self._shown, self._partial, self._parts, self._items if self._category == EVERYBODY else None)


_AT_ONCE = 4096  # people
_NUMBERS = ("base", "score", "sd", "margin", "favourable", "unfavourable", "dont_know", "weight")


class _Pool:
    """Class numbers (classes x columns) put together at the nodes."""

    def __init__(self, classes: _Classes, n: Floats, size: Floats, known: Flags) -> None:
        self._within, self._n, self._size = classes.within, n, size
        there = n > 0
        self.base = self._within @ n
        self._strata = self._within @ there.astype(float)
        self._weighted = (self._within @ (there & ~known).astype(float)) == 0
        self._whole = self._within @ size
        self.weight = np.where(self._weighted, self._whole, self.base)

    def mean(self, values: Floats) -> Floats:
        """Weighted by size where every size is known, else by people."""
        filled = np.where(self._n > 0, np.nan_to_num(values), 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            by_size, by_people = (self._within @ (weight * filled) for weight in (self._size, self._n))
            return np.asarray(np.where(self._weighted, by_size / self._whole, by_people / self.base))

    def spread(self, mean: Floats, own: Floats) -> tuple[Floats, Floats]:
        """(standard deviation, half of the 95% interval) at the nodes; `mean`, `own`: of the classes."""
        own = spread_of(np.nan_to_num(own))
        n, size = self._n, self._size
        with np.errstate(invalid="ignore", divide="ignore"):
            within = np.where(n > 0, own**2 * np.maximum(n - 1, 0) / n, 0.0)
            score = self.mean(mean)
            second = self.mean(within + np.nan_to_num(mean) ** 2)
            sd = spread_of(np.sqrt(np.maximum(second - score**2, 0) * self.base / (self.base - 1)))
            correction = np.where(size > 0, 1 - n / np.maximum(size, 1e-9), 0.0)
            alone = (n > 0) & (n < 2)
            stratified = self._within @ np.where(alone | (n == 0), 0.0, size**2 * correction * own**2 / np.maximum(n, 1))
            stratified = (stratified + (self._within @ np.where(alone, size**2 * correction, 0.0)) * sd**2) / self._whole**2
            finite = np.where(self._weighted & (self._whole > 1), (self._whole - self.base) / np.maximum(self._whole - 1, 1), 1.0)
            simple = sd**2 / self.base * np.clip(finite, 0, 1)
            many = self._weighted & (self._strata != 1)
            error = np.sqrt(np.where(many, stratified, simple))
            freedom = np.maximum(np.where(many, self.base - self._strata, self.base - 1), 1)
        return sd, student(freedom) * error


def _membership(tree: Tree, units: Places, published: bool) -> sparse.csr_matrix:
    if published:
        return sparse.csr_matrix((np.ones(len(units)), (units, np.arange(len(units)))), shape=(len(tree.parent), len(units)))
    return sparse.csr_matrix(tree.above[:, units])


def _side(questionnaire: Questionnaire, item: int, side: int, points: int) -> Floats:
    """1 at the points of a scale that score above (side 1) or below (-1) the middle."""
    one = questionnaire.items[item]
    scores = option_scores(one, questionnaire.scales[one.scale])
    chosen = np.zeros(points)
    chosen[: len(scores)] = scores > 50 if side > 0 else scores < 50
    return chosen


def _shares(options: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(100 * options / options.sum(axis=1, keepdims=True))


def _side_share(questionnaire: Questionnaire, item: int, shares: Floats, side: int) -> Floats:
    return np.asarray(shares @ _side(questionnaire, item, (1, -1)[side], shares.shape[1]))
