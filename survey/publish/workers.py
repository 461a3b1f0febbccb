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
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol, TypeVar

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")
AHEAD = 2  # pieces under way for each worker: none waits, and no more than these are in memory


class Workers(Protocol):
    near: bool  # all on this machine: they read its box themselves

    @property
    def held(self) -> int:
        """Processes beside this one that have seen the private key."""
        ...

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        """In the order of the pieces. `work` is a function of a module."""
        ...


class Alone:
    """This process does it all."""

    near, held = True, 0

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        return map(work, pieces)


class Processes:
    """This process and fresh ones of its machine (nothing of it is copied into them)."""

    near = True

    def __init__(self, pool: ProcessPoolExecutor, held: int) -> None:
        self._pool, self.held = pool, held

    def each(self, work: Callable[[_Piece], _Result], pieces: Iterable[_Piece]) -> Iterator[_Result]:
        under_way: deque[tuple[_Piece, Future[_Result]]] = deque()
        for piece, last in _with_last(pieces):
            waiting = sum(not one.done() for _, one in under_way)
            under_way.append((piece, self._begun(work, piece, waiting, last)))
            while under_way and under_way[0][1].done():
                yield _result(work, *under_way.popleft())
        while under_way:
            yield _result(work, *under_way.popleft())

    def _begun(self, work: Callable[[_Piece], _Result], piece: _Piece, waiting: int, last: bool) -> Future[_Result]:
        """A piece is done here when enough of them wait for the others, when it is the last (while it waited, nothing would be done here), or when
        one of the others has died (memory?): then they all end."""
        if waiting < AHEAD * self.held and not last:
            with suppress(BrokenProcessPool):
                return self._pool.submit(work, piece)
        done: Future[_Result] = Future()
        done.set_result(work(piece))
        return done


def _with_last(pieces: Iterable[_Piece]) -> Iterator[tuple[_Piece, bool]]:
    """Each piece, and whether it is the last."""
    before: list[_Piece] = []
    for piece in pieces:
        yield from ((one, False) for one in before)
        before = [piece]
    yield from ((one, True) for one in before)


def _result(work: Callable[[_Piece], _Result], piece: _Piece, under_way: Future[_Result]) -> _Result:
    try:
        return under_way.result()
    except BrokenProcessPool:  # it was under way in one that died
        return work(piece)


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
