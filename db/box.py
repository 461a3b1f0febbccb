"""The box of sealed ballots: a database of its own, one row a ballot, one size a row."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Executable, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from db.engine import forget_deleted
from db.models import BallotRow

# Built once: every answer asks for one of them. A nullifier that is there already stays as it is.
_PUT: dict[str, Executable] = {
    "sqlite": sqlite.insert(BallotRow).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(BallotRow).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
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

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._put = _PUT[engine.dialect.name]
        self._line = Lock()
        self._waiting: deque[_Putting] = deque()

    def put(self, wave_id: str, nullifier: bytes, ciphertext: bytes) -> bool:
        mine = _Putting({"wave": wave_id, "nullifier": nullifier, "ciphertext": ciphertext})
        self._waiting.append(mine)
        with self._line:
            if mine.stored is None:
                self._write(mine)
        assert mine.stored is not None  # a failed commit has raised
        return mine.stored

    def _write(self, first: _Putting) -> None:
        """One commit for `first` and all who wait. Where it fails, each of them tries again alone."""
        together = dict.fromkeys([first, *(self._waiting.popleft() for _ in range(len(self._waiting)))])
        with self._engine.begin() as connection:
            stored = [connection.execute(self._put, one.row).rowcount == 1 for one in together]
        for one, done in zip(together, stored, strict=True):
            one.stored = done

    def get(self, wave_id: str, nullifier: bytes) -> bytes | None:
        with self._engine.connect() as connection:
            return connection.execute(
                select(BallotRow.ciphertext).where(BallotRow.wave == wave_id, BallotRow.nullifier == nullifier)
            ).scalar_one_or_none()

    def count(self, wave_id: str) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).where(BallotRow.wave == wave_id)).scalar_one()

    def ballots(self, wave_id: str) -> list[bytes]:
        """Every sealed ballot of the wave, in the order of the nullifiers (that is, no order)."""
        with self._engine.connect() as connection:
            return list(
                connection.execute(select(BallotRow.ciphertext).where(BallotRow.wave == wave_id).order_by(BallotRow.nullifier)).scalars()
            )

    def destroy(self, wave_id: str) -> None:
        """Delete the wave's ballots and leave no trace of them in the file."""
        with self._engine.begin() as connection:
            connection.execute(delete(BallotRow).where(BallotRow.wave == wave_id))
        forget_deleted(self._engine)
