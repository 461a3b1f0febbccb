"""The box of sealed ballots: a database of its own, one row a ballot, one size a row."""

from __future__ import annotations

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from db.engine import forget_deleted
from db.models import BallotRow

_PUT = insert(BallotRow)  # built once: every answer asks for it


class SealedBox:
    """Implements survey.collect.service.Box and the close's reading side."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, wave_id: str, nullifier: bytes, ciphertext: bytes) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(_PUT, {"wave": wave_id, "nullifier": nullifier, "ciphertext": ciphertext})
        except IntegrityError:
            return False
        return True

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
