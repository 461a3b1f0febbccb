"""Past results made elsewhere, through the same street: counts or rows -> tallies -> protect -> release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.clock import Clock
from survey.design.plan import Plan, make_plan
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Origin, Wave, WaveState, wave_day
from survey.disclose.assessing import assessed
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.disclose.printed_scores import printed_scores
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.disclose.superseded import Superseded
from survey.errors import N_, Problem, Said, refuse_if
from survey.process.counts_file import read_counts
from survey.process.headcounts_file import read_headcounts
from survey.process.response_columns import breakdowns_in, units_of
from survey.process.responses_file import read_responses
from survey.process.scored import scored
from survey.process.scores_file import read_scores
from survey.process.tallies import EVERYBODY, Tallies, tally
from survey.publish.closing import Progress, silent
from survey.publish.correction import correct, reprinted
from survey.publish.preview import Prepared, preview_of
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
    def __init__(self, store: Store, releases: Releases, policy: Policy, log: Log, clock: Clock) -> None:
        self._store = store
        self._releases = releases
        self._policy = policy
        self._log = log
        self._clock = clock

    def counts(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        published: bool = False,
        illustrative: bool = False,
        replacing: bool = False,
        headcounts: Source | None = None,
        own_people: bool = False,
    ) -> tuple[Release, ...]:
        """Import a file of counts, all its waves or none; see `prepare_counts`."""
        prepared = self.prepare_counts(viewer, source, questionnaire, published, illustrative, replacing, headcounts, own_people)
        self.store(viewer, prepared.releases, replacing=replacing)
        return prepared.releases

    def prepare_counts(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        published: bool = False,
        illustrative: bool = False,
        replacing: bool = False,
        headcounts: Source | None = None,
        own_people: bool = False,
    ) -> Prepared:
        """What importing a file of counts would store; nothing is. `published`: see the contract of `import counts`;
        `replacing`: a correction; `headcounts`: a file of wave, unit, headcount; `own_people`: units above others have people
        of their own."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        table = read_counts(source, questionnaire, register)
        self._check_waves(source, table.waves, questionnaire, replacing)
        given = read_headcounts(headcounts, table.waves, register) if headcounts else {}
        said: list[Said] = []
        if not published:
            table, told = table.without_totals(source, {wave: register.at(wave_day(wave)) for wave in table.waves}, own_people)
            said += told
        releases, previews = [], []
        for wave_id in table.waves:
            day = wave_day(wave_id)
            plan = self._plan(
                register, day, table.units(wave_id), table.breakdowns(wave_id), source, published, given.get(wave_id, {})
            )  # fmt: skip
            wave = self._wave(wave_id, day, questionnaire, plan, Origin.COUNTS, source, illustrative)
            units = tuple(node.id for node in plan.nodes if node.reporting)
            tallies = table.tallies(wave, units, published)
            said += self._check_headcounts(headcounts or source, tallies)
            previews.append(preview_of(tallies))
            releases.append(self._protect(tallies, plan, replacing))
        refuse_same_people(releases, [wave.id for wave in self._store.waves()], self._releases)
        return Prepared(releases=tuple(releases), previews=tuple(previews), said=tuple(said))

    def responses(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        mapping: Source,
        illustrative: bool = False,
        replacing: bool = False,
        headcounts: Source | None = None,
        progress: Progress = silent,
    ) -> tuple[Release, ...]:
        """Import answers of one row a person; they are tallied in memory and never stored."""
        prepared = self.prepare_responses(viewer, source, questionnaire, mapping, illustrative, replacing, headcounts, progress)
        self.store(viewer, prepared.releases, prepared.comments, replacing)
        return prepared.releases

    def prepare_responses(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        mapping: Source,
        illustrative: bool = False,
        replacing: bool = False,
        headcounts: Source | None = None,
        progress: Progress = silent,
    ) -> Prepared:
        """What importing answers would store; nothing is."""
        require(viewer, Permission.WAVES_EDIT)
        progress(0.0, STEPS[0])
        register = self._store.register()
        read = read_responses(source, mapping, questionnaire, register)
        source = source.let_go()
        self._check_waves(source, tuple(read.by_wave), questionnaire, replacing)
        given = read_headcounts(headcounts, read.by_wave, register) if headcounts else {}
        releases, previews, said = [], [], list(read.said)
        comments: dict[str, Sequence[ReleasedComment]] = {}
        for number, (wave_id, responses) in enumerate(read.by_wave.items()):
            done, part = 0.3 + 0.7 * number / len(read.by_wave), 0.7 / len(read.by_wave)
            progress(done, STEPS[1])
            day = wave_day(wave_id)
            present, used = set(units_of(responses)), breakdowns_in(responses)
            breakdowns = [b.id for b in questionnaire.breakdowns if b.id in used]
            plan = self._plan(register, day, present, breakdowns, source, False, given.get(wave_id, {}))
            wave = self._wave(wave_id, day, questionnaire, plan, Origin.RESPONSES, source, illustrative)
            counted = scored(questionnaire, responses)
            tallies = tally(wave, questionnaire, counted)
            said += self._check_headcounts(headcounts or source, tallies)
            previews.append(preview_of(tallies))
            progress(done + 0.2 * part, STEPS[2])
            hidden = self._protect(tallies, plan, replacing)
            del tallies  # everybody's scores: what is left to do needs the room
            progress(done + 0.5 * part, STEPS[3])
            release = assessed(hidden, counted, self._policy)
            comments[wave_id] = release_comments(plan, responses, self._policy)
            releases.append(release)
        refuse_same_people(releases, [wave.id for wave in self._store.waves()], self._releases)
        return Prepared(releases=tuple(releases), comments=comments, previews=tuple(previews), said=tuple(said))

    def prepare_scores(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        illustrative: bool = False,
        replacing: bool = False,
        headcounts: Source | None = None,
    ) -> Prepared:
        """What importing scores that another body printed would store; nothing is. See the contract of `import scores`."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        table = read_scores(source, questionnaire, register)
        self._check_waves(source, table.waves, questionnaire, replacing)
        given = read_headcounts(headcounts, table.waves, register) if headcounts else {}
        releases, previews, said = [], [], []
        for wave_id in table.waves:
            day, rows = wave_day(wave_id), table.of(wave_id)
            heads = {**table.headcounts(wave_id), **given.get(wave_id, {})}
            plan = self._plan(register, day, rows["unit"].unique(), (), source, True, heads)
            wave = self._wave(wave_id, day, questionnaire, plan, Origin.SCORES, source, illustrative)
            release = printed_scores(rows, wave, questionnaire, self._policy, table.of_units(wave_id, "response_rate"))
            old = self._releases.load(wave_id) if replacing else None
            releases.append(release if old is None else reprinted(release, old))
            previews.append(preview_of_scores(release))
            said.append(previews[-1].said)
        return Prepared(releases=tuple(releases), previews=tuple(previews), said=tuple(said))

    def _check_headcounts(self, source: Source, tallies: Tallies) -> list[Said]:
        """Refuses more forms than people; tells where headcounts are missing."""
        forms = dict(zip(tallies.units, tallies.tables[EVERYBODY].forms, strict=True))
        heads = {unit: tallies.wave.plan.by_id[unit].headcount for unit in tallies.units}
        refuse_if(
            source.name,
            [
                Problem(
                    column="headcount",
                    message=N_("wave {wave}, unit {unit}: {forms} people answered, but its headcount is {headcount}."),
                    cure=N_("Correct the headcount of that wave, or leave it out: it is then not given."),
                    values={"wave": tallies.wave.id, "unit": unit, "forms": int(n), "headcount": heads[unit]},
                )
                for unit, n in forms.items()
                if (staff := heads[unit]) is not None and n > staff
            ],
        )
        missing = sum(staff is None for staff in heads.values())
        if not missing:
            return []
        text = N_(
            "Wave {wave}: no headcount is given for {n} of {units} units: no response rate, and units weigh by the people who answered."
        )
        return [Said(text, {"wave": tallies.wave.id, "n": missing, "units": len(heads)})]

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
            replaced = {"replaces": release.audit["replaces"]} if replacing else {}
            how = {"draft": 1} if release.wave.state is WaveState.CLOSED else {}
            self._log.note(viewer, Action.RESULTS_IMPORTED, wave=release.wave.id, release=release.hash, **replaced, **how)

    def _protect(self, tallies: Tallies, plan: Plan, replacing: bool) -> Release:
        old = self._releases.load(tallies.wave.id) if replacing else None
        if old is None:
            return protect(tallies, plan, self._policy)
        # What was taken back is kept among them, and is compared once.
        before = [one for one in self._releases.superseded(tallies.wave.id) if one.hash != old.hash]
        return correct(tallies, plan, self._policy, old, before)

    def _check_waves(self, source: Source, wave_ids: Iterable[str], questionnaire: Questionnaire, replacing: bool) -> None:
        known = {wave.id: wave for wave in self._store.waves()}
        if replacing:
            self._check_replaced(source, wave_ids, questionnaire, known)
            return
        refuse_if(
            source.name,
            [
                Problem(
                    column="wave",
                    message=N_("wave {wave} exists already."),
                    cure=N_("Use another wave id, or remove the wave's rows from the file."),
                    values={"wave": wave_id},
                )
                for wave_id in wave_ids
                if wave_id in known
            ],
        )

    def _check_replaced(self, source: Source, wave_ids: Iterable[str], questionnaire: Questionnaire, known: Mapping[str, Wave]) -> None:
        asked = (questionnaire.id, questionnaire.version)
        imported = {w.id for w in known.values() if w.origin is not Origin.COLLECTED and (w.questionnaire, w.version) == asked}
        refuse_if(
            source.name,
            [
                Problem(
                    column="wave",
                    message=N_("wave {wave} cannot be replaced: it is no imported wave of questionnaire {questionnaire}."),
                    cure=N_(
                        "Only imported results can be corrected, with the same questionnaire. Ballots of a closed wave no longer exist."
                    ),
                    values={"wave": wave_id, "questionnaire": questionnaire.id},
                )
                for wave_id in wave_ids
                if wave_id not in imported
            ],
        )

    def _plan(
        self,
        register: UnitRegister,
        day: date,
        present: Iterable[str],
        breakdowns: Iterable[str],
        source: Source,
        published: bool,
        headcounts: Mapping[str, int],
    ) -> Plan:
        """Headcounts are those of the wave alone: the register knows today's."""
        present = set(present)
        existing = register.at(day)
        refuse_if(
            source.name,
            [
                Problem(
                    column="unit",
                    message=N_("unit {unit} does not exist on {day}."),
                    cure=N_("Correct the unit's dates, or name the wave with its month (2025-06)."),
                    values={"unit": unit, "day": day.strftime("%d/%m/%Y")},
                )
                for unit in sorted(present - set(existing.by_id))
            ],
        )
        kept = present | {above for unit in present for above in existing.ancestors(unit)}
        plan = make_plan(UnitRegister(tuple(unit for unit in existing if unit.id in kept)), day, breakdowns=breakdowns)
        # Who is not in the file has no people of its own: it is only a total.
        nodes = tuple(
            replace(node, reporting=True, members=(node.id,), headcount=headcounts.get(node.id))
            if node.id in present
            else replace(node, reporting=False, members=(), headcount=headcounts.get(node.id) if published else 0)
            for node in plan.nodes
        )
        return replace(plan, nodes=nodes)

    def _wave(
        self, wave_id: str, day: date, questionnaire: Questionnaire, plan: Plan, origin: Origin, source: Source, illustrative: bool
    ) -> Wave:
        return Wave(
            id=wave_id,
            questionnaire=questionnaire.id,
            version=questionnaire.version,
            opens=day,
            closes=day,
            title_vi=f"Đợt {wave_id}",
            title_en=f"Wave {wave_id}",
            plan=plan,
            state=WaveState.PUBLISHED,
            origin=origin,
            illustrative=illustrative,
            note=source.name,
            source_hash=source.sha256,
            imported_on=self._clock.today(),
        )
