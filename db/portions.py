"""A box in ranges of its row keys, each read by whoever opens it: this process, or another of the same machine."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.exc import DatabaseError

from db import row_keys
from db.box_models import BALLOT
from db.cover import Cover
from db.engine import box_engine
from survey.collect.ballot import BallotBroken
from survey.collect.box import BoxDamaged, Contents

MOST = 2000  # ballots read at once, or somewhat more: some megabytes
_FEWEST, _BITS = 3, 16  # of a key, at least and at most, that say which range it is in


class Portion:
    """Implements survey.collect.box.Portion: the ballots whose keys begin with `number`, in so many bits. Another process is sent where the
    box is, and how its cover is taken off."""

    def __init__(self, engine: Engine, wave: str, cover: Cover, number: int, bits: int) -> None:
        self._engine, self._wave, self._cover, self._number, self._bits = engine, wave, cover, number, bits

    def __reduce__(self) -> tuple[Any, ...]:
        return _elsewhere, (self._engine.url.render_as_string(hide_password=False), self._wave, self._cover, self._number, self._bits)

    def read(self) -> Contents:
        """In the order of the keys, that is, no order."""
        found = Contents([])
        with self._engine.connect() as connection:
            for (covered,) in rows_of(connection, self._rows()):
                try:
                    found.sealed.append(self._cover.take_off(covered))
                except BallotBroken:
                    found.damaged += 1
        return found

    def _rows(self) -> Select[bytes]:
        low, high = ((number << _BITS - self._bits).to_bytes(3, "big")[1:] for number in (self._number, self._number + 1))
        rows, key = row_keys.by_key(select(BALLOT.c.ciphertext), self._engine.dialect.name)
        rows = rows.where(key.c.wave == self._wave, key.c.nullifier >= low)
        return rows.where(key.c.nullifier < high) if high > low else rows  # of the last it is zero: all after the lowest


def portions(engine: Engine, wave: str, cover: Cover, count: int) -> list[Portion]:
    """Of a box of so many ballots. Keys are random: ranges of one length hold about as many."""
    bits = min(_BITS, max(_FEWEST, math.ceil(math.log2(max(count, 1) / MOST))))
    return [Portion(engine, wave, cover, number, bits) for number in range(1 << bits)]


def rows_of(connection: Connection, rows: Select[*tuple[Any, ...]]) -> list[Any]:
    try:
        return list(connection.execute(rows))
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            raise BoxDamaged(connection.engine.url.render_as_string()) from None
        raise


def _elsewhere(url: str, *which: Any) -> Portion:
    return Portion(_engine(url), *which)


@lru_cache(1)
def _engine(url: str) -> Engine:
    return box_engine(url)
