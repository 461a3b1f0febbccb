"""Figures of docs/performance.md: `python -m benchmarks [name...]` measures them and prints a table.

Each module has one function returning rows. Absolute figures are of the machine they were measured on,
so each comes with a ratio to something plain, measured in the same run, wherever there is such a thing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure with its unit, what it should be."""

    what: str
    figure: str
    target: str = ""
