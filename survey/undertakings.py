"""Undertakings of units: written by who leads the unit or by an organizer, read by who may see the unit, announced to everybody.

An undertaking holds no number of the release. It hangs on a theme or question whose number its writer sees, so that not even the
choice of it tells what is hidden; everybody is told the theme alone, never the question.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from survey.access import OPERATOR, Permission, Viewer, require
from survey.access_log import Action, Log
from survey.design.wave import WaveState
from survey.disclose.release import Cell, Release
from survey.disseminate.results import Results
from survey.errors import N_, NotAllowed, Problem, SurveyError, refuse_if
from survey.publish.redaction import proposed, words
from survey.undertaking import MOST, Undertaking, by_theme, problems, tidied

# Numbers that may be read as a result of the survey: 42 %, 3 people, 61,5 points.
_RESULT = re.compile(r"\d[\d.,]*\s*(?:%|phần trăm|điểm|người|phiếu|ý kiến|percent|points?|people|persons?|forms?|answers?)", re.IGNORECASE)


class Doubt(StrEnum):
    """What a writer is asked about once more before everybody reads it."""

    NAMES = "names"
    RESULTS = "results"


class UndertakingDoubtful(SurveyError):
    """Refused until the writer accepts `doubt`; nothing was stored."""

    def __init__(self, doubt: Doubt, found: str) -> None:
        said = {
            Doubt.NAMES: N_("The text seems to name or point to somebody: {found}. Take it out, or confirm that it may be read."),
            Doubt.RESULTS: N_(
                "The text holds what reads like a number of the survey: {found}. Take it out, or confirm that it may be read."
            ),
        }
        self.doubt = doubt
        super().__init__(f"undertaking-{doubt.value}", said[doubt], found=found)


class Store(Protocol):
    def of_wave(self, wave_id: str) -> tuple[Undertaking, ...]: ...
    def add(self, one: Undertaking, most: int) -> Undertaking | None:
        """With its id; None where the unit has `most` in this wave already."""
        ...

    def change(self, before: Undertaking, after: Undertaking) -> bool:
        """False where it is no longer `before`."""
        ...

    def remove(self, one: Undertaking) -> bool: ...


class Undertakings:
    def __init__(self, store: Store, results: Results, log: Log) -> None:
        self._store = store
        self._results = results
        self._log = log

    def of_unit(self, viewer: Viewer | None, wave_id: str, unit: str) -> tuple[Undertaking, ...]:
        """Those of one unit; of a unit above the viewer's only what is announced to everybody."""
        release = self._results.release(viewer, wave_id)
        if unit not in release.plan.by_id:
            raise SurveyError("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave_id, unit=unit)
        own = unit in self._results.own(viewer, wave_id)
        if not own and unit not in {node.id for node in release.nodes()}:
            raise NotAllowed()
        found = self._store.of_wave(wave_id) if own else self.announced(wave_id)
        return tuple(one for one in found if one.unit == unit)

    def of_wave(self, viewer: Viewer | None, wave_id: str) -> tuple[Undertaking, ...]:
        """Those of every unit the viewer answers for, in plan order."""
        own = {unit: place for place, unit in enumerate(self._results.own(viewer, wave_id))}
        found = [one for one in self._store.of_wave(wave_id) if one.unit in own]
        return tuple(sorted(found, key=lambda one: own[one.unit]))

    def may_write(self, viewer: Viewer | None, wave_id: str, unit: str) -> bool:
        viewer = require(viewer, Permission.RESULTS_SEE)
        return viewer.may(Permission.UNDERTAKINGS_EDIT) and self._published(viewer, wave_id) and unit in self._results.own(viewer, wave_id)

    def measures(self, viewer: Viewer | None, wave_id: str, unit: str) -> tuple[str, ...]:
        """What an undertaking of this unit may hang on: themes, then questions, whose numbers the viewer sees; the weakest first."""
        release = self._results.release(viewer, wave_id)
        return (*_weakest(release, unit, release.composites[1:]), *_weakest(release, unit, release.single_items))

    def add(self, viewer: Viewer | None, one: Undertaking, accept: Collection[Doubt] = ()) -> Undertaking:
        """Store a new one. Raises InputRefused, or UndertakingDoubtful to be asked again with `accept`."""
        one = self._checked(viewer, one, accept)
        stored = self._store.add(one, MOST)
        if stored is None:
            raise SurveyError(
                "undertakings-many", N_("This unit has {count} actions in this wave already. Change or remove one of them."), count=MOST
            )
        self._log.note(viewer, Action.UNDERTAKING_ADDED, wave=one.wave, unit=one.unit, measure=one.measure)
        return stored

    def change(self, viewer: Viewer | None, before: Undertaking, after: Undertaking, accept: Collection[Doubt] = ()) -> Undertaking:
        """Store another text, owner, day, progress or measure of the same unit's undertaking."""
        require(viewer, Permission.UNDERTAKINGS_EDIT)
        if before.key != after.key or before.id != after.id:
            raise NotAllowed()
        after = self._checked(viewer, after, accept)
        if not self._store.change(before, after):
            raise _moved()
        self._log.note(viewer, Action.UNDERTAKING_CHANGED, wave=after.wave, unit=after.unit, measure=after.measure, progress=after.progress)
        return after

    def remove(self, viewer: Viewer | None, one: Undertaking) -> None:
        self._require_writer(viewer, one)
        if not self._store.remove(one):
            raise _moved()
        self._log.note(viewer, Action.UNDERTAKING_REMOVED, wave=one.wave, unit=one.unit, measure=one.measure)

    def announced(self, wave_id: str) -> tuple[Undertaking, ...]:
        """For everybody, of a published wave, in plan order: what is announced, with its theme where the unit's theme is shown."""
        if not self._published(OPERATOR, wave_id):
            return ()
        release = self._results.release(OPERATOR, wave_id)
        order = {node.id: place for place, node in enumerate(release.plan.nodes)}
        found = [one for one in self._store.of_wave(wave_id) if one.announced and one.unit in order]
        return tuple(_as_told(release, one) for one in sorted(found, key=lambda one: order[one.unit]))

    def _published(self, viewer: Viewer, wave_id: str) -> bool:
        return any(wave.id == wave_id and wave.state is WaveState.PUBLISHED for wave in self._results.waves(viewer))

    def _require_writer(self, viewer: Viewer | None, one: Undertaking) -> Release:
        require(viewer, Permission.UNDERTAKINGS_EDIT)
        release = self._results.release(viewer, one.wave)
        if not self.may_write(viewer, one.wave, one.unit):
            raise NotAllowed()
        return release

    def _checked(self, viewer: Viewer | None, one: Undertaking, accept: Collection[Doubt]) -> Undertaking:
        release = self._require_writer(viewer, one)
        one = replace(one, text=tidied(one.text), owner=tidied(one.owner))
        found = list(problems(one, release.wave.closes))
        if not _hangs_on(release, one.unit, one.measure):
            found.append(
                Problem(
                    message=N_("its number is not shown for this unit."),
                    cure=N_("Choose one from the list."),
                    column=N_("Theme or question"),
                )
            )
        refuse_if(one.unit, found)
        if Doubt.NAMES not in accept and (names := _pointing(one.text)):
            raise UndertakingDoubtful(Doubt.NAMES, names)
        if Doubt.RESULTS not in accept and (results := _RESULT.findall(one.text)):
            raise UndertakingDoubtful(Doubt.RESULTS, ", ".join(results))
        return one


def _hangs_on(release: Release, unit: str, measure: str) -> bool:
    return measure in (*release.composites[1:], *release.single_items) and isinstance(release.cell(unit, measure), Cell)


def _weakest(release: Release, unit: str, measures: Collection[str]) -> list[str]:
    cells = {measure: release.cell(unit, measure) for measure in measures}
    shown = {measure: cell.score if cell.score is not None else 100.0 for measure, cell in cells.items() if isinstance(cell, Cell)}
    return sorted(shown, key=lambda measure: shown[measure])


def _as_told(release: Release, one: Undertaking) -> Undertaking:
    """A correction may have hidden since what it hangs on: then it is told without its theme."""
    told = by_theme(one, release.questionnaire)
    return told if _hangs_on(release, told.unit, told.measure) else replace(told, measure="")


def _pointing(text: str) -> str:
    """The words of a text that look like a name, a number or an address of somebody."""
    found = words(text)
    return " ".join(found[place] for place in sorted(proposed(text)))


def _moved() -> SurveyError:
    return SurveyError("undertaking-moved", N_("Somebody else has changed or removed this action meanwhile. Please look at it again."))
