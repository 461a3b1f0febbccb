"""The access log: rows are added, never changed (triggers refuse it on both databases)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from sqlalchemy import Engine, insert, select

from db.engine import Turn, taking_turns
from db.models import ACCESS_LOG
from survey.access_log import Entry, Tip

_TIP = select(ACCESS_LOG.c.number, ACCESS_LOG.c.hash).order_by(ACCESS_LOG.c.number.desc()).limit(1)


class AccessLogStore:
    """Implements survey.access_log.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, make: Callable[[Tip], Entry]) -> Entry:
        with taking_turns(self._engine, Turn.ACCESS_LOG) as connection:
            last = connection.execute(_TIP).one_or_none()
            entry = make(Tip() if last is None else Tip(last.number, last.hash))
            connection.execute(insert(ACCESS_LOG), asdict(entry))
        return entry

    def entries(self) -> Iterator[Entry]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.number))
            for row in rows.mappings():
                yield Entry(**row)
