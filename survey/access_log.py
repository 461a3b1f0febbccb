"""Who did what: an append-only list of what leaders, organizers and custodians do, chained by hashes. Never respondents.

Every line carries the hash of the line before it. A changed or removed line is found by `verify`; lines cut off
at the end are found only by whoever wrote the last hash down elsewhere (`anchor`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote, unquote

from survey.access import Permission, Viewer, require

BEGINNING = "0" * 64  # the "previous hash" of the first line
NOBODY = "unknown"  # a sign-in under a name that does not exist; what was typed is not kept: it may be a password


class Action(StrEnum):
    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_OUT = "sign-out"
    SIGN_OUT_EVERYWHERE = "sign-out-everywhere"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_DISABLED = "account-disabled"
    PASSWORD_GIVEN = "password-given"  # noqa: S105 (an action, not a password)
    LINK_GIVEN = "account-link-given"
    LINK_USED = "account-link-used"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    UNITS_SAVED = "units-saved"
    UNITS_REORGANISED = "units-reorganised"
    QUESTIONNAIRE_SAVED = "questionnaire-saved"
    WAVE_CREATED = "wave-created"
    WAVE_DELETED = "wave-deleted"
    SLIPS_MADE = "slips-made"
    SLIPS_ADDED = "slips-added"
    SLIPS_LISTED = "slips-listed"
    PEOPLE_LISTED = "people-listed"
    PERSON_WITHDRAWN = "person-withdrawn"
    LETTERS_SENT = "letters-sent"
    REMINDERS_SENT = "reminders-sent"
    WAVE_OPENED = "wave-opened"
    WAVE_EDITED = "wave-edited"
    WAVE_EXTENDED = "wave-extended"
    FORMS_ENTERED = "forms-entered"
    WAVE_SHUT = "wave-shut"
    WAVE_REOPENED = "wave-reopened"
    WAVE_CANCELLED = "wave-cancelled"
    WAVE_CLOSED = "wave-closed"
    COMMENTS_REVIEWED = "comments-reviewed"
    WAVE_PUBLISHED = "wave-published"
    WAVE_WITHDRAWN = "wave-withdrawn"
    WAVE_DISCARDED = "wave-discarded"
    RESULTS_IMPORTED = "results-imported"
    RESULTS_EXPORTED = "results-exported"
    INSTALLATION_CHANGED = "installation-changed"
    UNDERTAKING_ADDED = "undertaking-added"
    UNDERTAKING_CHANGED = "undertaking-changed"
    UNDERTAKING_REMOVED = "undertaking-removed"
    BACKUP_WRITTEN = "backup-written"
    BACKUP_RESTORED = "backup-restored"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line. `minute`: UTC, 2026-11-24T20:40Z; `subject`: `name=value` pairs, see subject_of."""

    number: int
    minute: str
    account: str
    action: str
    subject: str
    previous: str
    hash: str = ""

    def reckoned(self) -> str:
        """The hash this line must have: SHA-256 over everything else it says."""
        said = {name: value for name, value in asdict(self).items() if name != "hash"}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()

    @property
    def about(self) -> dict[str, str]:
        return {name: unquote(value) for name, _, value in (pair.partition("=") for pair in self.subject.split())}


@dataclass(frozen=True)
class Tip:
    """Where the chain ends: the number and the hash of the last line."""

    number: int = 0
    hash: str = BEGINNING


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`broken`: number of the first line that is not as it was written, or is missing. `anchored`: None without anchor."""

    lines: int
    tip: Tip
    broken: int | None = None
    anchored: bool | None = None

    @property
    def good(self) -> bool:
        return self.broken is None and self.anchored is not False


class Store(Protocol):
    def append(self, make: Callable[[Tip], Entry]) -> Entry:
        """Store what `make` says to the tip; nobody else appends meanwhile."""
        ...

    def entries(self) -> Iterable[Entry]:
        """Every line, oldest first."""
        ...


class Log(Protocol):
    """What a use case needs of the log."""

    def note(self, viewer: Viewer | str | None, action: Action, **about: object) -> None: ...
    def note_once(self, viewer: Viewer | str | None, action: Action, **about: object) -> None: ...


class AccessLog:
    """`clock` gives the present in UTC; only its minute is kept."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def note(self, viewer: Viewer | str | None, action: Action, **about: object) -> None:
        """Add a line once the thing is done (a download: before it is handed over). `viewer`: somebody, or an account's name."""
        account = viewer.name if isinstance(viewer, Viewer) else viewer or NOBODY
        minute = self._clock().strftime("%Y-%m-%dT%H:%MZ")

        def line(tip: Tip) -> Entry:
            made = Entry(
                number=tip.number + 1, minute=minute, account=account, action=action.value, subject=subject_of(about), previous=tip.hash
            )
            return Entry(**{**asdict(made), "hash": made.reckoned()})

        self._store.append(line)

    def note_once(self, viewer: Viewer | str | None, action: Action, **about: object) -> None:
        """The same, unless the log says it already: for work that was cut off before its line, and is done again."""
        said = (action.value, subject_of(about))
        if said not in {(entry.action, entry.subject) for entry in self._store.entries()}:
            self.note(viewer, action, **about)

    def entries(self, viewer: Viewer | None) -> tuple[Entry, ...]:
        """Every line, newest first."""
        require(viewer, Permission.LOG_SEE)
        return tuple(self._store.entries())[::-1]

    def verify(self, viewer: Viewer | None, anchor: str = "") -> Verdict:
        """Walk the chain. `anchor`: a hash written down earlier; the log must still hold its line."""
        require(viewer, Permission.LOG_SEE)
        return verify(self._store.entries(), anchor.strip().lower())


def verify(entries: Iterable[Entry], anchor: str = "") -> Verdict:
    tip, lines, broken, seen = Tip(), 0, None, False
    for entry in entries:
        lines += 1
        expected = (tip.number + 1, tip.hash)
        if broken is None and ((entry.number, entry.previous) != expected or entry.reckoned() != entry.hash):
            broken = min(entry.number, tip.number + 1)
        tip = Tip(entry.number, entry.hash)
        seen = seen or entry.hash == anchor
    return Verdict(lines=lines, tip=tip, broken=broken, anchored=seen if anchor else None)


def subject_of(about: dict[str, object]) -> str:
    """`wave=2026 unit=t.a codes=5`: values are percent-encoded, so that no value can pass for another pair."""
    return " ".join(f"{name}={quote(str(value), safe='')}" for name, value in about.items())
