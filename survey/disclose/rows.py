"""The rows of a release, found by unit: pages ask for a few units of thousands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KEYS = ("unit", "breakdown", "category", "measure")
TEXTS = (*KEYS, "options", "reason", "note")
COLUMNS = (
    "unit", "breakdown", "category", "measure", "base", "score", "sd", "low", "high",
    "favourable", "unfavourable", "dont_know", "options", "reason", "note",
)  # fmt: skip


class Rows:
    """`places`: row numbers of each unit.

    Taking rows of a frame of words is slow; of plain arrays it is not. Each word is held once, beside the places where it stands.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        self._cells = cells
        self.places: Mapping[str, Any] = {str(unit): rows for unit, rows in cells.groupby("unit", sort=False).indices.items()}
        self._read: dict[str, dict[tuple[str, str, str], tuple[Any, ...]]] = {}

    @cached_property
    def _columns(self) -> list[tuple[NDArray[Any], NDArray[Any] | None]]:
        cells = self._cells
        return [_words(cells[name]) if name in TEXTS else (cells[name].to_numpy(dtype=float), None) for name in COLUMNS]

    def of(self, unit: str, breakdown: str, category: str, measure: str) -> tuple[Any, ...] | None:
        """base, score, ..., reason of one cell (COLUMNS after the key)."""
        if unit not in self._read:
            rows = self.places.get(unit, [])
            columns = [(values[rows] if words is None else words[values[rows]]).tolist() for values, words in self._columns]
            self._read[unit] = {(row[1], row[2], row[3]): row[4:] for row in zip(*columns, strict=True)}
        return self._read[unit].get((breakdown, category, measure))


class PackedRows(Rows):
    """The same in a third of the room: no row is made until it is asked for, and units with the same rows share the list of them.

    For what is read in pieces and held with a thousand others.
    """

    def __init__(self, cells: pd.DataFrame) -> None:
        super().__init__(cells)
        self._found: dict[str, Mapping[tuple[str, str, str], int]] = {}
        alike: dict[bytes, Mapping[tuple[str, str, str], int]] = {}
        keys = [(values, words) for values, words in self._columns[1:4] if words is not None]
        for unit, rows in self.places.items():
            standing = b"".join(values[rows].tobytes() for values, _words in keys)
            if standing not in alike:
                names = (words[values[rows]].tolist() for values, words in keys)
                alike[standing] = {key: place for place, key in enumerate(zip(*names, strict=True))}
            self._found[unit] = alike[standing]
        del self._cells  # all of it stands in the columns

    def of(self, unit: str, breakdown: str, category: str, measure: str) -> tuple[Any, ...] | None:
        place = self._found.get(unit, {}).get((breakdown, category, measure))
        if place is None:
            return None
        row = self.places[unit][place]
        return tuple(values[row].item() if words is None else words[values[row]] for values, words in self._columns[4:])


def places_among(texts: pd.Series, place: Mapping[str, int]) -> NDArray[np.int64]:
    """The place of each text. Each of the different ones is looked up once."""
    codes, different = pd.factorize(texts)
    return np.array([place[word] for word in different.tolist()], dtype=np.int64)[codes]


def _words(texts: pd.Series) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Where each of the different texts stands, and those."""
    places, different = pd.factorize(texts)
    return places.astype(np.int32), np.array([str(word) for word in different.tolist()], dtype=object)


def said_of(cells: pd.DataFrame, which: NDArray[np.bool_], *columns: str) -> Iterator[tuple[Any, ...]]:
    """The values of `columns` in those rows: of hits, which are nearly always none."""
    if which.any():
        hits = cells[which]
        yield from zip(*(hits[name] for name in columns), strict=True)
