"""Accounts of organizers, leaders and custodians, and who may change them. Never respondents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from survey.access import OPERATOR, Permission, Role, Viewer, require
from survey.access_log import NOBODY, Action, Log
from survey.account_links import FIRST, Link, give
from survey.account_links import Store as LinkStore
from survey.errors import N_, SurveyError
from survey.limits import ACCOUNT, id_fault
from survey.passwords import hashed
from survey.throttle import Throttle

RESERVED = (OPERATOR.name, NOBODY)  # names of the access log's own


@dataclass(frozen=True, kw_only=True)
class Account:
    """`password` is a bcrypt hash; empty while its owner has not chosen one by his link. `one_time`: its owner has not chosen
    the password; one that somebody else knows must be changed at the first sign-in.

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
    def any_account(self) -> bool: ...


def acceptable_name(name: str) -> str:
    """The name as it is kept: lower case, plain signs, none of the access log's own."""
    name = name.strip().lower()
    if len(name) < 3 or id_fault(name, ACCOUNT):
        raise SurveyError("account-name", N_("An account name has 3 to 60 letters a-z, digits, dots, dashes."))
    if name in RESERVED:
        raise SurveyError("account-exists", N_("Account {name} exists already."), name=name)
    return name


class Accounts:
    """Managing accounts, for organizers. Signing in is in survey.signing_in, taking an account over in survey.joining.

    `clock`: Unix seconds.
    """

    def __init__(self, store: Store, links: LinkStore, throttle: Throttle, log: Log, clock: Callable[[], float]) -> None:
        self._store = store
        self._links = links
        self._throttle = throttle
        self._log = log
        self._clock = clock

    def list(self, viewer: Viewer | None) -> tuple[Account, ...]:
        require(viewer, Permission.ACCOUNTS_EDIT)
        return self._store.accounts()

    def add(self, viewer: Viewer | None, name: str, role: Role, password: str, unit: str | None = None) -> Account:
        """A new account with a password for its first sign-in. Names are lower case; a leader without a unit sees the whole province."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        name = self._free(name)
        return self._added(viewer, Account(name=name, role=role, unit=_unit_of(role, unit), password=hashed(password, name), one_time=True))

    def invite(self, viewer: Viewer | None, name: str, role: Role, unit: str | None = None) -> Link:
        """A new account and the link by which its owner chooses the password: nobody else ever knows one."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._added(viewer, Account(name=self._free(name), role=role, unit=_unit_of(role, unit), password="", one_time=True))
        return self._linked(viewer, account)

    def give_link(self, viewer: Viewer | None, name: str) -> Link:
        """A new link to an account. Its old password and links open nothing any more, its browsers are signed out, a wait is lifted."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        if viewer is not None and viewer.name == account.name:
            raise SurveyError("own-account", N_("This is your own account: choose a new password under “My account”."))
        self._store.save(replace(account, password="", active=True, demonstration=False, one_time=True))
        self._store.end_sessions_of(account.name)
        self._throttle.lift(account.name)
        return self._linked(viewer, account)

    def disable(self, viewer: Viewer | None, name: str) -> None:
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        # One that waits for its link cannot sign in yet, and perhaps never will.
        others = [a for a in self._store.accounts() if a.active and a.password and a.role is Role.ORGANIZER and a.name != account.name]
        if account.role is Role.ORGANIZER and not others:
            raise SurveyError("last-organizer", N_("This is the last organizer account; add another one first."))
        self._store.save(replace(account, active=False))
        self._links.replace_links(account.name)
        self._store.end_sessions_of(account.name)
        self._log.note(viewer, Action.ACCOUNT_DISABLED, account=account.name)

    def set_password(self, viewer: Viewer | None, name: str, password: str) -> None:
        """A new password for one sign-in; every browser signed in with the old one is signed out, a wait is lifted."""
        require(viewer, Permission.ACCOUNTS_EDIT)
        account = self._account(name)
        kept = hashed(password, account.name)
        self._store.save(replace(account, password=kept, active=True, demonstration=False, one_time=True))
        self._links.replace_links(account.name)
        self._store.end_sessions_of(account.name)
        self._throttle.lift(account.name)
        self._log.note(viewer, Action.PASSWORD_GIVEN, account=account.name)

    def set_demonstration_password(self, name: str, role: Role, password: str, unit: str | None) -> None:
        """Create or renew a demonstration account, which is good on 127.0.0.1 only."""
        self._store.save(Account(name=name, role=role, unit=unit, password=hashed(password, name), demonstration=True))
        self._store.end_sessions_of(name)
        self._throttle.lift(name)
        self._log.note(OPERATOR, Action.PASSWORD_GIVEN, account=name)

    def give_set_up_link(self) -> Link | None:
        """The link by which the first account of a new installation is made; None once there is one. For whoever starts the server."""
        return None if self._store.any_account() else give(self._links, FIRST, int(self._clock()))

    def _free(self, name: str) -> str:
        name = acceptable_name(name)
        if self._store.account(name) is not None:
            raise SurveyError("account-exists", N_("Account {name} exists already."), name=name)
        return name

    def _added(self, viewer: Viewer | None, account: Account) -> Account:
        self._store.save(account)
        unit = {"unit": account.unit} if account.unit else {}
        self._log.note(viewer, Action.ACCOUNT_ADDED, account=account.name, role=account.role.value, **unit)
        return account

    def _linked(self, viewer: Viewer | None, account: Account) -> Link:
        link = give(self._links, account.name, int(self._clock()))
        self._log.note(viewer, Action.LINK_GIVEN, account=account.name)
        return link

    def _account(self, name: str) -> Account:
        account = self._store.account(name.strip().lower())
        if account is None:
            raise SurveyError("unknown-account", N_("There is no account {name}."), name=name)
        return account


def _unit_of(role: Role, unit: str | None) -> str | None:
    """A unit limits what a leader sees; another's would limit nothing, and whoever gave it would believe it did."""
    if unit and role is not Role.LEADER:
        raise SurveyError("unit-of-a-leader", N_("Only a leader's account has a unit. Leave the unit out, or make it a leader's."))
    return unit or None
