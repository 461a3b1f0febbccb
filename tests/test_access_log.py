"""The access log: whole lines in one chain, on both databases, and what breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bootstrap import Services, Settings, build
from db.access_log import AccessLogStore
from survey.access import OPERATOR, Role, Viewer
from survey.access_log import BEGINNING, AccessLog, Action, Entry, verify
from survey.disseminate.exporting import Kind
from survey.errors import NotAllowed
from survey.i18n import Locale
from survey.passwords import new_password
from tests.command_line import Line, furnish
from tests.small_world import add_account, answers, open_wave, settle

LEADER = Viewer(name="leader", role=Role.LEADER)
BY_FORCE = {
    "sqlite": ("DROP TRIGGER access_log_no_update", "DROP TRIGGER access_log_no_delete"),
    "postgresql": ("ALTER TABLE access_log DISABLE TRIGGER ALL",),
}


def main_of(services: Services) -> Engine:
    return services.engines[0]


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def forced(services: Services, *statements: str) -> None:
    """What somebody does who may do anything with the database."""
    run(main_of(services), *BY_FORCE[main_of(services).dialect.name], *statements)


@pytest.fixture
def five_lines(services: Services) -> Services:
    for number in range(5):
        services.access_log.note(OPERATOR, Action.WAVE_CREATED, wave=f"202{number}")
    return services


def test_every_line_knows_the_one_before_it(five_lines: Services) -> None:
    lines = five_lines.access_log.entries(OPERATOR)[::-1]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [line.previous for line in lines] == [BEGINNING, *(line.hash for line in lines[:-1])]
    found = five_lines.access_log.verify(OPERATOR)
    assert (found.good, found.lines, found.tip.hash) == (True, 5, lines[-1].hash)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE access_log SET account = 'somebody' WHERE number = 3", 3),
        ("UPDATE access_log SET minute = '2020-01-01T00:00Z' WHERE number = 1", 1),
        ("DELETE FROM access_log WHERE number = 2", 2),
        ("DELETE FROM access_log WHERE number = 1", 1),
        ("UPDATE access_log SET number = 9 WHERE number = 4", 4),
    ],
)
def test_a_changed_or_removed_line_is_named(five_lines: Services, statement: str, broken: int) -> None:
    forced(five_lines, statement)
    found = five_lines.access_log.verify(OPERATOR)
    assert (found.broken, found.good) == (broken, False)


def test_a_line_written_anew_with_its_own_hash_breaks_the_next(five_lines: Services) -> None:
    lines = list(five_lines.access_log.entries(OPERATOR)[::-1])
    lines[2] = replace(lines[2], account="somebody")
    lines[2] = replace(lines[2], hash=lines[2].reckoned())
    assert verify(lines).broken == 4


def test_lines_cut_off_at_the_end_are_missed_by_whoever_noted_the_hash(five_lines: Services) -> None:
    noted = five_lines.access_log.verify(OPERATOR).tip.hash
    five_lines.access_log.note(OPERATOR, Action.WAVE_CREATED, wave="2026")
    assert five_lines.access_log.verify(OPERATOR, noted).good
    forced(five_lines, "DELETE FROM access_log WHERE number > 4")
    assert five_lines.access_log.verify(OPERATOR).good  # the chain alone cannot know
    found = five_lines.access_log.verify(OPERATOR, noted)
    assert (found.broken, found.anchored, found.good) == (None, False, False)


@pytest.mark.parametrize("statement", ["UPDATE access_log SET account = 'x'", "DELETE FROM access_log", "TRUNCATE access_log"])
def test_the_database_refuses_to_change_a_line(five_lines: Services, statement: str) -> None:
    engine = main_of(five_lines)
    if engine.dialect.name == "sqlite" and statement.startswith("TRUNCATE"):
        statement = "DELETE FROM access_log WHERE number = 5"  # SQLite knows no TRUNCATE
    with pytest.raises(DBAPIError, match="append-only"):
        run(engine, statement)
    assert five_lines.access_log.verify(OPERATOR).lines == 5


def test_many_at_once_write_one_chain(settings: Settings) -> None:
    """Two processes' worth of connections, eight threads each."""
    several = [build(settings) for _ in range(2)]

    def note(number: int) -> None:
        several[number % 2].access_log.note(OPERATOR, Action.SIGN_IN, sessions=number)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(note, range(80)))
    found = several[0].access_log.verify(OPERATOR)
    assert (found.good, found.lines) == (True, 80)
    assert {entry.about["sessions"] for entry in several[0].access_log.entries(OPERATOR)} == {str(number) for number in range(80)}
    for services in several:
        services.close()


def test_no_value_can_pass_for_another_line_or_pair(services: Services) -> None:
    said = "2026 account=admin\nnumber=7"
    services.access_log.note(OPERATOR, Action.WAVE_CREATED, wave=said)
    [entry] = services.access_log.entries(OPERATOR)
    assert entry.about == {"wave": said} and " " not in entry.subject and "\n" not in entry.subject


