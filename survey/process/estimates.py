"""From tallies of reporting units to estimates of every node: bases, means, spreads, intervals.

A unit's mean is the mean of its people. A group's or the province's is weighted by headcount over
its reporting units (post-stratification): sum of (N_h / N) mean_h, with the variance
sum of (N_h / N)^2 (1 - n_h / N_h) s_h^2 / n_h. Where a headcount is unknown people count equally and no
finite population correction is made. Nothing else is ever published of a group (a weighted and an
unweighted figure side by side would be two equations about the units hidden in it).
Source: CSPS technical guides; Cochran, Sampling Techniques, ch. 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import t as student

from survey.design.plan import Plan
from survey.process.intervals import CONFIDENCE
from survey.process.scores import Floats, option_scores
from survey.process.tallies import EVERYBODY, Category, Tallies


@dataclass(frozen=True, eq=False)
class Estimates:
    """Arrays of nodes x measures (forms: nodes; options: nodes x measures x points); scores 0-100."""

    forms: Floats
    base: Floats
    score: Floats
    sd: Floats
    low: Floats
    high: Floats
    favourable: Floats
    unfavourable: Floats
    dont_know: Floats
    options: Floats
    weight: Floats  # what a node counts in its parent: headcount, or people where a headcount is unknown


def membership(tallies: Tallies, plan: Plan) -> sparse.csr_matrix:
    """Nodes x reporting units: 1 where the unit's people are counted in the node."""
    place = {unit: column for column, unit in enumerate(tallies.units)}
    rows, columns = [], []
    for row, node in enumerate(plan.nodes):
        strata = (node.id,) if tallies.published else plan.strata[node.id]
        for unit in strata:
            if unit in place:
                rows.append(row)
                columns.append(place[unit])
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(plan.nodes), len(tallies.units)))


def estimate(tallies: Tallies, plan: Plan, category: Category = EVERYBODY) -> Estimates:
    """Estimates of every node of the plan for one category."""
    tally = tallies.tables[category]
    within = membership(tallies, plan)
    counts = [plan.by_id[unit].headcount for unit in tallies.units]
    population = np.array([np.nan if count is None else float(count) for count in counts])
    known = np.isfinite(population)[:, None] & np.ones_like(tally.n, dtype=bool)
    everybody = tallies.tables[EVERYBODY].n
    with np.errstate(invalid="ignore", divide="ignore"):
        # People of the stratum this measure stands for: N_h, or its share in the category.
        size = np.where(known, population[:, None] * tally.n / everybody, np.nan)
        mean = tally.total / tally.n
        variance = np.maximum(tally.squares / tally.n - mean**2, 0) * tally.n / (tally.n - 1)
    size = np.maximum(size, tally.n)  # more forms than staff: the headcount is out of date
    there = tally.n > 0
    base = within @ tally.n
    strata = within @ there.astype(float)
    weighted = (within @ (there & ~known).astype(float)) == 0
    single = strata == 1
    mean, variance, size = (np.where(there, part, 0.0) for part in (mean, np.nan_to_num(variance), np.nan_to_num(size)))
    alone = there & (tally.n < 2)

    def pooled(weight: Floats) -> tuple[Floats, Floats, Floats]:
        whole = within @ weight
        with np.errstate(invalid="ignore", divide="ignore"):
            score = (within @ (weight * mean)) / whole
            second = (within @ (weight * np.where(there, tally.squares / np.maximum(tally.n, 1), 0.0))) / whole
            sd = np.sqrt(np.maximum(second - score**2, 0) * base / (base - 1))
        return score, sd, whole

    by_size = pooled(size)
    by_forms = pooled(np.where(there, tally.n, 0.0))
    score, sd, whole = (np.where(weighted, a, b) for a, b in zip(by_size, by_forms, strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        correction = np.where(size > 0, 1 - tally.n / np.maximum(size, 1e-9), 0.0)
        own = np.where(alone, 0.0, size**2 * correction * variance / np.maximum(tally.n, 1))
        lonely = within @ np.where(alone, size**2 * correction, 0.0)
        stratified = (within @ own + lonely * sd**2) / whole**2
        node_size = within @ size
        finite = np.where(weighted & (node_size > 1), (node_size - base) / np.maximum(node_size - 1, 1), 1.0)
        simple = sd**2 / base * np.clip(finite, 0, 1)
        error = np.sqrt(np.where(weighted & ~single, stratified, simple))
        freedom = np.maximum(np.where(weighted & ~single, base - strata, base - 1), 1)
    margin = student.ppf(0.5 + CONFIDENCE / 2, freedom) * error
    options = _pooled_options(tally.options, within, size, np.where(there, tally.n, 0.0), weighted, single)
    favourable, unfavourable = _favourable(tallies, options)
    return Estimates(
        forms=within @ tally.forms,
        base=base,
        score=score,
        sd=sd,
        low=np.maximum(score - margin, 0),
        high=np.minimum(score + margin, 100),
        favourable=favourable,
        unfavourable=unfavourable,
        dont_know=within @ tally.dont_know,
        options=options,
        weight=whole,
    )


def _pooled_options(
    options: Floats, within: sparse.csr_matrix, size: Floats, forms: Floats, weighted: np.ndarray, single: np.ndarray
) -> Floats:
    """Answers per point: exact counts in a unit; in a group the weighted shares scaled to its answers."""
    answers = options.sum(axis=2)
    pooled = np.zeros((within.shape[0], *options.shape[1:]))
    total = within @ answers
    with np.errstate(invalid="ignore", divide="ignore"):
        for point in range(options.shape[2]):
            share = np.nan_to_num(options[:, :, point] / answers)
            by_size = (within @ (size * share)) / (within @ size)
            by_forms = (within @ (forms * share)) / (within @ forms)
            shares = np.where(weighted, by_size, by_forms)
            pooled[:, :, point] = np.where(single, within @ options[:, :, point], np.nan_to_num(shares) * total)
    return pooled


def _favourable(tallies: Tallies, options: Floats) -> tuple[Floats, Floats]:
    """Favourable and unfavourable share in percent: points scoring above and below 50."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = options / options.sum(axis=2, keepdims=True) * 100
    favourable = np.full(shares.shape[:2], np.nan)
    unfavourable = np.full(shares.shape[:2], np.nan)
    questionnaire = tallies.questionnaire
    for column, measure in enumerate(tallies.measures):
        if measure.kind == "theme":
            scores = np.array([0.0, 50.0, 100.0])
        elif measure.kind == "item":
            item = questionnaire.item[measure.id]
            scores = option_scores(item, questionnaire.scales[item.scale])
        else:
            continue
        part = shares[:, column, : len(scores)]
        favourable[:, column] = part[:, scores > 50].sum(axis=1)
        unfavourable[:, column] = part[:, scores < 50].sum(axis=1)
    return favourable, unfavourable
