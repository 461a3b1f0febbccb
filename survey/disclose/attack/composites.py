"""The attack on composites: a theme beside its items, the index beside its themes.

Where a composite is anything but the mean of its printed parts, what differs speaks of somebody: with means of person
means one person's answered items and their exact sum followed in 700 of 6,011 cases of the first build.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import FORMS, PARTIAL
from survey.disclose.rows import places_among
from survey.process.composites import composite_columns
from survey.process.scores import Floats, measures_of

_ROUNDING = 0.0051  # points: two decimals are printed


def loose_composites(cells: pd.DataFrame, questionnaire: Questionnaire, plan: Plan) -> list[str]:
    """Composites that are not the mean of their printed parts, or do not say that a part lacks."""
    found: list[str] = []
    rows = cells[cells["measure"] != FORMS]
    place = {str(measure): column for column, measure in enumerate(measures_of(questionnaire))}
    node = {one.id: number for number, one in enumerate(plan.nodes)}
    for (breakdown, category), part in rows.groupby(["breakdown", "category"], sort=False):
        at = (places_among(part["unit"], node), places_among(part["measure"], place))
        shown = np.zeros((len(node), len(place)), dtype=bool)
        shown[at] = (part["reason"] == "").to_numpy()
        note = np.full(shown.shape, "", dtype=object)
        note[at] = part["note"].to_numpy()
        for name in ("score", "favourable", "unfavourable"):
            values = np.full(shown.shape, np.nan)
            values[at] = part[name].to_numpy(dtype=float)
            for row, why in _loose(values, shown, note, questionnaire, name):
                found.append(f"{plan.nodes[row].id} {breakdown}/{category} {name}: {why}")
    return found


def _loose(values: Floats, shown: np.ndarray, note: np.ndarray, questionnaire: Questionnaire, name: str) -> Iterator[tuple[int, str]]:
    for column, columns in composite_columns(questionnaire, measures_of(questionnaire)).items():
        if column == 0 and name != "score":
            continue
        there = shown[:, columns] & np.isfinite(values[:, columns])
        some = there.any(axis=1) & shown[:, column] & np.isfinite(values[:, column])
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(there, values[:, columns], 0.0).sum(axis=1) / there.sum(axis=1)
            wrong = some & (np.abs(values[:, column] - mean) > _ROUNDING)
        for row in np.flatnonzero(wrong).tolist():
            yield row, "not the mean of its printed parts"
        if name == "score":
            lacking = some & (there.sum(axis=1) < len(columns))
            for row in np.flatnonzero(lacking).tolist():
                if PARTIAL not in note[row, column]:
                    yield row, "a part lacks, and it does not say so"
