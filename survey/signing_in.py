"""Signing in, staying signed in for a while, and signing out; one's own password."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Protocol

from survey.access import Viewer
from survey.access_log import NOBODY, Action, Log
from survey.accounts import Account
from survey.devices import Cookie, Devices
from survey.errors import N_, NotAllowed, SurveyError
from survey.passwords import hashed, is_made, matches
from survey.throttle import PleaseWait, Throttle, Turns, browser, signed_in, strangers

SESSION_SECONDS = 12 * 3600  # a working day, however busy
IDLE_SECONDS = 2 * 3600
TICKET_SECONDS = 60
SEEN_STEP = 60  # "last seen" is written once a minute at most


class WrongPassword(SurveyError):
    """Also: no such account, or a disabled one. Which of them is not said."""

    def __init__(self) -> None:
        super().__init__("wrong-password", N_("Account name or password is wrong."))


class Store(Protocol):
    def account(self, name: str) -> Account | None: ...
    def has_demonstration(self) -> bool: ...
    def change_password(self, name: str, password: str) -> None:
        """Keep the hash of a password its owner chose."""
        ...

    def add_session(self, digest: bytes, account: str, now: int, expires: int, ticket: bool) -> None: ...
    def session(self, digest: bytes, now: int, idle_since: int, ticket: bool) -> tuple[str, int] | None:
        """The account of a session that is neither expired nor idle since before `idle_since`, and when it was last seen."""
        ...

    def see_session(self, digest: bytes, now: int) -> None: ...
    def end_session(self, digest: bytes) -> str | None:
        """The account whose session this was: a ticket is redeemed by whoever removes it first."""
        ...

    def end_sessions_of(self, account: str) -> int: ...
    def drop_expired(self, now: int, idle_since: int) -> None: ...


class SigningIn:
    """`clock`: Unix seconds."""

    def __init__(self, store: Store, throttle: Throttle, devices: Devices, log: Log, clock: Callable[[], float]) -> None:
        self._store = store
        self._throttle = throttle
        self._devices = devices
        self._log = log
        self._clock = clock
        self._new, self._known = Turns(1), Turns(2)  # whoever crowds in from new browsers takes no turn from a known one

    def sign_in(self, name: str, password: str, cookies: Mapping[str, str] | None = None) -> tuple[Viewer, str]:
        """Who it is, and a ticket: good for one minute and one exchange against a session. Raises PleaseWait, Crowded, WrongPassword.

        `cookies`: of the browser; one of them may say that the account has signed in here before.
        A name that does not exist costs the same time, waits the same, and hears the same.
        """
        name = name.strip().lower()
        account = self._store.account(name) if name.isprintable() else None
        device = self._devices.known(account, (cookies or {}).get(self._devices.name(name)), self._now())
        with self._new.one() if device is None else self._known.one():
            account = self._proved(account, password, strangers(name) if device is None else browser(device))
        self._log.note(account.name, Action.SIGN_IN)
        return _viewer(account), self._ticket(account.name)

    def redeem(self, ticket: str) -> str | None:
        """A session id for a ticket, once."""
        now = self._now()
        found = self._store.session(digest(ticket), now, now - TICKET_SECONDS, ticket=True)
        if found is None or self._store.end_session(digest(ticket)) is None:
            return None
        return self._issue(found[0], SESSION_SECONDS, ticket=False)

    def let_in(self, name: str) -> str:
        """A session id for somebody who has just proved by a link whose account it is (survey.joining)."""
        now = self._now()
        self._store.drop_expired(now, now - IDLE_SECONDS)
        self._log.note(name, Action.SIGN_IN)
        return self._issue(name, SESSION_SECONDS, ticket=False)

    def device(self, session_id: str) -> Cookie | None:
        """The cookie by which this browser will be known at the next sign-in."""
        viewer = self.viewer(session_id)
        account = None if viewer is None else self._store.account(viewer.name)
        return None if account is None else self._devices.cookie(account, self._now())

    def viewer(self, session_id: str | None) -> Viewer | None:
        """Who is behind a session cookie right now: asked at every run, never remembered."""
        if not session_id:
            return None
        now = self._now()
        found = self._store.session(digest(session_id), now, now - IDLE_SECONDS, ticket=False)
        account = None if found is None else self._store.account(found[0])
        if found is None or account is None or not account.active:
            return None
        if now - found[1] >= SEEN_STEP:
            self._store.see_session(digest(session_id), now)
        return _viewer(account)

    def sign_out(self, session_id: str | None) -> None:
        name = self._store.end_session(digest(session_id)) if session_id else None
        if name is not None:
            self._log.note(name, Action.SIGN_OUT)

    def sign_out_everywhere(self, viewer: Viewer | None) -> int:
        """End every session of one's own account, this one too; how many there were."""
        if viewer is None:
            raise NotAllowed()
        ended = self._store.end_sessions_of(viewer.name)
        self._log.note(viewer, Action.SIGN_OUT_EVERYWHERE, sessions=ended)
        return ended

    def change_password(self, viewer: Viewer | None, old: str, new: str) -> str:
        """One's own password; every browser is signed out and this one gets a new ticket.

        A wrong old password counts as a wrong sign-in. Raises PleaseWait, WrongPassword, and what `hashed` refuses.
        """
        if viewer is None:
            raise NotAllowed()
        with self._known.one():
            account = self._proved(self._store.account(viewer.name), old, signed_in(viewer.name))
        if new == old:
            raise SurveyError("password-same", N_("The new password is the old one. Choose another."))
        self._store.change_password(account.name, hashed(new, account.name))
        self._store.end_sessions_of(account.name)
        self._log.note(viewer, Action.PASSWORD_CHANGED)
        return self._ticket(account.name)

    def has_demonstration(self) -> bool:
        return self._store.has_demonstration()

    def _proved(self, account: Account | None, password: str, pool: bytes) -> Account:
        try:
            self._throttle.begin(pool, self._now())
        except PleaseWait:
            # Nobody guesses 79 random bits: what an organizer hands out opens the door at once, however many strangers stand before it.
            if not is_made(password) or not _right(account, password) or account is None or not account.one_time:
                raise
            return account
        if not _right(account, password) or account is None:
            self._note_wrong(account)
            raise WrongPassword()
        self._throttle.right(pool)
        return account

    def _note_wrong(self, account: Account | None) -> None:
        """Under names that do not exist a line for the 1st, 2nd, 4th, 8th ... of an hour: strangers must not fill a log that keeps all."""
        if account is not None:
            self._log.note(account.name, Action.SIGN_IN_FAILED)
            return
        times = self._throttle.unknown(self._now())
        if times & (times - 1) == 0:
            self._log.note(NOBODY, Action.SIGN_IN_FAILED, **({"times": times} if times > 1 else {}))

    def _ticket(self, name: str) -> str:
        now = self._now()
        self._store.drop_expired(now, now - IDLE_SECONDS)
        return self._issue(name, TICKET_SECONDS, ticket=True)

    def _issue(self, name: str, seconds: int, ticket: bool) -> str:
        word, now = secrets.token_urlsafe(32), self._now()
        self._store.add_session(digest(word), name, now, now + seconds, ticket)
        return word

    def _now(self) -> int:
        return int(self._clock())


def _viewer(account: Account) -> Viewer:
    return Viewer(name=account.name, role=account.role, unit=account.unit, must_change_password=account.one_time)


def _right(account: Account | None, password: str) -> bool:
    return matches(password, account.password if account else None) and account is not None and account.active


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
