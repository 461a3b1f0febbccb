"""SQLite's row keys: a small table beside the ballots (`ballot_key`), written anew some keys at a time, so that nobody waits for the whole.

In a page of a table, keys lie in the order in which they came, until they are written anew. A unique index of the ballots would be that
table too, but SQLite writes an index anew only as a whole, and reads all ballots for it. Triggers keep it true, whatever puts ballots in
(migration box_0007).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Table, and_

from db.asked import driven
from db.box_models import BALLOT, BALLOT_KEY

Key = tuple[str, bytes]  # of which wave, and the row key
FIRST: Key = ("", b"")  # before every key
_AT_ONCE = 2_000  # keys: a hundredth of a second
_NEXT = "SELECT wave, nullifier, place FROM ballot_key WHERE (wave, nullifier) > (?, ?) ORDER BY wave, nullifier LIMIT ?"
_TAKE_OUT = "DELETE FROM ballot_key WHERE (wave, nullifier) > (?, ?) AND (wave, nullifier) <= (?, ?)"
_PUT_BACK = "INSERT INTO ballot_key (wave, nullifier, place) VALUES (?, ?, ?)"


def write_anew(connection: Connection, after: Key) -> Key | None:
    """Write the next keys anew, in their own order; the last of them, None when there is none left. Part of a transaction that writes."""
    driver = driven(connection)
    rows = driver.execute(_NEXT, (*after, _AT_ONCE)).fetchall()
    if not rows:
        return None
    last: Key = rows[-1][:2]
    driver.execute(_TAKE_OUT, (*after, *last))
    driver.executemany(_PUT_BACK, rows)
    return last


def by_key(rows: Select[*tuple[Any, ...]], dialect: str) -> tuple[Select[*tuple[Any, ...]], Table]:
    """Ballots in the order of their keys, that is, in none, and the table whose keys may be asked for. PostgreSQL has them in the ballots' own."""
    if dialect != "sqlite":
        return rows.order_by(BALLOT.c.wave, BALLOT.c.nullifier), BALLOT
    key = BALLOT_KEY
    rows = rows.select_from(BALLOT).join(key, and_(key.c.wave == BALLOT.c.wave, key.c.place == BALLOT.c.place))
    return rows.order_by(key.c.wave, key.c.nullifier), key
