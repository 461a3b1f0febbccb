"""Problems of values: one for each value, however many rows hold it, at the first of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from survey.errors import Problem


@dataclass
class _Seen:
    """One kind of problem: where first, and in how many rows."""

    row: int
    message: str
    cure: str
    values: dict[str, Any]
    rows: int


class ValueProblems:
    def __init__(self) -> None:
        self._seen: dict[tuple[Hashable, ...], _Seen] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def note(self, row: int, column: str, message: str, cure: str, rows: int, **values: Any) -> None:
        """`row`: the first of `rows` that hold the value."""
        key = (column, message, *sorted(map(str, values.values())))
        if key in self._seen:
            self._seen[key].rows += rows
            self._seen[key].row = min(self._seen[key].row, row)
        else:
            self._seen[key] = _Seen(row, message, cure, {"column": column, **values}, rows)

    def found(self, in_rows: Mapping[str, str]) -> list[Problem]:
        """From the top down. `in_rows`: message -> the same for more than one row, with {rows}."""
        made = []
        for (column, *_rest), seen in sorted(self._seen.items(), key=lambda one: one[1].row):
            message = seen.message
            if seen.rows > 1:
                seen.values["rows"] = seen.rows
                message = in_rows.get(message, message)
            made.append(Problem(row=seen.row or None, column=str(column) or None, message=message, cure=seen.cure, values=seen.values))
        return made
