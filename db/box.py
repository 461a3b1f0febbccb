"""The box of sealed ballots: a database of its own, one row a ballot, one size a row, each under the wave's cover."""

from __future__ import annotations

import hmac
from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Executable, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from db.cover import Cover, CoverMissing, Covers
from db.engine import forget_deleted
from db.models import BallotRow, CoverRow
from db.stirring import Stirring

# Built once: every answer asks for one of them. A row that is there already stays as it is; PostgreSQL
# would write a refused one into its own log, with the time.
_PUT: dict[str, Executable] = {
    "sqlite": sqlite.insert(BallotRow).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(BallotRow).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}
_BEGIN: dict[str, Executable] = {
    "sqlite": sqlite.insert(CoverRow).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(CoverRow).on_conflict_do_nothing(),
}


@dataclass(eq=False)
class _Putting:
    """A ballot on its way into the box; `stored` is None until a commit has decided."""

    row: dict[str, Any]
    stored: bool | None = None


class SealedBox:
    """Implements survey.collect.service.Box and the close's reading side.

    Many answers at once share a commit: the first in line writes everybody who waits. A durable commit
    costs as much for ten ballots as for one, and ballots of one commit have no order among them.
    """

    def __init__(self, engine: Engine, covers: Covers) -> None:
        self._engine = engine
        self._line = Lock()
        self._waiting: deque[_Putting] = deque()
        self._checked: dict[str, Cover] = {}
        self.covers = covers
        # PostgreSQL's write-ahead log would tell the order all the same: there the cover stands alone.
        self.stirring = Stirring(self._stir if engine.dialect.name == "sqlite" else None)

    def put(self, wave_id: str, nullifier: bytes, ciphertext: bytes, attempt: bytes = b"") -> bool:
        cover = self._checked.get(wave_id) or self._first_cover(wave_id)
        covered = cover.put_on(ciphertext, cover.mark(nullifier, attempt))
        mine = _Putting({"wave": wave_id, "nullifier": cover.row_key(nullifier), "ciphertext": covered})
        self._waiting.append(mine)
        with self._line:
            if mine.stored is None:
                self._write(mine)
        assert mine.stored is not None  # a failed commit has raised
        return mine.stored

    def _write(self, first: _Putting) -> None:
        """One commit for `first` and all who wait. Where it fails, each of them tries again alone."""
        together = list(dict.fromkeys([first, *(self._waiting.popleft() for _ in range(len(self._waiting)))]))
        try:
            self._commit(together)
        except SQLAlchemyError:
            if len(together) == 1:
                raise
            self._commit([first])
        self.stirring.soon()

    def _commit(self, together: list[_Putting]) -> None:
        put = _PUT[self._engine.dialect.name]
        with self._engine.begin() as connection:
            stored = [connection.execute(put, one.row).rowcount == 1 for one in together]
        for one, done in zip(together, stored, strict=True):
            one.stored = done

    def get(self, wave_id: str, nullifier: bytes) -> bytes | None:
        return self._found(wave_id, nullifier)[1]

    def of_attempt(self, wave_id: str, nullifier: bytes, attempt: bytes) -> bytes | None:
        """The ballot, if this very attempt put it there."""
        cover = self._cover(wave_id)
        mark, sealed = self._found(wave_id, nullifier)
        return sealed if cover is not None and hmac.compare_digest(mark, cover.mark(nullifier, attempt)) else None

    def _found(self, wave_id: str, nullifier: bytes) -> tuple[bytes, bytes | None]:
        """(mark, sealed ballot). PostgreSQL: through a function, for those who take answers may not read the table
        (deploy/postgres/box.sql)."""
        cover = self._cover(wave_id)
        if cover is None:
            return b"", None
        key = cover.row_key(nullifier)
        of_key = (BallotRow.wave == wave_id, BallotRow.nullifier == key)
        on_sqlite = self._engine.dialect.name == "sqlite"
        found = select(BallotRow.ciphertext).where(*of_key) if on_sqlite else select(func.ballot_at(wave_id, key))
        with self._engine.connect() as connection:
            covered = connection.execute(found).scalar_one_or_none()
        return (b"", None) if covered is None else cover.uncovered(covered)

    def count(self, wave_id: str) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).where(BallotRow.wave == wave_id)).scalar_one()

    def ballots(self, wave_id: str) -> list[bytes]:
        """Every sealed ballot of the wave, in the order of the row keys (that is, no order)."""
        cover = self._cover(wave_id)
        if cover is None:
            return []
        with self._engine.connect() as connection:
            found = connection.execute(select(BallotRow.ciphertext).where(BallotRow.wave == wave_id).order_by(BallotRow.nullifier))
            return [cover.take_off(covered) for covered in found.scalars()]

    def destroy(self, wave_id: str) -> None:
        """Delete the wave's ballots and their cover key, and leave no trace of them in the files."""
        with self._engine.begin() as connection:
            connection.execute(delete(BallotRow).where(BallotRow.wave == wave_id))
            connection.execute(delete(CoverRow).where(CoverRow.wave == wave_id))
        forget_deleted(self._engine)
        self._checked.pop(wave_id, None)
        self.covers.destroy(wave_id)

    def _stir(self) -> None:
        with self._line:  # better to wait here than to poll for SQLite's lock
            forget_deleted(self._engine)

    def _cover(self, wave_id: str) -> Cover | None:
        """The wave's cover, read once; None before its first ballot."""
        if wave_id not in self._checked:
            with self._engine.connect() as connection:
                fingerprint = connection.execute(select(CoverRow.fingerprint).where(CoverRow.wave == wave_id)).scalar_one_or_none()
            if fingerprint is None:
                return None
            cover = self.covers.read(wave_id)
            if cover is None or cover.fingerprint != fingerprint:
                raise CoverMissing(wave_id, self.covers.path(wave_id))
            self._checked[wave_id] = cover
        return self._checked[wave_id]

    def _first_cover(self, wave_id: str) -> Cover:
        """The cover of a wave whose box may not have been begun."""
        with self._line:
            checked = self._cover(wave_id)
            if checked is None:
                cover = self.covers.keep(wave_id)
                with self._engine.begin() as connection:
                    connection.execute(_BEGIN[self._engine.dialect.name], {"wave": wave_id, "fingerprint": cover.fingerprint})
                checked = self._cover(wave_id)
        assert checked is not None  # its fingerprint was stored just now, by us or another
        return checked
