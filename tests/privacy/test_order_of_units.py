"""Does one copy of a database's write-ahead log tell in which order, and when, the units answered?

SQLite: the attacker copies the whole folder, cover key included, and plays the log back, commit by commit.
PostgreSQL: he has everything the server ever wrote and its archive, and follows each row from its insertion on.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from bootstrap import Services, Settings, build
from db.cover import Covers
from db.engine import main_engine
from db.registry import Registry
from db.turnout import Turnout
from survey.access import OPERATOR
from survey.design.units import Unit, UnitRegister
from tests.privacy.archive import PROGRAMS, Archive, archiving
from tests.small_world import settle

UNITS, EACH, WAVE = 5, 8, "2026"
NAMES = [f"p.{number}" for number in range(UNITS)]


def answered(services: Services, seed: int) -> list[str]:
    """Forty people of five units answer; the units in the order they came."""
    questionnaire = settle(services)
    root = Unit(id="p", name_vi="Tỉnh Thử", kind="tinh", group="tinh")
    units = [Unit(id=name, name_vi=name, kind="so", group="so", parent="p", headcount=EACH + 20) for name in NAMES]
    services.design.save_units(OPERATOR, UnitRegister((root, *units)))
    today = date.today()
    services.design.create_wave(OPERATOR, WAVE, questionnaire.id, today, today + timedelta(days=7), plan={"roots": ["p"]})
    codes: dict[str, list[str]] = {}
    for slip in services.fieldwork.print_codes(OPERATOR, WAVE):
        codes.setdefault(slip.unit_name, []).append(slip.code)
    services.fieldwork.open_wave(OPERATOR, WAVE)
    order = [str(name) for name in np.random.default_rng(seed).permutation(NAMES * EACH)]
    for name in order:
        services.collect.submit(codes[name].pop(), {"answers": {"KC1": 5}}, today)
        services.waves.counting.rest()  # one by one, as people come who are further apart than a moment
    assert {unit: spent for unit, (_, spent) in services.fieldwork._store.participation(WAVE).items()} == dict.fromkeys(NAMES, EACH)
    return order


# SQLite: the log played back


def played_back(folder: Path, state: Callable[[Path], dict[str, int]]) -> list[str]:
    """Units in the order in which their counts grew, from a folder copied once. `state` reads the counts of a copy."""
    log = (folder / "langnghe.db-wal").read_bytes() if (folder / "langnghe.db-wal").exists() else b""
    if len(log) < 32:
        return []
    size = 24 + struct.unpack(">I", log[8:12])[0]
    ends = [32 + size * (number + 1) for number in range((len(log) - 32) // size)]
    commits = [end for end in ends if struct.unpack(">I", log[end - size + 4 : end - size + 8])[0]]
    order: list[str] = []
    before: dict[str, int] | None = None
    for end in commits:
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place)
            for path in (folder / "langnghe.db", *folder.glob("*.key")):
                shutil.copy(path, copy)
            (copy / "langnghe.db-wal").write_bytes(log[:end])
            now = state(copy)
        if before is not None:
            order += [unit for unit in now for _ in range(now[unit] - before.get(unit, 0))]
        before = now
    return order


def with_the_cover(copy: Path) -> dict[str, int]:
    engine = main_engine(f"sqlite:///{copy / 'langnghe.db'}")
    try:
        return Turnout(engine, Covers(copy), Registry(engine)._reporting).spent(WAVE)
    except OperationalError:  # a state from before the tables were made
        return {}
    finally:
        engine.dispose()


def counted_apart(copy: Path) -> dict[str, int]:
    database = sqlite3.connect(copy / "langnghe.db")
    try:
        return dict(database.execute("SELECT unit, spent FROM turnout").fetchall())
    finally:
        database.close()


def right(order: Sequence[str], found: Sequence[str]) -> int:
    """Answers whose unit he names, reckoned from the last one: the log may begin later than the wave."""
    return sum(a == b for a, b in zip(reversed(order), reversed(found), strict=False))


def test_sqlites_log_holds_no_order_of_units(tmp_path: Path) -> None:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    answered(services, 1)
    assert played_back(tmp_path, with_the_cover) == []  # while it runs: a process that has ended has no log
    services.close()


def test_a_log_that_is_not_emptied_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaky control: our own counts, the log left as SQLite leaves it."""
    monkeypatch.setattr("db.turnout.empty_journal", lambda engine: None)
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path)}))
    order = answered(services, 1)
    assert right(order, played_back(tmp_path, with_the_cover)) >= len(order) - 1
    services.close()


