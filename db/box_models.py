"""Tables of the box, a database of its own: ballots, and what each box of a wave was begun with."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.models import NAMES
from survey import limits


class BoxBase(DeclarativeBase):
    """The box, a database of its own."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {bytes: LargeBinary}


class BallotRow(BoxBase):
    """A sealed ballot under the wave's cover. The covered nullifier makes a code count once: PostgreSQL's primary key, in SQLite that of
    the table beside this one.

    `place`: drawn by lot in SQLite's file (db/places.py); NULL in PostgreSQL.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        PrimaryKeyConstraint("wave", "nullifier").ddl_if("postgresql"),
        Index("ix_ballot_place", "wave", "place", unique=True, info={"only": "sqlite"}),
    )
    wave: Mapped[str] = mapped_column(String(limits.ID))
    nullifier: Mapped[bytes] = mapped_column(LargeBinary(32))
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[int | None] = mapped_column(Integer)


class BallotKeyRow(BoxBase):
    """Where the ballot of each key lies, in SQLite's file (db/row_keys.py)."""

    __tablename__ = "ballot_key"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"only": "sqlite"}},)
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    nullifier: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)


class CoverRow(BoxBase):
    """A wave's box: whose it is, and which cover key it was begun with (a machine with another must not put ballots in).

    `shut`: random bytes of this shutting, NULL while answers are taken; `counted`: it may not be reopened.
    """

    __tablename__ = "cover"
    __table_args__ = (CheckConstraint("NOT counted OR shut IS NOT NULL", name="counted_is_shut"), {"sqlite_with_rowid": False})
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    identity: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    shut: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    counted: Mapped[bool] = mapped_column(server_default=false())
