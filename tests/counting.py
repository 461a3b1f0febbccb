"""What a piece of work costs, counted instead of timed: the same on every machine, however busy it is."""

from __future__ import annotations

import cProfile
import tracemalloc
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """How many functions were called, of Python's and of C's."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def most_bytes(work: Callable[[], object]) -> int:
    """The most memory that was held at once beside what was held before, arrays included."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
