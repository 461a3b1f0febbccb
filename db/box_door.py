"""The door of the box: whether it stands open, decided in the transaction that stores a ballot.

Ballots go in side by side, shutting goes alone: a shutting waits for every ballot on its way, and whoever comes
after it sees that the box is shut. On PostgreSQL by advisory locks (a lock on the row would write the order of
arrival into its log, and needs a right to change the row), on SQLite by its one writer at a time.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from db.asked import Asked, as_ours, driven
from db.box_models import COVER
from db.engine import Turn
from survey.collect.box import BoxUnknown, Standing

_MARK = 16
# What every answer asks, put together once: building a statement costs more than running it.
_STANDING = select(COVER.c.wave, COVER.c.identity, COVER.c.shut, COVER.c.counted).where(COVER.c.wave == bindparam("of_wave"))
_NOW, _NOW_OPEN = Asked(_STANDING), Asked(select(COVER.c.wave, COVER.c.fingerprint).where(COVER.c.shut.is_(None)))


@contextmanager
def going_in(engine: Engine, waves: Collection[str]) -> Iterator[tuple[Connection, dict[str, bytes]]]:
    """A transaction in which ballots may be stored: waves whose box is open, with their covers' fingerprints. Those of `waves` stay open until it ends."""
    with _locked(engine, waves, alone=False) as connection:
        yield connection, dict(_NOW_OPEN.within(connection))


@contextmanager
def _locked(engine: Engine, waves: Collection[str], alone: bool) -> Iterator[Connection]:
    with as_ours(engine), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.begin()
            driven(connection).execute("BEGIN IMMEDIATE")
        else:
            lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
            for key in sorted({zlib.crc32(wave.encode()) - 2**31 for wave in waves}):
                connection.execute(select(lock(Turn.BOX.value, key)))
        yield connection
        connection.commit()


class Door:
    """Begins, shuts and reopens the boxes of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, wave_id: str, fingerprint: bytes, identity: bytes) -> None:
        """Make the wave's row, unless it is there: alone at the door, so that nothing comes between asking and writing."""
        values = {"wave": wave_id, "fingerprint": fingerprint, "identity": identity}
        with _locked(self._engine, [wave_id], alone=True) as connection:
            if connection.scalar(select(COVER.c.wave).where(COVER.c.wave == wave_id)) is None:
                connection.execute(insert(COVER).values(values))

    def identify(self, wave_id: str, identity: bytes) -> None:
        """Give an older version's box its identity."""
        with _locked(self._engine, [wave_id], alone=True) as connection:
            connection.execute(update(COVER).where(COVER.c.wave == wave_id, COVER.c.identity.is_(None)).values(identity=identity))

    def standing(self, wave_id: str) -> Standing | None:
        for _wave, identity, shut, counted in _NOW.rows(self._engine, of_wave=wave_id):
            return Standing(identity=identity, shut=shut, counted=counted)
        return None

    def shut(self, wave_id: str) -> bytes:
        with _locked(self._engine, [wave_id], alone=True) as connection:
            row = connection.execute(_STANDING, {"of_wave": wave_id}).one_or_none()
            if row is None:
                raise BoxUnknown(wave_id)
            if row.shut is not None:
                return bytes(row.shut)
            mark = secrets.token_bytes(_MARK)
            connection.execute(update(COVER).where(COVER.c.wave == wave_id).values(shut=mark))
        return mark

    def reopen(self, wave_id: str) -> bool:
        mine = (COVER.c.wave == wave_id, COVER.c.shut.is_not(None), COVER.c.counted.is_(False))
        with _locked(self._engine, [wave_id], alone=True) as connection:
            return connection.execute(update(COVER).where(*mine).values(shut=None)).rowcount == 1

    def settle(self, wave_id: str, mark: bytes) -> bool:
        with _locked(self._engine, [wave_id], alone=True) as connection:
            return connection.execute(update(COVER).where(COVER.c.wave == wave_id, COVER.c.shut == mark).values(counted=True)).rowcount == 1
