"""The box under many answers at once: they share commits, and none is lost, doubled or harmed by another."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from bootstrap import Services
from db.box import SealedBox
from db.box_door import Door
from db.box_models import BALLOT, COVER
from db.cover import Cover, CoverMissing, Covers
from survey.collect.box import BoxShut, BoxUnknown

CLIENTS = 16
IDENTITY = bytes(32)


class Harmed(Cover):
    """Covers nothing: its ballots cannot be stored."""

    def put_on(self, sealed: bytes, mark: bytes = b"") -> bytes:
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
        assert box._found("w", bytes([code]) * 32)[1] == bytes([found.index(True)]) * 100
    assert box.count("w") == 10


def test_of_many_who_begin_a_box_at_once_one_does_and_its_row_stays(services: Services) -> None:
    engine = services.engines[1]
    for wave in ("v", "w", "x"):
        begun = all_at_once([partial(Door(engine).begin, wave, bytes([n]) * 32, IDENTITY) for n in range(CLIENTS)])
        assert begun == [None] * CLIENTS
        with engine.connect() as connection:
            (kept,) = connection.execute(select(COVER).where(COVER.c.wave == wave)).all()
        Door(engine).begin(wave, bytes([99]) * 32, bytes([1]) * 32)
        with engine.connect() as connection:
            assert connection.execute(select(COVER).where(COVER.c.wave == wave)).all() == [kept]


def test_a_box_tells_what_it_holds_while_it_is_open(services: Services) -> None:
    box, key = box_of(services), bytes([7]) * 32
    with pytest.raises(BoxUnknown):
        box.holds("w", key)
    box.begin("w", IDENTITY)
    assert not box.holds("w", key) and box.put("w", key, b"sealed") and box.holds("w", key) and not box.holds("w", bytes(32))
    another = SealedBox(box._engine, Covers(box.covers.folder / "elsewhere"))
    with pytest.raises(CoverMissing):
        another.holds("w", key)
    box.shut("w")
    for one in (box, another):  # whichever code is asked about
        with pytest.raises(BoxShut):
            one.holds("w", key)


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


def test_a_ballot_of_the_version_before_marks_is_read_and_belongs_to_no_attempt(services: Services) -> None:
    """A wave that was in the field during the upgrade."""
    box, attempt, key = box_of(services), bytes(range(16)), bytes([7]) * 32
    box.begin("w", IDENTITY)
    box.put("w", bytes([8]) * 32, b"new", attempt)
    cover = box.covers.read("w")
    assert cover is not None
    old = bytes(12) + cover._cipher(b"langnghe cover content").encrypt(bytes(12), b"old", None)
    with box._engine.begin() as connection:
        connection.execute(insert(BALLOT), {"wave": "w", "nullifier": cover.row_key(key), "ciphertext": old})
    assert sorted(box.ballots("w")) == [b"new", b"old"] and box.holds("w", key)
    assert box.of_attempt("w", key, attempt) is None and box.of_attempt("w", bytes([8]) * 32, attempt) == b"new"
    assert box.of_attempt("w", bytes([9]) * 32, attempt) is None and box.of_attempt("none", key, attempt) is None


@pytest.mark.parametrize("most", [2000, 20, 1])
def test_every_ballot_is_in_one_portion_wherever_that_is_read(services: Services, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Keys at the edges of ranges, a wave beside it, a row of no ballot, and another process that has the portion only."""
    box = box_of(services)
    monkeypatch.setattr("db.portions.MOST", most)
    for wave in ("w", "x"):
        box.begin(wave, IDENTITY)
    covers = {wave: box.covers.read(wave) for wave in ("w", "x")}
    edges = {bytes([first, *[last] * 31]) for first in range(0, 256, 4) for last in (0, 255)}
    with box._engine.begin() as connection:
        for wave, cover in covers.items():
            assert cover is not None
            rows = [{"wave": wave, "nullifier": key, "ciphertext": cover.put_on(wave.encode() + key)} for key in edges]
            connection.execute(insert(BALLOT), rows)
        connection.execute(insert(BALLOT), {"wave": "w", "nullifier": bytes([9]) * 32, "ciphertext": b"no ballot"})
    portions = box.portions("w")
    read = [portion.read() for portion in portions]
    assert sorted(sealed for found in read for sealed in found.sealed) == sorted(b"w" + key for key in edges)
    assert sum(found.damaged for found in read) == 1
    assert len(portions) == {2000: 8, 20: 8, 1: 256}[most]  # 129 ballots
    sent = [pickle.loads(pickle.dumps(portion)) for portion in portions]
    assert [portion.read() for portion in sent] == read
    (elsewhere,) = {portion._engine for portion in sent}
    assert elsewhere is not box._engine
    elsewhere.dispose()
    assert box.portions("none") == []


@pytest.mark.parametrize("waves", [("gone", "kept"), ("gone",)])
def test_what_is_destroyed_is_in_no_file_and_what_is_not_stays(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch, waves: tuple[str, ...]
) -> None:
    """A box of one wave alone is emptied as a whole."""
    box = box_of(sqlite_services)
    for wave in waves:
        box.begin(wave, IDENTITY)
        for number in range(60):
            box.put(wave, bytes([number]) * 32, wave.encode() * 2000)
    with box._engine.connect() as connection:
        lay = [row.ciphertext[4000:4064] for row in connection.execute(select(BALLOT.c.ciphertext).where(BALLOT.c.wave == "gone"))]

    def found() -> int:
        files = [path.read_bytes() for path in sqlite_services.settings.data_dir.iterdir() if path.is_file()]
        return sum(one in content for one in lay for content in files)

    assert found() == 60
    with monkeypatch.context() as patch:  # the control: deleted, and the file not yet cut off
        patch.setattr("db.box.forget_deleted", lambda _engine: None)
        box.destroy("gone")
        assert found() > 50
    box.destroy("gone")
    assert found() == 0 and not box.count("gone") and len(box.ballots("kept")) == (60 if "kept" in waves else 0)
    with box._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
