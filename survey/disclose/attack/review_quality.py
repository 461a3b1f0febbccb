"""Attacks on what a release says beside its cells: marks of units, alphas, drivers, and the whole without careless forms.

The attacker knows the release, and from policy.toml how a mark comes about. Nothing he reads may speak of a unit or
group whose number is hidden, rest on a number that is, be finer than a group of the minimum size allows, or tell him
surely that 1 to k-1 forms of a unit are of some kind. Nothing may be of a form: every entry is a unit's or a group's.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from survey.disclose.quality import Drivers, Level, Quality, Reliability, Totals, Why
from survey.disclose.release import FORMS, INDEX, Cell, Release
from survey.i18n import round_half_up

OF_ANSWERS = (Why.CONTRADICTIONS, Why.ALIKE)
STEP = 5  # percent: the marked forms' part is rounded to this


def attack_quality(release: Release) -> tuple[list[str], int]:
    """(findings, how many marks and numbers were looked at)."""
    quality = release.quality or Quality()
    found = [f"{why}: {unit}" for unit, mark in quality.units.items() for why in _of_mark(release, unit, mark)]
    found += [f"{why}: {unit}" for unit in quality.alphas for why in _of_alphas(release, unit, quality)]
    found += [f"{why}: {unit}" for unit, drivers in quality.drivers.items() for why in _of_drivers(release, unit, drivers)]
    found += _of_totals(release, quality.totals) if quality.totals else []
    numbers = sum(map(len, quality.alphas.values())) + sum(2 + 3 * len(drivers.themes) for drivers in quality.drivers.values())
    return found, len(quality.units) + numbers + 3 * (quality.totals is not None)


def named(release: Release, unit: str) -> int:
    """The people the release itself names: forms, or the index's base where the forms are hidden; 0 where both are."""
    counted = [cell.base or 0 for cell in (release.cell(unit, FORMS), release.cell(unit, INDEX)) if isinstance(cell, Cell)]
    return max(counted, default=0)


def _of_mark(release: Release, unit: str, mark: Reliability) -> Iterator[str]:
    if release.plan.strata.get(unit) != (unit,):
        yield "a mark of what is no unit, or has others below it"
        return
    if not release.visible(unit):
        yield "a mark of a unit whose index is hidden"
    of_answers = [why for why in mark.reasons if why in OF_ANSWERS]
    if {why for why in mark.reasons if why not in OF_ANSWERS} != _of_counts(release, unit) or len(set(mark.reasons)) != len(mark.reasons):
        yield "a mark with reasons that the shown numbers do not give"
    if of_answers and named(release, unit) < release.policy["reliability_base"]:
        yield "a mark of the answers of few forms"
    if (mark.level is Level.HIGH) != (not mark.reasons) or (
        mark.level is Level.LOW and not {*of_answers, Why.MORE_THAN_STAFF} & {*mark.reasons}
    ):
        yield "a mark that its reasons do not give"
    if any(low > 0 and high < release.policy["unit"] for low, high in _counts(release, unit, mark)):
        yield "a mark that surely speaks of fewer forms than the minimum"


def _of_counts(release: Release, unit: str) -> set[Why]:
    """The reasons everybody can work out from what is shown."""
    people, rate, headcount = named(release, unit), release.response_rate(unit), release.plan.headcount(unit)
    found = {
        Why.FEW: people < release.policy["reliability_base"],
        Why.RATE: rate is not None and rate < release.policy["reliability_response"],
        Why.RATE_UNKNOWN: rate is None,
        Why.MORE_THAN_STAFF: bool(headcount) and people > (headcount or 0),
    }
    return {why for why, holds in found.items() if holds}


def _counts(release: Release, unit: str, mark: Reliability) -> Iterator[tuple[int, int]]:
    """Fewest and most forms of a kind that a mark tells its reader to be there, where it bounds them from above.

    A milder mark says: as many as "some", fewer than "many". In a low one the order of the reasons says which was grave.
    """
    policy, people = release.policy, named(release, unit)

    def between(some: int, many: int) -> tuple[int, int]:
        return ceil(some * people / 100), ceil(max(many * people / 100, policy.get("reliability_forms", 0))) - 1

    ordered = [why for why in mark.reasons if why in OF_ANSWERS]
    if Why.CONTRADICTIONS in ordered and (mark.level is Level.MEDIUM or ordered[0] is Why.ALIKE):
        yield between(policy["reliability_contradictions_some"], policy["reliability_contradictions_many"])
    if Why.ALIKE in mark.reasons and mark.level is Level.MEDIUM:
        copies = between(policy["reliability_duplicates_some"], policy["reliability_duplicates_many"])
        strings = between(policy["reliability_straight_some"], policy["reliability_straight_many"])
        yield min(copies[0], strings[0]), max(copies[1], strings[1])


def _of_alphas(release: Release, unit: str, quality: Quality) -> Iterator[str]:
    least = release.policy["drivers_people"]
    for theme, alpha in quality.alphas[unit].items():
        if theme not in release.questionnaire.theme or not _is_group(release, unit):
            yield f"an alpha of what is no theme of a group ({theme})"
        elif not release.visible(unit) or _base(release, unit, theme) < least:
            yield f"an alpha of hidden or too few people ({theme})"
        if alpha != round(alpha, 2):
            yield f"an alpha that is not rounded ({theme})"


def _of_drivers(release: Release, unit: str, drivers: Drivers) -> Iterator[str]:
    """Every theme is part of them, also those whose own part is not shown: nobody without all of them is counted."""
    themes = [theme.id for theme in release.questionnaire.themes]
    if not _is_group(release, unit) or not {part.theme for part in drivers.themes} <= {*themes}:
        yield "drivers of what is no group"
        return
    fewest = min([named(release, unit), *(_base(release, unit, theme) for theme in themes)])
    if not release.visible(unit) or fewest < release.policy["drivers_people"]:
        yield "drivers of hidden or too few people"
    if not release.policy["drivers_people"] // 10 * 10 <= drivers.people <= fewest or drivers.people % 10:
        yield "drivers of a number of people that the shown numbers do not give"
    parts = [number for part in drivers.themes for number in (part.share, part.low, part.high)]
    if drivers.explained != round(drivers.explained) or any(number != round(number, 1) for number in parts):
        yield "drivers that are not rounded"


def _of_totals(release: Release, totals: Totals) -> list[str]:
    """The marked forms lie within half a step of their part: is it sure that they, or all others, are too few?"""
    roots = release.plan.roots
    forms, index = (release.cell(roots[0], measure) for measure in (FORMS, INDEX))
    people = (forms.base or 0) if isinstance(forms, Cell) else 0
    if len(roots) != 1 or not isinstance(index, Cell) or people < release.policy["reliability_whole"]:
        return ["a total without careless forms where the whole is hidden or too small"]
    found = []
    if index.score is None or totals.index != round_half_up(index.score):
        found.append("a total of other people than the whole")
    most, least = floor((totals.marked + STEP / 2) * people / 100), ceil((totals.marked - STEP / 2) * people / 100)
    if min(most, people - least) < release.policy["item"]:
        found.append("a total without careless forms that are surely too few")
    if totals.marked % STEP or any(type(number) is not int for number in (totals.marked, totals.index, totals.without)):
        found.append("a total that is not rounded")
    return found


def _is_group(release: Release, unit: str) -> bool:
    return unit in release.plan.by_id and unit in release.plan.children


def _base(release: Release, unit: str, theme: str) -> int:
    cell = release.cell(unit, f"theme:{theme}")
    return (cell.base or 0) if isinstance(cell, Cell) else 0
