"""A small province with three published waves, a merger between the last two, and a unit that must be hidden."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire, Response
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units_file import read_units
from survey.design.wave import Origin, Wave, WaveState
from survey.disclose.assessing import assessed
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Cell, Release
from survey.process import composites
from survey.process.estimates import estimate
from survey.process.tallies import Tallies, tally
from survey.source import Source

UNITS = """id;name_vi;name_en;kind;group;parent;valid_from;valid_to;successors;headcount
t;Tỉnh Thử;Test province;tinh;tinh;;2019-01-01;;;
t.a;Sở A;Department A;so;so_ban_nganh;t;2019-01-01;;;60
t.b;Sở B;Department B;so;so_ban_nganh;t;2019-01-01;2025-02-28;t.m;45
t.c;Sở C;Department C;so;so_ban_nganh;t;2019-01-01;2025-02-28;t.m;30
t.m;Sở B và C;Department B and C;so;so_ban_nganh;t;2025-03-01;;;70
t.n;=Sở Nhỏ;Small department;so;so_ban_nganh;t;2019-01-01;;;20
t.o;Sở O;Department O;so;so_ban_nganh;t;2019-01-01;;;50
t.p;Sở P;Department P;so;so_ban_nganh;t;2019-01-01;;;18
t.h;Ủy ban nhân dân huyện H;District H;huyen;cap_huyen;t;2019-01-01;;;80
t.k;Ủy ban nhân dân huyện K;District K;huyen;cap_huyen;t;2019-01-01;;;40
"""
WAVES = {"2023": date(2023, 11, 30), "2024": date(2024, 11, 30), "2025": date(2025, 6, 20)}
# People who answered, and how far from the middle they stand (0-4 a step of the scale).
ANSWERED = {
    "t.a": (50, 3.2),
    "t.b": (37, 2.1),
    "t.c": (25, 2.9),
    "t.m": (59, 2.5),
    "t.n": (3, 1.3),
    "t.o": (41, 2.5),
    "t.p": (9, 2.4),
    "t.h": (67, 2.4),
    "t.k": (31, 2.6),
}
RISE = {"2023": 0.0, "2024": 0.02, "2025": 0.5}  # steps: nothing happens in 2024, everybody rises in 2025
HIDDEN = "t.n"
_RELEASED: dict[str, Release] = {}  # by what it was made of
_SECRETS: dict[str, frozenset[float]] = {}  # by hash of the release


@contextmanager
def past_in(folder: Path, waves: tuple[str, ...] = tuple(WAVES), *, marked: bool = False) -> Iterator[Services]:
    """Services over new stores in `folder`, with these past waves (see settle_past); closed at the end."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)}))
    settle_past(services, waves, marked=marked)
    yield services
    services.close()


def settle_past(services: Services, waves: tuple[str, ...] = tuple(WAVES), *, marked: bool = False) -> dict[str, Release]:
    """Publishes the waves through the importing service; wave id -> release. `marked`: with reliability, alphas and drivers."""
    services.design.save_units(OPERATOR, read_units(Source("units.csv", UNITS.encode())))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    made = {}
    for wave_id in waves:
        made[wave_id] = _released(_wave(services, questionnaire, wave_id), questionnaire, services.policy, marked)
        services.importing.store(OPERATOR, [made[wave_id]])
    return made


def _released(wave: Wave, questionnaire: Questionnaire, policy: Policy, marked: bool) -> Release:
    """Protected once a process: the same answers under the same rules are the same release. Each asker gets one of his own."""
    made_of = repr((wave, questionnaire.id, policy, marked, composites.POINTS))
    if made_of not in _RELEASED:
        given = responses(questionnaire, wave)
        release = protect(tally(wave, questionnaire, given), wave.plan, policy)
        _RELEASED[made_of] = assessed(release, given, policy) if marked else release
    return replace(_RELEASED[made_of], cells=_RELEASED[made_of].cells.copy())


@contextmanager
def recognisable() -> Iterator[None]:
    """Numbers of nine decimals instead of two: of 10,000 different ones any would be met somewhere by chance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composites, "POINTS", 9)
        yield


def true_tallies(services: Services, wave_id: str) -> Tallies:
    """What no page may show of the hidden: the unprotected counts."""
    wave = services.results.release(OPERATOR, wave_id).wave
    questionnaire = shipped_questionnaires()[0]
    return tally(wave, questionnaire, responses(questionnaire, wave))


def _wave(services: Services, questionnaire: Questionnaire, wave_id: str) -> Wave:
    closes = WAVES[wave_id]
    draft = services.design.draft_wave(OPERATOR, wave_id, questionnaire.id, closes.replace(day=1), closes, illustrative=True)
    return replace(draft, state=WaveState.PUBLISHED, origin=Origin.RESPONSES, note="")


def responses(questionnaire: Questionnaire, wave: Wave) -> list[Response]:
    """Always the same answers: every unit around its own level, everybody a little different."""
    made = []
    for node in wave.plan.nodes:
        if node.id in ANSWERED:
            people, level = ANSWERED[node.id]
            rng = np.random.default_rng([len(node.id), ord(node.id[-1]), int(wave.id)])
            degree = np.clip(np.rint(rng.normal(level + RISE[wave.id], 0.8, (people, len(questionnaire.items)))), 0, 4).astype(int) + 1
            for person in range(people):
                raw = {item.id: int(degree[person, place]) for place, item in enumerate(questionnaire.items)}
                answers = {item.id: 6 - raw[item.id] if item.reverse else raw[item.id] for item in questionnaire.items}
                breakdowns = {b.id: str(b.published[person % 2].value) for b in questionnaire.breakdowns}
                made.append(Response(unit=node.id, answers=answers, comments={}, breakdowns=breakdowns))
    return made


def with_answers(release: Release, item: str) -> str:
    """A unit whose answers to the item are shown point by point and exactly (not nearly all on one side, not rounded)."""
    cells = {node.id: release.cell(node.id, f"item:{item}") for node in release.nodes()}
    return next(unit for unit, cell in cells.items() if isinstance(cell, Cell) and cell.options and not cell.clamped)


def secrets(services: Services, wave_id: str, release: Release) -> frozenset[float]:
    """Scores and shares of what a recognisable release hides, to six decimals, that no shown number happens to equal."""
    if release.hash not in _SECRETS:
        _SECRETS[release.hash] = frozenset(_secrets(services, wave_id, release))
    return _SECRETS[release.hash]


def _secrets(services: Services, wave_id: str, release: Release) -> set[float]:
    tallies = true_tallies(services, wave_id)
    plan, hidden, shown = release.plan, set(), set()
    for category in tallies.tables:
        with recognisable():
            true = estimate(tallies, plan, category)
        breakdown, value = category
        for row, node in enumerate(plan.nodes):
            for column, measure in enumerate(tallies.measures):
                found = {round(float(part[row, column]), 6) for part in (true.score, true.favourable) if np.isfinite(part[row, column])}
                cell = release.cell(node.id, str(measure), breakdown, value)
                (shown if isinstance(cell, Cell) else hidden).update(found)
                if isinstance(cell, Cell):  # bounds are printed in place of some
                    shown.update(
                        round(number, 6)
                        for number in (cell.score, cell.low, cell.high, cell.favourable, cell.unfavourable)
                        if number is not None
                    )
    return {number for number in hidden - shown if (number * 8) % 1 > 1e-6}
