"""Ballots change places by lot: all orders are equally likely, whatever came when, and no ballot is lost or doubled over it."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import permutations
from math import factorial
from threading import Event

import numpy as np
import pytest
from scipy.stats import chisquare
from sqlalchemy import Connection, Engine, Select, create_engine, insert, select
from sqlalchemy.exc import IntegrityError

from bootstrap import Services
from db import box as box_module
from db import row_keys
from db.box import SealedBox
from db.box_models import BALLOT, BALLOT_KEY
from db.migrate import upgrade
from db.places import Places
from tests.privacy.naive import InTheQueue, written_anew

MANY, FEW = 1200, 4


class Kept(Places):
    """It draws nothing again."""

    def draw_again(self, connection: Connection) -> bool:
        return False


@pytest.fixture
def box() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    upgrade(engine, "box")
    yield engine
    engine.dispose()


def ballot(wave: str, number: int, size: int = 20) -> dict[str, object]:
    return {"wave": wave, "nullifier": number.to_bytes(32, "big"), "ciphertext": number.to_bytes(4, "big") * (size // 4)}


def order(connection: Connection, wave: str = "w") -> tuple[int, ...]:
    """Who lies in the first place, in the second, ..."""
    rows = connection.execute(select(BALLOT.c.nullifier, BALLOT.c.place).where(BALLOT.c.wave == wave).order_by(BALLOT.c.place)).all()
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    return tuple(int.from_bytes(row.nullifier, "big") for row in rows)


def put_all(places: Places, connection: Connection) -> None:
    for number in range(FEW):
        assert places.put(connection, ballot("w", number))


def drawn_twice(places: Places, connection: Connection) -> None:
    """Ballots that lie in the order in which they came, drawn anew."""
    put_all(InTheQueue(), connection)
    while places.draw_again(connection):
        pass


def unlikely(box: Engine, places: Callable[[], Places], fill: Callable[[Places, Connection], None]) -> float:
    """p of the orders found, were all of them equally likely."""
    found: Counter[tuple[int, ...]] = Counter()
    for _ in range(MANY):
        with box.connect() as connection:  # nothing is committed
            fill(places(), connection)
            found[order(connection)] += 1
    assert set(found) <= set(permutations(range(FEW)))
    return float(chisquare([*found.values(), *[0] * (factorial(FEW) - len(found))]).pvalue)


@pytest.mark.slow
@pytest.mark.parametrize("fill", [put_all, drawn_twice])
def test_all_orders_are_equally_likely(box: Engine, fill: Callable[[Places, Connection], None]) -> None:
    # A millionth: by chance, once in a million runs.
    assert unlikely(box, Places, fill) > 1e-6


@pytest.mark.slow
@pytest.mark.parametrize(("fill", "places"), [(put_all, InTheQueue), (drawn_twice, Kept)])
def test_an_order_that_is_kept_is_seen(box: Engine, fill: Callable[[Places, Connection], None], places: Callable[[], Places]) -> None:
    assert unlikely(box, places, fill) < 1e-300


def test_whatever_is_done_every_ballot_is_there_once(box: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes sent twice, waves side by side, ballots of a backup that say no place, drawing and keys written anew in between, all of two sizes."""
    monkeypatch.setattr(row_keys, "_AT_ONCE", 30)
    key: row_keys.Key | None = row_keys.FIRST
    rng, places = random.Random(1), Places()
    expected: dict[tuple[str, int], object] = {}
    with box.begin() as connection:
        for step in range(700):
            wave, number = rng.choice("ab"), rng.randrange(400)
            one = ballot(wave, number, rng.choice((40, 9000)))
            if rng.random() < 0.1:
                places.draw_again(connection)
            if rng.random() < 0.1:
                key = row_keys.write_anew(connection, key or row_keys.FIRST)
            if rng.random() < 0.05 and (wave, number) not in expected:
                connection.execute(insert(BALLOT), one)
                expected[wave, number] = one["ciphertext"]
                continue
            assert places.put(connection, one) == ((wave, number) not in expected), step
            expected.setdefault((wave, number), one["ciphertext"])
        while places.draw_again(connection):
            pass
        for wave in "ab":
            assert sorted(order(connection, wave)) == sorted(number for of, number in expected if of == wave)
        for rows in (select(BALLOT.c.wave, BALLOT.c.nullifier, BALLOT.c.ciphertext), by_its_key()):
            assert {(wave, int.from_bytes(key, "big")): content for wave, key, content in connection.execute(rows)} == expected
        assert not places.draw_again(connection)  # nothing has come since


