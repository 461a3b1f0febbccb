"""What respondents are told before they answer again: what was done with the last answers of their unit and of what stands above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave, WaveState
from survey.undertaking import Progress, Undertaking, by_theme

FEW = 6  # a phone's first screen
_DONE_FIRST = (Progress.DONE, Progress.DOING, Progress.HEARD)


class Questionnaires(Protocol):
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...


class Store(Protocol):
    def of_wave(self, wave_id: str) -> tuple[Undertaking, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Of the `wave` before; the measures are themes of `questionnaire`."""

    wave: Wave
    questionnaire: Questionnaire
    undertakings: tuple[Undertaking, ...]


class Hearing:
    """Needs no account and no release: what is announced is everybody's."""

    def __init__(self, questionnaires: Questionnaires, store: Store) -> None:
        self._questionnaires = questionnaires
        self._store = store

    def before(self, wave: Wave, unit: Node, waves: Iterable[Wave]) -> Heard | None:
        """What was announced after the last published of all `waves` before this one; None where nothing was."""
        earlier = [one for one in waves if one.state is WaveState.PUBLISHED and (one.closes, one.id) < (wave.closes, wave.id)]
        if not earlier:
            return None
        last = max(earlier, key=lambda one: (one.closes, one.id))
        asked = self._questionnaires.questionnaire(last.questionnaire, last.version)
        line = list(_line(last.plan, unit))
        found = [by_theme(one, asked) for one in self._store.of_wave(last.id) if one.announced and one.unit in line]
        found.sort(key=lambda one: (_DONE_FIRST.index(one.progress), line.index(one.unit)))
        return Heard(wave=last, questionnaire=asked, undertakings=tuple(found[:FEW])) if found else None


def _line(plan: Plan, unit: Node) -> Iterator[str]:
    """Where the unit's members were counted then, and what stood above."""
    members = set(unit.members or (unit.id,))
    here = [node.id for node in plan.nodes if node.id == unit.id or members & set(node.members)]
    yield from here
    above: str | None = plan.by_id[here[0]].parent if here else next((node.id for node in plan.nodes if node.parent is None), None)
    while above is not None and above in plan.by_id:
        yield above
        above = plan.by_id[above].parent
