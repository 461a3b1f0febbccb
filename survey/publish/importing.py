"""Past results made elsewhere, through the same street: counts or rows -> tallies -> protect -> release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.clock import Clock
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Origin, Wave, WaveState, wave_day
from survey.disclose.assessing import assessed
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.disclose.printed_scores import printed_scores
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.disclose.superseded import INSTEAD_OF_DRAFT, Superseded
from survey.errors import N_, Said
from survey.process.counts_file import read_counts
from survey.process.response_columns import ResponseColumns, breakdowns_in, units_of
from survey.process.responses_file import read_responses
from survey.process.scored import scored
from survey.process.scores_file import read_scores
from survey.process.tallies import Tallies, tally
from survey.publish.closing import Progress, silent
from survey.publish.correction import correct, instead_of_draft, reprinted
from survey.publish.import_options import PLAIN, ImportOptions
from survey.publish.past_waves import PastWaves
from survey.publish.preview import Prepared, WavePreview, preview_of
from survey.publish.preview_scores import preview_of_scores
from survey.publish.same_people import refuse_same_people
from survey.source import Source

STEPS = (
    N_("Reading and checking the file"),
    N_("Counting and scoring"),
    N_("Hiding what must be hidden, and attacking the result"),
    N_("Judging how reliable the numbers are"),
)


class Store(Protocol):
    def register(self) -> UnitRegister: ...
    def waves(self) -> tuple[Wave, ...]: ...


class Releases(Protocol):
    def load(self, wave_id: str) -> Release | None: ...
    def superseded(self, wave_id: str) -> tuple[Superseded, ...]: ...
    def store_imported(self, releases: Iterable[Release], comments: Mapping[str, Sequence[ReleasedComment]]) -> None: ...
    def replace_imported(self, releases: Iterable[Release]) -> None: ...


class Importing:
    """Each `prepare_...` reads a file and makes the releases of all its waves, or refuses it; nothing is stored before `store`."""

    def __init__(self, store: Store, releases: Releases, policy: Policy, log: Log, clock: Clock) -> None:
        self._store = store
        self._releases = releases
        self._policy = policy
        self._log = log
        self._clock = clock

    def prepare_counts(
        self, viewer: Viewer | None, source: Source, questionnaire: Questionnaire, options: ImportOptions = PLAIN
    ) -> Prepared:
        """What importing a file of counts would store."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        table = read_counts(source, questionnaire, register)
        waves = self._waves(source, questionnaire, register, Origin.COUNTS, options, table.waves)
        said: list[Said] = []
        if not options.published:
            existing = {wave: register.at(wave_day(wave)) for wave in table.waves}
            table, said = table.without_totals(source, existing, options.own_people)
        releases, previews = [], []
        for wave_id in table.waves:
            wave = waves.wave(wave_id, table.units(wave_id), table.breakdowns(wave_id))
            units = tuple(node.id for node in wave.plan.nodes if node.reporting)
            tallies = table.tallies(wave, units, options.published)
            said += waves.told_of_headcounts(tallies)
            previews.append(preview_of(tallies))
            releases.append(self._protect(tallies, options.replacing))
        return self._prepared(releases, previews, said)

    def prepare_responses(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        mapping: Source,
        options: ImportOptions = PLAIN,
        progress: Progress = silent,
    ) -> Prepared:
        """What importing answers of one row a person would store; they are tallied in memory and never stored."""
        require(viewer, Permission.WAVES_EDIT)
        progress(0.0, STEPS[0])
        register = self._store.register()
        read = read_responses(source, mapping, questionnaire, register)
        source = source.let_go()
        waves = self._waves(source, questionnaire, register, Origin.RESPONSES, options, read.by_wave)
        releases, previews, said = [], [], list(read.said)
        comments: dict[str, Sequence[ReleasedComment]] = {}
        part = 0.7 / len(read.by_wave)
        for number, (wave_id, responses) in enumerate(read.by_wave.items()):
            step = partial(_part, progress, 0.3 + part * number, part)
            release, preview, told = self._counted(waves, wave_id, responses, step)
            releases.append(release)
            previews.append(preview)
            said += told
            comments[wave_id] = release_comments(release.plan, responses, self._policy)
        return self._prepared(releases, previews, said, comments)

    def _counted(
        self, waves: PastWaves, wave_id: str, responses: ResponseColumns, progress: Progress
    ) -> tuple[Release, WavePreview, list[Said]]:
        """One wave of answers."""
        progress(0.0, STEPS[1])
        used = breakdowns_in(responses)
        breakdowns = [b.id for b in waves.questionnaire.breakdowns if b.id in used]
        wave = waves.wave(wave_id, units_of(responses), breakdowns)
        people = scored(waves.questionnaire, responses)
        tallies = tally(wave, waves.questionnaire, people)
        told, preview = waves.told_of_headcounts(tallies), preview_of(tallies)
        progress(0.2, STEPS[2])
        hidden = self._protect(tallies, waves.options.replacing)
        del tallies  # what is left to do needs the room
        progress(0.5, STEPS[3])
        return assessed(hidden, people, self._policy), preview, told

    def prepare_scores(
        self, viewer: Viewer | None, source: Source, questionnaire: Questionnaire, options: ImportOptions = PLAIN
    ) -> Prepared:
        """What importing scores that another body printed would store. See the contract of `import scores`."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        table = read_scores(source, questionnaire, register)
        waves = self._waves(source, questionnaire, register, Origin.SCORES, options, table.waves)
        releases, previews = [], []
        for wave_id in table.waves:
            rows = table.of(wave_id)
            wave = waves.wave(wave_id, rows["unit"].unique(), said=table.headcounts(wave_id))
            release = printed_scores(rows, wave, questionnaire, self._policy, table.of_units(wave_id, "response_rate"))
            old = self._releases.load(wave_id) if options.replacing else None
            if old is not None:
                unseen = _never_public(old, self._releases.superseded(wave_id))
                release = instead_of_draft(release, old) if unseen else reprinted(release, old)
            releases.append(release)
            previews.append(preview_of_scores(release))
        said = [preview.said for preview in previews]
        return Prepared(releases=tuple(releases), previews=tuple(previews), said=tuple(said))

    def store(
        self,
        viewer: Viewer | None,
        releases: Sequence[Release],
        comments: Mapping[str, Sequence[ReleasedComment]] | None = None,
        replacing: bool = False,
        draft: bool = False,
    ) -> None:
        """Store releases made in this process with their waves and the waves' comments, all or none.

        A correction (`replacing`) keeps the comments that were released, and of a draft a draft. `draft`: seen by organizers
        alone until it is published.
        """
        require(viewer, Permission.WAVES_EDIT)
        states = {wave.id: wave.state for wave in self._store.waves()} if replacing else {}
        fresh = WaveState.CLOSED if draft else WaveState.PUBLISHED
        releases = [replace(one, wave=replace(one.wave, state=states.get(one.wave.id, fresh))) for one in releases]
        if replacing:
            self._releases.replace_imported(releases)
        else:
            self._releases.store_imported(releases, comments or {})
        for release in releases:
            replaced = {"replaces": release.audit.get(INSTEAD_OF_DRAFT) or release.audit["replaces"]} if replacing else {}
            how = {"draft": 1} if release.wave.state is WaveState.CLOSED else {}
            self._log.note(viewer, Action.RESULTS_IMPORTED, wave=release.wave.id, release=release.hash, **replaced, **how)

    def _waves(
        self,
        source: Source,
        questionnaire: Questionnaire,
        register: UnitRegister,
        origin: Origin,
        options: ImportOptions,
        waves: Collection[str],
    ) -> PastWaves:
        return PastWaves.of(source, questionnaire, register, origin, options, waves, self._store.waves(), self._clock.today())

    def _prepared(
        self,
        releases: Sequence[Release],
        previews: Sequence[WavePreview],
        said: Sequence[Said],
        comments: Mapping[str, Sequence[ReleasedComment]] | None = None,
    ) -> Prepared:
        refuse_same_people(releases, [wave.id for wave in self._store.waves()], self._releases)
        return Prepared(releases=tuple(releases), comments=comments or {}, previews=tuple(previews), said=tuple(said))

    def _protect(self, tallies: Tallies, replacing: bool) -> Release:
        plan = tallies.wave.plan
        old = self._releases.load(tallies.wave.id) if replacing else None
        if old is None:
            return protect(tallies, plan, self._policy)
        kept = self._releases.superseded(tallies.wave.id)
        if _never_public(old, kept):
            return instead_of_draft(protect(tallies, plan, self._policy), old)
        # What was taken back is kept among them, and is compared once.
        before = [one for one in kept if one.hash != old.hash]
        return correct(tallies, plan, self._policy, old, before)


def _never_public(old: Release, kept: Collection[Superseded]) -> bool:
    """Of what was public once, a release is kept."""
    return old.wave.state is WaveState.CLOSED and not kept


def _part(progress: Progress, begun: float, part: float, done: float, step: str) -> None:
    """Progress within one of the parts of the whole."""
    progress(begun + done * part, step)
