"""The verdicts of a release: is a number clearly above or below its group, the whole, or itself in the wave before?

They are reckoned once for all units, and every page, report, file and command reads them here. Each page used to
form its own family of tests, and the same difference was clear on one page and not on the next.

A question is one family: scores (index and themes), favourable shares of themes, or items, of every unit of the
release against one of the three; so are the criteria of its plan against the launch. Where a release has several trees (the provinces
of a country), nothing published adds across them, and each tree has families of its own: what is called of one province does not hang
on the answers of another. Only what changed between two waves that somebody chooses has tests of its own
(survey/analyse/between.py), and so do breakdowns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from survey.analyse.change import FAVOURABLE, SCORE, Comparison, Side, State, compare, parent_of, root_of, side
from survey.analyse.coverage import other_people
from survey.analyse.criteria import Calls, since_launch
from survey.analyse.family import Family
from survey.analyse.since import previous, sides
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.disclose.release import INDEX, Release
from survey.errors import N_

GROUP, WHOLE, PREVIOUS = "group", "whole", "previous"
AGAINST = (GROUP, WHOLE, PREVIOUS)
NOTHING_ABOVE = N_("there is nothing above it to be held against")
NO_EARLIER = N_("there is no earlier wave with a number of its own")
_ALONE = Comparison(None, State.NOT_TESTED, NOTHING_ABOVE)
_SCORES, _ITEMS, _SHARES = ("base_score", SCORE), ("base_item", SCORE), ("base_share", FAVOURABLE)  # (smallest base, what is compared)
Found = dict[tuple[str, str], Comparison]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """`releases`: the waves before, oldest first, and last the one judged, all of them whole: who may see a part of it
    reads the same verdicts (restricted) as who sees all."""

    releases: tuple[Release, ...]
    visible: frozenset[str] | None = None
    register: UnitRegister | None = field(default=None, repr=False)  # who became whom
    _families: dict[tuple[str, str, tuple[str, str]], Family] = field(default_factory=dict, repr=False)
    _earlier: dict[str, Release | None] = field(default_factory=dict, repr=False)
    _launch: dict[tuple[str, str, str], Calls] = field(default_factory=dict, repr=False)

    def restricted(self, visible: Collection[str]) -> Verdicts:
        """The same verdicts, of these units alone."""
        return Verdicts(self.releases, frozenset(visible), self.register, self._families, self._earlier, self._launch)

    def of(self, unit: str, measure: str, against: str, number: str = SCORE) -> Comparison:
        """The unit's verdict; `number`: SCORE, or FAVOURABLE of a theme. Raises KeyError for a unit that may not be seen."""
        if self.visible is not None and unit not in self.visible:
            raise KeyError(unit)
        if against == PREVIOUS and len(self.releases) == 1:
            return Comparison(None, State.NOT_TESTED, NO_EARLIER)
        if against == WHOLE and self.other(unit, GROUP) == self.other(unit, WHOLE):
            against = GROUP  # the same pair
        return self._family(root_of(self._release, unit), against, _kind(measure, number)).get((unit, measure)) or _ALONE

    def table(self, units: Sequence[str], measures: Sequence[str], against: str, number: str = SCORE) -> Found:
        return {(unit, measure): self.of(unit, measure, against, number) for unit in units for measure in measures}

    def other(self, unit: str, against: str) -> str | None:
        """The node a unit is held against; None for the whole itself."""
        if against == GROUP:
            return parent_of(self._release, unit)
        root = root_of(self._release, unit)
        return root if root != unit else None

    def since_launch(self, plan: Questionnaire) -> Calls:
        """(unit, criterion of `plan`) -> against the first wave of the series; only of units that may be seen."""
        roots = self._release.plan.roots
        if self.visible is not None:
            roots = tuple(dict.fromkeys(root_of(self._release, unit) for unit in self.visible))
        calls = {pair: one for root in roots for pair, one in self._since_launch(root, plan).items()}
        return calls if self.visible is None else {pair: one for pair, one in calls.items() if pair[0] in self.visible}

    def _since_launch(self, root: str, plan: Questionnaire) -> Calls:
        key = (root, plan.id, plan.version)
        if key not in self._launch:
            self._launch[key] = since_launch(self.releases, plan, self._others, self._tree(root))
        return self._launch[key]

    def previous(self, unit: str) -> str | None:
        """The last wave before in which the unit has a number of its own."""
        release = self._before(unit)
        return None if release is None else release.wave.id

    @property
    def _release(self) -> Release:
        return self.releases[-1]

    def _before(self, unit: str) -> Release | None:
        if unit not in self._earlier:
            self._earlier[unit] = previous(self.releases, unit) if unit in self._release.plan.by_id else None
        return self._earlier[unit]

    def _others(self, unit: str, earlier: Release) -> str:
        return other_people(self._release, earlier, unit, self.register) if self.register is not None else ""

    def _tree(self, root: str) -> list[str]:
        """The units of one tree, in the order of the plan."""
        return [node.id for node in self._release.nodes() if root_of(self._release, node.id) == root]

    def _family(self, root: str, against: str, kind: tuple[str, str]) -> Family:
        if (root, against, kind) not in self._families:
            minimum, number = kind
            pairs = self._pairs(root, against, self._measures(kind))
            found = compare(list(pairs.values()), self._release.policy, minimum, number)
            self._families[root, against, kind] = Family(pairs, found)
        return self._families[root, against, kind]

    def _measures(self, kind: tuple[str, str]) -> tuple[str, ...]:
        if kind == _ITEMS:
            return self._release.single_items
        composites = self._release.composites
        return tuple(one for one in composites if one != INDEX) if kind == _SHARES else composites

    def _pairs(self, root: str, against: str, measures: Sequence[str]) -> dict[tuple[str, str], tuple[Side, Side]]:
        units = self._tree(root)
        if against == PREVIOUS:
            # Where it has no number in any, the wave right before says why: not there yet, counted with another, hidden.
            earlier = {unit: self._before(unit) or self.releases[-2] for unit in units}
            others = {unit: self._others(unit, earlier[unit]) for unit in units}
            return {(unit, one): sides(self._release, earlier[unit], unit, one, others=others[unit]) for unit in units for one in measures}
        others = {unit: other for unit in units if (other := self.other(unit, against)) is not None}
        if against == WHOLE:
            others = {unit: other for unit, other in others.items() if other != self.other(unit, GROUP)}
        held = {(node, one): side(self._release, node, one) for node in set(others.values()) for one in measures}
        return {(unit, one): (side(self._release, unit, one), held[other, one]) for unit, other in others.items() for one in measures}


def _kind(measure: str, number: str) -> tuple[str, str]:
    if number == FAVOURABLE:
        return _SHARES
    return _ITEMS if measure.startswith("item:") else _SCORES
