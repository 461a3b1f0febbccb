"""Engines for the two databases, with the settings anonymity and durability ask for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry


def main_engine(url: str) -> Engine:
    """Registry and results. SQLite: WAL, so that leaders read while an organizer writes."""
    return _engine(url, {"journal_mode": "WAL", "synchronous": "NORMAL", "secure_delete": "ON", "busy_timeout": 10000})


def box_engine(url: str) -> Engine:
    """The box. SQLite: a rollback journal that keeps no history, deleted bytes overwritten, every commit durable."""
    return _engine(
        url, {"journal_mode": "DELETE", "synchronous": "FULL", "secure_delete": "ON", "temp_store": "MEMORY", "busy_timeout": 10000}
    )


def _engine(url: str, pragmas: dict[str, Any]) -> Engine:
    engine = create_engine(make_url(url), hide_parameters=True, echo=False, pool_pre_ping="postgresql" in url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: Any, record: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name}={value}")
            cursor.close()

    return engine


def forget_deleted(engine: Engine) -> None:
    """Give freed pages back and empty the journal, so that deleted rows are in no file."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM FULL")
