"""Releases that a correction replaced."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Superseded:
    """A release that was replaced: kept for the audit of later corrections, shown nowhere. number: from 1, the first."""

    number: int
    hash: str
    cells: pd.DataFrame
