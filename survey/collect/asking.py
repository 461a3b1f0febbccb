"""Asking about spent codes: told to the few who come back, of no use to somebody with a list of codes.

Whoever keeps the list could ask which codes are spent. To make such askers wait would tell them the same, for they
need not wait for the answer; to make everybody wait would lock out the honest. So only so many spent codes an hour
are told to be spent, whoever asks and from wherever; a form opens behind the others as behind any code, and sending
it is refused. To learn more one has to send a ballot with every code, which spends those that were not, and shows.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

TOLD_AN_HOUR = 10  # by each process; people who open their slip again after sending are about so many
HOUR = 3600.0


class Asking:
    """`clock` in seconds, never set back."""

    def __init__(self, told: int = TOLD_AN_HOUR, clock: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._clock = clock
        self._times: deque[float] = deque()
        self._lock = Lock()

    def may_tell(self) -> bool:
        with self._lock:
            now = self._clock()
            while self._times and now - self._times[0] >= HOUR:
                self._times.popleft()
            if len(self._times) >= self._told:
                return False
            self._times.append(now)
            return True
