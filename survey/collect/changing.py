"""A wave off the straight road: its days changed, its box shut and reopened, its opening taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.box import BoxKeeper, BoxUnknown, box_of
from survey.collect.keys import KeyShare, join_key
from survey.design.wave import Wave, WaveState, taken_back
from survey.errors import N_, SurveyError


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...
    def save_days(self, before: Wave, after: Wave) -> None: ...
    def take_back(self, before: Wave, after: Wave) -> None: ...


class Changing:
    def __init__(self, store: Store, box: BoxKeeper, log: Log) -> None:
        self._store = store
        self._box = box
        self._log = log

    def is_shut(self, viewer: Viewer | None, wave_id: str) -> bool:
        """Are answers turned away while the wave is open? Raises BoxUnknown."""
        return box_of(self._box, self._open(viewer, wave_id)).shut is not None

    def shut(self, viewer: Viewer | None, wave_id: str) -> None:
        """From now on every door says that the ballots are being counted."""
        wave = self._open(viewer, wave_id)
        standing = box_of(self._box, wave)
        self._box.shut(wave_id)
        if standing.shut is None:
            self._log.note(viewer, Action.WAVE_SHUT, wave=wave_id)

    def reopen(self, viewer: Viewer | None, wave_id: str) -> None:
        """Take answers again after a close that was given up. Refused once the ballots are counted."""
        wave = self._open(viewer, wave_id)
        standing = box_of(self._box, wave)
        if not self._box.reopen(wave_id):
            counted = N_("The ballots of wave {wave} have been counted; its box cannot be reopened. Close the wave to finish.")
            open_ = N_("The box of wave {wave} is not shut; answers are being taken.")
            raise SurveyError("box-not-reopened", counted if standing.counted else open_, wave=wave_id)
        self._log.note(viewer, Action.WAVE_REOPENED, wave=wave_id)

    def extend(self, viewer: Viewer | None, wave_id: str, closes: date, today: date) -> Wave:
        """A later last day for an open wave; respondents see it on their page."""
        wave = self._open(viewer, wave_id)
        if closes <= wave.closes or closes < today:
            raise SurveyError(
                "wave-dates",
                N_("The new last day must be later than {day} and not in the past."),
                day=wave.closes.strftime("%d/%m/%Y"),
            )
        extended = replace(wave, closes=closes)
        self._store.save_days(wave, extended)
        self._log.note(viewer, Action.WAVE_EXTENDED, wave=wave_id, closes=closes.isoformat())
        return extended

    def cancel(self, viewer: Viewer | None, wave_id: str, shares: Sequence[KeyShare]) -> Wave:
        """Take back an opening: the wave is a draft again, its codes unused. Destroyed for good: the box with every answer
        given so far, the key, invitations and their signing keys. Done again, it finishes what was cut off."""
        wave = self._open(viewer, wave_id)
        assert wave.public_key is not None  # an open wave has a key (advance)
        join_key(wave_id, wave.public_key, shares, wave.plan.shares_needed)
        try:
            if not box_of(self._box, wave).counted:
                self._box.shut(wave_id)
        except BoxUnknown:
            pass  # lost, or destroyed by a cancelling that was cut off
        self._log.note(viewer, Action.WAVE_CANCELLED, wave=wave_id)  # first: a destruction that is cut off has its line
        self._box.destroy(wave_id)
        draft = taken_back(wave)
        self._store.take_back(wave, draft)
        return draft

    def _open(self, viewer: Viewer | None, wave_id: str) -> Wave:
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        if wave.state is not WaveState.OPEN:
            raise SurveyError("wave-not-open", N_("Wave {wave} is not in the field."), wave=wave_id)
        return wave
