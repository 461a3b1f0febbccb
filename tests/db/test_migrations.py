from __future__ import annotations

import os

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from bootstrap import Services, Settings, build
from db.box_models import BALLOT
from db.engine import box_engine, main_engine
from db.migrate import config, upgrade
from db.places import Places
from tests.small_world import open_wave

LINES = (("main", main_engine), ("box", box_engine))


def test_the_newest_migration_is_the_models(settings: Settings) -> None:
    for (line, make), url in zip(LINES, (settings.database_url, settings.box_url), strict=True):
        engine = make(url)
        upgrade(engine, line)
        command.check(config(engine, line))
        engine.dispose()


def test_every_migration_goes_up_and_down(settings: Settings) -> None:
    for (line, make), url in zip(LINES, (settings.database_url, settings.box_url), strict=True):
        engine = make(url)
        revisions = list(ScriptDirectory.from_config(config(engine, line)).walk_revisions())
        for revision in reversed(revisions):
            command.upgrade(config(engine, line), revision.revision)
        command.downgrade(config(engine, line), "base")
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
        upgrade(engine, line)
        engine.dispose()


def test_upgrading_a_store_with_rows_loses_nothing(services: Services, settings: Settings) -> None:
    wave, codes, _ = open_wave(services)
    again = build(settings)
    assert again.collect.open_waves()[0].plan == wave.plan
    assert sum(map(len, codes.values())) == sum(given for given, _used in again.fieldwork._store.participation(wave.id).values())
    again.close()


def test_the_ballots_of_a_box_in_the_field_are_there_after_an_upgrade_and_take_places(settings: Settings) -> None:
    engine = box_engine(settings.box_url)
    command.upgrade(config(engine, "box"), "box_0004")
    held = {(wave, bytes([number]) * 32, os.urandom(9000)) for wave in ("a", "b") for number in range(30)}
    with engine.begin() as connection:
        put = text("INSERT INTO ballot (wave, nullifier, ciphertext) VALUES (:wave, :nullifier, :ciphertext)")
        connection.execute(put, [dict(zip(("wave", "nullifier", "ciphertext"), one, strict=True)) for one in held])
    upgrade(engine, "box")
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            new = ("a", bytes([99]) * 32, os.urandom(9000))
            assert Places().put(connection, dict(zip(("wave", "nullifier", "ciphertext"), new, strict=True)))
            held.add(new)
            assert sorted(connection.scalars(select(BALLOT.c.place).where(BALLOT.c.wave == "a"))) == list(range(1, 32))
        assert {(row.wave, row.nullifier, row.ciphertext) for row in connection.execute(select(BALLOT))} == held
    engine.dispose()


@pytest.mark.parametrize("column", ["created", "created_at", "updated", "time", "timestamp", "ip", "address", "agent"])
def test_no_table_has_a_place_for_traces(sqlite_services: Services, column: str) -> None:
    for engine in sqlite_services.engines:
        for table in inspect(engine).get_table_names():
            assert column not in {found["name"] for found in inspect(engine).get_columns(table)}
