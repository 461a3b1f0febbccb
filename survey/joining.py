"""Taking an account over by its link: choosing a password nobody else knows, and being signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from survey.access import Role
from survey.access_log import Action, Log
from survey.account_links import FIRST, Kept, digest, refusal
from survey.account_links import Store as LinkStore
from survey.accounts import Account, acceptable_name
from survey.errors import N_, SurveyError
from survey.passwords import hashed
from survey.signing_in import SigningIn


class Store(Protocol):
    def account(self, name: str) -> Account | None: ...
    def any_account(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What an open link leads to. `name` is empty where the first account of all is to be made. `expires`: Unix seconds."""

    name: str
    role: Role
    expires: int


class Joining:
    """`clock`: Unix seconds."""

    def __init__(self, links: LinkStore, store: Store, signing_in: SigningIn, log: Log, clock: Callable[[], float]) -> None:
        self._links = links
        self._store = store
        self._signing_in = signing_in
        self._log = log
        self._clock = clock

    def nobody_yet(self) -> bool:
        """Is this an installation without any account?"""
        return not self._store.any_account()

    def opened(self, token: str) -> Offered:
        """Whose link it is; nothing is spent. Raises LinkRefused."""
        kept, account = self._good(token)
        name, role = (FIRST, Role.ORGANIZER) if account is None else (account.name, account.role)
        return Offered(name=name, role=role, expires=kept.expires)

    def choose(self, token: str, password: str, name: str = "") -> str:
        """Keep the owner's password and sign him in: a session id. A refused password spends nothing.

        `name`: of the first account, where the link is that of the set-up. Raises LinkRefused, and what `hashed` refuses.
        """
        account = self._good(token)[1]
        owner = acceptable_name(name) if account is None else account.name
        kept, now = hashed(password, owner), int(self._clock())
        if account is None:
            done = self._links.begin(digest(token), now, owner, kept)
        else:
            done = self._links.use_link(digest(token), now, kept)
        if not done:  # somebody was quicker, or it ended meanwhile
            self._good(token)
            raise _taken()
        if account is None:
            self._log.note(owner, Action.ACCOUNT_ADDED, account=owner, role=Role.ORGANIZER.value)
        self._log.note(owner, Action.LINK_USED)
        return self._signing_in.let_in(owner)

    def _good(self, token: str) -> tuple[Kept, Account | None]:
        """The link and its account; None for the set-up of a new installation."""
        kept = self._links.link(digest(token))
        refused = refusal(kept, int(self._clock()))
        if refused is not None:
            raise refused
        assert kept is not None
        if kept.account == FIRST:
            if not self.nobody_yet():
                raise _taken()
            return kept, None
        account = self._store.account(kept.account)
        if account is None or not account.active:
            raise SurveyError("link-replaced", N_("This account has been disabled. Please ask the organizer."))
        return kept, account


def _taken() -> SurveyError:
    return SurveyError("set-up-already", N_("This installation has its first account already. Please sign in, or ask whoever set it up."))
