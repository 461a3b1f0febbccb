"""The attacker's view of a release: thresholds, and what follows from published numbers by arithmetic.

Every published number of one measure is a known sum over cells (reporting unit x category). An
attacker adds and subtracts them. A hidden number that lies in the span of the published ones is
disclosed. This is linear algebra, it needs no knowledge of how numbers were hidden, and it is run
on what is about to be published. bounds.py asks the same of what can only be bounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.disclose.attack.bounds import attacked
from survey.errors import N_, SurveyError
from survey.process.scores import Floats

_TINY = 1e-7


@dataclass(frozen=True)
class Table:
    """One measure's numbers for an attack: rows over cells.

    rows: numbers x cells, 1 where a cell's people are counted; people: cells; shown: numbers that
    are published; withheld: numbers that must not follow however many people they speak of.
    """

    name: str
    rows: Floats
    people: Floats
    shown: NDArray[np.bool_]
    withheld: NDArray[np.bool_]
    names: Sequence[str]
    least: int


class AuditFailed(SurveyError):
    """A release that would disclose something: it is not written."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "audit-failed",
            N_("The audit found {count} numbers that would give a small group away; nothing was published. First: {first}"),
            count=len(findings),
            first=findings[0],
        )


def under_minimum(tables: Sequence[Table]) -> list[str]:
    """Published numbers that speak of fewer people than their minimum base."""
    return [
        f"{table.name}: {table.names[row]}"
        for table in tables
        for row in np.flatnonzero(table.shown & (table.rows @ table.people < table.least)).tolist()
    ]


def disclosed(tables: Sequence[Table]) -> list[str]:
    """What follows from the published numbers by addition and subtraction and must not.

    Two attackers: one who knows only the tree must not get any withheld number; one who also knows
    which cells are empty must not get any group of 1 to least - 1 people.
    """
    found: list[str] = []
    seen: dict[bytes, NDArray[np.bool_]] = {}

    def follows(table: Table, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        # Measures with the same numbers shown pose the same problem.
        key = table.name.split("/")[0].encode() + np.packbits(table.shown).tobytes() + np.packbits(cells).tobytes()
        if key not in seen:
            rows = table.rows[:, cells]
            seen[key] = _in_span(rows[table.shown], rows) & ~table.shown
        return seen[key]

    for table in tables:
        people = table.rows @ table.people
        hits = follows(table, np.ones(len(table.people), dtype=bool)) & table.withheld & (people > 0)
        hits |= follows(table, table.people > 0) & (people > 0) & (people < table.least)
        found += [f"{table.name}: {table.names[row]}" for row in np.flatnonzero(hits).tolist()]
    return found


def _in_span(published: Floats, candidates: Floats) -> NDArray[np.bool_]:
    """Which candidate rows are linear combinations of the published rows?"""
    if published.shape[0] == 0:
        return np.zeros(candidates.shape[0], dtype=bool)
    # Eigenvalues of the small side's products: as sure as singular values for whole numbers, far quicker.
    squares, left = np.linalg.eigh(published @ published.T)
    kept = squares > _TINY**1.5 * max(squares[-1], 1)
    basis = (left[:, kept] / np.sqrt(squares[kept])).T @ published
    rest = candidates - (candidates @ basis.T) @ basis
    return np.asarray(np.linalg.norm(rest, axis=1) < _TINY * np.maximum(np.linalg.norm(candidates, axis=1), 1))


def certify(tables: Sequence[Table], alike: Sequence[str] = ()) -> Mapping[str, int]:
    """Attack `tables`; AuditFailed if anything is found, else what was tried, for the certificate.

    alike: what attack_unanimity.py found on the rows themselves.
    """
    narrow, isolated = attacked(tables)
    findings = under_minimum(tables) + disclosed(tables) + narrow + isolated + list(alike)
    if findings:
        raise AuditFailed(findings)
    return {
        "tables": len(tables),
        "published": int(sum(table.shown.sum() for table in tables)),
        "hidden": int(sum((~table.shown).sum() for table in tables)),
        "under_minimum": 0,
        "disclosed": 0,
        "intervals_too_narrow": 0,
        "isolated": 0,
        "unanimous": 0,
    }
