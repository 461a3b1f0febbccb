"""Guessing passwords is made slow, and kept apart from those who need not guess: no stranger's try counts against a known browser.

Three pools: the strangers who try a name; one browser in which the account has signed in before (survey.devices);
an account's own signed-in browsers. Every wait is bounded, and none grows because a clock is set back or forward.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Protocol

from survey.errors import N_, SurveyError

FREE = 5  # wrong passwords before the first wait
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60  # seconds; each further one doubles the wait
FORGOTTEN_AFTER = 3 * 3600  # pausing so long to be forgotten allows fewer tries a day than waiting
SKEW = 60  # seconds by which the clocks of two servers may differ
PATIENCE = 20  # seconds somebody waits for a turn


class PleaseWait(SurveyError):
    """The same for every name, also for one that does not exist."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            "please-wait",
            N_(
                "Too many wrong passwords under this name. Please wait {seconds} seconds, then try again. Nobody is locked out: "
                "a browser you have signed in with before need not wait for others, and a new password from the organizer works at once."
            ),
            seconds=seconds,
        )


class Crowded(SurveyError):
    """More people sign in from new browsers than passwords can be looked at."""

    def __init__(self) -> None:
        super().__init__("crowded", N_("Very many people are trying to sign in right now. Please try again in half a minute."))


@dataclass(frozen=True)
class Tries:
    """`count` tries that have not (yet) turned out right, the last of them at `last` (Unix seconds)."""

    count: int = 0
    last: int = 0


class Store(Protocol):
    def change(self, pool: bytes, change: Callable[[Tries], Tries]) -> None:
        """Read the pool's row, write what `change` makes of it, with nobody in between; nothing if it raises."""
        ...

    def forget(self, before: int, after: int) -> None:
        """Drop rows whose last try is older, or lies in the future: their clock has been set back since."""
        ...


class Throttle:
    """A try is counted before the password is looked at, so that many at once gain nothing, and taken back when right."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, pool: bytes, now: int) -> None:
        """Raises PleaseWait; otherwise the try may be made."""

        def count(held: Tries) -> Tries:
            tries = held if now - FORGOTTEN_AFTER < held.last <= now + SKEW else Tries()
            if waiting := wait(tries, now):
                raise PleaseWait(waiting)
            return Tries(tries.count + 1, now)

        self._store.forget(now - FORGOTTEN_AFTER, now + SKEW)
        self._store.change(pool, count)

    def right(self, pool: bytes) -> None:
        """The password was right: nothing counts against this pool any more."""
        self._store.change(pool, lambda held: Tries())

    def lift(self, name: str) -> None:
        self.right(strangers(name))

    def unknown(self, now: int) -> int:
        """How many wrong tries under names that do not exist there were in this hour, with this one: for the log, which nobody shall fill."""
        counted = Tries()

        def count(held: Tries) -> Tries:
            nonlocal counted
            counted = Tries(held.count + 1 if held.last // 3600 == now // 3600 else 1, now)
            return counted

        self._store.change(_digest("unknown", ""), count)
        return counted.count


class Turns:
    """So many passwords are looked at at once, in the order of coming: each costs a quarter of a second of a processor."""

    def __init__(self, at_once: int, patience: float = PATIENCE) -> None:
        self._places = BoundedSemaphore(at_once)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._patience):
            raise Crowded()
        try:
            yield
        finally:
            self._places.release()


def wait(tries: Tries, now: int) -> int:
    """Seconds to wait before the next try: none, none, none, none, none, 30, 60, 120 ... 900, and never more than that."""
    if tries.count < FREE:
        return 0
    pause = min(FIRST_WAIT << min(tries.count - FREE, 10), LONGEST_WAIT)
    return max(0, min(pause, tries.last + pause - now))


def strangers(name: str) -> bytes:
    """Whoever tries this name from a browser it has not signed in with."""
    return _digest("strangers", name)


def browser(device: str) -> bytes:
    """One browser the account has signed in with."""
    return _digest("browser", device)


def signed_in(name: str) -> bytes:
    """Those who are signed in to the account and asked for its password again."""
    return _digest("signed in", name)


def _digest(kind: str, of: str) -> bytes:
    """What is kept of a name: people type passwords into the wrong field."""
    return hashlib.sha256(f"langnghe {kind}\0{of}".encode(errors="replace")).digest()
