"""A plan of several trees (the provinces of a country): nothing published adds across them, so each is protected by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from survey.design.plan import Plan
from survey.design.wave import Wave
from survey.disclose.quality import Quality
from survey.disclose.release import Release

_NOT_ADDED = ("hashing", "suite", "rows_known")  # of the audit: the same for every tree


def trees(plan: Plan) -> tuple[Plan, ...]:
    """The same plan for each tree alone, nodes in the same order."""
    if len(plan.roots) == 1:
        return (plan,)
    top: dict[str, str] = {}
    for node in plan.topological:
        top[node.id] = top.get(node.parent or "", node.id)
    return tuple(replace(plan, nodes=tuple(node for node in plan.nodes if top[node.id] == root)) for root in plan.roots)


def together(wave: Wave, parts: Sequence[Release]) -> Release:
    """The release of a wave whose trees were protected and attacked one by one, `parts` in the order of `trees`."""
    if len(parts) == 1:
        return parts[0]
    of_each = [part.quality for part in parts if part.quality is not None]
    quality = Quality(
        units={unit: mark for one in of_each for unit, mark in one.units.items()},
        alphas={unit: found for one in of_each for unit, found in one.alphas.items()},
        drivers={unit: found for one in of_each for unit, found in one.drivers.items()},
    )
    whole = replace(
        parts[0],
        wave=wave,
        cells=pd.concat([part.cells for part in parts], ignore_index=True),
        audit=_added([dict(part.audit) for part in parts]),
        quality=quality if of_each else None,
    )
    return replace(whole, audit={**whole.audit, "trees": len(parts), "cells": whole.cells_hash})


def _added(audits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Counts of what was tried and found in all trees; `method`: each that was used."""
    found = dict(audits[0])
    for name, value in audits[0].items():
        if isinstance(value, int) and not isinstance(value, bool) and name not in _NOT_ADDED:
            found[name] = sum(audit[name] for audit in audits)
    return found | {"method": ", ".join(sorted({str(audit["method"]) for audit in audits}))}
