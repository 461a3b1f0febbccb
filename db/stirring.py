"""SQLite's box, written anew in the order of its row keys soon after every ballot.

Inside an SQLite file pages are taken in the order of arrival. Written anew, the file is what it would be
had the ballots come sorted by their keys, which are random.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

PAUSE = 5.0  # seconds a new ballot may lie where it fell
_SHARE = 20  # of the time, at most one part in so many goes into this


class Stirring:
    """Calls `work` a few seconds after it was told of a ballot; None: there is nothing to do."""

    def __init__(self, work: Callable[[], None] | None, pause: float = PAUSE) -> None:
        self._work = work
        self.pause = pause
        self._took = 0.0  # seconds, the last time
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def soon(self) -> None:
        if self._work is None:
            return
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(max(self.pause, _SHARE * self._took), self._now)
                self._timer.daemon = True
                self._timer.start()
                atexit.register(self.rest)

    def rest(self) -> None:
        """Do at once what is waiting to be done: before the process ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._now()

    def _now(self) -> None:
        with self._lock:
            self._timer = None
        atexit.unregister(self.rest)
        began = time.monotonic()
        try:
            if self._work is not None:
                self._work()
        except OperationalError:  # another process holds the file, or the disk is full: the next ballot asks again
            return
        self._took = time.monotonic() - began
