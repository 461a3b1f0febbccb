"""Collecting: from a code to the questionnaire, from answers to a sealed ballot in the box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol

from survey.collect import ballot, blind, slips
from survey.collect.asking import Asking
from survey.collect.box import Box, BoxShut
from survey.collect.credentials import Credential, CredentialRefused, CredentialSpent
from survey.design.plan import Node
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError

ATTEMPT_BYTES = 16


class WaveNotOpen(SurveyError):
    pass


class CodeList(Protocol):
    def find(self, digest_in: Callable[[str], bytes]) -> tuple[tuple[Wave, ...], dict[str, str]]:
        """All waves, and for each on whose list a code stands the reporting unit it was given to; whether it is spent only
        the box knows. `digest_in`: the code's digest in a wave."""
        ...

    def count_spent(self, wave_id: str, unit: str, *, paper: bool = False) -> None:
        """One more code of the unit is spent. Never fails, and may be done a moment later."""
        ...

    def count_asked(self, wave_id: str) -> None:
        """A spent code was shown again. A full store does not make it fail."""
        ...


class KeyList(Protocol):
    def modulus(self, wave_id: str, unit: str) -> bytes | None:
        """The public half of the key that signs the unit's credentials; None without invitations."""
        ...


class FieldStore(Protocol):
    def waves(self) -> tuple[Wave, ...]: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...


@dataclass(frozen=True)
class OpenedForm:
    """What a valid code or credential opens: the wave, its questionnaire, and the unit the answers count for."""

    wave: Wave
    questionnaire: Questionnaire
    unit: Node
    draft_key: str
    waves: tuple[Wave, ...]  # all there are, as they stood then
    invited: bool = False
    trial: bool = False  # tried out: see survey/collect/trial.py


@dataclass(frozen=True)
class _Admitted:
    """Who is let in by what was shown: the wave, the secret behind the ballot's key, the reporting unit; and all waves there are."""

    wave: Wave
    secret: str
    unit: str
    waves: tuple[Wave, ...]


@dataclass(frozen=True)
class Receipt:
    """`already` is True when this attempt had put its ballot into the box before (sent twice)."""

    text: str
    already: bool


