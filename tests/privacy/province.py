"""Random organisations of three levels, of units of 5 to 45 people who refuse fields about themselves as people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks.scale import answering
from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Wave
from survey.process.tallies import Tallies, tally


def short(questionnaire: Questionnaire, themes: int = 3, items: int = 2) -> Questionnaire:
    """The first themes of a questionnaire with a few items each: the same attacks in less time."""
    kept = [theme for theme in questionnaire.themes if theme.in_index][:themes]
    chosen = [item for theme in kept for item in questionnaire.items_of(theme.id)[:items]]
    return replace(questionnaire, themes=tuple(kept), items=tuple(chosen), antonym_pairs=())


def province(
    questionnaire: Questionnaire, seed: int, units: int = 18, groups: int = 3, breakdowns: int = 4, sizes: tuple[int, int] = (5, 46)
) -> tuple[Tallies, list[Response]]:
    rng = np.random.default_rng([77, seed])
    people = rng.integers(*sizes, units)
    nodes = [Node(id="r", name_vi="R", headcount=0, reporting=False)]
    nodes += [Node(id=f"g{g}", name_vi=f"G{g}", parent="r", headcount=0, reporting=False) for g in range(groups)]
    nodes += [
        Node(id=f"u{u}", name_vi=f"U{u}", parent=f"g{u % groups}", headcount=int(n) + int(rng.integers(1, 15)))
        for u, n in enumerate(people)
    ]
    plan = Plan(nodes=tuple(nodes), breakdowns=tuple(b.id for b in questionnaire.breakdowns)[:breakdowns])
    day = date(2026, 1, 1)
    wave = Wave(id="w", questionnaire=questionnaire.id, version=questionnaire.version, opens=day, closes=day, plan=plan)
    responses = [one for unit, count in enumerate(people) for one in answering(questionnaire, f"u{unit}", int(count), rng)]
    return tally(wave, questionnaire, responses), responses
