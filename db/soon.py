"""Work that an answer asks for and does not wait for.

It is done soon after the first answer that asks, for all that came meanwhile, and before the process ends.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

_SHARE = 20  # of the time, at most one part in so many goes into this


class Soon:
    """Calls `work` some `pause` seconds after it was asked for, later where it takes long, but `longest` at most; None: nothing to do.

    Work that answers True is not done yet, and asks for itself again.
    """

    def __init__(self, work: Callable[[], object] | None, pause: float, longest: float = float("inf")) -> None:
        self._work = work
        self.pause, self._longest = pause, longest
        self._took = 0.0  # seconds, the last time
        self._lock, self._doing = threading.Lock(), threading.Lock()
        self._timer: threading.Timer | None = None

    def soon(self) -> None:
        if self._work is None:
            return
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(max(self.pause, min(_SHARE * self._took, self._longest)), self._due)
                self._timer.daemon = True
                self._timer.start()
                atexit.register(self.rest)

    def _due(self) -> None:
        if self.rest():
            self.soon()

    def rest(self) -> bool:
        """Do at once what waits to be done, after what is being done: when its time has come, or the process ends. True: not all."""
        more = False
        with self._doing:
            with self._lock:
                timer, self._timer = self._timer, None
            if timer is not None:
                timer.cancel()
                more = self._do()
        with self._lock:
            if self._timer is None:
                atexit.unregister(self.rest)
        return more

    def _do(self) -> bool:
        began = time.monotonic()
        try:
            more = self._work is not None and self._work() is True
        except OperationalError:  # another process holds the file, or the disk is full: the next answer asks again
            return False
        self._took = time.monotonic() - began
        return more
