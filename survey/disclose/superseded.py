"""Releases that a correction replaced."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

INSTEAD_OF_DRAFT = "instead_of_draft"  # in the audit of a release that replaced a draft nobody saw, where a correction has `replaces`


@dataclass(frozen=True, eq=False)
class Superseded:
    """A release that was replaced: kept for the audit of later corrections, shown nowhere. number: from 1, the first."""

    number: int
    hash: str
    cells: pd.DataFrame
