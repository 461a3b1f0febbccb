"""The verdicts of one family of tests, in little room: a country has hundreds of thousands of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from survey.analyse.change import Comparison, State

_STATES = tuple(State)


class Family:
    """(unit, measure) -> Comparison, made when it is asked for; held as numbers, NaN for none."""

    def __init__(self, cells: Iterable[tuple[str, str]], found: Sequence[Comparison]) -> None:
        pairs = list(cells)
        self._units = {unit: row for row, unit in enumerate(dict.fromkeys(unit for unit, _measure in pairs))}
        self._measures = {measure: column for column, measure in enumerate(dict.fromkeys(measure for _unit, measure in pairs))}
        shape = (len(self._units), len(self._measures))
        self._reasons = tuple(dict.fromkeys(one.reason for one in found))
        self._state = np.full(shape, -1, dtype=np.int8)  # -1: not in the family
        self._reason = np.zeros(shape, dtype=np.int8)
        self._number = np.full((*shape, 2), np.nan)
        reasons = {reason: place for place, reason in enumerate(self._reasons)}
        for (unit, measure), one in zip(pairs, found, strict=True):
            place = self._units[unit], self._measures[measure]
            self._state[place] = _STATES.index(one.state)
            self._reason[place] = reasons[one.reason]
            self._number[place] = [np.nan if value is None else value for value in (one.difference, one.p)]

    def get(self, cell: tuple[str, str]) -> Comparison | None:
        unit, measure = cell
        if unit not in self._units or measure not in self._measures:
            return None
        place = self._units[unit], self._measures[measure]
        if self._state[place] < 0:
            return None
        difference, p = (None if value != value else value for value in self._number[place].tolist())
        return Comparison(difference, _STATES[self._state[place]], self._reasons[self._reason[place]], p)
