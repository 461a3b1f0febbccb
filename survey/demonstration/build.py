"""Building the demonstration stores through the same services everybody else uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from survey.access import OPERATOR, Role
from survey.accounts import Accounts
from survey.collect.fieldwork import Fieldwork
from survey.collect.keys import KeyShare
from survey.collect.service import Collecting
from survey.collect.slips import Slip
from survey.demonstration.answers import simulate
from survey.demonstration.undertaken import undertake
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.service import Design
from survey.design.units_file import read_units
from survey.design.wave import Origin, Wave, WaveState
from survey.disclose.assessing import assessed
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.passwords import new_password
from survey.process.scored import scored
from survey.process.tallies import tally
from survey.publish.commenting import Commenting
from survey.publish.importing import Importing
from survey.source import Source
from survey.undertakings import Undertakings

REGISTER = Path(__file__).parent / "daknong.csv"
HISTORY = (
    ("2019", date(2019, 11, 15), date(2019, 11, 30)),
    ("2020", date(2020, 11, 16), date(2020, 11, 30)),
    ("2021", date(2021, 11, 15), date(2021, 11, 30)),
    ("2022", date(2022, 11, 15), date(2022, 11, 30)),
    ("2023", date(2023, 11, 15), date(2023, 11, 30)),
    ("2024", date(2024, 11, 15), date(2024, 11, 29)),
    ("2025", date(2025, 6, 2), date(2025, 6, 20)),  # the last before the provinces merged
    ("2025-12", date(2025, 12, 1), date(2025, 12, 15)),
)
ACCOUNTS = (
    ("tochuc", Role.ORGANIZER, None),
    ("lanhdao", Role.LEADER, None),
    ("giamdoc.snv", Role.LEADER, "dn.snv2"),
)
READY_CODES = 5
WORKERS = 2
Past = tuple[Release, tuple[ReleasedComment, ...]]
FIELD_TURNOUT = 0.45


class Stores(Protocol):
    """What the demonstration needs from the composition root."""

    @property
    def design(self) -> Design: ...
    @property
    def collect(self) -> Collecting: ...
    @property
    def fieldwork(self) -> Fieldwork: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def importing(self) -> Importing: ...
    @property
    def commenting(self) -> Commenting: ...
    @property
    def undertakings(self) -> Undertakings: ...
    @property
    def policy(self) -> Policy: ...


@dataclass(frozen=True)
class Ready:
    """What is printed once: nothing of it is stored in clear."""

    passwords: dict[str, str]
    codes: tuple[str, ...]


def open_wave_id(today: date) -> str:
    return str(max(today.year, 2026))


def is_built(services: Stores) -> bool:
    return bool(services.design.waves(OPERATOR))


def build(services: Stores, today: date, say: Callable[[str], None]) -> tuple[KeyShare, ...]:
    """Fill empty stores: the units, eight past waves, and one wave in the field. Returns its key shares."""
    questionnaire = shipped_questionnaires()[0]
    services.design.save_units(OPERATOR, read_units(Source.open(REGISTER)))
    services.design.save_questionnaire(OPERATOR, questionnaire)
    plan = {"shares": 1, "shares_needed": 1}
    waves = [
        services.design.draft_wave(OPERATOR, wave_id, questionnaire.id, opens, closes, plan=plan, illustrative=True)
        for wave_id, opens, closes in HISTORY
    ]
    for release, comments in _in_parallel(partial(_past, services.policy), enumerate(waves)):
        services.importing.store(OPERATOR, [release], {release.wave.id: comments})
        services.commenting.accept(OPERATOR, release.wave.id)
        say(f"{release.wave.id} ({release.wave.opens:%d/%m/%Y}–{release.wave.closes:%d/%m/%Y})")
    undertake(services.undertakings, services.design.waves(OPERATOR))
    current = open_wave_id(today)
    opens, closes = today - timedelta(days=7), today + timedelta(days=60)
    say(f"{current} ({opens:%d/%m/%Y}–{closes:%d/%m/%Y})")
    wave = services.design.create_wave(OPERATOR, current, questionnaire.id, opens, closes, plan=plan, illustrative=True)
    slips = services.fieldwork.print_codes(OPERATOR, current)
    _, shares = services.fieldwork.open_wave(OPERATOR, current)
    _answer(services, wave, slips, today)
    return shares


def _in_parallel(work: Callable[[tuple[int, Wave]], Past], waves: Iterable[tuple[int, Wave]]) -> Iterator[Past]:
    """Hiding and attacking a wave takes seconds of a processor; the waves know nothing of each other. In their order."""
    if (os.cpu_count() or 1) < WORKERS:
        yield from map(work, waves)
        return
    # Started anew, not forked: a copy of a process with threads and database connections is no safe place.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as workers:
        yield from workers.map(work, waves)


def _past(policy: Policy, numbered: tuple[int, Wave]) -> Past:
    """A past wave answered, protected and attacked."""
    number, draft = numbered
    questionnaire = shipped_questionnaires()[0]
    closes = draft.closes
    when = closes.year + (closes.month - 1) / 12 if closes.year == 2025 else closes.year
    responses = simulate(questionnaire, draft.plan, when, seed=363 + number)
    wave = replace(draft, state=WaveState.PUBLISHED, origin=Origin.RESPONSES, note="trinh-dien")
    counted = scored(questionnaire, responses)
    tallies = tally(wave, questionnaire, counted)
    release = assessed(protect(tallies, wave.plan, policy), counted, policy)
    return release, release_comments(wave.plan, responses, policy)


def _answer(services: Stores, wave: Wave, slips: tuple[Slip, ...], today: date) -> None:
    """Some people have already answered: through the same sealed box as everybody."""
    questionnaire = shipped_questionnaires()[0]
    codes: dict[str, list[str]] = {}
    for slip in slips:
        codes.setdefault(slip.unit_name, []).append(slip.code)
    for response in simulate(questionnaire, wave.plan, float(today.year), seed=1, turnout=FIELD_TURNOUT):
        code = codes[wave.plan.by_id[response.unit].name_vi].pop()
        raw = {"answers": response.answers, "comments": response.comments, "breakdowns": response.breakdowns}
        services.collect.submit(code, raw, today)


def ready(services: Stores, today: date) -> Ready:
    """New demonstration passwords and five unused codes, every time the demonstration is started."""
    existing = {account.name: account for account in services.accounts.list(OPERATOR)}
    passwords = {}
    for name, role, unit in ACCOUNTS:
        if name in existing and not existing[name].demonstration:
            continue  # somebody has made it their own
        passwords[name] = new_password()
        services.accounts.set_demonstration_password(name, role, passwords[name], unit)
    wave = next((w for w in services.design.waves(OPERATOR) if w.state is WaveState.OPEN), None)
    codes: tuple[str, ...] = ()
    if wave is not None:
        busiest = max((n for n in wave.plan.nodes if n.reporting), key=lambda n: (n.id == "ld.snv", n.headcount or 0))
        codes = tuple(slip.code for slip in services.fieldwork.extra_codes(OPERATOR, wave.id, busiest.id, READY_CODES))
    return Ready(passwords, codes)
