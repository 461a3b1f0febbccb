"""The verdicts of a release: is a number clearly above or below its group, the whole, or itself in the wave before?

They are reckoned once for all units, and every page, report, file and command reads them here. Each page used to
form its own family of tests, and the same difference was clear on one page and not on the next.

A question is one family: scores (index and themes), favourable shares of themes, or items, of every unit of the
release against one of the three. Only what changed between two waves that somebody chooses has tests of its own
(survey/analyse/between.py), and so do breakdowns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from survey.analyse.change import FAVOURABLE, SCORE, Comparison, Side, State, compare, parent_of, root_of, side
from survey.analyse.since import previous, sides
from survey.disclose.release import INDEX, NOT_AVAILABLE, Release, Suppressed
from survey.errors import N_

GROUP, WHOLE, PREVIOUS = "group", "whole", "previous"
AGAINST = (GROUP, WHOLE, PREVIOUS)
NOTHING_ABOVE = N_("there is nothing above it to be held against")
NO_EARLIER = N_("there is no earlier wave with a number of its own")
_SCORES, _ITEMS, _SHARES = ("base_score", SCORE), ("base_item", SCORE), ("base_share", FAVOURABLE)  # (smallest base, what is compared)
KINDS = tuple((against, kind) for kind in (_SCORES, _ITEMS) for against in AGAINST)
Found = dict[tuple[str, str], Comparison]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """`releases`: the waves before, oldest first, and last the one judged, all of them whole: who may see a part of it
    reads the same verdicts (restricted) as who sees all."""

    releases: tuple[Release, ...]
    visible: frozenset[str] | None = None
    _families: dict[tuple[str, tuple[str, str]], Mapping[tuple[str, str], Comparison]] = field(default_factory=dict, repr=False)

    def restricted(self, visible: Collection[str]) -> Verdicts:
        """The same verdicts, of these units alone."""
        return Verdicts(self.releases, frozenset(visible), self._families)

    def of(self, unit: str, measure: str, against: str, number: str = SCORE) -> Comparison:
        """The unit's verdict; `number`: SCORE, or FAVOURABLE of a theme. Raises KeyError for a unit that may not be seen."""
        if self.visible is not None and unit not in self.visible:
            raise KeyError(unit)
        if against == PREVIOUS and len(self.releases) == 1:
            return Comparison(None, State.NOT_TESTED, NO_EARLIER)
        if against == WHOLE and self.other(unit, GROUP) == self.other(unit, WHOLE):
            against = GROUP  # the same pair
        return self._family(against, _kind(measure, number)).get((unit, measure), Comparison(None, State.NOT_TESTED, NOTHING_ABOVE))

    def reckon(self, kind: tuple[str, tuple[str, str]]) -> None:
        """One of KINDS, before it is asked for."""
        if kind[0] != PREVIOUS or len(self.releases) > 1:
            self._family(*kind)

    def table(self, units: Sequence[str], measures: Sequence[str], against: str, number: str = SCORE) -> Found:
        return {(unit, measure): self.of(unit, measure, against, number) for unit in units for measure in measures}

    def other(self, unit: str, against: str) -> str | None:
        """The node a unit is held against; None for the whole itself."""
        if against == GROUP:
            return parent_of(self._release, unit)
        root = root_of(self._release, unit)
        return root if root != unit else None

    def previous(self, unit: str) -> str | None:
        """The last wave before in which the unit has a number of its own."""
        return self._previous[unit].wave.id if unit in self._previous else None

    @property
    def _release(self) -> Release:
        return self.releases[-1]

    @cached_property
    def _previous(self) -> dict[str, Release]:
        found = {node.id: previous(self.releases, node.id) for node in self._release.nodes()}
        return {unit: release for unit, release in found.items() if release is not None}

    def _family(self, against: str, kind: tuple[str, str]) -> Mapping[tuple[str, str], Comparison]:
        if (against, kind) not in self._families:
            minimum, number = kind
            pairs = self._pairs(against, self._measures(kind))
            found = compare(list(pairs.values()), self._release.policy, minimum, number)
            self._families[against, kind] = dict(zip(pairs, found, strict=True))
        return self._families[against, kind]

    def _measures(self, kind: tuple[str, str]) -> list[str]:
        questionnaire = self._release.questionnaire
        if kind == _ITEMS:
            return [f"item:{item.id}" for item in questionnaire.items]
        themes = [f"theme:{theme.id}" for theme in questionnaire.themes]
        return themes if kind == _SHARES else [INDEX, *themes]

    def _pairs(self, against: str, measures: Sequence[str]) -> dict[tuple[str, str], tuple[Side, Side]]:
        units = [node.id for node in self._release.nodes()]
        if against == PREVIOUS:
            # Where it has no number in any, the wave right before says why: not there yet, counted with another, hidden.
            earlier = {unit: self._previous.get(unit, self.releases[-2]) for unit in units}
            return {(unit, one): sides(self._release, earlier[unit], unit, one) for unit in units for one in measures}
        others = {unit: self.other(unit, against) for unit in units}
        if against == WHOLE:
            others = {unit: other for unit, other in others.items() if other != self.other(unit, GROUP)}
        held = {(node, one): side(self._release, node, one) for node in {*others.values()} - {None} for one in measures if node is not None}
        none = Side(Suppressed(NOT_AVAILABLE))
        return {
            (unit, one): (side(self._release, unit, one), held.get((other, one), none))
            for unit, other in others.items()
            if other is not None
            for one in measures
        }


def _kind(measure: str, number: str) -> tuple[str, str]:
    if number == FAVOURABLE:
        return _SHARES
    return _ITEMS if measure.startswith("item:") else _SCORES
