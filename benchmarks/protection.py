"""Complementary suppression: the optimiser against the block rule, on the demonstration and on random organisations.
Groups that are nearly the same people are kept apart, as at a close.

Respondents count as visible where they sit in a shown unit x category cell (index), over all breakdowns.
Each release is made in full and audited; the audit failing would end the benchmark.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from benchmarks import Row
from benchmarks.scale import answering
from survey.demonstration.answers import simulate
from survey.demonstration.build import HISTORY, REGISTER
from survey.design.plan import Node, Plan, make_plan
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units_file import read_units
from survey.design.wave import Wave
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.process.tallies import EVERYBODY, Tallies, tally
from survey.source import Source

ORGANISATIONS = 20
UNITS, GROUPS = 100, 8
NO_CATEGORY = 0.06  # share of people who leave a breakdown field empty


@dataclass(frozen=True)
class Protected:
    """One release: seconds of processor time, audit included; unit x category cells hidden though they meet the thresholds; visible, possible: shares of respondents
    in a shown unit x category cell, and in one that meets the thresholds; units: totals shown."""

    method: str
    seconds: float
    hidden: int
    visible: float
    possible: float
    units: int


def rows() -> list[Row]:
    policy = Policy.load()
    waves = [(f"demonstration {HISTORY[k][0]}", demonstration(k, policy)) for k in (0, len(HISTORY) - 1)]
    result = []
    for what, tallies in waves:
        for chosen in (policy, replace(policy, optimiser_seconds=0)):
            made = protected(tallies, chosen)
            result.append(Row(f"{what}, {made.method}", _figures([made]), "0 audit failures"))
    made_by: dict[str, list[Protected]] = {}
    for seed in range(ORGANISATIONS):
        tallies = organisation(seed, policy)
        for chosen in (policy, replace(policy, optimiser_seconds=0)):
            made = protected(tallies, chosen)
            made_by.setdefault(made.method, []).append(made)
    for method, many in made_by.items():
        target = "at least 85 % visible, 0 audit failures" if method == "optimiser" else "0 audit failures"
        result.append(Row(f"{len(many)} random organisations of {UNITS} units, {method}", _figures(many), target))
    return result


def _figures(made: list[Protected]) -> str:
    def mean(name: str) -> float:
        return float(np.mean([getattr(one, name) for one in made]))

    slowest = f", slowest {max(one.seconds for one in made):.1f} s" if len(made) > 1 else ""
    least = f" (least {100 * min(one.visible for one in made):.1f} %)" if len(made) > 1 else ""
    return (
        f"{mean('seconds'):.1f} s of processor{slowest}; {100 * mean('visible'):.1f} % of respondents visible{least} "
        f"of {100 * mean('possible'):.1f} % possible; {mean('hidden'):.0f} cells hidden for others; {mean('units'):.0f} units shown"
    )


def protected(tallies: Tallies, policy: Policy) -> Protected:
    """Make and audit a release (the index's pattern is what is counted)."""
    started = time.process_time()
    release = protect(tallies, tallies.wave.plan, policy)
    seconds = time.process_time() - started
    everybody = tallies.tables[EVERYBODY].n[:, 0]
    visible = possible = whole = 0.0
    hidden = 0
    for (breakdown, category), table in tallies.tables.items():
        if breakdown:
            shown = _shown(release, tallies, breakdown, category)
            n = table.n[:, 0]
            whole += n.sum()
            visible += n[shown].sum()
            meets = (n >= policy.category) & (everybody >= policy.breakdown_unit)
            possible += n[meets].sum()
            hidden += int((meets & ~shown).sum())
    return Protected(
        method=str(release.audit["method"]),
        seconds=seconds,
        hidden=hidden,
        visible=visible / whole,
        possible=possible / whole,
        units=sum(release.visible(unit) for unit in tallies.units),
    )


def _shown(release: Release, tallies: Tallies, breakdown: str, category: str) -> np.ndarray:
    cells = release.cells
    chosen = cells[(cells["measure"] == "index") & (cells["breakdown"] == breakdown) & (cells["category"] == category)]
    reasons = dict(zip(chosen["unit"], chosen["reason"], strict=True))
    return np.array([reasons[unit] == "" for unit in tallies.units])


def demonstration(number: int, policy: Policy) -> Tallies:
    """The tallies of one wave of the demonstration, as its builder makes them."""
    questionnaire = shipped_questionnaires()[0]
    wave_id, opens, closes = HISTORY[number]
    breakdowns = [b.id for b in questionnaire.breakdowns]
    register = read_units(Source.open(REGISTER))
    plan = make_plan(register, opens, breakdowns=breakdowns, reporting_headcount=policy.reporting_headcount)
    wave = Wave(id=wave_id, questionnaire=questionnaire.id, version=questionnaire.version, opens=opens, closes=closes, plan=plan)
    when = closes.year + (closes.month - 1) / 12 if closes.year == 2025 else closes.year
    responses = simulate(questionnaire, plan, when, seed=363 + number)
    return tally(wave, questionnaire, responses)


def organisation(seed: int, policy: Policy) -> Tallies:
    """About 8,000 people in units of very different size in groups under one root; some groups have staff of their own."""
    rng = np.random.default_rng(seed)
    questionnaire = shipped_questionnaires()[0]
    sizes = np.rint(rng.lognormal(np.log(60), 0.8, UNITS)).astype(int)
    groups = rng.integers(0, GROUPS, UNITS)
    offices = rng.choice([0, 0, 0, 4, 40], GROUPS)
    nodes = [Node(id="r", name_vi="R", headcount=0, reporting=False)]
    nodes += [Node(id=f"g{g}", name_vi=f"G{g}", parent="r", headcount=int(offices[g]), reporting=bool(offices[g])) for g in range(GROUPS)]
    nodes += [Node(id=f"u{u}", name_vi=f"U{u}", parent=f"g{groups[u]}", headcount=int(sizes[u] * 1.3) + 1) for u in range(UNITS)]
    plan = Plan(nodes=tuple(nodes), breakdowns=tuple(b.id for b in questionnaire.breakdowns))
    day = date(2026, 1, 1)
    wave = Wave(id="w", questionnaire=questionnaire.id, version=questionnaire.version, opens=day, closes=day, plan=plan)
    people = {f"u{u}": int(sizes[u]) for u in range(UNITS)} | {f"g{g}": int(offices[g]) for g in range(GROUPS)}
    responses = [
        response
        for unit, count in people.items()
        for response in answering(questionnaire, unit, count, rng, refusing=0, left_out=NO_CATEGORY)
    ]
    return tally(wave, questionnaire, responses)
