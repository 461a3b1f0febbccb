"""What has been set on the page about this installation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from db.models import INSTALLATION

FRESH = 5.0  # seconds for which what was read is good enough: another process may have changed it


class InstallationStore:
    """Implements survey.installation.Store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read: Mapping[str, str] = {}
        self._until = 0.0

    def settings(self) -> Mapping[str, str]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(INSTALLATION.c.name, INSTALLATION.c.value)).all()
        return {row.name: row.value for row in rows}

    def keep(self, changes: Mapping[str, str]) -> None:
        with self._engine.begin() as connection:
            for name, value in changes.items():
                connection.execute(delete(INSTALLATION).where(INSTALLATION.c.name == name))
                if value:
                    connection.execute(insert(INSTALLATION).values(name=name, value=value))
        self.forget()

    def forget(self) -> None:
        """What was read holds no longer: the store has been filled from a backup."""
        self._until = 0.0

    def recent(self) -> Mapping[str, str]:
        """The settings as they were a few seconds ago at most; the last known while the store does not answer."""
        now = time.monotonic()
        if now >= self._until:
            self._until = now + FRESH
            with suppress(SQLAlchemyError):  # whoever asks a store that is away for something else says so
                self._read = self.settings()
        return self._read
