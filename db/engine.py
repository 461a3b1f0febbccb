"""Engines for the two databases, with the settings anonymity and durability ask for."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.pool import ConnectionPoolEntry

AWAY = (OperationalError, InterfaceError, NoConnectionLeft)  # what a store raises that does not answer, or not in time
_CONNECTIONS = 15  # to a file, at most, and kept: to make one anew costs as much as a visit. PostgreSQL's are shared with other servers
_PATIENCE, _A_MOMENT = 10_000, 200  # milliseconds to wait for SQLite's lock


def main_engine(url: str) -> Engine:
    """Registry and results. SQLite: WAL, so that leaders read while an organizer writes."""
    return _engine(url, {"busy_timeout": _PATIENCE, "journal_mode": "WAL", "synchronous": "NORMAL", "secure_delete": "ON"})


def box_engine(url: str) -> Engine:
    """The box. SQLite: a rollback journal that keeps no history, deleted bytes overwritten, every commit durable."""
    return _engine(
        url, {"busy_timeout": _PATIENCE, "journal_mode": "DELETE", "synchronous": "FULL", "secure_delete": "ON", "temp_store": "MEMORY"}
    )


def _engine(url: str, pragmas: dict[str, Any]) -> Engine:
    of_kind: dict[str, Any] = {"pool_pre_ping": True} if "postgresql" in url else {"pool_size": _CONNECTIONS, "max_overflow": 0}
    engine = create_engine(make_url(url), hide_parameters=True, echo=False, **of_kind)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: Any, record: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name}={value}")
            cursor.close()

    return engine


class Turn(IntEnum):
    """What may be done by one at a time; the numbers are PostgreSQL's advisory locks, and only have to differ."""

    ACCESS_LOG = 7_301
    SIGN_IN = 7_302
    COLLECTING = 7_303
    BOX = 7_304  # with the wave, see db.box_door
    COUNTING = 7_305
    UNITS = 7_306
    UNDERTAKINGS = 7_307


@contextmanager
def taking_turns(engine: Engine, turn: Turn) -> Iterator[Connection]:
    """A transaction that others of the same turn wait for: what it reads stays true until it has written.

    An advisory lock needs no right on any table; SQLite has one writer at a time, from BEGIN IMMEDIATE on.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(turn.value)))
        yield connection
        connection.commit()


def is_full(error: BaseException) -> bool:
    """Does a disk without room stand behind a database's error, or a file's?"""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(cause, "sqlstate", "") == "53100"


def answers(engine: Engine) -> None:
    """Raises when the database does not answer."""
    with engine.connect() as connection:
        connection.execute(select(1))


def empty_journal(engine: Engine) -> None:
    """SQLite's write-ahead log keeps earlier states of the pages, that is, an order. Whoever reads at this moment is not
    waited for: the next one to write asks again."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_A_MOMENT}")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE}")


@contextmanager
def not_overwriting(connection: Connection) -> Iterator[None]:
    """For what is deleted here and cut off the file right afterwards, by `forget_deleted`: to overwrite it, SQLite copies all
    of it into the journal first, and both end as freed blocks of the disk."""
    if connection.engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    try:
        yield
    finally:
        if connection.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")


def forget_deleted(engine: Engine) -> None:
    """Give freed pages back and empty the journal, so that deleted rows are in no file."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM FULL")
