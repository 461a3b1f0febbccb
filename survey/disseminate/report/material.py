"""What a report speaks of: one unit in one wave, and everything that was tested about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from survey.analyse.between import Between, between
from survey.analyse.change import Comparison, parent_of, root_of
from survey.analyse.trend import Point, as_it_was, recast, reorganisations
from survey.analyse.verdicts import GROUP, WHOLE, Verdicts
from survey.design.plan import GROUP_KIND
from survey.design.questionnaire import Item
from survey.design.units import UnitRegister
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.look import node_name
from survey.i18n import Locale
from survey.vietnamese import sort_key


@dataclass(frozen=True, eq=False)
class Material:
    """`releases`: the waves of one questionnaire, oldest first, the last one is reported; `hash`: of that release uncut."""

    releases: tuple[Release, ...]
    register: UnitRegister
    unit: str
    hash: str
    locale: Locale
    verdicts: Verdicts

    @cached_property
    def release(self) -> Release:
        return self.releases[-1]

    @cached_property
    def name(self) -> str:
        return self.named(self.unit)

    def named(self, node: str) -> str:
        return node_name(self.release, node, self.locale)

    @cached_property
    def wave_name(self) -> str:
        wave = self.release.wave
        return self.locale.pick(wave.title_vi, wave.title_en) or wave.id

    @cached_property
    def shown(self) -> bool:
        return self.release.visible(self.unit)

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The unit's group and the whole, as far as there are any."""
        found = (parent_of(self.release, self.unit), root_of(self.release, self.unit))
        return tuple(dict.fromkeys(node for node in found if node is not None and node != self.unit))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Nodes whose parts are compared: the unit, and the khối right below it."""
        found = [node for node in (self.unit, *self.below(self.unit)) if node == self.unit or self.release.node(node).kind == GROUP_KIND]
        return tuple(node for node in found if self.below(node))

    def below(self, group: str) -> list[str]:
        """The nodes of a group by their index from high to low, hidden ones last."""
        held = {node.id for node in self.release.nodes()}

        def order(unit: str) -> tuple[bool, float, tuple[object, ...] | str]:
            cell = self.release.cell(unit, INDEX)
            score = cell.score if isinstance(cell, Cell) else None
            return score is None, -(score or 0.0), sort_key(self.named(unit))

        return sorted((child for child in self.release.plan.children.get(group, ()) if child in held), key=order)

    @cached_property
    def measures(self) -> dict[str, str]:
        """measure -> label: the index, then every theme."""
        themes = self.release.questionnaire.themes
        labels = {f"theme:{theme.id}": self.locale.pick(theme.vi, theme.en) for theme in themes}
        return {INDEX: self.locale("Workplace culture index"), **labels}

    def cell(self, measure: str, node: str = "") -> Cell | Suppressed:
        return self.release.cell(node or self.unit, measure)

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
    def own(self) -> tuple[Point, ...]:
        """The unit's index, one point a wave."""
        return as_it_was(self.releases, self.unit)

    @cached_property
    def past(self) -> Mapping[str, Point]:
        """wave -> the index of those who became the unit, where its people were elsewhere."""
        return {point.release.wave.id: point for point in recast(self.releases, self.register, self.unit)}

    @cached_property
    def reorganised(self) -> tuple[date, ...]:
        """Days between the waves on which units of its group (of the whole: any) were reorganised."""
        node = self.release.node(self.unit)
        group = node.group if node.parent is not None else ""
        return reorganisations(self.register, self.releases[0].wave.closes, self.release.wave.closes, group)

    @cached_property
    def change(self) -> Between | None:
        """What changed since `before`; None without such a wave."""
        return None if self.before is None else between(self.before, self.release, self.register, self.unit, verdicts=self.verdicts)

    @cached_property
    def ranked_items(self) -> tuple[tuple[Item, Cell], ...]:
        """Items that are shown, from the highest score to the lowest."""
        pairs = [(item, self.cell(f"item:{item.id}")) for item in self.release.questionnaire.items]
        shown = [(item, cell) for item, cell in pairs if isinstance(cell, Cell) and cell.score is not None]
        return tuple(sorted(shown, key=lambda pair: (-(pair[1].score or 0.0), pair[0].id)))

    def asked(self, node: str) -> int | None:
        """People asked: the staff of the node and all below it, None where unknown."""
        release = self.release
        return release.node(node).headcount if release.published_elsewhere else release.plan.headcount(node)

    @cached_property
    def forms(self) -> Cell | Suppressed:
        return self.cell(FORMS)
