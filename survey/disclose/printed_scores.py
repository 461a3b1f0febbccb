"""Scores that another body printed, as a release: nothing is reckoned from them, and only the minimum bases can be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Node
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave
from survey.disclose.attack.review import certificate
from survey.disclose.policy import Policy
from survey.disclose.release import COLUMN_BY_COLUMN, COLUMNS, FORMS, TOO_FEW, Release
from survey.i18n import round_half_up
from survey.process.scores import Floats

_NUMBERS = COLUMNS[4:12]


def printed_scores(rows: pd.DataFrame, wave: Wave, questionnaire: Questionnaire, policy: Policy, rates: Mapping[str, float]) -> Release:
    """The release of one wave's rows (scores_file.py). `rates`: unit -> response rate in percent, as it was printed.

    A number is hidden where it surely speaks of fewer people than its minimum base; AuditFailed if one is shown.
    """
    cells = pd.concat([_forms(rows, wave, policy, rates), _scores(rows, wave, policy, rates)], ignore_index=True)
    audit: dict[str, Any] = {"published_elsewhere": True, "scores_only": True, "under_minimum": 0, "hashing": COLUMN_BY_COLUMN}
    release = Release(
        wave=wave,
        questionnaire=questionnaire,
        policy=asdict(policy),
        policy_hash=policy.hash,
        cells=cells,
        published_elsewhere=True,
        audit=audit,
    )
    audit.update(certificate(release))  # the very dictionary of the release, as in protect.py
    return release


def _scores(rows: pd.DataFrame, wave: Wave, policy: Policy, rates: Mapping[str, float]) -> pd.DataFrame:
    least = np.where(rows["measure"].str.startswith("item:"), policy.item, policy.unit)
    at_most = rows["unit"].map({unit: _most(wave.plan.by_id[unit], rates.get(unit)) for unit in rows["unit"].unique()})
    hidden = rows["base"].fillna(at_most).to_numpy(dtype=float) < least
    cells = _empty(rows["unit"].tolist(), rows["measure"].tolist())
    for name in ("base", "score", "favourable"):
        cells[name] = np.where(hidden, np.nan, rows[name].to_numpy(dtype=float))
    cells["reason"] = np.where(hidden, TOO_FEW, "")
    return cells


def _most(node: Node, rate: float | None) -> float:
    """How many can stand behind a score of the unit, where no base was printed; NaN: nobody knows."""
    if node.headcount is None:
        return np.nan
    return node.headcount if rate is None else node.headcount * rate / 100


def _forms(rows: pd.DataFrame, wave: Wave, policy: Policy, rates: Mapping[str, float]) -> pd.DataFrame:
    """Of every node, so that each has its place: people who answered, at least those of the most answered number, and the
    rate, rounded as everywhere."""
    bases = rows.groupby("unit", sort=False)["base"].max()
    units = [node.id for node in wave.plan.nodes]
    people = bases.reindex(units).to_numpy(dtype=float)
    at_most = np.array([_most(wave.plan.by_id[unit], rates.get(unit)) for unit in units])
    hidden = np.where(np.isnan(people), at_most, people) < policy.unit  # a rate beside a headcount tells the people
    cells = _empty(units, FORMS)
    cells["base"] = np.where(hidden, np.nan, people)
    cells["score"] = [_rate(wave.plan.by_id[unit], one, rates.get(unit), policy) for unit, one in zip(units, people, strict=True)]
    cells["score"] = cells["score"].where(~hidden)
    cells["reason"] = np.where(hidden, TOO_FEW, "")
    return cells


def _rate(node: Node, people: float, printed: float | None, policy: Policy) -> float:
    if node.headcount is not None and node.headcount < policy.rate_headcount:
        return np.nan
    if printed is None:
        printed = 100 * people / node.headcount if node.headcount else np.nan
    return round_half_up(printed / policy.rate_step) * policy.rate_step if printed == printed else np.nan


def _empty(units: list[str], measures: list[str] | str) -> pd.DataFrame:
    """Cells without a number."""
    blank: dict[str, Floats | str] = {name: np.full(len(units), np.nan) for name in _NUMBERS}
    texts = {"breakdown": "", "category": "", "options": "", "reason": "", "note": ""}
    return pd.DataFrame({"unit": units, "measure": measures, **texts, **blank}, columns=list(COLUMNS))