def test_counters_of_units_in_sqlite_are_caught(tmp_path: Path) -> None:
    """Leaky control: a counter a unit, as it was."""
    database = sqlite3.connect(tmp_path / "langnghe.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE turnout (unit TEXT PRIMARY KEY, spent INTEGER) WITHOUT ROWID")
    database.executemany("INSERT INTO turnout VALUES (?, 0)", [(name,) for name in NAMES])
    database.commit()
    order = [str(name) for name in np.random.default_rng(2).permutation(NAMES * EACH)]
    for name in order:
        with database:
            database.execute("UPDATE turnout SET spent = spent + 1 WHERE unit = ?", (name,))
    assert right(order, played_back(tmp_path, counted_apart)) >= len(order) - 1
    database.close()


# PostgreSQL: each row followed through the log

_WRITTEN = re.compile(
    r"desc: (?:HOT_)?UPDATE off:? (\d+).*?new off:? (\d+).*?blkref #0: rel \d+/(\d+)/(\d+)(?: fork main)? blk (\d+)"
    r"(?:.*?blkref #1: rel \S+(?: fork main)? blk (\d+))?"
)


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    with archiving() as made:
        yield made


def followed(archive: Archive, url: str, names: Sequence[str]) -> list[str]:
    """What each update of the table was about: `names` of the rows as they were inserted, in that order."""
    archive.flush()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT pg_relation_filenode('turnout'::regclass), oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    place = {(0, number + 1): name for number, name in enumerate(names)}
    order = []
    with dumped(archive) as lines:
        for line in lines:
            match = _WRITTEN.search(line)
            if match and (int(match[4]), int(match[3])) == (int(row[0]), int(row[1])):
                new_block = int(match[5])
                about = place.get((int(match[6] or new_block), int(match[1])), "?")
                place[new_block, int(match[2])] = about
                order.append(about)
    return order


@contextmanager
def dumped(archive: Archive) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as place:
        segments = archive.segments()
        for segment in segments:
            shutil.copy(segment, place)
        command = [PROGRAMS / "pg_waldump", "-r", "Heap", "-p", place, Path(place) / segments[0].name, Path(place) / segments[-1].name]
        yield subprocess.run(command, capture_output=True, text=True).stdout.splitlines()


def test_postgresqls_log_names_no_unit_that_answers(archive: Archive, tmp_path: Path) -> None:
    database, box = archive.databases()
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}))
    order = answered(services, 3)
    assert 0 < len(followed(archive, database, [WAVE])) <= len(order)
    assert set(followed(archive, database, [WAVE])) == {WAVE}  # one row: that somebody answered, and no more
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        columns = connection.execute("SELECT counted FROM turnout").fetchall()
    held = Covers(tmp_path).read(WAVE)
    assert held is not None and held.unlock(bytes(columns[0][0])) == struct.pack(f">{UNITS + 1}I", *[EACH] * UNITS, 0)
    assert not any(struct.pack(f">{UNITS}I", *[EACH] * UNITS) in content for _path, content in archive.everything())
    services.close()


def test_counters_of_units_in_postgresql_are_caught(archive: Archive) -> None:
    """Leaky control: a counter a unit, as it was."""
    url, _ = archive.databases()
    order = [str(name) for name in np.random.default_rng(4).permutation(NAMES * EACH)]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE turnout (unit text PRIMARY KEY, spent integer)")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO turnout VALUES (%s, 0)", [(name,) for name in NAMES])
        for name in order:
            connection.execute("UPDATE turnout SET spent = spent + 1 WHERE unit = %s", [name])
    assert followed(archive, url, NAMES) == order
