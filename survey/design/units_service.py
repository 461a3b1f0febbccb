"""Reorganising the register, for organizers: looked at first, stored as it was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.design.reorganisation import Change, Operation
from survey.design.reorganising import reorganised
from survey.design.units import UnitRegister
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError


class Store(Protocol):
    def register(self) -> UnitRegister: ...
    def save_units(self, register: UnitRegister, before: UnitRegister | None = None) -> UnitRegister: ...
    def waves(self) -> tuple[Wave, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What storing would do. `held`: closed waves that ended on the day or later and asked the units as they stood before;
    `stale`: drafts that open on the day or later and were planned with them."""

    change: Change
    held: tuple[Wave, ...] = ()
    stale: tuple[Wave, ...] = ()


class Reorganising:
    def __init__(self, store: Store, log: Log) -> None:
        self._store = store
        self._log = log

    def foresee(self, viewer: Viewer | None, operation: Operation) -> Foreseen:
        """Nothing is stored. Raises InputRefused with what stands against it, SurveyError where a wave in the field does."""
        require(viewer, Permission.UNITS_EDIT)
        return _among(reorganised(self._store.register(), operation), self._store.waves())

    def store(self, viewer: Viewer | None, foreseen: Foreseen, accept_held: bool = False) -> UnitRegister:
        """Store what was foreseen, in one transaction; refused where register or waves have changed since.

        `accept_held`: waves that were held after the day keep the units as they asked them.
        """
        require(viewer, Permission.UNITS_EDIT)
        change = foreseen.change
        now = _among(change, self._store.waves())
        if now.held and not accept_held:
            raise SurveyError(
                "held-after",
                N_("Waves were held on {day} or later with the units as they stood before: {waves}. Their results stay with those units. "
                   "Choose a later day, or say that this is meant: tick the box on the page, or add --accept-held."),
                day=change.operation.day.strftime("%d/%m/%Y"), waves=", ".join(wave.id for wave in now.held),
            )  # fmt: skip
        stored = self._store.save_units(change.after, change.before)
        operation = change.operation
        self._log.note(
            viewer, Action.UNITS_REORGANISED, operation=operation.kind.value, units=",".join(operation.units), on=operation.day.isoformat(),
            ended=len(change.ends), begun=len(change.begins),
        )  # fmt: skip
        return stored


def _among(change: Change, waves: Sequence[Wave]) -> Foreseen:
    touched = {unit.id for unit in change.ends} | {unit.id for unit in change.stays if _is_other(change, unit.id)}
    concerned = [wave for wave in waves if touched & {*wave.plan.by_id, *wave.plan.reporting_unit}]
    day = change.operation.day
    if field := [wave for wave in concerned if wave.state is WaveState.OPEN and wave.closes >= day]:
        raise SurveyError(
            "wave-in-field",
            N_("Wave {wave} is in the field until {closes} and asks these units as they stand now. Close it first, or choose a day after {closes}."),
            wave=field[0].id, closes=field[0].closes.strftime("%d/%m/%Y"),
        )  # fmt: skip
    done = (WaveState.CLOSED, WaveState.PUBLISHED)
    return Foreseen(
        change=change,
        held=tuple(wave for wave in concerned if wave.state in done and wave.closes >= day),
        stale=tuple(wave for wave in concerned if wave.state is WaveState.DRAFT and wave.opens >= day),
    )


def _is_other(change: Change, unit_id: str) -> bool:
    """Did it take in or give away people? Another parent alone makes no other unit of it."""
    before, after = change.before.by_id[unit_id], change.after.by_id[unit_id]
    took = set(change.after.predecessors(unit_id)) != set(change.before.predecessors(unit_id))
    return took or before.successors != after.successors or before.headcount != after.headcount
