"""Questions given to the driver as they are: the same answers as SQLAlchemy's, and its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bootstrap import Services, build
from db import box as box_module
from db import box_door, registry, undertakings
from db.asked import Asked
from db.engine import main_engine
from survey.collect import slips
from survey.design.wave import WaveState
from survey.undertaking import Progress, Undertaking
from tests.small_world import TODAY, open_wave


def test_the_answers_are_those_of_sqlalchemy(services: Services) -> None:
    wave, codes, _shares = open_wave(services)
    undertaken = Undertaking(
        wave=wave.id, unit="t.a", measure="theme:KC", text="Họp hằng tháng", owner="Văn phòng", due=TODAY, progress=Progress.DOING
    )
    kept = services.stores.undertakings.add(undertaken, 5)
    main, box = services.engines
    given, unknown = {"wave_0": wave.id, "digest_0": slips.digest(wave.id, codes["Sở A"][0])}, {"wave_0": wave.id, "digest_0": b"?"}
    asked: list[tuple[Asked, object, dict[str, object]]] = [
        (registry._ALL_WAVES, main, {}), (registry._THIS_WAVE, main, {"of_wave": wave.id}),
        (registry._asking(1), main, given), (registry._asking(1), main, unknown),
        (undertakings._OF_WAVE, main, {"of_wave": wave.id}), (box_door._NOW, box, {"of_wave": wave.id}),
        (box_module._HOLDS[box.dialect.name], box, {"of_wave": wave.id, "of_key": b"?"}),
    ]  # fmt: skip
    for one, engine, values in asked:
        with engine.connect() as connection:  # type: ignore[attr-defined]
            whole = [tuple(row) for row in connection.execute(one._statement, values)]
        found = one.rows(engine, **values)  # type: ignore[arg-type]
        assert found == whole and [[type(value) for value in row] for row in found] == [[type(value) for value in row] for row in whole]
    assert services.stores.undertakings.of_wave(wave.id) == (kept,) and services.waves.waves() == (wave,)


def test_another_process_changes_a_wave_and_it_shows_at_once(services: Services) -> None:
    wave, _codes, _shares = open_wave(services)
    assert services.waves.waves() == (wave,)
    with services.engines[0].begin() as connection:
        connection.execute(text("UPDATE wave SET state = 'closed'"))
    assert [one.state for one in services.waves.waves()] == [services.waves.wave(wave.id).state] == [WaveState.CLOSED]


def test_codes_of_a_wave_that_another_process_has_just_made_are_found_at_once(services: Services) -> None:
    first, codes, _shares = open_wave(services)
    elsewhere = build(services.settings)
    assert elsewhere.collect.open(codes["Sở A"][0], TODAY).wave == first
    second, others, _shares = open_wave(services, "2027")
    assert elsewhere.collect.open(others["Sở A"][0], TODAY).wave == second  # it was not among those asked about
    assert elsewhere.collect.open(codes["Sở A"][0], TODAY).waves == (first, second) == elsewhere.waves.waves()
    with pytest.raises(slips.CodeUnknown):
        elsewhere.collect.open(slips.new_code(), TODAY)
    elsewhere.close()


@pytest.mark.parametrize("collecting", [1, 3])
def test_a_code_is_looked_for_and_no_list_is_read(sqlite_services: Services, collecting: int) -> None:
    main = sqlite_services.engines[0]
    text, order, _readers = registry._asking(collecting)._put_together(main)
    assert order is not None
    with main.connect() as connection:
        steps = [step.detail for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("x",) * len(order))]
    assert [step for step in steps if "code" in step] == ["SEARCH code USING PRIMARY KEY (wave=? AND digest=?) LEFT-JOIN"]


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_nor_is_it_before_postgresql_has_looked_through_the_table(services: Services) -> None:
    wave, _codes, _shares = open_wave(services)
    main = services.engines[0]
    text, _order, _readers = registry._asking(1)._put_together(main)
    with main.connect() as connection:
        many = "INSERT INTO code (wave, digest, unit) SELECT %(wave)s, sha256(n::text::bytea), 't.a' FROM generate_series(1, 50000) AS n"
        connection.exec_driver_sql(many, {"wave": wave.id})
        found = connection.exec_driver_sql(f"EXPLAIN {text}", {"wave_0": wave.id, "digest_0": b"?"}).scalars().all()
    assert any("pk_code" in line for line in found) and not any("Seq Scan on code" in line for line in found), found


def test_what_fails_is_said_in_the_words_that_everybody_waits_for(tmp_path: Path) -> None:
    engine = main_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(DBAPIError, match="no such table"):
        registry._ALL_WAVES.rows(engine)
    engine.dispose()
