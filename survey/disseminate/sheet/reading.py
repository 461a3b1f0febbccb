"""What a sheet speaks of: one unit in one wave, asked of the services, which ask access first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from survey.access import OPERATOR, Permission, Viewer, require
from survey.analyse.change import Comparison
from survey.analyse.criteria import Reading as ByCriteria
from survey.analyse.lineage import successor
from survey.analyse.overview import Overview, overview
from survey.analyse.verdicts import GROUP
from survey.disseminate.public import public_history
from survey.disseminate.reading import Reading
from survey.disseminate.results import Results
from survey.errors import N_, NotAllowed, SurveyError
from survey.i18n import Locale
from survey.undertaking import Undertaking


class UnknownUnit(SurveyError):
    """The wave has no such unit; `instead` is what it became or was, where that is one body."""

    def __init__(self, wave: str, unit: str, instead: str | None) -> None:
        super().__init__("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave, unit=unit)
        self.instead = instead


@dataclass(frozen=True, eq=False)
class Sheet(Reading):
    """`public`: read by everybody, without an account. `ask_criteria`: reads the same unit by the criteria of its plan;
    `undertaken`: what its reader may see of what is being done."""

    public: bool = False
    ask_criteria: Callable[[], ByCriteria | None] = lambda: None
    undertaken: tuple[Undertaking, ...] = ()

    @cached_property
    def first(self) -> Overview:
        """What the first screen says of the unit."""
        return overview(self.release, self.unit, self.releases, self.verdicts)

    @cached_property
    def by_criteria(self) -> ByCriteria | None:
        """Only of who shows it: standings of every unit beside it are half of what an overview cost, which does not. None where there is none."""
        return self.ask_criteria()

    @property
    def group(self) -> str | None:
        return self.first.group

    @property
    def against(self) -> Mapping[str, Comparison]:
        """measure -> the unit against its group; nothing for the whole."""
        return self.first.against

    @cached_property
    def beneath(self) -> tuple[str, ...]:
        return tuple(self.below(self.unit))

    @cached_property
    def called_below(self) -> Mapping[tuple[str, str], Comparison]:
        """(unit, measure) -> each unit directly below against this one."""
        return self.verdicts.table(self.beneath, list(self.measures), GROUP)


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


def reading(results: Results, viewer: Viewer | None, wave_id: str, unit: str, locale: Locale) -> Sheet:
    """The sheet of a unit the viewer may see. Raises NotAllowed, UnknownUnit, or SurveyError for a wave without results."""
    releases = results.history(viewer, wave_id)
    register, release = results.register(viewer), releases[-1]
    if unit not in release.plan.by_id:
        raise UnknownUnit(wave_id, unit, successor(register, unit, release))
    if unit not in {node.id for node in release.nodes()}:
        raise NotAllowed()
    verdicts, ask = results.verdicts(viewer, wave_id), partial(results.criteria, viewer, wave_id, unit)
    return Sheet(releases, register, unit, results.hash(viewer, wave_id), locale, verdicts, ask_criteria=ask)


def public_reading(results: Results, wave_id: str, locale: Locale) -> Sheet:
    """The sheet of the whole, for everybody."""
    releases = public_history(results, wave_id)
    top = next(node.id for node in releases[-1].plan.nodes if node.parent is None)
    verdicts = results.verdicts(OPERATOR, wave_id).restricted([top])
    ask = partial(results.criteria, OPERATOR, wave_id, top)
    return Sheet(
        releases, results.register(OPERATOR), top, results.hash(OPERATOR, wave_id), locale, verdicts, public=True, ask_criteria=ask
    )
