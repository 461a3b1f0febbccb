"""assessed(release, responses, policy) -> Release: reliability marks, alphas and drivers, as far as they may be shown.

Counted while the responses are still in memory, and only of what the release shows: units and groups whose index is
hidden get nothing. The reasons that rest on counts (too few, response rate) use the release's own numbers. What was
made is attacked (review_quality.py); a release that fails is not written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Response
from survey.disclose.attack.audit import AuditFailed
from survey.disclose.attack.review_quality import STEP, attack_quality, named
from survey.disclose.policy import Policy
from survey.disclose.quality import Driver, Drivers, Level, Quality, Reliability, Totals, Why
from survey.disclose.release import FORMS, INDEX, Cell, Release
from survey.i18n import round_half_up
from survey.process.drivers import People, cronbach, score_people, weigh
from survey.process.estimates import estimate
from survey.process.quality import Limits, Signs, count_signs
from survey.process.response_columns import units_of
from survey.process.scored import Given, Scored, scored
from survey.process.scores import Measure
from survey.process.tallies import items_of, tally
from survey.process.tree import Tree

_TINY = 1e-9


def assessed(release: Release, given: Given, policy: Policy) -> Release:
    """The same release with its quality; AuditFailed if that says too much."""
    policy = policy.raised(release.plan.minimum_base)
    limits = Limits(pairs=policy.reliability_pairs, run=policy.reliability_run)
    counted = scored(release.questionnaire, given)
    signs, marked = count_signs(release.questionnaire, counted, limits)
    people = score_people(release.questionnaire, counted)
    alphas, drivers = _of_groups(release, people, policy)
    units = {
        node.id: reliability(release, node.id, signs[node.id], policy)
        for node in release.plan.nodes
        if release.plan.strata[node.id] == (node.id,) and node.id in signs and release.visible(node.id)
    }
    totals = _totals(release, counted, marked, policy)
    made = replace(release, quality=Quality(units=units, alphas=alphas, drivers=drivers, totals=totals))
    found, looked = attack_quality(made)
    if found:
        raise AuditFailed(found)
    return replace(made, audit={**release.audit, "quality": looked})


def reliability(release: Release, unit: str, signs: Signs, policy: Policy) -> Reliability:
    """The mark of a unit whose index is shown, with its reasons, the gravest first."""
    low = [Why.MORE_THAN_STAFF] if _more_than_staff(release, unit) else []
    some: list[Why] = []
    if named(release, unit) < policy.reliability_base:
        some.append(Why.FEW)
    else:
        low += _signs_of(signs, policy, many=True)
        some += _signs_of(signs, policy, many=False)
    rate = release.response_rate(unit)
    if rate is None:
        some.append(Why.RATE_UNKNOWN)
    elif rate < policy.reliability_response:
        some.append(Why.RATE)
    reasons = tuple(dict.fromkeys([*low, *some]))
    return Reliability(Level.LOW if low else Level.MEDIUM if some else Level.HIGH, reasons)


def _signs_of(signs: Signs, policy: Policy, *, many: bool) -> list[Why]:
    fewest = 100 * policy.reliability_forms / signs.forms - _TINY  # percent

    def beyond(share: float, some_of: float, many_of: float) -> bool:
        return share >= (max(many_of, fewest) if many else some_of)

    alike = (
        beyond(signs.duplicated, policy.reliability_duplicates_some, policy.reliability_duplicates_many)
        or beyond(signs.straight, policy.reliability_straight_some, policy.reliability_straight_many)
        or (signs.spread is not None and signs.spread < policy.reliability_spread)
        or (signs.top is not None and signs.top >= policy.reliability_top)
    )
    contradictory = beyond(signs.contradictory, policy.reliability_contradictions_some, policy.reliability_contradictions_many)
    return [why for why, found in ((Why.CONTRADICTIONS, contradictory), (Why.ALIKE, alike)) if found]


def _more_than_staff(release: Release, unit: str) -> bool:
    headcount = release.plan.headcount(unit)
    return bool(headcount) and named(release, unit) > (headcount or 0)


def _of_groups(release: Release, people: People, policy: Policy) -> tuple[dict[str, dict[str, float]], dict[str, Drivers]]:
    """Alphas and drivers of the whole and of groups of units whose index is shown."""
    nodes = {node.id: row for row, node in enumerate(release.plan.nodes)}
    unit = np.array([nodes[one] for one in people.units], dtype=np.int64)
    above = Tree.of(release.plan).above
    alphas: dict[str, dict[str, float]] = {}
    drivers: dict[str, Drivers] = {}
    shown = _Shown(policy.unit)
    for node in release.plan.nodes:
        if node.id in release.plan.children and release.visible(node.id):
            own = np.asarray(above[[nodes[node.id]]].toarray()[0][unit] > 0)
            if own.sum() >= policy.drivers_people:
                alphas[node.id] = _alphas(release, people, own, node.id, policy, shown)
                if (found := _drivers(release, people, own, node.id, policy, shown)) is not None:
                    drivers[node.id] = found
    return {unit: found for unit, found in alphas.items() if found}, drivers


class _Shown:
    """Of whom a number is shown: none of another group that is nearly the same people (they differ by 1 to `least` - 1)."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._of: dict[str, list[NDArray[np.bool_]]] = {}

    def admits(self, name: str, people: NDArray[np.bool_]) -> bool:
        others = self._of.setdefault(name, [])
        if any(0 < int((people ^ other).sum()) < self._least for other in others):
            return False
        others.append(people)
        return True


