"""The waves a file of past results speaks of: new ones or such as may be corrected, each with the units and headcounts of its day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from survey.design.plan import Plan, make_plan
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Origin, Wave, WaveState, wave_day
from survey.errors import N_, Problem, Said, refuse_if
from survey.process.headcounts_file import Headcounts, read_headcounts
from survey.process.tallies import EVERYBODY, Tallies
from survey.publish.import_options import ImportOptions
from survey.source import Source


@dataclass(frozen=True, kw_only=True)
class PastWaves:
    """Of one file. `given`: headcounts; `whole`: units above others have numbers of their own (printed ones), they are no mere sums."""

    source: Source
    questionnaire: Questionnaire
    register: UnitRegister
    origin: Origin
    options: ImportOptions
    today: date
    given: Headcounts
    whole: bool

    @classmethod
    def of(
        cls,
        source: Source,
        questionnaire: Questionnaire,
        register: UnitRegister,
        origin: Origin,
        options: ImportOptions,
        waves: Collection[str],
        stored: Iterable[Wave],
        today: date,
    ) -> PastWaves:
        """Refuses waves that exist already, or that a correction cannot replace."""
        known = {wave.id: wave for wave in stored}
        if options.replacing:
            refuse_if(source.name, list(_not_replaced(waves, questionnaire, known)))
        else:
            refuse_if(source.name, list(_existing(waves, known)))
        given = read_headcounts(options.headcounts, waves, register) if options.headcounts else {}
        whole = options.published or origin is Origin.SCORES
        return cls(source=source, questionnaire=questionnaire, register=register, origin=origin, options=options, today=today, given=given,
                   whole=whole)  # fmt: skip

    def wave(self, wave_id: str, present: Iterable[str], breakdowns: Iterable[str] = (), said: Mapping[str, int] | None = None) -> Wave:
        """The wave of the units `present`. Headcounts are those given for it, then those the file itself said: the register knows today's."""
        day = wave_day(wave_id)
        plan = self._plan(day, set(present), breakdowns, {**(said or {}), **self.given.get(wave_id, {})})
        return Wave(
            id=wave_id,
            questionnaire=self.questionnaire.id,
            version=self.questionnaire.version,
            opens=day,
            closes=day,
            title_vi=f"Đợt {wave_id}",
            title_en=f"Wave {wave_id}",
            plan=plan,
            state=WaveState.PUBLISHED,
            origin=self.origin,
            illustrative=self.options.illustrative,
            note=self.source.name,
            source_hash=self.source.sha256,
            imported_on=self.today,
        )

    def _plan(self, day: date, present: set[str], breakdowns: Iterable[str], headcounts: Mapping[str, int]) -> Plan:
        existing = self.register.at(day)
        refuse_if(
            self.source.name,
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
            else replace(node, reporting=False, members=(), headcount=headcounts.get(node.id) if self.whole else 0)
            for node in plan.nodes
        )
        return replace(plan, nodes=nodes)

    def told_of_headcounts(self, tallies: Tallies) -> list[Said]:
        """Refuses more forms than people; tells where headcounts are missing."""
        forms = dict(zip(tallies.units, tallies.tables[EVERYBODY].forms, strict=True))
        heads = {unit: tallies.wave.plan.by_id[unit].headcount for unit in tallies.units}
        refuse_if(
            (self.options.headcounts or self.source).name,
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


def _existing(waves: Iterable[str], known: Mapping[str, Wave]) -> Iterator[Problem]:
    for wave in waves:
        if wave in known:
            yield Problem(
                column="wave",
                message=N_("wave {wave} exists already."),
                cure=N_("Use another wave id, or remove the wave's rows from the file."),
                values={"wave": wave},
            )


def _not_replaced(waves: Iterable[str], questionnaire: Questionnaire, known: Mapping[str, Wave]) -> Iterator[Problem]:
    asked = (questionnaire.id, questionnaire.version)
    imported = {w.id for w in known.values() if w.origin is not Origin.COLLECTED and (w.questionnaire, w.version) == asked}
    for wave in waves:
        if wave not in imported:
            yield Problem(
                column="wave",
                message=N_("wave {wave} cannot be replaced: it is not an imported wave of questionnaire {questionnaire}."),
                cure=N_("Only imported results can be corrected, with the same questionnaire. Ballots of a closed wave no longer exist."),
                values={"wave": wave, "questionnaire": questionnaire.id},
            )
