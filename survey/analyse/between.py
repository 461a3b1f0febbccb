"""One unit in two waves of a questionnaire: what changed, how surely, and where the series breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from survey.analyse.change import Comparison, Side, compare, welch_interval
from survey.analyse.comparable import declared, reworded
from survey.analyse.coverage import TOOK_OTHERS_IN, other_people
from survey.analyse.since import sides
from survey.analyse.trend import NOT_EXISTING, counted_in, recast, reorganisations
from survey.analyse.verdicts import PREVIOUS, Verdicts
from survey.design.units import UnitRegister
from survey.disclose.release import NOT_AVAILABLE, Cell, Release, Suppressed
from survey.errors import N_, SurveyError


@dataclass(frozen=True, kw_only=True)
class Change:
    """One measure in both waves; `low` and `high` bound the difference at 95% (None where a spread is unknown)."""

    measure: str
    before: Cell | Suppressed
    after: Cell | Suppressed
    comparison: Comparison
    low: float | None = None
    high: float | None = None
    recast: bool = False


@dataclass(frozen=True, kw_only=True)
class Breaks:
    """Where the series breaks: reorganisation days between the waves, waves without a number of the unit's own,
    waves in which it was counted in another node (wave, node), items that were worded or answered differently."""

    days: tuple[date, ...]
    absent: tuple[str, ...]
    counted_elsewhere: tuple[tuple[str, str], ...]
    reworded: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Between:
    changes: tuple[Change, ...]
    breaks: Breaks


def between(
    earlier: Release, later: Release, register: UnitRegister, unit: str, with_recast: bool = False, verdicts: Verdicts | None = None
) -> Between:
    """Index, themes and items of `unit`, later less earlier.

    `verdicts`: of the later wave; they hold where `earlier` is the unit's wave before. For any other two waves index and
    themes are one family of tests, items another. `with_recast`: where the unit did not exist yet, its predecessors' published cells stand for it.
    Raises SurveyError for waves of different questionnaires, in the wrong order, or an unknown unit.
    """
    _require_comparable(earlier, later, register, unit)
    changes = [
        *_family(earlier, later, register, unit, later.composites, "base_score", with_recast),
        *_family(earlier, later, register, unit, later.single_items, "base_item", with_recast),
    ]
    if verdicts is not None and verdicts.previous(unit) == earlier.wave.id:
        changes = [one if one.recast else replace(one, comparison=verdicts.of(unit, one.measure, PREVIOUS)) for one in changes]
    places = {release.wave.id: counted_in(release, unit) for release in (earlier, later)}
    own = {wave: node is not None and release.visible(node) for (wave, node), release in zip(places.items(), (earlier, later), strict=True)}
    return Between(
        changes=tuple(changes),
        breaks=Breaks(
            days=reorganisations(register, earlier.wave.closes, later.wave.closes),
            absent=tuple(wave for wave, shown in own.items() if not shown),
            counted_elsewhere=tuple((wave, node) for wave, node in places.items() if node is not None and node != unit),
            reworded=reworded(earlier.questionnaire, later.questionnaire),
        ),
    )


def _require_comparable(earlier: Release, later: Release, register: UnitRegister, unit: str) -> None:
    if earlier.questionnaire.id != later.questionnaire.id and declared(earlier.questionnaire, later.questionnaire) is None:
        raise SurveyError(
            "other-questionnaire",
            N_("Waves {first} and {second} asked different questionnaires; they cannot be compared."),
            first=earlier.wave.id,
            second=later.wave.id,
        )
    if earlier.wave.closes >= later.wave.closes:
        raise SurveyError(
            "wave-order",
            N_("Wave {first} does not come before wave {second}. Name the earlier one first."),
            first=earlier.wave.id,
            second=later.wave.id,
        )
    if unit not in register and unit not in later.plan.by_id and unit not in earlier.plan.by_id:
        raise SurveyError("unknown-unit-register", N_("There is no unit {unit}."), unit=unit)


def _family(
    earlier: Release, later: Release, register: UnitRegister, unit: str, measures: Sequence[str], minimum: str, with_recast: bool
) -> list[Change]:
    pairs, recasts = [], []
    others = other_people(later, earlier, unit, register)
    for measure in measures:
        after, before = sides(later, earlier, unit, measure, others=others)
        past = recast((earlier,), register, unit, measure, later.wave.closes) if with_recast else ()
        if past:
            missing = "" if before.missing in (NOT_EXISTING, TOOK_OTHERS_IN) else before.missing
            before = Side(past[0].cell or Suppressed(NOT_AVAILABLE), missing=missing)
        recasts.append(bool(past))
        pairs.append((after, before))
    found = compare(pairs, later.policy, minimum)
    return [
        Change(measure=measure, before=before.cell, after=after.cell, comparison=one, recast=past, **_interval(after, before))
        for measure, (after, before), one, past in zip(measures, pairs, found, recasts, strict=True)
    ]


def _interval(after: Side, before: Side) -> dict[str, float]:
    found = welch_interval(after, before)
    return {} if found is None else {"low": found[0], "high": found[1]}