def _alphas(release: Release, people: People, own: NDArray[np.bool_], unit: str, policy: Policy, shown: _Shown) -> dict[str, float]:
    found = {}
    for theme in release.questionnaire.themes:
        if not release.visible(unit, Measure("theme", theme.id)):
            continue
        columns = items_of(release.questionnaire, Measure("theme", theme.id))
        complete = own & np.isfinite(people.items[:, columns]).all(axis=1)
        alpha = cronbach(people.items[complete, columns]) if complete.sum() >= policy.drivers_people else None
        if alpha is not None and shown.admits(theme.id, complete):
            found[theme.id] = round(alpha, 2)
    return found


def _drivers(release: Release, people: People, own: NDArray[np.bool_], unit: str, policy: Policy, shown: _Shown) -> Drivers | None:
    """None without exactly one theme outside the index (the overall assessment), where a theme is hidden, or too few answered all."""
    scored = [place for place, theme in enumerate(release.questionnaire.themes) if release.questionnaire.scored_in(theme.id)]
    themes = [release.questionnaire.themes[place] for place in scored]
    anchor = [place for place, theme in enumerate(themes) if not theme.in_index]
    parts = [place for place, theme in enumerate(themes) if theme.in_index]
    if len(anchor) != 1 or len(parts) < 2 or not all(release.visible(unit, Measure("theme", theme.id)) for theme in themes):
        return None
    scores = people.themes[:, scored]
    complete = own & np.isfinite(scores).all(axis=1)
    if complete.sum() < policy.drivers_people:
        return None
    rows = scores[complete]
    seed = int.from_bytes(hashlib.sha256(f"{release.cells_hash} {unit}".encode()).digest()[:8])
    found = weigh(rows[:, parts], rows[:, anchor[0]], policy.drivers_resamples, seed)
    if found is None or 100 * found.explained < policy.drivers_least or not shown.admits("", complete):
        return None
    narrow = tuple(
        Driver(themes[place].id, round(float(share), 1), round(float(low), 1), round(float(high), 1))
        for place, share, low, high in zip(parts, found.share, found.low, found.high, strict=True)
        if high - low <= policy.drivers_widest
    )
    return Drivers(found.people // 10 * 10, round(100 * found.explained), narrow)


def _totals(release: Release, counted: Scored, marked: NDArray[np.bool_], policy: Policy) -> Totals | None:
    """With and without the marked forms, of the whole only, in whole points.

    None when there are no marked forms and also when there are 1 to k - 1 of them, or when they are nearly the same
    people as some unit or group (or as everybody outside it): then two totals would tell about fewer than k people.
    """
    roots = release.plan.roots
    index = release.cell(roots[0], INDEX) if len(roots) == 1 else None
    if (
        not isinstance(index, Cell)
        or index.score is None
        or not release.visible(roots[0], FORMS)
        or len(counted) < policy.reliability_whole
    ):
        return None
    if not apart(release, counted.responses, marked, policy.item):
        return None
    row = [node.id for node in release.plan.nodes].index(roots[0])
    plan = replace(release.plan, breakdowns=())  # of everybody alone
    without = estimate(tally(replace(release.wave, plan=plan), release.questionnaire, counted.some(~marked)), plan).score[row, 0]
    if not np.isfinite(without):
        return None
    part = round_half_up(100 * float(marked.mean()) / STEP) * STEP
    return Totals(int(part), int(round_half_up(index.score)), int(round_half_up(float(without))))


def apart(release: Release, responses: Sequence[Response], marked: NDArray[np.bool_], least: int) -> bool:
    """Are the marked people at least `least`, and at least so many away from every node and from what is outside it?"""
    if marked.sum() < least or (~marked).sum() < least:
        return False
    nodes = {node.id: row for row, node in enumerate(release.plan.nodes)}
    unit = np.array([nodes[one] for one in units_of(responses)])
    above = Tree.of(release.plan).above
    people, both = (above @ np.bincount(unit, weights=part, minlength=len(nodes)) for part in (np.ones(len(unit)), marked.astype(float)))
    inside = people + marked.sum() - 2 * both  # in the node or marked, not both
    outside = people + (~marked).sum() - 2 * (people - both)
    near = [(other > 0) & (other < least) for other in (inside, outside)]
    return not ((people > 0) & (near[0] | near[1])).any()