def test_rows_keep_their_pages_when_ballots_change_theirs(sqlite_services: Services) -> None:
    """Else the pages of a ballot that was just laid down would lie where SQLite takes new ones: at the end of the file."""
    box = SealedBox(sqlite_services.engines[1], sqlite_services.box.covers)
    box.begin("w", bytes(32))
    for _ in range(40):
        box.put("w", os.urandom(32), os.urandom(9000))

    def pages() -> list[tuple[int, int]]:
        """(place, page of the file) of the middle of every ballot."""
        with box._engine.connect() as connection:
            lying = connection.execute(select(BALLOT.c.place, BALLOT.c.ciphertext)).all()
            (_number, _name, file), *_ = connection.exec_driver_sql("PRAGMA database_list").all()
        with open(file, "rb") as opened:
            content = opened.read()
        return sorted((row.place, content.index(row.ciphertext[6000:6032]) // 4096) for row in lying)

    before, held = pages(), sorted(box.ballots("w"))
    while box._stir():
        pass
    assert pages() == before and sorted(box.ballots("w")) == held


def by_its_key() -> Select[str, bytes, bytes]:
    """The ballots that are found by their keys."""
    return row_keys.by_key(select(BALLOT_KEY.c.wave, BALLOT_KEY.c.nullifier, BALLOT.c.ciphertext), "sqlite")[0]


@pytest.mark.slow
def test_the_index_forgets_in_which_order_keys_came(sqlite_services: Services) -> None:
    """In a page of keys, newer ones lie before older ones; moving ballots about mixes some of them, here nothing is moved."""
    box = SealedBox(sqlite_services.engines[1], sqlite_services.box.covers)
    places, number = InTheQueue(), iter(range(5000))

    def came(many: int) -> list[bytes]:
        keys = [os.urandom(32) for _ in range(many)]
        with box._engine.begin() as connection:
            for key in keys:
                places.put(connection, {"wave": "w", "nullifier": key, "ciphertext": next(number).to_bytes(8, "big") * 2})
        return keys

    def in_order(keys: list[bytes]) -> tuple[int, int]:
        """Pairs that lie in one page of keys as they came; all pairs in one page."""
        with open(str(box._engine.url.database), "rb") as opened:
            content = opened.read()
        with box._engine.connect() as connection:
            for row in connection.execute(select(BALLOT.c.nullifier, BALLOT.c.ciphertext)):
                content = content.replace(row.nullifier + row.ciphertext[:8], bytes(40))  # beside the ballot, not among the keys
        found = [content.index(key) for key in keys]
        pairs = [(a, b) for place, a in enumerate(found) for b in found[place + 1 :] if a // 4096 == b // 4096]
        return sum(a > b for a, b in pairs), len(pairs)

    came(2500)
    before, after = np.zeros(2), np.zeros(2)
    for _again in range(5):
        assert written_anew(box._engine) == 2
        newest = came(100)
        before += in_order(newest)
        assert written_anew(box._engine) == 2
        after += in_order(newest)
    # Of pairs in any order, half lie as they came, more or less; measured in standard deviations of chance, about.
    beyond = [2 * (kept - pairs / 2) / pairs**0.5 for kept, pairs in (before, after)]
    assert after[1] > 200 and beyond[0] > 10 and abs(beyond[1]) < 5


def test_every_key_is_looked_for_in_its_place_and_is_there_once(box: Engine) -> None:
    row = {"wave": "w", "nullifier": os.urandom(32), "ciphertext": b"sealed"}
    in_key_order = row_keys.by_key(select(BALLOT.c.ciphertext), "sqlite")[0]
    one = in_key_order.where(BALLOT_KEY.c.wave == "w", BALLOT_KEY.c.nullifier == row["nullifier"])
    after = in_key_order.where(BALLOT_KEY.c.wave == "w", BALLOT_KEY.c.nullifier >= row["nullifier"])
    with box.begin() as connection:
        assert Places().put(connection, row) and not Places().put(connection, row)
        for asked in (one, after):
            assert connection.execute(asked).scalars().all() == [b"sealed"]
            made = str(asked.compile(box))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", ("w", row["nullifier"])).all()
            # A step for each table: nothing is scanned, nothing sorted.
            assert [step.detail.split(" (")[0] for step in plan] == [
                "SEARCH ballot_key USING PRIMARY KEY",
                "SEARCH ballot USING INDEX ix_ballot_place",
            ]
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(BALLOT), row)
        connection.execute(insert(BALLOT), {**row, "wave": "another"})
        assert connection.execute(one).scalars().all() == [b"sealed"] and len(connection.execute(in_key_order).all()) == 2


def test_answers_come_in_between_the_pieces_of_the_keys(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    box, came = SealedBox(sqlite_services.engines[1], sqlite_services.box.covers), 5
    box.begin("w", bytes(32))
    for _ in range(came):
        box.put("w", os.urandom(32), os.urandom(40))
    write, pieces = row_keys.write_anew, []

    def write_anew(connection: Connection, after: row_keys.Key) -> row_keys.Key | None:
        assert box._line.locked()
        pieces.append(after)
        if len(pieces) < 3:
            coming.append(pool.submit(box.put, "w", os.urandom(32), os.urandom(40)))
        return write(connection, after)

    monkeypatch.setattr(row_keys, "_AT_ONCE", 2)
    monkeypatch.setattr(row_keys, "write_anew", write_anew)
    monkeypatch.setattr(box_module, "_BREATH", 0.0)
    monkeypatch.setattr(box_module.time, "sleep", lambda _seconds: [one.result(10) for one in coming])
    with ThreadPoolExecutor(1) as pool:
        coming: list[Future[bool]] = []
        box._stir()
    assert len(pieces) >= 4 and box.count("w") == len(box.ballots("w")) == came + 2


def test_answers_come_in_between_while_places_are_drawn_again(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    box, begun, answered = SealedBox(sqlite_services.engines[1], sqlite_services.box.covers), Event(), Event()
    box.begin("w", bytes(32))

    class Long(Places):
        def draw_again(self, connection: Connection) -> bool:
            begun.set()
            return not answered.is_set()

    monkeypatch.setattr(box_module, "_STIRRING", 20.0)
    box._places = Long()
    with ThreadPoolExecutor(1) as pool:
        stirring = pool.submit(box._stir)
        assert begun.wait(10) and box.put("w", bytes(32), b"sealed")
        answered.set()
        assert stirring.result(10) is False


def test_places_that_could_not_be_drawn_are_drawn_with_the_next_answer(sqlite_services: Services) -> None:
    box = SealedBox(sqlite_services.engines[1], sqlite_services.box.covers)
    box.begin("w", bytes(32))
    box.put("w", bytes(32), b"sealed")
    while box._stir():
        pass
    assert box._places is not None and not box._places.stale

    class Away(Places):
        def draw_again(self, connection: Connection) -> bool:
            connection.exec_driver_sql("SELECT * FROM away")
            return False

    box._places = Away()
    box._places.stale = False
    with pytest.raises(Exception, match="away"):
        box._stir()
    assert box._places.stale
