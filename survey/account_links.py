"""Links by which an account is taken over by its owner: good once, for three days, kept as digests alone.

Opening one shows whose it is and spends nothing: programs of mail servers open every link. It is spent by choosing a password.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from survey.errors import N_, SurveyError
from survey.passwords import SIGNS

SECONDS = 72 * 3600
KEPT = 30 * 24 * 3600  # so long one that is no longer good can say why
FIRST = ""  # the account of a set-up link: there is none yet, and whoever opens it names the first
GROUPS, LENGTH = 6, 4  # 118 random bits, to be typed from a letter where there is no camera
PATH = "/join"


class LinkState(StrEnum):
    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"  # by a newer one, a password, or because the account was disabled


@dataclass(frozen=True, kw_only=True)
class Link:
    """One that has just been made: `token` is stored nowhere. `expires`: Unix seconds."""

    token: str
    account: str
    expires: int

    def address(self, base: str, language: str) -> str:
        """The token stands in the fragment, which browsers send to nobody: no proxy and no server logs it."""
        return f"{base.rstrip('/')}{PATH}?lang={language}#{self.token}"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is stored of a link beside its digest."""

    account: str
    expires: int
    state: LinkState


class Store(Protocol):
    def give_link(self, digest: bytes, account: str, expires: int, forget_before: int) -> None:
        """Store a link; every open one of the account is replaced, and those that ended before `forget_before` go."""
        ...

    def link(self, digest: bytes) -> Kept | None: ...

    def replace_links(self, account: str) -> None: ...

    def use_link(self, digest: bytes, now: int, password: str) -> bool:
        """Spend it and keep the password's hash, both or neither. False: it was no longer good."""
        ...

    def begin(self, digest: bytes, now: int, name: str, password: str) -> bool:
        """The same for the first account, an organizer's, while there is none at all."""
        ...


class LinkRefused(SurveyError):
    """A link that opens nothing, and what to do instead."""


def refusal(kept: Kept | None, now: int) -> LinkRefused | None:
    """Why this link opens nothing; None while it is good."""
    if kept is None:
        message = N_("This link is not known here. Please open it as it was given to you, from beginning to end, or ask for a new one.")
        return LinkRefused("link-unknown", message)
    if kept.state is LinkState.USED:
        message = N_(
            "This link has been used already. If it was you, sign in with the password you chose. "
            "If it was not you, tell the organizer at once: somebody else has opened your letter."
        )
        return LinkRefused("link-used", message)
    if kept.state is LinkState.REPLACED:
        message = N_("This link is no longer valid: a newer one has been given out, or the account was changed. Please use the newest one.")
        return LinkRefused("link-replaced", message)
    if kept.expires <= now:
        message = N_("This link was valid for {hours} hours and has expired. Please ask the organizer for a new one.")
        return LinkRefused("link-expired", message, hours=SECONDS // 3600)
    return None


def give(store: Store, account: str, now: int) -> Link:
    """A new link to an account; the ones before open nothing any more."""
    token = "-".join("".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(GROUPS))
    link = Link(token=token, account=account, expires=now + SECONDS)
    store.give_link(digest(token), account, link.expires, now - KEPT)
    return link


def digest(token: str) -> bytes:
    """What is stored of it. Typed from paper: capitals and blanks do not matter."""
    typed = "".join(char for char in token.lower() if char in SIGNS)
    return hashlib.sha256(b"langnghe account link\0" + typed.encode()).digest()
