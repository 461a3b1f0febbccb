"""Tables of the box, a database of its own: ballots, and what each box of a wave was begun with."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, String, Table, false

from db.models import NAMES
from survey import limits

BOX = MetaData(naming_convention=NAMES)

# A sealed ballot under the wave's cover. The covered nullifier makes a code count once: PostgreSQL's primary key, in SQLite that of
# the table beside this one.
#
# `place`: drawn by lot in SQLite's file (db/places.py); NULL in PostgreSQL.
BALLOT = Table(
    "ballot",
    BOX,
    Column("wave", String(limits.ID), nullable=False),
    Column("nullifier", LargeBinary(32), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("place", Integer),
    PrimaryKeyConstraint("wave", "nullifier").ddl_if("postgresql"),
    Index("ix_ballot_place", "wave", "place", unique=True, info={"only": "sqlite"}),
)

# Where the ballot of each key lies, in SQLite's file (db/row_keys.py).
BALLOT_KEY = Table(
    "ballot_key",
    BOX,
    Column("wave", String(limits.ID), primary_key=True),
    Column("nullifier", LargeBinary(32), primary_key=True),
    Column("place", Integer, nullable=False),
    sqlite_with_rowid=False,
    info={"only": "sqlite"},
)

# A wave's box: whose it is, and which cover key it was begun with (a machine with another must not put ballots in).
#
# `shut`: random bytes of this shutting, NULL while answers are taken; `counted`: it may not be reopened.
COVER = Table(
    "cover",
    BOX,
    Column("wave", String(limits.ID), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("identity", LargeBinary(32)),
    Column("shut", LargeBinary(16)),
    Column("counted", Boolean, server_default=false(), nullable=False),
    CheckConstraint("NOT counted OR shut IS NOT NULL", name="counted_is_shut"),
    sqlite_with_rowid=False,
)