class Collecting:
    """The respondent's side. It stores one sealed ballot and one yes/no, and logs nothing."""

    def __init__(self, store: FieldStore, codes: CodeList, box: Box, keys: KeyList, asking: Asking | None = None) -> None:
        self._store = store
        self._codes = codes
        self._box = box
        self._keys = keys
        self._asking = asking or Asking()
        self._sizes: dict[tuple[str, str, tuple[str, ...]], int] = {}

    def open(self, shown: str | Credential, today: date) -> OpenedForm:
        """The form behind a typed code or a credential.

        Raises CodeMistyped, CodeUnknown, CodeSpent, CredentialRefused, CredentialSpent, WaveNotOpen, BoxShut,
        BoxUnknown. Behind a spent code a form opens all the same when many have been asked about
        (survey/collect/asking.py).
        """
        found = self._find(shown, today)
        wave, code = found.wave, found.secret
        if self._box.holds(wave.id, slips.nullifier(wave.id, code)):
            self._note_asked(wave, shown)
            if isinstance(shown, Credential) or self._asking.may_tell():
                raise _spent(shown)
        unit, key = wave.plan.by_id[found.unit], slips.draft_key(wave.id, code)
        return OpenedForm(wave, self.questionnaire(wave), unit, key, found.waves, isinstance(shown, Credential))

    def submit(self, shown: str | Credential, raw: Mapping[str, Any], today: date, attempt: str = "", *, paper: bool = False) -> Receipt:
        """Seal and store one response. The same attempt again is told so; a spent code or credential is refused.

        `raw`: {"answers": {item: value}, "comments": {question: text}, "breakdowns": {field: category}};
        `attempt`: hex of 16 or more random bytes that stay with the draft. It alone decides whether this was sent
        before: an answer that depended on `raw` would let a person be made to prove what was sent. `paper`: typed in from a
        sheet; counted for the whole wave, and nothing about it goes into the ballot.
        Raises AnswersRejected and what open() raises; nothing is stored then.
        """
        found = self._find(shown, today)
        wave, unit = found.wave, found.unit
        questionnaire = self.questionnaire(wave)
        response = questionnaire.accept(raw, unit)
        assert wave.public_key is not None  # an open wave has a key (advance)
        sealed = ballot.seal(ballot.encode(response), wave.id, wave.public_key, self._size(wave, questionnaire))
        key, sent_as = slips.nullifier(wave.id, found.secret), _attempt(attempt)
        shut: BoxShut | None = None
        try:
            stored = self._box.put(wave.id, key, sealed, sent_as)
        except BoxShut as late:  # it may have been in the box before the box was shut, and its receipt lost on the way
            stored, shut = False, late
        if not stored:
            kept = self._box.of_attempt(wave.id, key, sent_as)
            if kept is not None:
                return Receipt(ballot.receipt(kept), already=True)
            if shut is not None:  # a shut box does not tell which codes are spent
                raise shut
            self._note_asked(wave, shown)
            raise _spent(shown)
        if isinstance(shown, str):
            self._codes.count_spent(wave.id, unit, paper=paper)
        return Receipt(ballot.receipt(sealed), already=False)

    def _note_asked(self, wave: Wave, shown: str | Credential) -> None:
        """Codes stand on a list, credentials on none."""
        if isinstance(shown, str):
            self._codes.count_asked(wave.id)

    def open_waves(self) -> tuple[Wave, ...]:
        return tuple(wave for wave in self._store.waves() if wave.state is WaveState.OPEN)

    def refusal(self, today: date, waves: Iterable[Wave] | None = None) -> WaveNotOpen | None:
        """Why no code whatsoever would be let in on this day; None while a wave is in the field. `waves`: the open ones, if at hand."""
        refused: WaveNotOpen | None = None
        for wave in self.open_waves() if waves is None else waves:
            try:
                _require_open(wave, today)
            except WaveNotOpen as why:
                refused = why
            else:
                return None
        return refused or _nothing_open()

    def questionnaire(self, wave: Wave) -> Questionnaire:
        return self._store.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)

    def _size(self, wave: Wave, questionnaire: Questionnaire) -> int:
        """Of every ballot of a questionnaire, which never changes under its version: reckoned once."""
        key = (wave.questionnaire, wave.version, wave.plan.optional_items)
        return self._sizes.get(key) or self._sizes.setdefault(key, ballot.plaintext_size(questionnaire))

    def wave_of(self, code: str, today: date) -> Wave:
        """The wave of a slip that may be used today. Whether it is spent is not asked, so nobody learns it."""
        return self._look_up(code, today).wave

    def _find(self, shown: str | Credential, today: date) -> _Admitted:
        return self._admit(shown, today) if isinstance(shown, Credential) else self._look_up(shown, today)

    def _admit(self, credential: Credential, today: date) -> _Admitted:
        """A credential is on no list: its signature lets it in."""
        waves = self._store.waves()
        wave = next((wave for wave in waves if wave.id == credential.wave), None)
        modulus = self._keys.modulus(credential.wave, credential.unit)  # destroyed when the wave is closed
        if wave is None or modulus is None or not blind.verify(modulus, credential.message, credential.signature):
            raise CredentialRefused()
        _require_open(wave, today)
        return _Admitted(wave, credential.secret, credential.unit, waves)

    def _look_up(self, typed: str, today: date) -> _Admitted:
        code = slips.normalise(typed)
        waves, given_to = self._codes.find(partial(slips.digest, code=code))
        for wave in waves:
            if wave.state in (WaveState.DRAFT, WaveState.OPEN) and wave.id in given_to:
                _require_open(wave, today)
                return _Admitted(wave, code, given_to[wave.id], waves)
        if not any(wave.state is WaveState.OPEN for wave in waves):
            raise _nothing_open()
        raise slips.CodeUnknown()


def _spent(shown: str | Credential) -> SurveyError:
    return CredentialSpent() if isinstance(shown, Credential) else slips.CodeSpent()


def _nothing_open() -> WaveNotOpen:
    return WaveNotOpen("closed", N_("No survey is open at the moment, so no answers can be sent."))


def _require_open(wave: Wave, today: date) -> None:
    if wave.state in (WaveState.CLOSED, WaveState.PUBLISHED):  # a credential's key may outlive the close by a moment
        raise WaveNotOpen("closed", N_("No survey is open at the moment, so no answers can be sent."))
    if wave.state is WaveState.DRAFT or today < wave.opens:
        raise WaveNotOpen(
            "closed",
            N_("This survey is not open yet. It opens on {day}."),
            day=wave.opens.strftime("%d/%m/%Y"),
        )
    if today > wave.closes:
        raise WaveNotOpen(
            "closed",
            N_("This survey closed on {day}. Answers can no longer be sent."),
            day=wave.closes.strftime("%d/%m/%Y"),
        )


def _attempt(text: str) -> bytes:
    """Empty where it is too short to be anybody's own."""
    try:
        made = bytes.fromhex(text)
    except ValueError:
        return b""
    return made if len(made) >= ATTEMPT_BYTES else b""
