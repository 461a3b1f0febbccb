"""The numbers of stored releases, read as a whole or where they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, bindparam, select

from db.models import CELL
from survey.design.plan import Plan
from survey.disclose.large import pieces
from survey.disclose.release import COLUMNS
from survey.disclose.rows import PackedRows, Rows
from survey.kept import Kept

_PORTION = 20_000  # rows that are objects of Python at a time
_UNITS = 500  # asked for in one question
_KEY = (CELL.c.unit, CELL.c.breakdown, CELL.c.category, CELL.c.measure)
_CELLS = select(*(CELL.c[name] for name in COLUMNS)).where(CELL.c.release == bindparam("of_release")).order_by(*_KEY)
_OF_UNITS = _CELLS.where(CELL.c.unit.in_(bindparam("of_units", expanding=True)))
_HELD = select(CELL.c.unit).distinct().where(CELL.c.release == bindparam("of_release"))
_PLAIN, _BROKEN_DOWN = _OF_UNITS.where(CELL.c.breakdown == ""), _OF_UNITS.where(CELL.c.breakdown != "")
_ALL = _CELLS.execution_options(yield_per=_PORTION)


class StoredShelf:
    """Implements survey.disclose.large.Shelf: what was read stays in `kept`, which all releases share."""

    def __init__(self, engine: Engine, kept: Kept, release_id: str, plan: Plan) -> None:
        with engine.connect() as connection:
            self.units: Collection[str] = frozenset(connection.execute(_HELD, {"of_release": release_id}).scalars())
        self._engine, self._kept, self._release = engine, kept, release_id
        self._pieces = pieces(plan)

    def rows(self, unit: str, breakdowns: bool) -> Rows:
        piece = self._pieces[unit]

        def read() -> Rows:
            with self._engine.connect() as connection:
                asked = {"of_release": self._release, "of_units": piece}
                return PackedRows(frame(connection.execute(_BROKEN_DOWN if breakdowns else _PLAIN, asked).all()))

        return self._kept.get((self._release, piece[0], breakdowns), read, _count)

    def cells(self, units: Collection[str]) -> pd.DataFrame:
        with self._engine.connect() as connection:
            if len(units) == len(self.units):
                return read_cells(connection, self._release)
            asked = sorted(units)
            some = [asked[start : start + _UNITS] for start in range(0, len(asked), _UNITS)]
            parts = [frame(connection.execute(_OF_UNITS, {"of_release": self._release, "of_units": one}).all()) for one in some]
        return pd.concat(parts, ignore_index=True) if parts else frame(())

    def table(self, units: Collection[str]) -> pd.DataFrame:
        return self._kept.get((self._release, frozenset(units)), lambda: self.cells(units), len)


def _count(rows: Rows) -> int:
    return sum(map(len, rows.places.values()))


def read_cells(connection: Connection, release_id: str) -> pd.DataFrame:
    """All of a release; some rows at a time, since as objects they take ten times the room."""
    parts = [frame(rows) for rows in connection.execute(_ALL, {"of_release": release_id}).partitions()]
    return pd.concat(parts, ignore_index=True) if parts else frame(())


def frame(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Column by column: pandas inspects a list of database rows one by one."""
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    cells = pd.DataFrame({name: list(values) for name, values in zip(COLUMNS, columns, strict=True)})
    numeric = list(COLUMNS[4:12])
    cells[numeric] = cells[numeric].astype(float)
    return cells
