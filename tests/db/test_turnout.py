"""Counting spent codes: exact under many at once, and after an upgrade or a failed commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from struct import pack

import pytest
from alembic import command
from sqlalchemy import event, text

from bootstrap import Services, Settings, build
from db.cover import CoverMissing
from db.migrate import config
from db.registry import Registry
from db.soon import Soon
from survey.publish.closing import COUNTING_SECONDS
from tests.small_world import TODAY, open_wave

NEVER = 3600.0


def spent(services: Services) -> dict[str, int]:
    return {unit: used for unit, (_given, used) in services.fieldwork._store.participation("2026").items() if used}


def test_many_at_once_in_two_processes_are_all_counted(services: Services) -> None:
    _, codes, _ = open_wave(services)
    services.collect.submit(codes["Sở C"][0], {}, TODAY)
    # Two registries share nothing but the store, as two processes do.
    registries = [Registry(services.engines[0], services.box.covers) for _ in range(2)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: registries[number % 2].count_spent("2026", ("t.a", "t.b")[number % 3 == 0]), range(90)))
    for registry in registries:
        registry.counting.rest()
    assert spent(services) == {"t.a": 60, "t.b": 30, "t.c": 1}


def test_who_counts_holds_one_connection_at_a_time(services: Services) -> None:
    """Many who hold one and wait for another would wait for each other."""
    _, codes, _ = open_wave(services)
    engine, out, most = services.engines[0], 0, 0

    def taken(*_: object) -> None:
        nonlocal out, most
        out += 1
        most = max(most, out)

    def given_back(*_: object) -> None:
        nonlocal out
        out -= 1

    services.waves.counting.pause = NEVER
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    services.waves.count_spent("gone", "t.a")  # a draft that was deleted meanwhile: nothing is counted for it, and it stops nobody
    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
    services.waves.counting.rest()
    assert (out, most) == (0, 1)
    event.remove(engine, "checkout", taken)
    event.remove(engine, "checkin", given_back)
    assert spent(services) == {"t.a": 1}


def test_what_a_failed_commit_did_not_count_the_next_one_does(sqlite_services: Services) -> None:
    services = sqlite_services
    _, codes, _ = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    engine, registry = services.engines[0], Registry(services.engines[0], services.box.covers)

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    registry.counting.pause = NEVER
    event.listen(engine, "before_cursor_execute", refuse)
    registry.count_spent("2026", "t.a")
    with pytest.raises(OSError, match="disk full"):
        registry.counting.rest()
    event.remove(engine, "before_cursor_execute", refuse)
    registry.count_spent("2026", "t.b")
    registry.counting.rest()
    assert spent(services) == {"t.a": 2, "t.b": 1}


def test_a_count_that_took_long_puts_the_next_one_off_by_less_than_a_close_waits(sqlite_services: Services) -> None:
    open_wave(sqlite_services)
    registry = Registry(sqlite_services.engines[0], sqlite_services.box.covers)
    patient = Soon(lambda: None, registry.counting.pause)  # as a box that is written anew: seldom, where it takes long
    for soon in (registry.counting, patient):
        soon._took = 10.0
    registry.count_spent("2026", "t.a")
    patient.soon()
    asked, later = registry.counting._timer, patient._timer
    assert asked is not None and asked.interval < COUNTING_SECONDS / 2
    assert later is not None and later.interval > COUNTING_SECONDS
    for soon in (registry.counting, patient):
        soon.rest()


def test_without_the_cover_nobody_reads_the_counts(services: Services, tmp_path: Path) -> None:
    _, codes, _ = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    services.waves.counting.rest()
    path = services.box.covers.path("2026")
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(CoverMissing):
        spent(services)
    services.box.covers.keep("2026")  # another one
    with pytest.raises(CoverMissing):
        spent(services)


def test_a_wave_in_the_field_during_the_upgrade_keeps_its_counts(settings: Settings) -> None:
    services = build(settings)
    _, codes, _ = open_wave(services)
    engine = services.engines[0]
    command.downgrade(config(engine, "main"), "main_0009")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM turnout")).scalar_one() == 5
        connection.execute(text("UPDATE turnout SET spent = 7 WHERE unit = 't.b'"))
    services.close()
    again = build(settings)
    assert spent(again) == {"t.b": 7}
    for name in ("Sở A", "Sở B"):
        again.collect.submit(codes[name][0], {}, TODAY)
    assert spent(again) == {"t.a": 1, "t.b": 8}
    again.close()


def test_paper_is_counted_under_the_cover_in_the_same_row_of_the_same_size(services: Services) -> None:
    _, codes, _ = open_wave(services)
    engine, registry = services.engines[0], services.waves

    def stored() -> bytes:
        registry.counting.rest()
        with engine.connect() as connection:
            return bytes(connection.execute(text("SELECT counted FROM turnout")).scalar_one())

    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    before = stored()
    services.collect.submit(codes["Sở A"][1], {}, TODAY, paper=True)
    after = stored()
    assert len(before) == len(after) and registry.door("2026").paper == 1 and spent(services) == {"t.a": 2}
    cover, units = services.box.covers.read("2026"), registry._reporting("2026")
    assert cover is not None
    with engine.begin() as connection:  # as the version before had counted
        earlier = cover.lock(pack(f">{len(units)}I", *(3 if unit == "t.b" else 0 for unit in units)))
        connection.execute(text("UPDATE turnout SET counted = :counted"), {"counted": earlier})
    assert spent(services) == {"t.b": 3} and registry.door("2026").paper == 0
    services.collect.submit(codes["Sở B"][0], {}, TODAY, paper=True)
    assert len(stored()) == len(before) and spent(services) == {"t.b": 4} and registry.door("2026").paper == 1
