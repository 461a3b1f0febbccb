"""What a sheet speaks of: one unit in one wave, asked of the services, which ask access first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from survey.access import OPERATOR, Permission, Viewer, require
from survey.analyse.change import Comparison, root_of
from survey.analyse.overview import Overview, overview
from survey.analyse.trend import Point, as_it_was, recast, reorganisations
from survey.analyse.verdicts import GROUP, Verdicts
from survey.design.units import UnitRegister
from survey.disclose.release import FORMS, INDEX, Cell, Release, Suppressed
from survey.disseminate.look import node_name
from survey.disseminate.public import public_history
from survey.disseminate.results import Results
from survey.errors import N_, NotAllowed, SurveyError
from survey.i18n import Locale
from survey.vietnamese import sort_key


class UnknownUnit(SurveyError):
    """The wave has no such unit; `instead` is what it became or was, where that is one body."""

    def __init__(self, wave: str, unit: str, instead: str | None) -> None:
        super().__init__("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave, unit=unit)
        self.instead = instead


@dataclass(frozen=True, eq=False)
class Reading:
    """`releases`: the waves of one series as far as the reader may see them, oldest first, the last one is shown;
    `hash`: of that release uncut; `public`: read by everybody, without an account."""

    releases: tuple[Release, ...]
    register: UnitRegister
    unit: str
    hash: str
    verdicts: Verdicts
    locale: Locale
    public: bool = False

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
    def first(self) -> Overview:
        """What the first screen says of the unit."""
        return overview(self.release, self.unit, self.releases, self.verdicts)

    @property
    def group(self) -> str | None:
        return self.first.group

    @property
    def against(self) -> Mapping[str, Comparison]:
        """measure -> the unit against its group; nothing for the whole."""
        return self.first.against

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The unit's group and the whole, as far as there are any."""
        found = (self.group, root_of(self.release, self.unit))
        return tuple(dict.fromkeys(node for node in found if node is not None and node != self.unit))

    @cached_property
    def measures(self) -> dict[str, str]:
        """measure -> label: the index, then every theme."""
        themes = self.release.questionnaire.themes
        labels = {f"theme:{theme.id}": self.locale.pick(theme.vi, theme.en) for theme in themes}
        return {INDEX: self.locale("Workplace culture index"), **labels}

    def cell(self, measure: str, node: str = "") -> Cell | Suppressed:
        return self.release.cell(node or self.unit, measure)

    @cached_property
    def forms(self) -> Cell | Suppressed:
        return self.cell(FORMS)

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The nodes directly below that the reader may see, by their index from high to low, hidden ones last."""
        held = {node.id for node in self.release.nodes()}

        def order(unit: str) -> tuple[bool, float, tuple[object, ...] | str]:
            cell = self.cell(INDEX, unit)
            score = cell.score if isinstance(cell, Cell) else None
            return score is None, -(score or 0.0), sort_key(self.named(unit))

        return tuple(sorted((child for child in self.release.plan.children.get(self.unit, ()) if child in held), key=order))

    @cached_property
    def called_below(self) -> Mapping[tuple[str, str], Comparison]:
        """(unit, measure) -> each unit directly below against this one."""
        return self.verdicts.table(self.below, list(self.measures), GROUP)

    @cached_property
    def own(self) -> tuple[Point, ...]:
        """The unit's index, one point a wave."""
        return as_it_was(self.releases, self.unit)

    @cached_property
    def past(self) -> tuple[Point, ...]:
        """The index of those who became the unit, where its people were elsewhere."""
        return recast(self.releases, self.register, self.unit)

    @cached_property
    def reorganised(self) -> tuple[date, ...]:
        """Days between the waves on which units of its group (of the whole: any) were reorganised."""
        node = self.release.node(self.unit)
        first, last = self.releases[0].wave.closes, self.release.wave.closes
        return reorganisations(self.register, first, last, node.group if node.parent is not None else "")


def start(results: Results, viewer: Viewer | None, wave_id: str = "") -> tuple[str, str]:
    """Where a reader begins who names no unit, or no wave either: the newest wave, his own unit. ("", "") where there is nothing."""
    viewer = require(viewer, Permission.RESULTS_SEE)
    waves = results.waves(viewer)
    if not wave_id and not waves:
        return "", ""
    wave_id = wave_id or waves[-1].id
    own = results.own(viewer, wave_id)
    plan = results.release(viewer, wave_id).plan
    return wave_id, next((unit for unit in own if plan.by_id[unit].parent not in own), "")


def reading(results: Results, viewer: Viewer | None, wave_id: str, unit: str, locale: Locale) -> Reading:
    """The sheet of a unit the viewer may see. Raises NotAllowed, UnknownUnit, or SurveyError for a wave without results."""
    releases = results.history(viewer, wave_id)
    register, release = results.register(viewer), releases[-1]
    if unit not in release.plan.by_id:
        raise UnknownUnit(wave_id, unit, _instead(register, release, unit))
    if unit not in {node.id for node in release.nodes()}:
        raise NotAllowed()
    return Reading(releases, register, unit, results.hash(viewer, wave_id), results.verdicts(viewer, wave_id), locale)


def public_reading(results: Results, wave_id: str, locale: Locale) -> Reading:
    """The sheet of the whole, for everybody."""
    releases = public_history(results, wave_id)
    top = next(node.id for node in releases[-1].plan.nodes if node.parent is None)
    verdicts = results.verdicts(OPERATOR, wave_id).restricted([top])
    return Reading(releases, results.register(OPERATOR), top, results.hash(OPERATOR, wave_id), verdicts, locale, public=True)


def _instead(register: UnitRegister, release: Release, unit: str) -> str | None:
    """The unit of the release that a unit of another time became, or was counted in; None where that is not one body."""
    found = {release.plan.reporting_unit.get(one, one) for one in _family_of(register, unit)} & set(release.plan.by_id)
    return found.pop() if len(found) == 1 else None


def _family_of(register: UnitRegister, unit: str) -> set[str]:
    if unit not in register:
        return set()
    later = {one.id for one in register if unit in register.origins(one.id)}
    return {unit} | register.origins(unit) | later
