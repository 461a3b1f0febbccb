"""Guessing passwords is made slow: for each name, and for all names together. Nobody is locked out for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from survey.errors import N_, SurveyError

FREE = 5  # wrong passwords before the first wait
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60  # seconds; each further one doubles the wait
FORGOTTEN_AFTER = 24 * 3600
ALL_NAMES, MOST_A_MINUTE = b"", 60


class PleaseWait(SurveyError):
    """The same for every name, also for one that does not exist."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            "please-wait",
            N_("Too many wrong passwords. Please wait {seconds} seconds, then try again. Nobody is locked out."),
            seconds=seconds,
        )


@dataclass(frozen=True)
class Tries:
    """`count` tries that have not (yet) turned out right, the last of them at `last` (Unix seconds)."""

    count: int = 0
    last: int = 0


class Store(Protocol):
    def change(self, digests: tuple[bytes, ...], change: Callable[[tuple[Tries, ...]], tuple[Tries, ...]]) -> None:
        """Read these rows, write what `change` makes of them, with nobody in between; nothing if it raises."""
        ...

    def forget(self, before: int) -> None:
        """Drop rows whose last try is older."""
        ...


class Throttle:
    """A try is counted before the password is looked at, so that many at once gain nothing, and taken back when right."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, name: str, now: int) -> None:
        """Raises PleaseWait; otherwise the try may be made."""

        def count(held: tuple[Tries, ...]) -> tuple[Tries, ...]:
            of_name, of_all = _recent(held[0], now, FORGOTTEN_AFTER), _recent(held[1], now, 60)
            waiting = max(wait(of_name, now), 60 - (now - of_all.last) if of_all.count >= MOST_A_MINUTE else 0)
            if waiting > 0:
                raise PleaseWait(waiting)
            # The minute of all names runs from its first try, so that steady guessing cannot hold it open.
            return Tries(of_name.count + 1, now), Tries(of_all.count + 1, of_all.last if of_all.count else now)

        self._store.forget(now - FORGOTTEN_AFTER)
        self._store.change((digest(name), ALL_NAMES), count)

    def right(self, name: str) -> None:
        """The password was right: nothing counts against the name any more, nor this try against all."""
        self._store.change((digest(name), ALL_NAMES), lambda held: (Tries(), Tries(max(held[1].count - 1, 0), held[1].last)))

    def lift(self, name: str) -> None:
        self._store.change((digest(name),), lambda held: (Tries(),))


def wait(tries: Tries, now: int) -> int:
    """Seconds to wait before the next try at this name: none, none, none, none, none, 30, 60, 120 ... 900."""
    if tries.count < FREE:
        return 0
    pause = min(FIRST_WAIT << min(tries.count - FREE, 10), LONGEST_WAIT)
    return max(0, tries.last + pause - now)


def digest(name: str) -> bytes:
    """What is kept of a name: people type passwords into the wrong field."""
    return hashlib.sha256(b"langnghe sign-in\0" + name.encode()).digest()


def _recent(tries: Tries, now: int, seconds: int) -> Tries:
    return tries if now - tries.last < seconds else Tries()
