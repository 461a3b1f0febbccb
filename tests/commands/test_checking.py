"""`langnghe check` on installations with one thing wrong each."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from bootstrap import Settings, build
from survey.access import Role
from tests.command_line import Line, furnish, open_wave
from tests.conftest import new_databases
from tests.small_world import open_wave as wave_in_field

SECRET = "a long secret of this very test's own"


def installation(folder: Path, **settings: str) -> Line:
    environment = {"LANGNGHE_DATA_DIR": str(folder), "LANGNGHE_COOKIE_KEY": SECRET, **settings}
    return Line(Settings.read(environment), extra={"LANGNGHE_COOKIE_KEY": environment["LANGNGHE_COOKIE_KEY"]})


def good(folder: Path, **settings: str) -> Line:
    """An installation with nothing wrong."""
    line = installation(folder, **settings)
    line.done("account", "add", "lan", "--role", Role.ORGANIZER.value)
    folder.chmod(0o700)
    return line


def wrong(line: Line) -> set[str]:
    result = line.run("check", "--json")
    found = json.loads(result.stdout)
    listed = {one["check"] for one in found["checks"] if not one["ok"]}
    assert result.exit_code == int(bool(listed)) and found["ok"] is (not listed)
    assert all(bool(one["message"]) is (not one["ok"]) for one in found["checks"])
    return listed


def test_a_good_installation_passes_on_both_databases(settings: Settings, tmp_path: Path) -> None:
    line = good(tmp_path, LANGNGHE_DATABASE_URL=settings.database_url, LANGNGHE_BOX_URL=settings.box_url)
    assert wrong(line) == set()
    assert line.done("check").endswith("checked, 0 wrong.\n")


def test_the_default_key_and_demonstration_accounts_are_wrong(tmp_path: Path) -> None:
    line = good(tmp_path, LANGNGHE_COOKIE_KEY="langnghe-demonstration-key")
    database = sqlite3.connect(tmp_path / "langnghe.db")
    with database:
        database.execute("UPDATE account SET demonstration = 1")
    database.close()
    assert wrong(line) == {"cookie-key", "demonstration-accounts"}
    said = line.run("check").stderr
    assert "LANGNGHE_COOKIE_KEY" in said and "lan" in said


def test_without_an_organizer_nobody_can_work(tmp_path: Path) -> None:
    line = installation(tmp_path)
    line.done("account", "add", "hoa", "--role", Role.LEADER.value)
    tmp_path.chmod(0o700)
    assert wrong(line) == {"organizer"}


def test_a_fresh_machine_is_told_its_first_step_and_that_step_is_enough(settings: Settings, tmp_path: Path) -> None:
    """On both databases; on PostgreSQL the two databases are there and empty."""
    on_server = (
        {}
        if settings.database_url.startswith("sqlite")
        else {"LANGNGHE_DATABASE_URL": settings.database_url, "LANGNGHE_BOX_URL": settings.box_url}
    )
    line = installation(tmp_path / "nothing", **on_server)
    assert wrong(line) == {"first-step"}
    said = line.run("check").stderr
    assert "langnghe account add NAME --role organizer" in said and "No such file" not in said
    assert (str(tmp_path / "nothing") in said) is not bool(on_server)
    assert not (tmp_path / "nothing").exists()
    line.done("account", "add", "lan", "--role", Role.ORGANIZER.value)
    assert wrong(line) == set()


def test_one_store_that_is_missing_is_no_fresh_machine(tmp_path: Path) -> None:
    line = good(tmp_path)
    (tmp_path / "hom-phieu.db").unlink()
    assert wrong(line) == {"store-box"}
    assert not (tmp_path / "hom-phieu.db").exists()


def test_stores_that_cannot_be_reached_are_said(tmp_path: Path) -> None:
    nobody = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert wrong(installation(tmp_path, LANGNGHE_DATABASE_URL=nobody, LANGNGHE_BOX_URL=f"{nobody}2")) == {"store-main", "store-box"}


def test_registry_and_box_in_one_place_are_found_out_by_any_name(postgres: str, tmp_path: Path) -> None:
    good(tmp_path)
    (tmp_path / "link.db").symlink_to(tmp_path / "langnghe.db")
    assert "separate-stores" in wrong(installation(tmp_path, LANGNGHE_BOX_URL=f"sqlite:///{tmp_path}/link.db"))
    database, box = new_databases(postgres)
    other_account = database.replace("postgres@", "somebody@")
    assert "separate-stores" in wrong(installation(tmp_path, LANGNGHE_DATABASE_URL=database, LANGNGHE_BOX_URL=other_account))
    assert "separate-stores" not in wrong(installation(tmp_path, LANGNGHE_DATABASE_URL=database, LANGNGHE_BOX_URL=box))


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_files_that_others_can_read_are_wrong_unless_their_folder_is_closed(tmp_path: Path) -> None:
    line = good(tmp_path)
    tmp_path.chmod(0o755)
    (tmp_path / "langnghe.db").chmod(0o600)
    (tmp_path / "hom-phieu.db").chmod(0o640)
    assert wrong(line) == {"private-files"}
    said = line.run("check").stderr
    assert "hom-phieu.db" in said and "langnghe.db" not in said
    tmp_path.chmod(0o700)
    assert wrong(line) == set()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_data_folder_made_by_a_command_is_closed_to_others(tmp_path: Path) -> None:
    line = installation(tmp_path / "new")
    line.done("account", "add", "lan", "--role", Role.ORGANIZER.value)
    assert wrong(line) == set()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_store_of_another_version_is_found_and_not_upgraded(tmp_path: Path) -> None:
    line = good(tmp_path)
    database = sqlite3.connect(tmp_path / "hom-phieu.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = 'box_0000'")
    database.close()
    before = (tmp_path / "hom-phieu.db").read_bytes()
    assert wrong(line) == {"schema-box"}
    assert (tmp_path / "hom-phieu.db").read_bytes() == before


def test_a_key_share_beside_the_box_and_a_changed_release_are_found(tmp_path: Path) -> None:
    line = good(tmp_path / "stores")
    furnish(line, tmp_path)
    _, shares = open_wave(line, tmp_path)
    assert wrong(line) == set()
    (tmp_path / "stores" / "khoa").mkdir()
    Path(shares[0]).rename(tmp_path / "stores" / "khoa" / "2026-1.json")
    assert wrong(line) == {"key-shares"}
    (tmp_path / "stores" / "khoa" / "2026-1.json").unlink()
    counts = tmp_path / "counts.csv"
    counts.write_text("wave;unit;item;option;n\n2020;t.a;TQ1;3;20\n2020;t.b;TQ1;2;20\n", encoding="utf-8")
    line.done("import", "counts", counts, "--questionnaire", "vhcs-core")
    assert wrong(line) == set()
    database = sqlite3.connect(tmp_path / "stores" / "langnghe.db")
    with database:
        changed = database.execute("UPDATE cell SET score = score + 1 WHERE unit = 't.a' AND measure = 'item:TQ1' AND reason = ''")
        assert changed.rowcount == 1
    database.close()
    assert wrong(line) == {"releases"}


def test_a_wave_past_its_last_day_is_found_until_it_is_extended(settings: Settings, tmp_path: Path) -> None:
    line = good(tmp_path, LANGNGHE_DATABASE_URL=settings.database_url, LANGNGHE_BOX_URL=settings.box_url)
    services = build(line.settings)
    today = services.clock.today()
    wave, _codes, _shares = wave_in_field(services, today=today)
    assert wrong(line) == set()
    with services.engines[0].begin() as connection:  # as if its days had gone by
        connection.exec_driver_sql("UPDATE wave SET opens = '2026-01-01', closes = '2026-01-02'")
    services.close()
    assert wrong(line) == {"past-their-day"}
    assert wave.id in line.run("check").stderr
    line.done("wave", "extend", wave.id, "--closes", today)
    assert wrong(line) == set()
