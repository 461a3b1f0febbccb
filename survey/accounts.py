"""Accounts of organizers, leaders and custodians, and who may change them. Never respondents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from survey.access import OPERATOR, Permission, Role, Viewer, require
from survey.access_log import NOBODY, Action, Log
from survey.errors import N_, SurveyError
from survey.limits import ACCOUNT, id_fault
from survey.passwords import hashed
from survey.throttle import Throttle

RESERVED = (OPERATOR.name, NOBODY)  # names of the access log's own


@dataclass(frozen=True, kw_only=True)
class Account:
    """`password` is a bcrypt hash. `one_time`: somebody else knows the password; it must be changed at the first sign-in.

    `demonstration` accounts are refused outside 127.0.0.1.
    """

    name: str
    role: Role
    password: str
    unit: str | None = None
    active: bool = True
    demonstration: bool = False
    one_time: bool = False


class Store(Protocol):
    def accounts(self) -> tuple[Account, ...]: ...
    def account(self, name: str) -> Account | None: ...
    def save(self, account: Account) -> None: ...
    def end_sessions_of(self, account: str) -> int: ...


class Accounts:
    """Managing accounts, for organizers. Signing in is in survey.signing_in."""

    def __init__(self, store: Store, throttle: Throttle, log: Log) -> None:
        self._store = store
        self._throttle = throttle
        self._log = log

    def list(self, viewer: Viewer | None) -> tuple[Account, ...]:
        require(viewer, Permission.ACCOUNTS_EDIT)
        return self._store.accounts()

    def add(self, viewer: Viewer | None, name: str, role: Role, password: str, unit: str | None = None) -> Account:
        """A new account with a password for its first sign-in. Names are lower case; a leader without a unit sees the whole province."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        name = name.strip().lower()
        if len(name) < 3 or id_fault(name, ACCOUNT):
            raise SurveyError("account-name", N_("An account name has 3 to 60 letters a-z, digits, dots, dashes."))
        if self._store.account(name) is not None or name in RESERVED:
            raise SurveyError("account-exists", N_("Account {name} exists already."), name=name)
        account = Account(name=name, role=role, unit=unit or None, password=hashed(password, name), one_time=True)
        self._store.save(account)
        self._log.note(viewer, Action.ACCOUNT_ADDED, account=name, role=role.value, **({"unit": unit} if unit else {}))
        return account

    def disable(self, viewer: Viewer | None, name: str) -> None:
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        others = [a for a in self._store.accounts() if a.active and a.role is Role.ORGANIZER and a.name != account.name]
        if account.role is Role.ORGANIZER and not others:
            raise SurveyError("last-organizer", N_("This is the last organizer account; add another one first."))
        self._store.save(replace(account, active=False))
        self._store.end_sessions_of(account.name)
        self._log.note(viewer, Action.ACCOUNT_DISABLED, account=account.name)

    def set_password(self, viewer: Viewer | None, name: str, password: str) -> None:
        """A new password for one sign-in; every browser signed in with the old one is signed out, a wait is lifted."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        kept = hashed(password, account.name)
        self._store.save(replace(account, password=kept, active=True, demonstration=False, one_time=True))
        self._store.end_sessions_of(account.name)
        self._throttle.lift(account.name)
        self._log.note(viewer, Action.PASSWORD_GIVEN, account=account.name)

    def set_demonstration_password(self, name: str, role: Role, password: str, unit: str | None) -> None:
        """Create or renew a demonstration account, which is good on 127.0.0.1 only."""
        self._store.save(Account(name=name, role=role, unit=unit, password=hashed(password, name), demonstration=True))
        self._store.end_sessions_of(name)
        self._throttle.lift(name)
        self._log.note(OPERATOR, Action.PASSWORD_GIVEN, account=name)

    def _account(self, name: str) -> Account:
        account = self._store.account(name.strip().lower())
        if account is None:
            raise SurveyError("unknown-account", N_("There is no account {name}."), name=name)
        return account
