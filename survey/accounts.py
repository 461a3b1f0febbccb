"""Accounts of organizers, leaders and custodians, and their signed-in browsers. Never respondents."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, replace
from typing import Protocol

import bcrypt

from survey.access import Permission, Role, Viewer, require
from survey.errors import N_, SurveyError

SESSION_SECONDS = 12 * 3600
TICKET_SECONDS = 60
MAX_FAILURES = 10
MIN_PASSWORD = 10
MAX_PASSWORD_BYTES = 72  # bcrypt reads no further


@dataclass(frozen=True, kw_only=True)
class Account:
    """`password` is a bcrypt hash. `demonstration` accounts are refused outside 127.0.0.1."""

    name: str
    role: Role
    password: str
    unit: str | None = None
    active: bool = True
    demonstration: bool = False
    failed: int = 0

    @property
    def locked(self) -> bool:
        return self.failed >= MAX_FAILURES


class Store(Protocol):
    def accounts(self) -> tuple[Account, ...]: ...
    def account(self, name: str) -> Account | None: ...
    def save(self, account: Account) -> None: ...
    def count_failure(self, name: str) -> None: ...
    def clear_failures(self, name: str) -> None: ...
    def add_session(self, digest: bytes, account: str, expires: int, ticket: bool) -> None: ...
    def session(self, digest: bytes, now: int, ticket: bool) -> str | None: ...
    def end_session(self, digest: bytes) -> bool: ...
    def end_sessions_of(self, account: str) -> None: ...
    def drop_expired(self, now: int) -> None: ...


class Accounts:
    """Managing accounts (organizers) and signing in (everybody with one)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self, viewer: Viewer | None) -> tuple[Account, ...]:
        require(viewer, Permission.ACCOUNTS_EDIT)
        return self._store.accounts()

    def add(
        self, viewer: Viewer | None, name: str, role: Role, password: str, unit: str | None = None, demonstration: bool = False
    ) -> Account:
        """A new account. Names are lower case; a leader without a unit sees the whole province."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        name = name.strip().lower()
        if not 3 <= len(name) <= 60 or not name.isascii() or not all(char.isalnum() or char in "._-" for char in name):
            raise SurveyError("account-name", N_("An account name has 3 to 60 letters a-z, digits, dots, dashes."))
        if self._store.account(name) is not None:
            raise SurveyError("account-exists", N_("Account {name} exists already."), name=name)
        account = Account(name=name, role=role, unit=unit or None, password=hashed(password), demonstration=demonstration)
        self._store.save(account)
        return account

    def disable(self, viewer: Viewer | None, name: str) -> None:
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        others = [a for a in self._store.accounts() if a.active and a.role is Role.ORGANIZER and a.name != account.name]
        if account.role is Role.ORGANIZER and not others:
            raise SurveyError("last-organizer", N_("This is the last organizer account; add another one first."))
        self._store.save(replace(account, active=False))
        self._store.end_sessions_of(account.name)

    def set_password(self, viewer: Viewer | None, name: str, password: str) -> None:
        """A new password; every browser signed in with the old one is signed out, a lock is lifted."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        self._store.save(replace(account, password=hashed(password), active=True, demonstration=False, failed=0))
        self._store.end_sessions_of(account.name)

    def set_demonstration_password(self, name: str, role: Role, password: str, unit: str | None) -> None:
        """Create or renew a demonstration account, which is good on 127.0.0.1 only."""
        self._store.save(Account(name=name, role=role, unit=unit, password=hashed(password), demonstration=True))
        self._store.end_sessions_of(name)

    def has_demonstration(self) -> bool:
        return any(account.demonstration and account.active for account in self._store.accounts())

    # Signing in

    def credentials(self) -> dict[str, dict[str, dict[str, object]]]:
        """What streamlit-authenticator reads: active, not locked accounts with their hashes."""
        return {
            "usernames": {
                account.name: {
                    "email": "",
                    "first_name": account.name,
                    "last_name": "",
                    "password": account.password,
                    "roles": [account.role.value],
                }
                for account in self._store.accounts()
                if account.active and not account.locked
            }
        }

    def failed(self, name: str) -> None:
        self._store.count_failure(name.strip().lower())

    def ticket(self, name: str) -> str:
        """After a checked password: a word good for one minute and one exchange against a session."""
        self._store.clear_failures(name)
        self._store.drop_expired(int(time.time()))
        return self._issue(name, TICKET_SECONDS, ticket=True)

    def redeem(self, ticket: str) -> str | None:
        """A session id for a ticket, once."""
        name = self._store.session(digest(ticket), int(time.time()), ticket=True)
        if name is None or not self._store.end_session(digest(ticket)):
            return None
        return self._issue(name, SESSION_SECONDS, ticket=False)

    def viewer(self, session_id: str | None) -> Viewer | None:
        """Who is behind a session cookie right now: asked at every run, never remembered."""
        if not session_id:
            return None
        name = self._store.session(digest(session_id), int(time.time()), ticket=False)
        account = None if name is None else self._store.account(name)
        if account is None or not account.active:
            return None
        return Viewer(name=account.name, role=account.role, unit=account.unit)

    def sign_out(self, session_id: str | None) -> None:
        if session_id:
            self._store.end_session(digest(session_id))

    def _issue(self, name: str, seconds: int, ticket: bool) -> str:
        word = secrets.token_urlsafe(32)
        self._store.add_session(digest(word), name, int(time.time()) + seconds, ticket)
        return word

    def _account(self, name: str) -> Account:
        account = self._store.account(name.strip().lower())
        if account is None:
            raise SurveyError("unknown-account", N_("There is no account {name}."), name=name)
        return account


def hashed(password: str) -> str:
    """bcrypt hash of an acceptable password."""
    if len(password) < MIN_PASSWORD:
        raise SurveyError("password-short", N_("A password needs at least {length} characters."), length=MIN_PASSWORD)
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        raise SurveyError("password-long", N_("This password is too long; about 30 letters are enough."))
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


def new_password() -> str:
    """Sixteen characters that are easy to read out: four groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
