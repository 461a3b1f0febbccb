"""Trying a form out: a test code opens the real pages, its answers are checked and thrown away.

Nothing is stored, neither the code nor that it was used: a test code is reckoned from the server's secret and what it is a
trial of, and stands on no list. The code list and the box are asked first and do not know it, so it answers no real wave.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from threading import Lock
from typing import Any, Protocol

from survey.access import Permission, Viewer, require
from survey.collect import slips
from survey.collect.service import OpenedForm
from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError

DAYS = 7  # a test code is good for
KEPT = 40  # unsaved questionnaires, in memory
UNIT = Node(id="thu", name_vi="Đơn vị thử", name_en="Trial unit", members=("thu",))


class TrialOver(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "trial-over",
            N_("This was a test code, and the survey has begun in the meantime. Please answer with the code on your slip."),
        )


class Store(Protocol):
    def waves(self) -> tuple[Wave, ...]: ...
    def wave(self, wave_id: str) -> Wave: ...
    def questionnaires(self) -> tuple[tuple[str, str], ...]: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...


class Trials:
    """`secret`: the server's own. Whoever knows it can look at drafts, no more."""

    def __init__(self, store: Store, secret: str) -> None:
        self._store = store
        self._secret = secret.encode()
        self._unsaved: OrderedDict[str, Questionnaire] = OrderedDict()
        self._turn = Lock()

    def of_wave(self, viewer: Viewer | None, wave_id: str, today: date) -> str:
        """A test code of a draft; it is good for a week, and until the wave opens."""
        require(viewer, Permission.WAVES_EDIT)
        if self._store.wave(wave_id).state is not WaveState.DRAFT:
            raise SurveyError("trial-not-draft", N_("Only a draft can be tried out: the answers of an open wave count."))
        return self._code(today, "wave", wave_id)

    def of_questionnaire(self, viewer: Viewer | None, questionnaire_id: str, version: str, today: date) -> str:
        """A test code of a stored version, good for a week."""
        require(viewer, Permission.QUESTIONNAIRES_EDIT)
        self._store.questionnaire(questionnaire_id, version)
        return self._code(today, "questionnaire", questionnaire_id, version)

    def of_unsaved(self, viewer: Viewer | None, questionnaire: Questionnaire, code: str = "") -> str:
        """A test code of what is being written, on this process alone; `code`: the one it has already."""
        require(viewer, Permission.QUESTIONNAIRES_EDIT)
        with self._turn:
            code = code or slips.new_code()
            self._unsaved[code] = questionnaire
            self._unsaved.move_to_end(code)
            while len(self._unsaved) > KEPT:
                self._unsaved.popitem(last=False)
        return code

    def find(self, typed: object, today: date) -> OpenedForm | None:
        """The form behind a test code; None where it is none. Raises TrialOver."""
        try:
            code = slips.normalise(str(typed))
        except slips.CodeMistyped:
            return None
        waves = self._store.waves()
        if (unsaved := self._unsaved.get(code)) is not None:
            return self._form(unsaved, code, today, waves)
        for wave in waves:
            if self._is(code, today, "wave", wave.id):
                if wave.state is not WaveState.DRAFT:
                    raise TrialOver()
                asked = self._store.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)
                unit = next((node for node in wave.plan.nodes if node.reporting), UNIT)
                return OpenedForm(wave, asked, unit, slips.draft_key(wave.id, code), waves, trial=True)
        for key in self._store.questionnaires():
            if self._is(code, today, "questionnaire", *key):
                return self._form(self._store.questionnaire(*key), code, today, waves)
        return None

    def check(self, typed: object, raw: Mapping[str, Any], today: date) -> bool:
        """Whether this was a trial; its answers are checked like any others (AnswersRejected) and thrown away."""
        opened = self.find(typed, today)
        if opened is None:
            return False
        opened.questionnaire.accept(raw, opened.unit.id)
        return True

    def _form(self, questionnaire: Questionnaire, code: str, today: date, waves: tuple[Wave, ...]) -> OpenedForm:
        wave = Wave(
            id="thu", questionnaire=questionnaire.id, version=questionnaire.version, opens=today, closes=today + timedelta(days=DAYS),
            title_vi=f"Phiên bản {questionnaire.version}", title_en=f"Version {questionnaire.version}",
            plan=Plan(nodes=(UNIT,), shares=3, shares_needed=2),
        )  # fmt: skip
        return OpenedForm(wave, questionnaire, UNIT, slips.draft_key(wave.id, code), waves, trial=True)

    def _is(self, code: str, today: date, *of: str) -> bool:
        days = (today - timedelta(days=past) for past in range(DAYS))
        return any(secrets.compare_digest(code, self._code(day, *of)) for day in days)

    def _code(self, day: date, *of: str) -> str:
        """80 bits of a keyed hash, in the signs of a slip's code."""
        told = "\0".join(("langnghe trial", day.isoformat(), *of))
        return "".join(_signs(hmac.new(self._secret, told.encode(), hashlib.sha256).digest()))


def _signs(digest: bytes) -> Iterator[str]:
    number = int.from_bytes(digest, "big")
    for _place in range(slips.LENGTH):
        number, sign = divmod(number, len(slips.ALPHABET))
        yield slips.ALPHABET[sign]
