"""Past results made elsewhere, through the same street: counts or rows -> tallies -> protect -> release."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.clock import Clock
from survey.design.plan import Plan, make_plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.units import UnitRegister
from survey.design.wave import Origin, Wave, WaveState
from survey.disclose.assessing import assessed
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.errors import N_, Problem, SurveyError, refuse_if
from survey.process.counts_file import read_counts
from survey.process.responses_file import read_responses
from survey.process.tallies import Tallies, tally
from survey.publish.correction import Superseded, correct
from survey.publish.same_people import refuse_same_people
from survey.tabular import Source


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
    ) -> tuple[Release, ...]:
        """Import a file of counts, all its waves or none. `published`: see the contract of `import counts`; `replacing`: a correction."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        table = read_counts(source, questionnaire, register)
        self._check_waves(source, table.waves, questionnaire, replacing)
        releases = []
        for wave_id in table.waves:
            day = wave_day(wave_id)
            plan = self._plan(register, day, table.units(wave_id), table.breakdowns(wave_id), source, published)
            wave = self._wave(wave_id, day, questionnaire, plan, Origin.COUNTS, source, illustrative)
            units = tuple(node.id for node in plan.nodes if node.reporting)
            tallies = table.tallies(wave, units, published)
            releases.append(self._protect(tallies, plan, replacing))
        refuse_same_people(releases, [wave.id for wave in self._store.waves()], self._releases)
        self.store(viewer, releases, replacing=replacing)
        return tuple(releases)

    def responses(
        self,
        viewer: Viewer | None,
        source: Source,
        questionnaire: Questionnaire,
        mapping: Source,
        illustrative: bool = False,
        replacing: bool = False,
    ) -> tuple[Release, ...]:
        """Import answers of one row a person; they are tallied in memory and never stored."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        by_wave = read_responses(source, mapping, questionnaire, register)
        self._check_waves(source, tuple(by_wave), questionnaire, replacing)
        releases = []
        comments: dict[str, Sequence[ReleasedComment]] = {}
        for wave_id, responses in by_wave.items():
            day = wave_day(wave_id)
            release = self._from_responses(register, wave_id, day, questionnaire, responses, source, illustrative, replacing)
            comments[wave_id] = release_comments(release.plan, responses, self._policy)
            releases.append(release)
        refuse_same_people(releases, [wave.id for wave in self._store.waves()], self._releases)
        self.store(viewer, releases, comments, replacing)
        return tuple(releases)

    def store(
        self,
        viewer: Viewer | None,
        releases: Sequence[Release],
        comments: Mapping[str, Sequence[ReleasedComment]] | None = None,
        replacing: bool = False,
    ) -> None:
        """Store releases made in this process with their waves and the waves' comments, all or none.

        A correction (`replacing`) keeps the comments that were released.
        """
        require(viewer, Permission.WAVES_EDIT)
        if replacing:
            self._releases.replace_imported(releases)
        else:
            self._releases.store_imported(releases, comments or {})
        for release in releases:
            replaced = {"replaces": release.audit["replaces"]} if replacing else {}
            self._log.note(viewer, Action.RESULTS_IMPORTED, wave=release.wave.id, release=release.hash, **replaced)

    def _protect(self, tallies: Tallies, plan: Plan, replacing: bool) -> Release:
        old = self._releases.load(tallies.wave.id) if replacing else None
        if old is None:
            return protect(tallies, plan, self._policy)
        return correct(tallies, plan, self._policy, old, self._releases.superseded(tallies.wave.id))

    def _from_responses(
        self,
        register: UnitRegister,
        wave_id: str,
        day: date,
        questionnaire: Questionnaire,
        responses: Sequence[Response],
        source: Source,
        illustrative: bool,
        replacing: bool,
    ) -> Release:
        present = {response.unit for response in responses}
        used = {field for response in responses for field in response.breakdowns}
        breakdowns = [b.id for b in questionnaire.breakdowns if b.id in used]
        plan = self._plan(register, day, present, breakdowns, source, published=False)
        wave = self._wave(wave_id, day, questionnaire, plan, Origin.RESPONSES, source, illustrative)
        tallies: Tallies = tally(wave, questionnaire, responses)
        return assessed(self._protect(tallies, plan, replacing), responses, self._policy)

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
        self, register: UnitRegister, day: date, present: Iterable[str], breakdowns: Iterable[str], source: Source, published: bool
    ) -> Plan:
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
            replace(node, reporting=True, members=(node.id,), headcount=existing.by_id[node.id].headcount)
            if node.id in present
            else replace(node, reporting=False, members=(), headcount=node.headcount if published else 0)
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


def wave_day(wave_id: str) -> date:
    """The day a past wave is dated by its id: 2019, 2019-11 or 2019-11-15 (the last day of the period)."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", wave_id)
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), int(match[2] or 12), match[3]
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except ValueError:
        raise SurveyError(
            "wave-id-date", N_('The wave id "{wave}" must begin with its year or date: 2019, 2019-11 or 2019-11-15.'), wave=wave_id
        ) from None
