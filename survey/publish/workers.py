"""Who opens, counts and protects: this process alone, processes of this machine, or a cluster (commands/cluster.py).

What is done is the same for all of them, piece by piece, and depends on nothing but the piece: a worker that dies is
replaced, and its piece is done again from the start.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol, TypeVar

from survey.errors import N_, SurveyError

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")
AHEAD = 2  # pieces under way for each worker: none waits, and no more than these are in memory


class Workers(Protocol):
    @property
    def held(self) -> int:
        """Processes beside this one that have seen the private key."""
        ...

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        """In the order of the pieces. `work` is a function of a module."""
        ...


class Alone:
    """This process does it all."""

    held = 0

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        return map(work, pieces)


class Processes:
    """This process and fresh ones of its machine (nothing of it is copied into them)."""

    def __init__(self, pool: ProcessPoolExecutor, held: int) -> None:
        self._pool, self.held = pool, held

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        """A piece is done here whenever enough of them wait for the others: it need not be sent, nor its result come back."""
        under_way: deque[Future[_Result]] = deque()
        try:
            for piece in pieces:
                if sum(not one.done() for one in under_way) < AHEAD * self.held:
                    under_way.append(self._pool.submit(work, piece))
                else:
                    under_way.append(_done(work(piece)))
                while under_way and under_way[0].done():
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool:
            message = N_(
                "A process that helped to close the wave ended (memory?). Nothing was destroyed; please close again, with --workers 1."
            )
            raise SurveyError("worker-died", message) from None


def _done(result: _Result) -> Future[_Result]:
    future: Future[_Result] = Future()
    future.set_result(result)
    return future


@contextmanager
def _no_program() -> Iterator[None]:
    """A fresh process runs the program of who starts it once more, to know its names. Pieces need none of them, and the program may be anything."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """`count` of them, this one among them."""
    if count == 1:
        yield Alone()
        return
    fresh = multiprocessing.get_context("spawn")
    with _no_program(), ProcessPoolExecutor(count - 1, fresh, initializer=import_module, initargs=("survey.publish.releasing",)) as pool:
        pool.submit(int)  # they start at the first piece: now, while this process asks and counts
        yield Processes(pool, count - 1)


def in_order(begin: Callable[[_Piece], Any], wait: Callable[[Any], _Result], pieces: Iterable[_Piece], ahead: int) -> Iterator[_Result]:
    """Results in the order of the pieces, at most `ahead` of them under way."""
    under_way: deque[Any] = deque()
    for piece in pieces:
        if len(under_way) >= ahead:
            yield wait(under_way.popleft())
        under_way.append(begin(piece))
    while under_way:
        yield wait(under_way.popleft())
