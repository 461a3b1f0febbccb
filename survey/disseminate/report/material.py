"""What a report speaks of: one unit in one wave, and everything that was tested about it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from survey.analyse.between import Between, between
from survey.analyse.change import Comparison, parent_of
from survey.analyse.overview import ranked_items
from survey.analyse.trend import Point
from survey.analyse.verdicts import GROUP, WHOLE
from survey.design.plan import GROUP_KIND
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release
from survey.disseminate.reading import Reading


class Material(Reading):
    """A reading with what only a report has room for."""

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Nodes whose parts are compared: the unit, and the khối right below it."""
        found = [node for node in (self.unit, *self.below(self.unit)) if node == self.unit or self.release.node(node).kind == GROUP_KIND]
        return tuple(node for node in found if self.below(node))

    def against(self, other: str) -> Mapping[str, Comparison]:
        """Every measure of the unit against one of the nodes above it."""
        which = GROUP if other == parent_of(self.release, self.unit) else WHOLE
        return {measure: self.verdicts.of(self.unit, measure, which) for measure in self.measures}

    def children_against(self, group: str) -> dict[str, dict[str, Comparison]]:
        """unit -> measure -> against the group, of the units right below it."""
        return {unit: {measure: self.verdicts.of(unit, measure, GROUP) for measure in self.measures} for unit in self.below(group)}

    @cached_property
    def before(self) -> Release | None:
        """The last earlier wave in which the unit had a number of its own."""
        before = self.verdicts.previous(self.unit)
        return next((one for one in self.releases if one.wave.id == before), None)

    @cached_property
    def past_by_wave(self) -> Mapping[str, Point]:
        return {point.release.wave.id: point for point in self.past}

    @cached_property
    def change(self) -> Between | None:
        """What changed since `before`; None without such a wave."""
        return None if self.before is None else between(self.before, self.release, self.register, self.unit, verdicts=self.verdicts)

    @cached_property
    def ranked_items(self) -> tuple[tuple[Item, Cell], ...]:
        return ranked_items(self.release, self.unit)

    def asked(self, node: str) -> int | None:
        """People asked: the staff of the node and all below it, None where unknown."""
        release = self.release
        return release.node(node).headcount if release.published_elsewhere else release.plan.headcount(node)
