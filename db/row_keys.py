"""SQLite's index of the row keys, in parts that are written anew one after the other: nobody waits for the whole of it.

In a page of an index, keys lie in the order in which they came, until it is written anew. A statement that looks for a key must say the
condition of its part word for word, or SQLite does not use the index (https://sqlite.org/partialindex.html, "Queries Using Partial Indexes").
"""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy import Engine, TextClause, text

BITS = 3  # of a key's first byte say which part it is in
_EDGES = [f"x'{part << (8 - BITS):02x}'" for part in range(1, 1 << BITS)]
CONDITIONS = (
    f"nullifier < {_EDGES[0]}",
    *(f"nullifier >= {low} AND nullifier < {high}" for low, high in pairwise(_EDGES)),
    f"nullifier >= {_EDGES[-1]}",
)
NAMES = tuple(f"ix_ballot_key_{part}" for part in range(len(CONDITIONS)))


def part_of(key: bytes) -> int:
    return key[0] >> (8 - BITS)


def parts(engine: Engine) -> list[TextClause]:
    """Conditions that together hold for every key: those of the parts; PostgreSQL has a primary key, in one part."""
    return [text(condition) for condition in (CONDITIONS if engine.dialect.name == "sqlite" else ("true",))]


def write_anew(engine: Engine, name: str) -> None:
    """The table is read through a map of the file: copied out of it page by page, it would take four times as long. Not mapped
    for longer than that: Windows shortens no file that is mapped, and a destroyed box is cut off its file."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"PRAGMA mmap_size={2**40}")  # SQLite takes what it can
        try:
            connection.exec_driver_sql(f"REINDEX {name}")
        finally:
            connection.exec_driver_sql("PRAGMA mmap_size=0")
