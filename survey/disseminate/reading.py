"""What is said of one unit in one wave on paper or on a sheet, with everything that was tested about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from survey.analyse.change import parent_of, root_of
from survey.analyse.trend import Point, as_it_was, recast, reorganisations, reorganisations_on_its_line
from survey.analyse.verdicts import Verdicts
from survey.design.units import UnitRegister
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.look import measure_labels, node_name
from survey.i18n import Locale
from survey.vietnamese import sort_key


@dataclass(frozen=True, eq=False)
class Reading:
    """`releases`: the waves of one series as far as the reader may see them, oldest first, the last one is shown;
    `hash`: of that release uncut."""

    releases: tuple[Release, ...]
    register: UnitRegister
    unit: str
    hash: str
    locale: Locale
    verdicts: Verdicts

    @cached_property
    def release(self) -> Release:
        return self.releases[-1]

    def named(self, node: str) -> str:
        return node_name(self.release, node, self.locale)

    @cached_property
    def name(self) -> str:
        return self.named(self.unit)

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

    def below(self, group: str) -> list[str]:
        """The nodes directly below a group that the reader may see, by their index from high to low, hidden ones last."""
        held = {node.id for node in self.release.nodes()}

        def order(unit: str) -> tuple[bool, float, tuple[object, ...] | str]:
            cell = self.cell(INDEX, unit)
            score = cell.score if isinstance(cell, Cell) else None
            return score is None, -(score or 0.0), sort_key(self.named(unit))

        return sorted((child for child in self.release.plan.children.get(group, ()) if child in held), key=order)

    @cached_property
    def measures(self) -> dict[str, str]:
        return measure_labels(self.release, self.locale)

    def cell(self, measure: str, node: str = "") -> Cell | Suppressed:
        return self.release.cell(node or self.unit, measure)

    @cached_property
    def forms(self) -> Cell | Suppressed:
        return self.cell(FORMS)

    @cached_property
    def own(self) -> tuple[Point, ...]:
        """The unit's index, one point a wave."""
        return as_it_was(self.releases, self.unit, register=self.register)

    @cached_property
    def past(self) -> tuple[Point, ...]:
        """The index of those who became the unit, where its people were elsewhere."""
        return recast(self.releases, self.register, self.unit)

    @cached_property
    def reorganised(self) -> tuple[date, ...]:
        """Days between the waves that its line crosses: the same on every page, sheet and report."""
        return reorganisations_on_its_line(
            self.register, self.release.node(self.unit), self.releases[0].wave.closes, self.release.wave.closes
        )

    @cached_property
    def reorganised_below(self) -> tuple[date, ...]:
        """Days on which units of the whole were reorganised, which its own line does not show; of others nothing."""
        if self.release.node(self.unit).parent is not None:
            return ()
        return reorganisations(self.register, self.releases[0].wave.closes, self.release.wave.closes)
