"""The box of sealed ballots: a database of its own, one row a ballot, one size a row, each under the wave's cover."""

from __future__ import annotations

import hmac
import time
from collections import deque
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Connection, Engine, Executable, LargeBinary, bindparam, case, delete, false, func, select
from sqlalchemy.exc import SQLAlchemyError

from db import row_keys
from db.asked import Asked
from db.box_door import Door, going_in
from db.box_models import BALLOT, BALLOT_KEY, COVER
from db.cover import Cover, CoverMissing, Covers
from db.engine import forget_deleted, is_full, not_overwriting
from db.places import Places
from db.portions import Portion, portions, rows_of
from db.room import making_room_known
from db.soon import Soon
from survey.collect.box import BoxShut, BoxUnknown, StoreFull

LYING = 5.0  # seconds the index of SQLite's file may know the order of the newest keys
_STIRRING, _BREATH = 0.25, 0.005  # seconds of drawing places anew at a stretch; for those in line, after each transaction of it

# Built once: every answer asks for it.
_THIS_KEY = (BALLOT_KEY.c.wave == bindparam("of_wave"), BALLOT_KEY.c.nullifier == bindparam("of_key"))
_BALLOT_AT = func.ballot_at(bindparam("of_wave"), bindparam("of_key"), type_=LargeBinary)
_AT = {
    "sqlite": Asked(row_keys.by_key(select(BALLOT.c.ciphertext), "sqlite")[0].where(*_THIS_KEY)),
    "postgresql": Asked(select(_BALLOT_AT)),
}


def _asking(held: ColumnElement[bool]) -> Asked:
    """Whether the box is shut, and if not, what it holds: of a shut box no key is looked for, so that not even the time it takes depends on one."""
    told = case((COVER.c.shut.is_(None), held), else_=false())
    return Asked(select(COVER.c.shut, told).where(COVER.c.wave == bindparam("of_wave")))


_HOLDS = {"sqlite": _asking(select(BALLOT_KEY).where(*_THIS_KEY).exists()), "postgresql": _asking(_BALLOT_AT.is_not(None))}


@cache
def _put() -> Executable:
    """PostgreSQL's own. A row that is there already stays as it is: it would write a refused one into its log, with the time."""
    from sqlalchemy.dialects.postgresql import insert  # loaded where it is used, and not paid for where it is not

    return insert(BALLOT).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@dataclass(eq=False)
class _Putting:
    """A ballot on its way into the box; `stored` is None until a commit has decided. `late`: its box was not open any more."""

    row: dict[str, Any]
    cover: Cover
    stored: bool | None = None
    late: bool = False


