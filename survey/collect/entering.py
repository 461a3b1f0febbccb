"""Forms on paper: typed in by operators, checked, compared, and sent as the web page sends them, into the same box.

A file is refused whole for whatever can be seen without asking the box. Whether a code is spent is asked by sending the
form and in no other way: a check that costs nothing would tell whoever keeps a list of codes which people have answered
(survey/collect/asking.py, docs/decisions/0034-paper.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.forms_file import Batch, Difference, compared, read_forms
from survey.collect.forms_workbook import write_template
from survey.collect.service import Collecting
from survey.collect.slips import CodeOfAnotherWave, CodeSpent, shuffled
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave, WaveState
from survey.errors import N_, InputRefused, Problem, SurveyError
from survey.i18n import Locale
from survey.source import Source

SPENT = N_("Not taken, because their codes had been used before: the forms in rows {rows}. Such a form was sent by another way already.")


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...


@dataclass(frozen=True)
class Entry:
    """A form ready to be sent. `place`: its row in a file, or its number in a pile; `attempt`: see Collecting.submit."""

    place: int
    code: str
    raw: Mapping[str, Any]
    attempt: str


@dataclass(frozen=True)
class Taken:
    """`already`: sent before, by this very template or page; `spent`: the places of forms whose code was used elsewhere."""

    received: int
    already: int
    spent: tuple[int, ...]


class Entering:
    def __init__(self, store: Store, collecting: Collecting, log: Log) -> None:
        self._store = store
        self._collecting = collecting
        self._log = log

    def questionnaire(self, viewer: Viewer | None, wave_id: str) -> Questionnaire:
        """What the wave asks. Raises for a wave that is over."""
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        if wave.state not in (WaveState.DRAFT, WaveState.OPEN):
            raise SurveyError("wave-not-open", N_("Wave {wave} is not in the field."), wave=wave_id)
        return self._collecting.questionnaire(wave)

    def template(self, viewer: Viewer | None, wave_id: str, locale: Locale) -> bytes:
        """.xlsx for the wave's own questionnaire and version."""
        return write_template(self.questionnaire(viewer, wave_id), locale)

    def read(self, viewer: Viewer | None, wave_id: str, source: Source, today: date) -> Batch:
        """The forms of a file, all of them right; raises InputRefused with every error found. Nothing is stored."""
        questionnaire = self.questionnaire(viewer, wave_id)

        def belongs(code: str) -> None:
            if self._collecting.wave_of(code, today).id != wave_id:
                raise CodeOfAnotherWave()

        return read_forms(source, questionnaire, belongs)

    def differing(self, viewer: Viewer | None, wave_id: str, first: Batch, second: Batch) -> tuple[Difference, ...]:
        """Where a second operator's entry of some of the forms disagrees with the first. Nothing is stored."""
        found, unknown = compared(first, second, self.questionnaire(viewer, wave_id))
        if unknown:
            message, cure = N_("the first file has no form with this code."), N_("Compare the code with the slip, in both files.")
            raise InputRefused(second.name, [Problem(row=form.row, column="code", message=message, cure=cure) for form in unknown])
        return found

    def take(self, viewer: Viewer | None, wave_id: str, batch: Batch, today: date) -> Taken:
        """Send every form of the file."""
        require(viewer, Permission.WAVES_EDIT)
        entries = (Entry(form.row, form.code, form.raw, _attempt(batch.number, form.code)) for form in batch.forms)
        return self.send(viewer, wave_id, entries, today)

    def send(self, viewer: Viewer | None, wave_id: str, entries: Iterable[Entry], today: date) -> Taken:
        """Each by the respondents' own way, in an order that nobody chose. The log has that forms were entered, not how many."""
        self.questionnaire(viewer, wave_id)
        self._log.note(viewer, Action.FORMS_ENTERED, wave=wave_id)
        mixed = shuffled(entries)
        received = already = 0
        spent: list[int] = []
        for entry in mixed:
            try:
                receipt = self._collecting.submit(entry.code, entry.raw, today, entry.attempt, paper=True)
            except CodeSpent:
                spent.append(entry.place)
                continue
            except SurveyError as refusal:
                raise _cut_off(received + already, len(mixed), refusal) from refusal
            received, already = received + (not receipt.already), already + receipt.already
        return Taken(received, already, tuple(sorted(spent)))


def _cut_off(taken: int, all_: int, refusal: SurveyError) -> SurveyError:
    if not taken:
        return refusal
    message = N_("{taken} of {all} forms were taken; then the box took no more. Send the same again later: what was taken counts once.")
    return SurveyError("entering-cut-off", message, taken=taken, all=all_)


def _attempt(number: str, code: str) -> str:
    """Of the template and the slip alone: an attempt that depended on answers would prove them."""
    return hashlib.sha256(f"langnghe entered\0{number}\0{code}".encode()).hexdigest()[:32] if number else ""
