"""What a signed-in viewer may see: published releases, cut to the viewer's part of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.analyse.comparable import declared
from survey.analyse.criteria import Reading, reading
from survey.analyse.verdicts import Verdicts
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Wave, WaveState
from survey.disclose.comments import ReleasedComment
from survey.disclose.release import Release
from survey.disseminate.scope import below, scope
from survey.disseminate.seen import ALL_UNITS, EVERYBODY, Parts, Seen, public_part, seen
from survey.errors import N_, NotAllowed, SurveyError


def _one_series(one: Questionnaire, other: Questionnaire) -> bool:
    return one.id == other.id or declared(one, other) is not None


class WaveStore(Protocol):
    def waves(self) -> tuple[Wave, ...]: ...
    def questionnaires(self) -> tuple[tuple[str, str], ...]: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...


class UnitStore(Protocol):
    def register(self) -> UnitRegister: ...


class ReleaseStore(Protocol):
    def load(self, wave_id: str) -> Release | None: ...
    def receipts(self, wave_id: str) -> str: ...
    def comments(self, wave_id: str) -> tuple[ReleasedComment, ...]: ...


class Results:
    """Reading side of the product. Every method asks access first and returns releases only."""

    def __init__(self, waves: WaveStore, units: UnitStore, releases: ReleaseStore) -> None:
        self._waves = waves
        self._units = units
        self._releases = releases
        self._verdicts: dict[str, Verdicts] = {}

    def waves(self, viewer: Viewer | None) -> tuple[Wave, ...]:
        """Published waves, oldest first, in which the viewer has something to see. An organizer also sees closed ones."""
        viewer = require(viewer, Permission.RESULTS_SEE)
        unit, published = viewer.unit, self._published(viewer)
        if unit is None:
            return published
        register = self._units.register()
        return tuple(wave for wave in published if scope(unit, wave.plan, register))

    def _published(self, viewer: Viewer) -> tuple[Wave, ...]:
        states = {WaveState.PUBLISHED}
        if viewer.may(Permission.WAVES_EDIT):
            states.add(WaveState.CLOSED)
        return tuple(sorted((w for w in self._waves.waves() if w.state in states), key=lambda w: (w.closes, w.id)))

    def release(self, viewer: Viewer | None, wave_id: str) -> Release:
        """The release of a wave, cut to what the viewer may see."""
        viewer = require(viewer, Permission.RESULTS_SEE)
        wave = next((wave for wave in self._published(viewer) if wave.id == wave_id), None)
        if wave is None:
            raise SurveyError("wave-not-published", N_("Wave {wave} has no published results."), wave=wave_id)
        return self._cut(viewer, [wave])[0]

    def _cut(self, viewer: Viewer | None, waves: Sequence[Wave]) -> list[Release]:
        """Of waves that are published for the viewer, what he may see."""
        viewer = require(viewer, Permission.RESULTS_SEE)
        register = self._units.register() if viewer.unit is not None else None
        found = []
        for wave in waves:
            release = self._releases.load(wave.id)
            if release is None:
                raise SurveyError("wave-not-published", N_("Wave {wave} has no published results."), wave=wave.id)
            if not viewer.may(Permission.WAVES_EDIT):
                release = release.for_leaders
            if viewer.unit is not None and register is not None:
                visible = scope(viewer.unit, release.plan, register)
                if not visible:
                    raise NotAllowed()
                release = release.restricted(visible)
            found.append(release)
        return found

    def receipts(self, wave_id: str) -> str:
        """For everybody, from the close on: the receipts of all ballots that were in the box, sorted, one a line.

        Empty where no box was opened, or where so few people answered that even their number is hidden.
        """
        return self._releases.receipts(wave_id)

    def own(self, viewer: Viewer | None, wave_id: str) -> tuple[str, ...]:
        """The nodes the viewer answers for: what he sees less the totals above, which are only there to compare with."""
        release = self.release(viewer, wave_id)
        viewer = require(viewer, Permission.RESULTS_SEE)
        held = [node.id for node in release.nodes()]
        if viewer.unit is None:
            return tuple(held)
        own = below(viewer.unit, release.plan, self._units.register())
        return tuple(node for node in held if node in own)

    def hash(self, viewer: Viewer | None, wave_id: str) -> str:
        """The fingerprint of the whole release, also for those who see a part of it."""
        self.release(viewer, wave_id)
        release = self._releases.load(wave_id)
        assert release is not None
        return release.hash

    def comments(self, viewer: Viewer | None, wave_id: str) -> tuple[ReleasedComment, ...]:
        """Comments the organizer has looked at, of the viewer's own unit and what stands below it."""
        viewer = require(viewer, Permission.RESULTS_SEE)
        plan = self.release(viewer, wave_id).plan
        seen = tuple(comment for comment in self._releases.comments(wave_id) if comment.seen)
        if viewer.unit is None:
            return seen
        own = below(viewer.unit, plan, self._units.register())
        return tuple(comment for comment in seen if comment.unit in own)

    def foreseen(self, viewer: Viewer | None, wave_id: str) -> tuple[Seen, ...]:
        """What each reader will see once the wave is published: everybody, leaders of everything, then the leader of each unit.

        Counted from the release, in the very parts in which those readers are given it.
        """
        require(viewer, Permission.WAVES_EDIT)
        release, comments = self.release(viewer, wave_id), self._releases.comments(wave_id)
        found = [seen(EVERYBODY, public_part(release), ()), seen(ALL_UNITS, release.for_leaders, comments)]
        parts, register = Parts(release), self._units.register()
        for node in release.plan.nodes:
            his = below(node.id, release.plan, register)
            own = [comment for comment in comments if comment.unit in his]
            found.append(parts.seen(node.id, scope(node.id, release.plan, register), his, own))
        return tuple(found)

    def history(self, viewer: Viewer | None, wave_id: str) -> tuple[Release, ...]:
        """Releases up to and including `wave_id` of its questionnaire or one declared comparable, oldest first, as far as allowed."""
        waves = self.waves(viewer)
        here = next((wave for wave in waves if wave.id == wave_id), None)
        if here is None:
            self.release(viewer, wave_id)  # where it is published, but nothing of it is this viewer's
            raise SurveyError("wave-not-published", N_("Wave {wave} has no published results."), wave=wave_id)
        *earlier, release = self._cut(viewer, waves[: waves.index(here) + 1])
        return (*(one for one in earlier if _one_series(one.questionnaire, release.questionnaire)), release)

    def verdicts(self, viewer: Viewer | None, wave_id: str) -> Verdicts:
        """What is clearly higher or lower in a wave: the same for every reader, of the units the viewer may see."""
        held = self.release(viewer, wave_id).nodes()
        return self._whole_verdicts(wave_id).restricted([node.id for node in held])

    def _whole_verdicts(self, wave_id: str) -> Verdicts:
        """Held against the published waves before, whoever asks: an organizer who also sees others reads what leaders read."""
        waves = sorted(self._waves.waves(), key=lambda wave: (wave.closes, wave.id))
        before = [wave.id for wave in waves[: [wave.id for wave in waves].index(wave_id)] if wave.state is WaveState.PUBLISHED]
        *earlier, release = [one for one in map(self._releases.load, [*before, wave_id]) if one is not None]
        releases = (*(one for one in earlier if _one_series(one.questionnaire, release.questionnaire)), release)
        held, register = self._verdicts.get(wave_id), self._units.register()
        if held is None or held.register != register or [*map(id, held.releases)] != [*map(id, releases)]:
            held = self._verdicts[wave_id] = Verdicts(releases, register=register)
        return held

    def criteria(self, viewer: Viewer | None, wave_id: str, unit: str) -> Reading | None:
        """The unit in that wave by the criteria of its plan; None where the questionnaire has none.

        The launch is the first wave of the series, also for whoever has nothing to see in it: nobody reads another verdict.
        """
        release = self.release(viewer, wave_id)
        plan = self._criteria_of(release.questionnaire)
        if plan is None:
            return None
        held = {node.id for node in release.nodes()}
        if unit not in held:
            raise SurveyError("unknown-unit", N_("Wave {wave} has no unit {unit}."), wave=wave_id, unit=unit)
        verdicts = self._whole_verdicts(wave_id)
        *earlier, _whole = verdicts.releases
        his, register = require(viewer, Permission.RESULTS_SEE).unit, self._units.register()
        seen = [one if his is None else one.restricted(scope(his, one.plan, register)) for one in earlier]
        return reading((*seen, release), unit, plan, verdicts.restricted([unit]).since_launch(plan))

    def has_criteria(self, viewer: Viewer | None) -> bool:
        """Is there a wave that can be read by criteria?"""
        return any(self._criteria_of(self._waves.questionnaire(one.questionnaire, one.version)) for one in self.waves(viewer))

    def _criteria_of(self, asked: Questionnaire) -> Questionnaire | None:
        """The questionnaire whose criteria are read: the one asked, or the newest version of it that has brought some."""
        if asked.criteria:
            return asked
        versions = [self._waves.questionnaire(*key) for key in self._waves.questionnaires() if key[0] == asked.id]
        return next((one for one in reversed(versions) if one.criteria), None)

    def releases(self, viewer: Viewer | None) -> tuple[Release, ...]:
        """Every published release, oldest first, cut to what the viewer may see."""
        return tuple(self._cut(viewer, self.waves(viewer)))

    def register(self, viewer: Viewer | None) -> UnitRegister:
        """All units with dates and successors: public knowledge, needed to draw lineage."""
        require(viewer, Permission.RESULTS_SEE)
        return self._units.register()
