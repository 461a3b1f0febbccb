"""Imported waves that nobody sees yet, or no longer: taking a publication back, and throwing away what was never public.

A release that was public is in the world, also when it is taken back. So it stays stored, beside every later import and
correction that it must be held against (same_people.py, correction.py): nothing that was protected with it in view loses that.
Only a draft that was never public can be thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.design.wave import Origin, Wave, WaveState
from survey.disclose.superseded import Superseded
from survey.errors import N_, SurveyError


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...


class Releases(Protocol):
    def superseded(self, wave_id: str) -> Sequence[Superseded]: ...
    def take_back(self, before: Wave, after: Wave) -> None: ...
    def throw_away(self, wave: Wave) -> None: ...


class Drafts:
    def __init__(self, store: Store, releases: Releases, log: Log) -> None:
        self._store, self._releases, self._log = store, releases, log

    def withdraw(self, viewer: Viewer | None, wave_id: str) -> Wave:
        """A published imported wave is seen by nobody but organizers again; it can be published once more, or corrected."""
        wave = self._imported(viewer, wave_id, (WaveState.PUBLISHED,))
        draft = replace(wave, state=WaveState.CLOSED)
        self._releases.take_back(wave, draft)
        self._log.note(viewer, Action.WAVE_WITHDRAWN, wave=wave_id)
        return draft

    def was_public(self, viewer: Viewer | None, wave_id: str) -> bool:
        """Has the draft been published before, so that what it says is in the world?"""
        require(viewer, Permission.WAVES_EDIT)
        return bool(self._releases.superseded(wave_id))

    def discard(self, viewer: Viewer | None, wave_id: str) -> None:
        """Remove a draft that was never public, with its numbers and comments."""
        wave = self._imported(viewer, wave_id, (WaveState.CLOSED,))
        if self._releases.superseded(wave_id):
            message = N_(
                "Wave {wave} was published before: whoever kept its numbers could subtract those of another import. "
                "It stays as a draft, and later imports are held against it. Correct it with --replace, or publish it again."
            )
            raise SurveyError("was-public", message, wave=wave_id)
        self._releases.throw_away(wave)
        self._log.note(viewer, Action.WAVE_DISCARDED, wave=wave_id)

    def _imported(self, viewer: Viewer | None, wave_id: str, states: Collection[WaveState]) -> Wave:
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        if wave.origin is Origin.COLLECTED:
            if WaveState.PUBLISHED not in states:
                raise SurveyError(
                    "wave-collected", N_("Wave {wave} was collected here and stays. Only imported drafts can be thrown away."), wave=wave_id
                )
            message = N_("Wave {wave} was collected here: its publication cannot be taken back. Only imported waves can be withdrawn.")
            raise SurveyError("wave-collected", message, wave=wave_id)
        if wave.state not in states:
            message = (
                N_("Wave {wave} is not published.") if WaveState.PUBLISHED in states else N_("Wave {wave} is published; withdraw it first.")
            )
            raise SurveyError("wave-state", message, wave=wave_id)
        return wave