def test_time_stops_at_the_minute(services: Services) -> None:
    log = AccessLog(AccessLogStore(main_of(services)), lambda: datetime(2026, 11, 24, 20, 40, 59, 999, tzinfo=UTC))
    log.note(OPERATOR, Action.SIGN_IN)
    assert log.entries(OPERATOR)[0].minute == "2026-11-24T20:40Z"


@pytest.mark.parametrize("viewer", [None, LEADER, Viewer(name="c", role=Role.CUSTODIAN)])
def test_only_organizers_read_it(services: Services, viewer: Viewer | None) -> None:
    with pytest.raises(NotAllowed):
        services.access_log.entries(viewer)
    with pytest.raises(NotAllowed):
        services.access_log.verify(viewer)


def told(services: Services) -> Iterator[tuple[str, str, dict[str, str]]]:
    for entry in services.access_log.entries(OPERATOR)[::-1]:
        yield entry.account, entry.action, entry.about


def test_what_organizers_and_leaders_do_is_told_and_what_respondents_do_is_not(sqlite_services: Services) -> None:
    services = sqlite_services
    organizer = add_account(services, "lan.anh", Role.ORGANIZER, "bon tu khong lien quan")
    questionnaire = settle(services)
    wave, codes, shares = open_wave(services, today=date.today())
    services.fieldwork.extra_codes(organizer, wave.id, "t.a", 2)
    before = len(services.access_log.entries(OPERATOR))
    for code in codes["Sở A"][:12]:
        services.collect.open(code, date.today())
        services.collect.submit(code, {"answers": answers(questionnaire)}, date.today())
    services.fieldwork.participation(organizer, wave.id)
    assert len(services.access_log.entries(OPERATOR)) == before
    release = services.closing.close(organizer, wave.id, shares)
    services.closing.publish(organizer, wave.id)
    services.exporting.file(LEADER, wave.id, Kind.CSV, Locale("vi"))
    services.accounts.disable(OPERATOR, add_account(services, "nam.cu", Role.LEADER, "bon tu khong lien quan").name)
    lines = list(told(services))
    assert ("lan.anh", "slips-added", {"wave": wave.id, "unit": "t.a", "slips": "2"}) in lines
    assert ("operator", "slips-made", {"wave": wave.id, "slips": str(sum(map(len, codes.values())))}) in lines
    assert ("lan.anh", "wave-closed", {"wave": wave.id, "release": release.hash}) in lines
    assert ("lan.anh", "wave-published", {"wave": wave.id, "release": release.hash}) in lines
    assert ("leader", "results-exported", {"wave": wave.id, "format": "csv", "release": release.hash}) in lines
    assert ("operator", "account-disabled", {"account": "nam.cu"}) in lines
    every_code = {code for given in codes.values() for code in given}
    assert not any(code in json.dumps(about) for code in every_code for _account, _action, about in lines)


def test_a_refused_use_case_leaves_no_line(sqlite_services: Services) -> None:
    settle(sqlite_services)
    before = len(sqlite_services.access_log.entries(OPERATOR))
    for attempt in (
        lambda: sqlite_services.design.delete_draft(LEADER, "2026"),
        lambda: sqlite_services.accounts.add(None, "x.y", Role.LEADER, new_password()),
        lambda: sqlite_services.exporting.file(LEADER, "2026", Kind.CSV, Locale()),
    ):
        with pytest.raises(Exception, match=r"\w"):
            attempt()
    assert len(sqlite_services.access_log.entries(OPERATOR)) == before


def test_the_command_prints_and_verifies(settings: Settings, tmp_path: object) -> None:
    line = Line(settings)
    furnish(line, settings.data_dir)
    entries = [Entry(**json.loads(row)) for row in line.done("log", "--json").splitlines()]
    assert [(entry.account, entry.action) for entry in entries] == [("operator", "units-saved"), ("operator", "questionnaire-saved")]
    assert line.json("log", "--verify")["last"] == entries[-1].hash
    assert "2 lines" in line.done("log", "--verify", "--anchor", entries[0].hash)
    cut = line.run("log", "--verify", "--anchor", "f" * 64)
    assert cut.exit_code == 1 and "no line has the hash" in cut.output
    services = build(settings)
    forced(services, "UPDATE access_log SET subject = 'saved=1' WHERE number = 1")
    services.close()
    broken = line.run("log", "--verify", "--json")
    assert broken.exit_code == 1 and json.loads(broken.stdout)["broken"] == 1


def test_a_chain_survives_backup_and_restore(sqlite_services: Services, tmp_path: object) -> None:
    settings = sqlite_services.settings
    line = Line(settings)
    furnish(line, settings.data_dir)
    line.done("backup", settings.data_dir / "copy")
    there = Line(Settings.read({"LANGNGHE_DATA_DIR": str(settings.data_dir / "there")}))
    there.done("restore", settings.data_dir / "copy")
    found = there.json("log", "--verify")
    assert found["ok"] and found["lines"] == 3  # units, questionnaire, and that it was restored
    assert (
        timedelta(0)
        <= datetime.now(UTC)
        - datetime.strptime(json.loads(there.done("log", "--json").splitlines()[-1])["minute"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        < timedelta(minutes=5)
    )
