"""Fieldwork seen from the organizer's desk: slips, opening, and participation in rounded steps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.box import BoxKeeper, begin_for
from survey.collect.keys import BoxKey, KeyShare, create_key, try_key
from survey.collect.slips import Slip, digest, new_code, shuffled
from survey.design.plan import Node
from survey.design.units import UnitRegister
from survey.design.wave import Wave, WaveState, advance
from survey.errors import N_, SurveyError
from survey.web_address import check_address


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...
    def register(self) -> UnitRegister: ...
    def save_wave(self, before: Wave, after: Wave) -> None: ...
    def add_codes(self, wave_id: str, entries: Iterable[tuple[bytes, str]]) -> None: ...
    def given(self, wave_id: str) -> dict[str, int]: ...
    def save_site(self, wave: Wave, site: str) -> None: ...
    def participation(self, wave_id: str) -> dict[str, tuple[int, int]]: ...
    def note_list(self, wave_id: str) -> None:
        """Codes of the wave leave as a list."""
        ...


class InvitedUnits(Protocol):
    def counts(self, wave_id: str) -> dict[str, tuple[int, int]]:
        """Invitations listed and credentials collected, per reporting unit."""
        ...


@dataclass(frozen=True)
class RateRules:
    """From the disclosure policy: who gets a rate, in which steps, where it stops, and how many people a step needs at least."""

    headcount: int
    step: int
    cap: int
    people: int


@dataclass(frozen=True)
class Participation:
    """`rate` in percent, rounded down to steps and capped; None where the unit is too small.

    In units with invitations it counts credentials collected: who has answered, the server cannot know.
    """

    node: Node
    given: int
    rate: int | None
    capped: bool = False


class Fieldwork:
    def __init__(self, store: Store, rules: RateRules, invited: InvitedUnits, box: BoxKeeper, log: Log) -> None:
        self._store = store
        self.rules = rules
        self._invited = invited
        self._box = box
        self._log = log

    def print_codes(self, viewer: Viewer | None, wave_id: str, address: str = "") -> tuple[Slip, ...]:
        """New codes, as many as each unit's headcount, once: only their digests are kept.

        `address`: of the survey, as the slips will say; kept, so that slips made later say the same.
        Units with personal invitations get none. Slips come unit by unit, shuffled inside each. Raises when codes were made before.
        """
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        if wave.state not in (WaveState.DRAFT, WaveState.OPEN):
            raise SurveyError("wave-over", N_("Wave {wave} is closed; codes are no longer made."), wave=wave_id)
        if self._store.given(wave_id):
            raise SurveyError(
                "codes-exist",
                N_(
                    "The codes of wave {wave} have been made already; they can be printed only once. Make extra codes for single units instead."
                ),
                wave=wave_id,
            )
        if address:
            check_address(address)
            self._store.save_site(wave, address)
        invited = self._invited.counts(wave_id)
        slips = self._make(wave, {node.id: node.headcount or 0 for node in wave.plan.nodes if node.reporting and node.id not in invited})
        self._log.note(viewer, Action.SLIPS_MADE, wave=wave_id, slips=len(slips))
        return slips

    def extra_codes(self, viewer: Viewer | None, wave_id: str, unit: str, count: int) -> tuple[Slip, ...]:
        """Replacement slips for one reporting unit; counted, never tied to a person."""
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        if wave.state not in (WaveState.DRAFT, WaveState.OPEN) or unit not in wave.plan.by_id or not wave.plan.by_id[unit].reporting:
            raise SurveyError("wave-over", N_("Wave {wave} is closed; codes are no longer made."), wave=wave_id)
        if not 1 <= count <= 1000:
            raise SurveyError("code-count", N_("Ask for 1 to 1000 codes."))
        slips = self._make(wave, {unit: count})
        self._log.note(viewer, Action.SLIPS_ADDED, wave=wave_id, unit=unit, slips=count)
        return slips

    def note_list(self, viewer: Viewer | None, wave_id: str) -> None:
        """Before codes leave as a list (.csv): whoever has it can ask about each of them, and the protocol says so."""
        require(viewer, Permission.WAVES_EDIT)
        self._store.note_list(wave_id)
        self._log.note(viewer, Action.SLIPS_LISTED, wave=wave_id)

    def _make(self, wave: Wave, wanted: dict[str, int]) -> tuple[Slip, ...]:
        codes = {unit: [new_code() for _ in range(count)] for unit, count in wanted.items()}
        self._store.add_codes(wave.id, ((digest(wave.id, code), unit) for unit, made in codes.items() for code in made))
        return tuple(Slip(code, wave.plan.by_id[unit].name_vi) for unit, made in codes.items() for code in shuffled(made))

    def make_key(self, viewer: Viewer | None, wave_id: str, passphrases: Sequence[str] = ()) -> BoxKey:
        """A key for a draft wave, tried with a canary ballot; nothing is stored, so that a failure leaves the draft as it was.

        `passphrases`: one for each custodian, in the order of the shares; without them the shares are not protected.
        """
        wave = self.ready(viewer, wave_id)
        return create_key(wave_id, wave.plan.shares, wave.plan.shares_needed, passphrases)

    def open_with(self, viewer: Viewer | None, wave_id: str, public_key: bytes, shares: Iterable[KeyShare]) -> Wave:
        """Open a draft wave with a key whose unlocked shares, brought back by their custodians, open a canary ballot now."""
        wave = self.ready(viewer, wave_id)
        try_key(wave_id, public_key, shares)
        opened = advance(replace(wave, public_key=public_key), WaveState.OPEN)
        begin_for(self._box, opened)  # before anybody can answer; nobody else ever makes a box
        self._store.save_wave(wave, opened)
        self._log.note(viewer, Action.WAVE_OPENED, wave=wave_id, shares=wave.plan.shares, needed=wave.plan.shares_needed)
        return opened

    def open_wave(self, viewer: Viewer | None, wave_id: str) -> tuple[Wave, tuple[KeyShare, ...]]:
        """Key and opening in one, with shares that no passphrase protects: for trials and the demonstration."""
        key = self.make_key(viewer, wave_id)
        return self.open_with(viewer, wave_id, key.public_key, key.shares), key.shares

    def ready(self, viewer: Viewer | None, wave_id: str) -> Wave:
        """The draft, if it has codes or invitations and so could be opened; a refusal otherwise."""
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        advance(replace(wave, public_key=b""), WaveState.OPEN)
        if not self._store.given(wave_id) and not self._invited.counts(wave_id):
            raise SurveyError("no-codes", N_("Wave {wave} has no codes yet; print the slips first."), wave=wave_id)
        return wave

    def slips_made(self, viewer: Viewer | None, wave_id: str) -> int:
        """Invitations are not counted. Known without the wave's cover: a lost one does not take the pages with it."""
        require(viewer, Permission.FIELDWORK_SEE)
        return sum(self._store.given(wave_id).values())

    def slips_by_unit(self, viewer: Viewer | None, wave_id: str) -> tuple[tuple[str, int], ...]:
        """(unit, slips made for it), by the unit's Vietnamese name as its slips say it, in the order of the plan."""
        require(viewer, Permission.FIELDWORK_SEE)
        given = self._store.given(wave_id)
        return tuple((node.name_vi, given[node.id]) for node in self._store.wave(wave_id).plan.nodes if given.get(node.id))

    def participation(self, viewer: Viewer | None, wave_id: str) -> tuple[Participation, ...]:
        """Rounded participation of every node of an open wave; nobody sees who answered, or one answer arrive."""
        require(viewer, Permission.FIELDWORK_SEE)
        wave = self._store.wave(wave_id)
        counts = self._counts(wave_id)
        rows = []
        for node in wave.plan.nodes:
            strata = wave.plan.strata[node.id]
            given = sum(counts.get(unit, (0, 0))[0] for unit in strata)
            used = sum(counts.get(unit, (0, 0))[1] for unit in strata)
            staff = wave.plan.headcount(node.id) or given
            if staff < self.rules.headcount:
                rows.append(Participation(node, given, None))
                continue
            # In a unit of 20 a step of 5 % is one person: a number that moves must have waited for several.
            used -= used % self.rules.people
            rate = math.floor(100 * used / staff / self.rules.step) * self.rules.step
            rows.append(Participation(node, given, min(rate, self.rules.cap), capped=rate >= self.rules.cap))
        return tuple(rows)

    def _counts(self, wave_id: str) -> dict[str, tuple[int, int]]:
        """Slips and invitations together: a unit that changed some people over to slips has both."""
        slips, invited = self._store.participation(wave_id), self._invited.counts(wave_id)
        pairs = {unit: (slips.get(unit, (0, 0)), invited.get(unit, (0, 0))) for unit in slips.keys() | invited.keys()}
        return {unit: (first[0] + second[0], first[1] + second[1]) for unit, (first, second) in pairs.items()}

    def days_left(self, wave: Wave, today: date) -> int:
        return (wave.closes - today).days