class SealedBox:
    """Implements survey.collect.box.Box and BoxKeeper.

    Many answers at once share a commit: the first in line writes everybody who waits. A durable commit
    costs as much for ten ballots as for one, and ballots of one commit have no order among them.
    """

    def __init__(self, engine: Engine, covers: Covers) -> None:
        self._engine = engine
        self._door = Door(engine)
        self._line = Lock()
        self._waiting: deque[_Putting] = deque()
        self._checked: dict[str, Cover] = {}
        self.covers = covers
        self.full = False  # the last ballot found no room
        self.standing, self.shut, self.reopen, self.settle = self._door.standing, self._door.shut, self._door.reopen, self._door.settle
        # PostgreSQL's write-ahead log would tell the order all the same: there the cover stands alone.
        self._places = Places() if engine.dialect.name == "sqlite" else None
        self.stirring = Soon(self._stir if self._places else None, LYING)

    def begin(self, wave_id: str, identity: bytes) -> None:
        """A box that is there keeps its cover; one of an older version is given its identity."""
        held = self.standing(wave_id)
        if held is None:
            self._door.begin(wave_id, self.covers.keep(wave_id).fingerprint, identity)
        elif held.identity is None:
            self._door.identify(wave_id, identity)

    def is_shut(self, wave_id: str) -> bool:
        found = self.standing(wave_id)
        if found is None:
            raise BoxUnknown(wave_id)
        return found.shut is not None

    def put(self, wave_id: str, nullifier: bytes, ciphertext: bytes, attempt: bytes = b"") -> bool:
        for before in (False, True):
            cover = self._cover_in_use(wave_id)
            if cover is None:
                raise BoxShut() if before else self._not_in_use(wave_id)
            covered = cover.put_on(ciphertext, cover.mark(nullifier, attempt))
            mine = _Putting({"wave": wave_id, "nullifier": cover.row_key(nullifier), "ciphertext": covered}, cover)
            self._waiting.append(mine)
            with self._line:
                if mine.stored is None and not mine.late:
                    self._write(mine)
            if not mine.late:
                assert mine.stored is not None  # a failed commit has raised
                return mine.stored
            self._checked.pop(wave_id, None)  # shut, or another process has begun a new box for the wave
        raise BoxShut()

    def _write(self, first: _Putting) -> None:
        """One commit for `first` and all who wait. Where it fails, each of them tries again alone."""
        together = list(dict.fromkeys([first, *(self._waiting.popleft() for _ in range(len(self._waiting)))]))
        try:
            self._commit(together)
        except SQLAlchemyError as error:
            if len(together) == 1:
                self._refused(error)
            try:
                self._commit([first])
            except SQLAlchemyError as alone:
                self._refused(alone)
        self.full = False
        self.stirring.soon()

    def _refused(self, error: SQLAlchemyError) -> NoReturn:
        self.full = is_full(error)
        if self.full:
            raise StoreFull() from None
        raise error

    def _commit(self, together: list[_Putting]) -> None:
        with going_in(self._engine, {one.row["wave"] for one in together}) as (connection, covers):
            # What is decided here holds only once this transaction has ended well.
            late = [covers.get(one.row["wave"]) != one.cover.fingerprint for one in together]
            stored = [not out and self._stored(connection, one.row) for one, out in zip(together, late, strict=True)]
        for one, out, done in zip(together, late, stored, strict=True):
            one.late, one.stored = out, None if out else done

    def _stored(self, connection: Connection, row: dict[str, Any]) -> bool:
        return connection.execute(_put(), row).rowcount == 1 if self._places is None else self._places.put(connection, row)

    def holds(self, wave_id: str, nullifier: bytes) -> bool:
        cover = self._checked.get(wave_id)
        if cover is None:  # a shut box says so on a machine without its cover too
            if self.is_shut(wave_id):
                raise BoxShut()
            cover = self._cover_in_use(wave_id)
            if cover is None:
                raise self._not_in_use(wave_id)
        for shut, there in _HOLDS[self._engine.dialect.name].rows(self._engine, of_wave=wave_id, of_key=cover.row_key(nullifier)):
            if shut is not None:
                raise BoxShut()
            return bool(there)
        raise BoxUnknown(wave_id)

    def of_attempt(self, wave_id: str, nullifier: bytes, attempt: bytes) -> bytes | None:
        """The ballot, if this very attempt put it there."""
        cover = self._cover_in_use(wave_id)
        mark, sealed = self._found(wave_id, nullifier)
        return sealed if cover is not None and hmac.compare_digest(mark, cover.mark(nullifier, attempt)) else None

    def _found(self, wave_id: str, nullifier: bytes) -> tuple[bytes, bytes | None]:
        """(mark, sealed ballot). PostgreSQL: through a function, for those who take answers may not read the table
        (deploy/postgres/box.sql)."""
        cover = self._cover_in_use(wave_id)
        if cover is None:
            return b"", None
        key = cover.row_key(nullifier)
        at = _AT[self._engine.dialect.name]
        covered = next((content for (content,) in at.rows(self._engine, of_wave=wave_id, of_key=key)), None)
        return (b"", None) if covered is None else cover.uncovered(covered)

    def count(self, wave_id: str) -> int:
        with self._engine.connect() as connection:
            return int(rows_of(connection, select(func.count()).where(BALLOT.c.wave == wave_id))[0][0])

    def portions(self, wave_id: str) -> list[Portion]:
        """Raises CoverMissing at once."""
        cover = self._cover(wave_id)
        return [] if cover is None else portions(self._engine, wave_id, cover, self.count(wave_id))

    def ballots(self, wave_id: str) -> list[bytes]:
        return [sealed for portion in self.portions(wave_id) for sealed in portion.read().sealed]

    def destroy(self, wave_id: str) -> None:
        """Delete the wave's cover key and ballots, and leave no trace of them in the files.

        The key goes first, so that what is left of a destruction that was cut off is noise; the row that
        stands for the box goes last, so that it is found and done again.
        """
        self.covers.destroy(wave_id)
        self._checked.pop(wave_id, None)
        with making_room_known(self._engine):
            with going_in(self._engine, ()) as (connection, _covers), not_overwriting(connection):
                mine = BALLOT.c.wave == wave_id
                # SQLite, which lets nobody else in meanwhile, empties a table three times as fast as it deletes all of its rows.
                only = self._places is not None and not connection.execute(select(select(BALLOT).where(~mine).exists())).scalar_one()
                connection.execute(delete(BALLOT) if only else delete(BALLOT).where(mine))
                if self._places:
                    connection.execute(delete(BALLOT_KEY).where(BALLOT_KEY.c.wave == wave_id))
            forget_deleted(self._engine)
            with self._engine.begin() as connection:
                connection.execute(delete(COVER).where(COVER.c.wave == wave_id))

    def forget(self, wave_id: str) -> None:
        """Destroy this machine's copy of a cover key, in memory and on the disk."""
        self._checked.pop(wave_id, None)
        self.covers.destroy(wave_id)

    def _stir(self) -> bool:
        """Take from SQLite's file what it still knows of the order; answers get their turn in between. True: more is to be done."""
        assert self._places is not None
        more, until = True, time.monotonic() + _STIRRING
        while more and time.monotonic() < until:
            try:
                with self._line, going_in(self._engine, ()) as (connection, _covers):  # better to wait here than to poll for SQLite's lock
                    more = self._places.draw_again(connection)
            except SQLAlchemyError:
                self._places.stale = True  # what was drawn does not hold
                raise
            time.sleep(_BREATH)
        key: row_keys.Key | None = row_keys.FIRST
        while key is not None:
            with self._line, going_in(self._engine, ()) as (connection, _covers):
                key = row_keys.write_anew(connection, key)
            time.sleep(_BREATH)
        return more

    def _cover_in_use(self, wave_id: str) -> Cover | None:
        """The wave's cover, for an answer: None too while a counted box is being destroyed, whose cover goes first and whose row last."""
        try:
            return self._cover(wave_id)
        except CoverMissing:
            standing = self.standing(wave_id)
            if standing is None or standing.counted:
                return None
            raise

    def _not_in_use(self, wave_id: str) -> BoxShut | BoxUnknown:
        """What whoever answers hears where there is no cover in use."""
        return BoxShut() if self.standing(wave_id) else BoxUnknown(wave_id)

    def _cover(self, wave_id: str) -> Cover | None:
        """The wave's cover, read once; None where the wave has no box here."""
        if wave_id not in self._checked:
            with self._engine.connect() as connection:
                fingerprint = connection.execute(select(COVER.c.fingerprint).where(COVER.c.wave == wave_id)).scalar_one_or_none()
            if fingerprint is None:
                return None
            cover = self.covers.read(wave_id)
            if cover is None or cover.fingerprint != fingerprint:
                raise CoverMissing(wave_id, self.covers.path(wave_id))
            self._checked[wave_id] = cover
        return self._checked[wave_id]
