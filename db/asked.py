"""Questions that every visit asks, put together once and given to the driver as they are.

SQLAlchemy's own way of running a statement costs three times what the database does. Connections are still its: pooled,
asked whether they live, rolled back when they are given back. What fails is asked again its way, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import DBAPIError

_Reader = Callable[[Any], Any]
_Put = tuple[str, list[str] | None, list[tuple[int, _Reader]]]  # the text, the order of what it asks for, what reads a column


def driven(connection: Connection) -> Any:
    """The driver's own connection, for statements of one kind of database. What it raises is `as_ours` for."""
    return connection.connection.driver_connection


@contextmanager
def as_ours(engine: Engine) -> Iterator[None]:
    """What the driver raises, as SQLAlchemy would raise it."""
    driver = engine.dialect.loaded_dbapi.Error
    try:
        yield
    except driver as error:
        raise DBAPIError.instance(None, None, error, driver, hide_parameters=True, dialect=engine.dialect) from error


class Asked:
    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._put: dict[str, _Put] = {}

    def rows(self, engine: Engine, **asked: Any) -> list[tuple[Any, ...]]:
        """The rows of the answer, as SQLAlchemy would read them."""
        driver = engine.dialect.loaded_dbapi
        try:
            connection = engine.raw_connection()
            try:
                return self._run(engine, connection, asked)
            except driver.Error:
                connection.invalidate()
                raise
            finally:
                connection.close()
        except driver.Error:
            with engine.connect() as again:
                return [tuple(row) for row in again.execute(self._statement, asked)]

    def within(self, connection: Connection, **asked: Any) -> list[tuple[Any, ...]]:
        """The same as part of a transaction; what fails is for `as_ours`."""
        return self._run(connection.engine, connection.connection, asked)

    def _run(self, engine: Engine, connection: Any, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
        text, places, readers = self._put.get(engine.dialect.name) or self._put_together(engine)
        cursor = connection.cursor()
        cursor.execute(text, asked if places is None else [asked[name] for name in places])
        found = cursor.fetchall()
        cursor.close()
        return [_read(row, readers) for row in found]

    def _put_together(self, engine: Engine) -> _Put:
        dialect = engine.dialect
        made: Any = self._statement.compile(dialect=dialect)
        processors = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in self._statement.selected_columns]
        readers: list[tuple[int, _Reader]] = [(place, read) for place, read in enumerate(processors) if read is not None]
        return self._put.setdefault(dialect.name, (made.string, list(made.positiontup) if made.positional else None, readers))


def _read(row: tuple[Any, ...], readers: list[tuple[int, _Reader]]) -> tuple[Any, ...]:
    values = list(row)
    for place, read in readers:
        values[place] = read(values[place])
    return tuple(values)
