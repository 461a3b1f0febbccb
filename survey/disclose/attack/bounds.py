"""The audit's second attacker: bounds by linear programming, and small groups isolated by arithmetic.

It reads the same tables as audit.py, knows nothing of how numbers were chosen, and asks of what is
about to be published: is every hidden number under its minimum base uncertain by at least that
base, and does no combination of published numbers speak of 1 to least - 1 people?
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from survey.disclose.attack.attacker import Attacker
from survey.process.scores import Floats

if TYPE_CHECKING:
    from survey.disclose.attack.audit import Table


def attacked(tables: Sequence[Table]) -> tuple[list[str], list[str]]:
    """(numbers bounded too tightly, cells isolated in a small group), as readable findings."""
    narrow: list[str] = []
    isolated: list[str] = []
    met: dict[tuple[bytes, int], tuple[sparse.csr_matrix, Attacker]] = {}
    for table in tables:
        key = (hashlib.sha256(np.ascontiguousarray(table.rows).tobytes()).digest(), table.least)
        if key not in met:
            rows = _with_every_cell(table.rows)
            met[key] = rows, Attacker(rows, table.least)
        rows, attacker = met[key]
        extra = rows.shape[0] - len(table.names)
        shown = np.concatenate([table.shown, np.zeros(extra, dtype=bool)])
        withheld = np.concatenate([table.withheld, np.zeros(extra, dtype=bool)])
        totals = np.asarray(rows @ table.people)
        sensitive = (totals < table.least) & (withheld | (totals > 0)) & (np.diff(rows.indptr) > 0)
        names = [*table.names, *(f"cell {cell}" for cell in rows.indices[len(rows.indices) - extra :])]
        for hit in attacker.narrow(table.people, shown, np.where(sensitive, float(table.least), 0.0)):
            narrow.append(f"{table.name}: {names[hit.place]} within {hit.reached:g} people")
        for hit in attacker.isolating(table.people, shown):
            named = np.flatnonzero(table.rows[:, hit.place])
            isolated.append(f"{table.name}: {table.names[named[-1]]} among {hit.reached:g} people")
    return narrow, isolated


def _with_every_cell(rows: Floats) -> sparse.csr_matrix:
    """The numbers, and below them every cell that is no number by itself (a parent's own staff)."""
    alone = rows[(rows != 0).sum(axis=1) == 1]
    missing = np.flatnonzero(~(alone != 0).any(axis=0)) if len(alone) else np.arange(rows.shape[1])
    return sparse.csr_matrix(np.vstack([rows, np.eye(rows.shape[1])[missing]]))
