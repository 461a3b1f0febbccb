"""Designing: units, questionnaires and draft waves, for organizers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from survey import limits
from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.design.form_read import FormRead
from survey.design.plan import Plan, asked_in, make_plan
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.design.wave import Wave, WaveState, check_wave, check_wave_id
from survey.errors import N_, InputRefused, Problem, Said, SurveyError
from survey.source import Source
from survey.yaml_file import read_yaml, whole

PLAN_EXAMPLES = {
    "roots": "[dn]", "breakdowns": "[gender]", "optional_items": "[KC5]", "minimum_base": "{unit: 6}", "shares": "3", "shares_needed": "2", "headcounts": "{dn.snv: 40}",
}  # fmt: skip


class Store(Protocol):
    def register(self) -> UnitRegister: ...
    def save_units(self, register: UnitRegister, before: UnitRegister | None = None) -> UnitRegister: ...
    def questionnaires(self) -> tuple[tuple[str, str], ...]: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...
    def save_questionnaire(self, questionnaire: Questionnaire) -> None: ...
    def waves(self) -> tuple[Wave, ...]: ...
    def wave(self, wave_id: str) -> Wave: ...
    def add_wave(self, wave: Wave) -> None: ...
    def delete_draft(self, wave_id: str) -> None: ...
    def save_draft(self, before: Wave, after: Wave) -> None: ...
    def given(self, wave_id: str) -> Mapping[str, int]: ...


class Design:
    """`reporting_headcount`: units with fewer staff are joined with a sibling (disclosure policy); `check_bases` refuses
    minimum bases that the policy does not know or that lower it."""

    def __init__(self, store: Store, reporting_headcount: int, log: Log, check_bases: Callable[[Mapping[str, int]], object]) -> None:
        self._store = store
        self._reporting_headcount = reporting_headcount
        self._check_bases = check_bases
        self._log = log

    # Units

    def units(self, viewer: Viewer | None) -> UnitRegister:
        require(viewer, Permission.RESULTS_SEE)
        return self._store.register()

    def read_units(
        self, viewer: Viewer | None, source: Source, said: list[Said] | None = None, dates: str = "", keep_letters: bool = False
    ) -> UnitRegister:  # fmt: skip
        """The units of a file, for preview; nothing is stored. `said`: what was taken upon oneself in reading; see units_file.How."""
        require(viewer, Permission.UNITS_EDIT)
        from survey.design import files

        return files.read_units(source, files.How(dates=dates, keep_letters=keep_letters, register=self._store.register()), said)

    def save_units(self, viewer: Viewer | None, register: UnitRegister) -> UnitRegister:
        """Add or replace units by id. Units that the file does not name stay as they are."""
        require(viewer, Permission.UNITS_EDIT)
        before = self._store.register()
        merged = self._store.save_units(before.merged(register), before)
        self._log.note(viewer, Action.UNITS_SAVED, saved=len(register), units=len(merged))
        return merged

    # Questionnaires

    def questionnaires(self, viewer: Viewer | None) -> tuple[Questionnaire, ...]:
        require(viewer, Permission.RESULTS_SEE)
        return tuple(self._store.questionnaire(*key) for key in self._store.questionnaires())

    def questionnaire(self, viewer: Viewer | None, questionnaire_id: str, version: str = "") -> Questionnaire:
        """One version; the newest where none is named."""
        require(viewer, Permission.RESULTS_SEE)
        versions = [v for known, v in self._store.questionnaires() if known == questionnaire_id]
        if not versions or (version and version not in versions):
            named = f"{questionnaire_id} {version}".rstrip()
            raise SurveyError("unknown-questionnaire", N_("There is no questionnaire {id}. Import it first."), id=named)
        return self._store.questionnaire(questionnaire_id, version or versions[-1])

    def read_questionnaire(self, viewer: Viewer | None, source: Source) -> Questionnaire:
        """The questionnaire of a file, for preview; nothing is stored, and a file that asks for more is refused."""
        return self.read_form(viewer, source).questionnaire

    def read_form(self, viewer: Viewer | None, source: Source, leave_out: bool = False) -> FormRead:
        """The questionnaire of a YAML, XLSForm or LimeSurvey file; with `leave_out` without what cannot be asked here."""
        require(viewer, Permission.QUESTIONNAIRES_EDIT)
        from survey.design import files

        return files.read_form(source, leave_out)

    def save_questionnaire(self, viewer: Viewer | None, questionnaire: Questionnaire) -> None:
        require(viewer, Permission.QUESTIONNAIRES_EDIT)
        self._store.save_questionnaire(questionnaire)
        self._log.note(viewer, Action.QUESTIONNAIRE_SAVED, questionnaire=questionnaire.id, version=questionnaire.version)

    # Waves

    def waves(self, viewer: Viewer | None) -> tuple[Wave, ...]:
        """Every wave in every state, oldest first."""
        require(viewer, Permission.WAVES_EDIT)
        return self._store.waves()

    def wave(self, viewer: Viewer | None, wave_id: str) -> Wave:
        require(viewer, Permission.WAVES_EDIT)
        return self._store.wave(wave_id)

    def create_wave(
        self,
        viewer: Viewer | None,
        wave_id: str,
        questionnaire_id: str,
        opens: date,
        closes: date,
        *,
        title_vi: str = "",
        title_en: str = "",
        contact: str = "",
        plan: Mapping[str, Any] | None = None,
        illustrative: bool = False,
    ) -> Wave:
        """Store a new draft wave, see `draft_wave`."""
        wave = self.draft_wave(
            viewer, wave_id, questionnaire_id, opens, closes,
            title_vi=title_vi, title_en=title_en, contact=contact, plan=plan, illustrative=illustrative,
        )  # fmt: skip
        self._store.add_wave(wave)
        self._log.note(viewer, Action.WAVE_CREATED, wave=wave.id, plan=wave.plan.hash)
        return wave

    def draft_wave(
        self,
        viewer: Viewer | None,
        wave_id: str,
        questionnaire_id: str,
        opens: date,
        closes: date,
        *,
        title_vi: str = "",
        title_en: str = "",
        contact: str = "",
        plan: Mapping[str, Any] | None = None,
        illustrative: bool = False,
    ) -> Wave:
        """A draft wave with its frozen table plan over the units that exist on the opening day; not stored."""
        require(viewer, Permission.WAVES_EDIT)
        check_wave_id(wave_id)
        check_wave(opens, closes, title_vi, title_en, contact)
        questionnaire = self.questionnaire(viewer, questionnaire_id)
        return Wave(
            id=wave_id,
            questionnaire=questionnaire.id,
            version=questionnaire.version,
            opens=opens,
            closes=closes,
            title_vi=title_vi or f"Đợt khảo sát {wave_id}",
            title_en=title_en or f"Survey wave {wave_id}",
            contact=" ".join(contact.split()),
            plan=self._plan(questionnaire, opens, closes, dict(plan or {})),
            illustrative=illustrative,
        )

    def edit_wave(
        self,
        viewer: Viewer | None,
        wave_id: str,
        *,
        opens: date | None = None,
        closes: date | None = None,
        title_vi: str = "",
        title_en: str = "",
        contact: str | None = None,
        plan: Mapping[str, Any] | None = None,
    ) -> Wave:
        """A draft with other days, titles, contact or plan, stored; see `edited_wave`."""
        wave = self.wave(viewer, wave_id)
        edited = self.edited_wave(
            viewer, wave_id, opens=opens, closes=closes, title_vi=title_vi, title_en=title_en, contact=contact, plan=plan
        )
        self._store.save_draft(wave, edited)
        self._log.note(viewer, Action.WAVE_EDITED, wave=wave_id, opens=edited.opens.isoformat(), closes=edited.closes.isoformat())
        return edited

    def edited_wave(
        self,
        viewer: Viewer | None,
        wave_id: str,
        *,
        opens: date | None = None,
        closes: date | None = None,
        title_vi: str = "",
        title_en: str = "",
        contact: str | None = None,
        plan: Mapping[str, Any] | None = None,
    ) -> Wave:
        """The draft as it would be; not stored. `contact`: None leaves it, "" takes it away.

        Without `plan` its units and tables stay as they were frozen; with it they are made anew, which slips and invitations
        that exist already would not know. The hash follows the days in any case.
        """
        wave = self.wave(viewer, wave_id)
        if wave.state is not WaveState.DRAFT:
            raise SurveyError("wave-not-draft", N_("Only a draft can be edited; the last day of an open wave can be extended."))
        edited = replace(
            wave,
            opens=opens or wave.opens,
            closes=closes or wave.closes,
            title_vi=title_vi or wave.title_vi,
            title_en=title_en or wave.title_en,
            contact=wave.contact if contact is None else " ".join(contact.split()),
        )
        check_wave(edited.opens, edited.closes, edited.title_vi, edited.title_en, edited.contact)
        questionnaire = self.questionnaire(viewer, wave.questionnaire, wave.version)
        if plan is None:
            frozen = replace(wave.plan, asked=asked_in(questionnaire, edited.opens, edited.closes))
            return replace(edited, plan=frozen)
        if self._store.given(wave_id) or wave.plan.key_signs:
            raise SurveyError(
                "plan-given-out",
                N_(
                    "Slips or invitations of wave {wave} exist and stand for its plan, which can no longer be changed. Change days, titles and contact alone, or delete the draft and create it anew."
                ),
                wave=wave_id,
            )
        return replace(edited, plan=self._plan(questionnaire, edited.opens, edited.closes, dict(plan)))

    def _plan(self, questionnaire: Questionnaire, day: date, last: date, wanted: dict[str, Any]) -> Plan:
        known = {breakdown.id for breakdown in questionnaire.breakdowns}
        breakdowns = tuple(wanted.pop("breakdowns", [b.id for b in questionnaire.breakdowns]))
        if unknown := set(breakdowns) - known:
            raise SurveyError("unknown-breakdown", N_("The questionnaire has no breakdown {names}."), names=", ".join(sorted(unknown)))
        optional = tuple(wanted.pop("optional_items", ()))
        questionnaire.with_optional(optional)
        wanted.setdefault("shares", 3)
        wanted.setdefault("shares_needed", min(2, wanted["shares"]))
        if not 1 <= wanted["shares_needed"] <= wanted["shares"] <= limits.SHARES:
            raise SurveyError("key-plan", N_("The key needs 1 to 9 shares, and not more of them to open the box."))
        self._check_bases(wanted.get("minimum_base", {}))
        return make_plan(
            self._store.register(),
            day,
            breakdowns=breakdowns,
            optional_items=optional,
            reporting_headcount=self._reporting_headcount,
            asked=asked_in(questionnaire, day, last),
            **wanted,
        )

    def delete_draft(self, viewer: Viewer | None, wave_id: str) -> None:
        require(viewer, Permission.WAVES_EDIT)
        self._store.delete_draft(wave_id)
        self._log.note(viewer, Action.WAVE_DELETED, wave=wave_id)


def read_plan(source: Source) -> dict[str, Any]:
    """The wishes of a plan file (PLAN_EXAMPLES), checked for their names and kinds."""
    document, lines = read_yaml(source)
    wishes = document if isinstance(document, dict) else {}
    problems = [
        Problem(
            row=lines.get((str(key),)),
            column=str(key),
            message=N_("this is not a setting of a plan.")
            if key not in PLAN_EXAMPLES
            else N_("this setting has a value of the wrong kind."),
            cure=N_("Allowed are: {keys}.") if key not in PLAN_EXAMPLES else N_("Write it like {example}."),
            values={"keys": ", ".join(PLAN_EXAMPLES), "example": f"{key}: {PLAN_EXAMPLES.get(key)}"},
        )
        for key, value in wishes.items()
        if key not in PLAN_EXAMPLES or not _is_wish(key, value)
    ]
    if problems or document is None or not isinstance(document, dict):
        raise InputRefused(
            source.name, problems or [Problem(message=N_("the plan is empty."), cure=N_("Write for example: breakdowns: [gender]"))]
        )
    return {key: _as_wish(value) for key, value in wishes.items()}


def _as_wish(value: Any) -> Any:
    """The wish with its numbers as numbers."""
    if isinstance(value, dict):
        return {name: whole(n) for name, n in value.items()}
    return value if isinstance(value, list) else whole(value)


def _is_wish(key: str, value: object) -> bool:
    """Is the value of the kind that the plan's key asks for?"""
    if key in ("roots", "breakdowns", "optional_items"):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if key in ("minimum_base", "headcounts"):
        return isinstance(value, dict) and all(isinstance(name, str) and _is_number(n) for name, n in value.items())
    return _is_number(value)


def _is_number(value: object) -> bool:
    number = whole(value)
    return number is not None and 0 <= number <= limits.PEOPLE
