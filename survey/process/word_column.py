"""A column of the same few words, read word by word: a hundred thousand people gave five different answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class WordColumn:
    """A column of words, of some rows of a table: which different ones there are, and where the first of each stands."""

    def __init__(self, table: pd.DataFrame, name: str, rows: NDArray[np.bool_]) -> None:
        self.name = name
        self._rows, self._index = np.flatnonzero(rows), table.index
        self._words, self._size = table[name].cat.categories, len(table)
        codes = table[name].cat.codes.to_numpy()[self._rows]
        self._codes, first, self._place, self._times = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
        self._first, self._order = first, np.argsort(first)

    def cells(self) -> Iterator[tuple[int, str, int]]:
        """(row of the first, the cell, in how many rows) from the top down."""
        for one in self._order.tolist():
            yield int(self._index[self._rows[self._first[one]]]), str(self._words[self._codes[one]]), int(self._times[one])

    def spread(self, values: Sequence[int], missing: int) -> NDArray[np.int32]:
        """`values` of the different cells, in the order of `cells`, given to every row."""
        of_code = np.full(len(self._codes), missing, dtype=np.int32)
        of_code[self._order[: len(values)]] = values
        found = np.full(self._size, missing, dtype=np.int32)
        found[self._rows] = of_code[self._place]
        return found
