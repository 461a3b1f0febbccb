"""The box under many answers at once: they share commits, and none is lost, doubled or harmed by another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from bootstrap import Services
from db.box import SealedBox
from db.cover import Cover

CLIENTS = 16
IDENTITY = bytes(32)


class Harmed(Cover):
    """Covers nothing: its ballots cannot be stored."""

    def put_on(self, sealed: bytes) -> bytes:
        return None  # type: ignore[return-value]


def box_of(services: Services) -> SealedBox:
    return SealedBox(services.engines[1], services.box.covers)


def all_at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each returned, or the error it raised."""
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        ready.wait()
        try:
            return work()
        except IntegrityError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_many_clicks_at_once_one_counts(services: Services) -> None:
    box = box_of(services)
    box.begin("w", IDENTITY)
    for code in range(10):
        found = all_at_once([partial(box.put, "w", bytes([code]) * 32, bytes([n]) * 100) for n in range(CLIENTS)])
        assert sorted(map(bool, found)) == [False] * (CLIENTS - 1) + [True]
        assert box.get("w", bytes([code]) * 32) == bytes([found.index(True)]) * 100
    assert box.count("w") == 10


def test_many_answers_share_a_commit_and_all_are_there(services: Services) -> None:
    box = box_of(services)
    commits: list[object] = []
    event.listen(services.engines[1], "commit", commits.append)
    for wave in range(10):
        box.begin(f"w{wave}", IDENTITY)
    commits.clear()
    for wave in range(10):
        works = [partial(box.put, f"w{wave}", bytes([n]) * 32, bytes([n]) * 9000) for n in range(CLIENTS)]
        assert all_at_once([*works]) == [True] * CLIENTS
        assert sorted(box.ballots(f"w{wave}")) == [bytes([n]) * 9000 for n in range(CLIENTS)]
    assert len(commits) < 10 * CLIENTS


def test_a_ballot_that_cannot_be_stored_harms_no_other(services: Services) -> None:
    box = box_of(services)
    box.begin("harmed", IDENTITY)
    for wave in range(10):
        box.begin(f"w{wave}", IDENTITY)
        good = [partial(box.put, f"w{wave}", bytes([n]) * 32, b"sealed") for n in range(CLIENTS - 1)]
        held = box.covers.read("harmed")
        assert held is not None
        box._checked["harmed"] = Harmed(held.key)
        *stored, refused = all_at_once([*good, partial(box.put, "harmed", b"", b"")])
        assert stored == [True] * (CLIENTS - 1)
        assert isinstance(refused, IntegrityError)
        assert box.count(f"w{wave}") == CLIENTS - 1
