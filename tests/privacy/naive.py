"""Ways in which answers are usually stored, each believed to be anonymous: the attack must catch them all."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, insert

from db import row_keys
from db.box_models import BALLOT
from db.places import Places
from tests.privacy.crowd import Crowd
from tests.privacy.linking import Linked, Person, link

MIX = 50


class InTheQueue(Places):
    """A ballot lies where it came, as SQLite lays it."""

    def put(self, connection: Connection, row: Mapping[str, Any]) -> bool:
        connection.execute(insert(BALLOT), {**row, "place": self._last(connection, str(row["wave"])) + 1})
        return True


def written_anew(engine: Engine) -> int:
    """In how many transactions all keys were written anew."""
    key: row_keys.Key | None = row_keys.FIRST
    pieces = -1  # the last finds none left
    while key is not None:
        with engine.begin() as connection:
            key = row_keys.write_anew(connection, key)
        pieces += 1
    return pieces


def naive_stores(folder: Path, crowd: Crowd, seed: int) -> dict[str, Linked]:
    rng = np.random.default_rng(seed)
    heaps = [crowd.order[start : start + MIX] for start in range(0, len(crowd.order), MIX)]
    mixed = [int(person) for heap in heaps for person in rng.permutation(heap)]
    return {
        "a table with a time": _stored(folder / "time.db", crowd, crowd.order, "created"),
        "a table without times, rows numbered": _stored(folder / "blank.db", crowd, crowd.order, "id"),
        f"answers mixed in heaps of {MIX}": _stored(folder / "mixed.db", crowd, mixed, "id"),
    }


def _stored(file: Path, crowd: Crowd, order: Sequence[Person], by: str) -> Linked:
    database = sqlite3.connect(file)
    with database:
        database.execute("CREATE TABLE response (id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT, answers TEXT, created INTEGER)")
        rows = [(crowd.unit[person], str(person), number if by == "created" else None) for number, person in enumerate(order)]
        database.executemany("INSERT INTO response (unit, answers, created) VALUES (?, ?, ?)", rows)
    found = [int(row[0]) for row in database.execute(f"SELECT answers FROM response ORDER BY {by}")]
    database.close()
    return link(crowd.came, found)
