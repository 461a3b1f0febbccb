"""PostgreSQL signs each surface in as a role of its own, and refuses what the surface has no business with."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, OperationalError, RaiseException, UniqueViolation
from sqlalchemy.engine import make_url

from bootstrap import Responding, Services, Settings, Showing, build, build_surface
from survey.access import OPERATOR, Permission, Role, Viewer, require
from survey.disseminate.exporting import Kind
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.undertaking import Undertaking
from tests.conftest import REPOSITORY, new_databases
from tests.small_world import GENDER, add_account, answers, open_wave, settle

GOOD = "bon tu khong lien quan"
pytestmark = pytest.mark.slow
SCRIPTS = REPOSITORY / "deploy" / "postgres"


@dataclass(frozen=True)
class Province:
    """Stores with a published wave and one in the field, owned by the role that migrated them."""

    owner: Settings
    codes: dict[str, list[str]]

    def settings(self, role: str, surface: str) -> Settings:
        urls = (make_url(url).set(username=role).render_as_string() for url in (self.owner.database_url, self.owner.box_url))
        return replace(self.owner, database_url=next(urls), box_url=next(urls), surface=surface)

    def connect(self, role: str, box: bool = False) -> psycopg.Connection[Any]:
        url = make_url(self.owner.box_url if box else self.owner.database_url).set(username=role, drivername="postgresql")
        return psycopg.connect(url.render_as_string(), autocommit=True)


@pytest.fixture(scope="module")
def province(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Province:
    folder = tmp_path_factory.mktemp("roles")
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute((SCRIPTS / "roles.sql").read_bytes())
        superuser.execute("CREATE ROLE langnghe_owner LOGIN")
    database, box = new_databases(postgres)
    for url in (database, box):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as superuser:
            superuser.execute("GRANT CREATE ON SCHEMA public TO langnghe_owner")
    environment = {"LANGNGHE_DATA_DIR": str(folder), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
    owner = Settings.read(environment)
    owned = replace(
        owner, database_url=database.replace("postgres@", "langnghe_owner@"), box_url=box.replace("postgres@", "langnghe_owner@")
    )
    services = build(owned)
    codes = furnish(services)
    services.close()
    for url, script in ((database, "main.sql"), (box, "box.sql")):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as superuser:
            for _twice in range(2):
                superuser.execute((SCRIPTS / script).read_bytes())
    return Province(owner, codes)


def furnish(services: Services) -> dict[str, list[str]]:
    questionnaire = settle(services)
    last, codes, shares = open_wave(services, "2025", date.today(), breakdowns=GENDER)
    for code in codes["Sở A"][:12]:
        services.collect.submit(code, {"answers": answers(questionnaire)}, date.today())
    services.closing.close(OPERATOR, last.id, shares)
    services.closing.publish(OPERATOR, last.id)
    add_account(services, "lan.anh", Role.LEADER, GOOD, "t.a")
    add_account(services, "to.chuc", Role.ORGANIZER, GOOD)
    wave, codes, _shares = open_wave(services, "2026", date.today())
    services.collect.submit(codes["Sở A"].pop(), {"answers": answers(questionnaire)}, date.today())
    assert wave.id == "2026"
    return codes


# What each surface must be able to do


def test_respond_takes_a_ballot_once_and_says_so_when_it_is_sent_twice(province: Province) -> None:
    services = build_surface(province.settings("langnghe_respond", "respond"))
    assert isinstance(services, Responding) and not isinstance(services, Showing)
    services.alive()
    questionnaire = services.collect.open(province.codes["Sở B"][0], date.today()).questionnaire
    sent = {"answers": answers(questionnaire)}
    code, attempt = province.codes["Sở B"].pop(), "ab" * 16
    first = services.collect.submit(code, sent, date.today(), attempt)
    again = services.collect.submit(code, sent, date.today(), attempt)
    assert (first.already, again.already, again.text) == (False, True, first.text)
    with pytest.raises(SurveyError, match="already been used"):
        services.collect.submit(code, sent, date.today(), "cd" * 16)
    services.close()


def test_results_signs_leaders_in_shows_releases_and_writes_the_log(province: Province) -> None:
    services = build_surface(province.settings("langnghe_results", "results"))
    assert isinstance(services, Showing) and not isinstance(services, Responding)
    assert len(services.engines) == 1  # no box
    services.alive()
    _viewer, ticket = services.signing_in.sign_in("lan.anh", GOOD)
    session_id = services.signing_in.redeem(ticket)
    viewer = require(services.signing_in.viewer(session_id), Permission.RESULTS_SEE)
    assert services.results.release(viewer, "2025").wave.id == "2025"
    assert services.exporting.file(viewer, "2025", Kind.CSV, Locale())
    services.signing_in.change_password(viewer, GOOD, GOOD + " hon")
    services.signing_in.change_password(viewer, GOOD + " hon", GOOD)
    services.signing_in.sign_out_everywhere(viewer)
    assert services.signing_in.viewer(session_id) is None
    services.close()
    organizing = build(province.settings("langnghe_organize", "all"))
    found = organizing.access_log.entries(OPERATOR)
    assert {"sign-in", "results-exported", "password-changed"} <= {entry.action for entry in found if entry.account == "lan.anh"}
    assert organizing.access_log.verify(OPERATOR).good
    organizing.close()


def test_an_organizer_is_nobody_on_the_results_surface(province: Province) -> None:
    services = build_surface(province.settings("langnghe_results", "results"))
    assert isinstance(services, Showing)
    with pytest.raises(SurveyError, match="wrong"):
        services.signing_in.sign_in("to.chuc", GOOD)
    services.close()


def test_results_spends_links_of_leaders_alone_and_sees_no_password_of_a_mail_server(province: Province) -> None:
    def settings(role: str, surface: str) -> Settings:
        return replace(province.settings(role, surface), cookie_key="a long secret of this very test's own")

    organizing = build(settings("langnghe_organize", "all"))
    leader, boss = (organizing.accounts.give_link(OPERATOR, name) for name in ("lan.anh", "to.chuc"))
    organizing.installing.save(
        OPERATOR, {"organisation": "Sở Nội vụ", "mail_server": "smtps://a:bi-mat@mail.vn", "mail_sender": "a@mail.vn"}
    )
    assert organizing.up_to_date().settings.mail_server == "smtps://a:bi-mat@mail.vn"
    organizing.close()
    showing = build_surface(settings("langnghe_results", "results"))
    assert isinstance(showing, Showing)
    assert (showing.settings.organisation, showing.settings.mail_server) == ("Sở Nội vụ", "")
    with pytest.raises(SurveyError, match="not known here"):
        showing.joining.choose(boss.token, GOOD)
    assert showing.signing_in.viewer(showing.joining.choose(leader.token, GOOD)) is not None
    showing.close()
    responding = build_surface(settings("langnghe_respond", "respond"))
    assert (responding.settings.organisation, responding.settings.mail_server) == ("Sở Nội vụ", "")
    responding.close()
    organizing = build(settings("langnghe_organize", "all"))
    organizing.installing.save(OPERATOR, {"organisation": "", "mail_server": "", "mail_sender": ""})
    organizing.joining.choose(boss.token, GOOD)
    organizing.close()


def test_organize_runs_a_whole_wave_and_leaves_no_dead_ballot_behind(province: Province) -> None:
    services = build(province.settings("langnghe_organize", "all"))
    organizer = Viewer(name="to.chuc", role=Role.ORGANIZER)
    wave, codes, shares = open_wave(services, "2027", date.today(), breakdowns=GENDER)
    questionnaire = services.collect.open(codes["Sở A"][0], date.today()).questionnaire
    for code in codes["Sở A"][:9]:
        services.collect.submit(code, {"answers": answers(questionnaire)}, date.today())
    with province.connect("postgres", box=True) as superuser:
        before = superuser.execute("SELECT pg_relation_filenode('ballot')").fetchone()
        services.closing.close(organizer, wave.id, shares)
        after = superuser.execute("SELECT pg_relation_filenode('ballot')").fetchone()
        left = superuser.execute("SELECT count(*) FROM ballot WHERE wave = '2027'").fetchone()
    services.closing.publish(organizer, wave.id)
    services.close()
    assert left == (0,) and before != after  # VACUUM FULL wrote the file anew


# What each must not


MAIN = {
    "langnghe_respond": (
        "SELECT * FROM account", "SELECT * FROM session", "SELECT * FROM release", "SELECT * FROM cell", "SELECT * FROM comment",
        "SELECT * FROM access_log", "SELECT * FROM throttle", "SELECT * FROM unit", "DELETE FROM undertaking", "UPDATE undertaking SET text = 'x'",
        "INSERT INTO code VALUES ('2026', '\\x00', 't.a')", "DELETE FROM code", "UPDATE code SET unit = 't.b'", "UPDATE turnout SET listed = false", "DELETE FROM turnout",
        "UPDATE wave SET state = 'closed'", "DELETE FROM wave", "UPDATE invitation SET email = 'x'", "DELETE FROM invitation",
        "UPDATE credential_key SET modulus = '\\x00'", "UPDATE questionnaire SET version = '2'",
        "INSERT INTO session VALUES ('\\x00', 'to.chuc', false, 0, 2000000000)", "CREATE TABLE mine (x int)",
    ),
    "langnghe_results": (
        "SELECT * FROM code", "SELECT * FROM invitation", "SELECT * FROM credential_key", "SELECT account FROM access_log",
        "INSERT INTO release SELECT * FROM release", "UPDATE release SET hash = 'x'", "DELETE FROM release",
        "INSERT INTO cell SELECT * FROM cell", "UPDATE cell SET score = 100", "DELETE FROM cell", "DELETE FROM comment",
        "UPDATE wave SET state = 'published'", "UPDATE unit SET headcount = 9", "DELETE FROM questionnaire",
        "UPDATE account SET role = 'organizer'", "UPDATE account SET unit = NULL", "UPDATE account SET active = true",
        "INSERT INTO account SELECT * FROM account", "DELETE FROM account", "UPDATE session SET account = 'to.chuc'",
        "UPDATE session SET expires = 2000000000", "UPDATE access_log SET account = 'x'", "DELETE FROM access_log", "TRUNCATE access_log",
        "ALTER TABLE account DISABLE ROW LEVEL SECURITY", "SET ROLE langnghe_organize",
    ),
    "langnghe_organize": (
        "UPDATE access_log SET account = 'x'", "DELETE FROM access_log", "TRUNCATE access_log", "DROP TABLE access_log",
        "ALTER TABLE access_log DISABLE TRIGGER ALL", "DROP SCHEMA public CASCADE", "UPDATE release SET hash = 'x'", "DELETE FROM release",
        "UPDATE cell SET score = 100", "DELETE FROM cell", "UPDATE comment SET unit = 'x'", "SET session_replication_role = replica",
    ),
}  # fmt: skip
BOX = {
    "langnghe_respond": (
        "SELECT * FROM ballot", "SELECT count(*) FROM ballot", "SELECT nullifier FROM ballot", "UPDATE ballot SET ciphertext = '\\x00'",
        "DELETE FROM ballot", "TRUNCATE ballot", "INSERT INTO ballot VALUES ('2026', '\\x00', '\\x00') RETURNING ciphertext",
        "COPY ballot TO STDOUT", "UPDATE cover SET fingerprint = '\\x00'", "UPDATE cover SET shut = NULL", "DELETE FROM cover", "INSERT INTO cover VALUES ('x', '\\x00')", "CREATE TABLE mine (x int)",
        "INSERT INTO ballot VALUES ('2026', '\\x00', '\\x00') ON CONFLICT (wave, nullifier) DO UPDATE SET ciphertext = '\\x01'",
    ),
    "langnghe_organize": ("UPDATE ballot SET ciphertext = '\\x00'", "UPDATE cover SET fingerprint = '\\x00'", "TRUNCATE ballot", "DROP TABLE ballot"),
}  # fmt: skip


@pytest.mark.parametrize(("role", "statement"), [(role, one) for role, tried in MAIN.items() for one in tried])
def test_a_forbidden_statement_is_refused_in_the_registry(province: Province, role: str, statement: str) -> None:
    with province.connect(role) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(("role", "statement"), [(role, one) for role, tried in BOX.items() for one in tried])
def test_a_forbidden_statement_is_refused_in_the_box(province: Province, role: str, statement: str) -> None:
    with province.connect(role, box=True) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


def test_every_forbidden_statement_would_otherwise_work(province: Province) -> None:
    """The control: it is the right that is missing, not a table or a column."""
    for tried, box in ((MAIN, False), (BOX, True)):
        for statement in {one for statements in tried.values() for one in statements if not one.startswith(("SET", "COPY", "ALTER"))}:
            with province.connect("postgres", box=box) as superuser:
                superuser.autocommit = False
                with suppress(CheckViolation, UniqueViolation, RaiseException):  # another guard than the grants
                    superuser.execute(statement.encode())
                superuser.rollback()


def test_results_cannot_connect_to_the_box(province: Province) -> None:
    with pytest.raises(OperationalError, match="permission denied"):
        province.connect("langnghe_results", box=True)


def test_results_sees_leaders_only_and_makes_no_session_for_anybody_else(province: Province) -> None:
    with province.connect("langnghe_results") as connection:
        assert connection.execute("SELECT name FROM account").fetchall() == [("lan.anh",)]
        assert connection.execute("UPDATE account SET password = 'x' WHERE name = 'to.chuc'").rowcount == 0
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "INSERT INTO session (digest, account, ticket, seen, expires) VALUES ('\\x00', 'to.chuc', false, 0, 2000000000)"
            )


def test_a_restricted_role_upgrades_nothing(province: Province, postgres: str) -> None:
    database, box = new_databases(postgres)
    empty = replace(province.owner, database_url=database, box_url=box)
    for surface in ("respond", "results"):
        with pytest.raises(SurveyError, match="another version"):
            build_surface(replace(empty, surface=surface))
    with psycopg.connect(database.replace("+psycopg", "")) as superuser:
        assert superuser.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_leader_writes_an_action_over_results_and_respond_reads_only_what_is_announced(province: Province) -> None:
    showing = build_surface(province.settings("langnghe_results", "results"))
    responding = build_surface(province.settings("langnghe_respond", "respond"))
    assert isinstance(showing, Showing) and isinstance(responding, Responding)
    leader = Viewer(name="lan.anh", role=Role.LEADER, unit="t.a")
    one = Undertaking(
        wave="2025", unit="t.a", measure="theme:KC", text="Công khai.", owner="Văn phòng", due=date.today() + timedelta(days=90)
    )
    showing.undertakings.measures(leader, "2025", "t.a")
    kept = showing.undertakings._store.add(replace(one, announced=False, text="Trong đơn vị."), 9)
    told = showing.undertakings._store.add(one, 9)
    assert told is not None and kept is not None
    assert responding.hearing._store.of_wave("2025") == (told,)
    with province.connect("langnghe_organize") as connection:  # the control: the other row is there
        assert connection.execute("SELECT count(*) FROM undertaking").fetchone() == (2,)
    assert showing.undertakings._store.remove(told) and showing.undertakings._store.remove(kept)
    showing.close()
    responding.close()
