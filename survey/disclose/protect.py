"""protect(tallies, plan, policy) -> Release: the one place where a number becomes public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.attack.alike import unanimous
from survey.disclose.attack.audit import certify, under_minimum
from survey.disclose.attack.review import certificate
from survey.disclose.attack.tables import attack_tables
from survey.disclose.hide.blocks import blocks
from survey.disclose.hide.clamp import clamp
from survey.disclose.hide.complement import Complement, complement
from survey.disclose.hide.printed import Printed
from survey.disclose.hide.thresholds import Reasons
from survey.disclose.policy import Policy
from survey.disclose.release import COLUMNS, FORMS, PROTECTS, TOO_FEW, Release
from survey.i18n import round_half_up
from survey.process.estimates import Estimates, estimate
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies

_VALUES = ("base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know")


def protect(tallies: Tallies, plan: Plan, policy: Policy) -> Release:
    """Hide what must be hidden, attack the result, and freeze it.

    Raises AuditFailed when the attack finds a hidden number; nothing is released then. Tallies that
    another body has already published are only held to the minimum bases, and the release says so.
    """
    policy = policy.raised(plan.minimum_base)
    estimates = {category: estimate(tallies, plan, category) for category in tallies.tables}
    hidden, method = _hide(tallies, plan, policy, estimates)
    parts = [_forms_frame(tallies, plan, policy, estimates[EVERYBODY], hidden.forms)]
    for category, may in clamp(tallies, plan, estimates, hidden).items():
        parts.append(_frame(tallies, plan, category, may, hidden.cells[category]))
    cells = pd.concat(parts, ignore_index=True)
    tables = list(attack_tables(tallies, plan, policy, hidden))
    audit: dict[str, Any] = (
        {"tables": len(tables), "under_minimum": len(under_minimum(tables)), "published_elsewhere": True}
        if tallies.published
        else {"method": method, **certify(tables, unanimous(cells, tallies, plan, estimates))}
    )
    if tallies.published:
        # What the other body did not print is not available; only what we hide ourselves is hidden.
        printed = np.concatenate([[True] * len(plan.nodes), *(e.base[:, _columns(tallies, c)].ravel() > 0 for c, e in estimates.items())])
        cells = cells[printed].reset_index(drop=True)
    release = Release(
        wave=replace(tallies.wave, plan=plan),
        questionnaire=tallies.questionnaire,
        policy=asdict(policy),
        policy_hash=policy.hash,
        cells=cells,
        published_elsewhere=tallies.published,
        audit=audit,
    )
    audit.update(certificate(release))  # the very dictionary of the release, whose hash is then reckoned once
    return release


def _columns(tallies: Tallies, category: Category) -> list[int]:
    """Everybody: every measure. A breakdown: index and themes only (the closed table plan)."""
    return [c for c, measure in enumerate(tallies.measures) if category == EVERYBODY or measure.kind != "item"]


def _hide(tallies: Tallies, plan: Plan, policy: Policy, estimates: Mapping[Category, Estimates]) -> tuple[Complement, str]:
    """What is hidden, and how it was chosen. Out of time, the block rule is simple and always there."""
    if tallies.published:
        return blocks(tallies, plan, policy, estimates), "minimum bases"
    chosen = complement(tallies, plan, policy)
    return (chosen, "optimiser") if chosen else (blocks(tallies, plan, policy, estimates), "block rule")


def _forms_frame(tallies: Tallies, plan: Plan, policy: Policy, whole: Estimates, reasons: Reasons) -> pd.DataFrame:
    """Completed forms and the rounded response rate of every node with enough staff."""
    records = []
    for row, node in enumerate(plan.nodes):
        headcount = node.headcount if tallies.published else plan.headcount(node.id)
        forms = whole.forms[row]
        rate = np.nan
        if headcount and headcount >= policy.rate_headcount:
            rate = round_half_up(100 * forms / headcount / policy.rate_step) * policy.rate_step
        reason = reasons[row]
        record = dict.fromkeys(COLUMNS, np.nan) | {
            "unit": node.id, "breakdown": "", "category": "", "measure": FORMS, "options": "",
            # A rate beside a known headcount would tell the hidden number.
            "base": np.nan if reason else forms, "score": np.nan if reason else rate, "reason": reason, "note": "",
        }  # fmt: skip
        records.append(record)
    return pd.DataFrame(records, columns=list(COLUMNS))


def _frame(tallies: Tallies, plan: Plan, category: Category, may: Printed, reasons: Reasons) -> pd.DataFrame:
    estimated = may.estimates
    columns = _columns(tallies, category)
    hidden = (reasons[:, columns] != "").ravel()

    def flat(values: Floats) -> Floats:
        return np.where(hidden, np.nan, values[:, columns].ravel())

    points = [
        len(tallies.questionnaire.scale_of(tallies.measures[c].id).points) if tallies.measures[c].kind == "item" else 3 for c in columns
    ]
    options = estimated.options[:, columns]
    frame: dict[str, Any] = {
        "unit": np.repeat([node.id for node in plan.nodes], len(columns)),
        "breakdown": category[0],
        "category": category[1],
        "measure": np.tile([str(tallies.measures[c]) for c in columns], len(plan.nodes)),
        **{name: flat(getattr(estimated, name)) for name in _VALUES},
        "options": [
            "" if hidden[row * len(columns) + place] or columns[place] == 0 else _text(options[row, place, : points[place]])
            for row in range(len(plan.nodes))
            for place in range(len(columns))
        ],
        "reason": reasons[:, columns].ravel(),
        "note": np.where(hidden, "", may.note[:, columns].ravel()),
    }
    return pd.DataFrame(frame, columns=list(COLUMNS))


def _text(counts: Floats) -> str:
    """Ten significant digits, as the release's hash reads numbers; nothing where they may not be printed."""
    return "" if np.isnan(counts).any() else ",".join(f"{count:.10g}" for count in counts)


__all__ = ["PROTECTS", "TOO_FEW", "protect"]
