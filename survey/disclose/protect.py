"""protect(tallies, plan, policy) -> Release: the one place where a number becomes public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.audit import Table, certify, under_minimum
from survey.disclose.policy import Policy
from survey.disclose.release import COLUMNS, FORMS, PROTECTS, TOO_FEW, Release
from survey.disclose.suppression import Reasons, Tree, hide_small, minimum_base, protect_breakdown, protect_siblings
from survey.i18n import round_half_up
from survey.process.estimates import Estimates, estimate, membership
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
    reasons = _reasons(tallies, plan, policy, estimates)
    tables = list(_tables(tallies, plan, policy, estimates, reasons))
    audit: Mapping[str, Any] = (
        {"tables": len(tables), "under_minimum": len(under_minimum(tables)), "published_elsewhere": True}
        if tallies.published
        else certify(tables)
    )
    parts = [_forms_frame(tallies, plan, policy, estimates[EVERYBODY])]
    for category, estimated in estimates.items():
        parts.append(_frame(tallies, plan, category, estimated, reasons[category]))
    cells = pd.concat(parts, ignore_index=True)
    if tallies.published:
        # What the other body did not print is not available; only what we hide ourselves is hidden.
        printed = np.concatenate([[True] * len(plan.nodes), *(e.base[:, _columns(tallies, c)].ravel() > 0 for c, e in estimates.items())])
        cells = cells[printed].reset_index(drop=True)
    return Release(
        wave=replace(tallies.wave, plan=plan),
        questionnaire=tallies.questionnaire,
        policy=asdict(policy),
        policy_hash=policy.hash,
        cells=cells,
        published_elsewhere=tallies.published,
        audit=audit,
    )


def _columns(tallies: Tallies, category: Category) -> list[int]:
    """Everybody: every measure. A breakdown: index and themes only (the closed table plan)."""
    return [c for c, measure in enumerate(tallies.measures) if category == EVERYBODY or measure.kind != "item"]


def _reasons(tallies: Tallies, plan: Plan, policy: Policy, estimates: Mapping[Category, Estimates]) -> dict[Category, Reasons]:
    tree = Tree.of(plan)
    whole = estimates[EVERYBODY]
    least = [minimum_base(measure, policy) for measure in tallies.measures]
    reasons = {EVERYBODY: hide_small(whole.base, whole.forms, tallies.measures, policy)}
    if not tallies.published:
        reasons[EVERYBODY] = protect_siblings(reasons[EVERYBODY], whole.base, least, tree)
    for breakdown in dict.fromkeys(breakdown for breakdown, _ in estimates if breakdown):
        categories = [category for category in estimates if category[0] == breakdown]
        blocks = np.full((len(plan.nodes), len(tallies.measures)), TOO_FEW, dtype=object)
        for column in _columns(tallies, categories[0]):
            base = np.column_stack([estimates[category].base[:, column] for category in categories])
            shown = reasons[EVERYBODY][:, column] == ""
            if tallies.published:
                small = (base < policy.category).any(axis=1) | ~shown
                blocks[:, column] = np.where(small, TOO_FEW, "")
            else:
                blocks[:, column] = protect_breakdown(base, whole.base[:, column], shown, policy, least[column], tree)
        for category in categories:
            reasons[category] = blocks
    return reasons


def _tables(
    tallies: Tallies,
    plan: Plan,
    policy: Policy,
    estimates: Mapping[Category, Estimates],
    reasons: Mapping[Category, Reasons],
) -> Iterator[Table]:
    """What the attacker sees of each measure: alone, and joined with each breakdown."""
    within = membership(tallies, plan).toarray()
    names = [node.id for node in plan.nodes]
    for column, measure in enumerate(tallies.measures):
        people = tallies.tables[EVERYBODY].n[:, column]
        yield Table(
            name=f"units/{measure}",
            rows=within,
            people=people,
            shown=reasons[EVERYBODY][:, column] == "",
            withheld=np.ones(len(names), dtype=bool),
            names=names,
            least=minimum_base(measure, policy),
        )
    for breakdown in dict.fromkeys(breakdown for breakdown, _ in estimates if breakdown):
        categories = [category for category in estimates if category[0] == breakdown]
        for column in _columns(tallies, categories[0]):
            measure = tallies.measures[column]
            parts = [tallies.tables[category].n[:, column] for category in categories]
            remainder = tallies.tables[EVERYBODY].n[:, column] - sum(parts)
            blocks = len(parts) + 1
            block = reasons[categories[0]][:, column] == ""
            alone = [np.kron(np.eye(blocks)[k], within) for k in range(blocks)]
            yield Table(
                name=f"{breakdown}/{measure}",
                rows=np.vstack([np.tile(within, blocks), *alone]),
                people=np.concatenate([*parts, remainder]),
                shown=np.concatenate(
                    [
                        reasons[EVERYBODY][:, column] == "",
                        *(block for _ in categories),
                        np.zeros(len(names), dtype=bool),
                    ]
                ),
                names=[*names, *(f"{name} {c[1]}" for c in categories for name in names), *(f"{name} ?" for name in names)],
                least=min(policy.unit, policy.category),
                withheld=np.repeat([True, False], [blocks * len(names), len(names)]),
            )


def _forms_frame(tallies: Tallies, plan: Plan, policy: Policy, whole: Estimates) -> pd.DataFrame:
    """Completed forms and the rounded response rate of every node with enough staff."""
    records = []
    for row, node in enumerate(plan.nodes):
        headcount = node.headcount if tallies.published else plan.headcount(node.id)
        forms = whole.forms[row]
        rate = np.nan
        if headcount and headcount >= policy.rate_headcount:
            rate = round_half_up(100 * forms / headcount / policy.rate_step) * policy.rate_step
        reason = "" if forms >= policy.unit else TOO_FEW
        record = dict.fromkeys(COLUMNS, np.nan) | {
            "unit": node.id, "breakdown": "", "category": "", "measure": FORMS, "options": "",
            "base": np.nan if reason else forms, "score": rate, "reason": reason,
        }  # fmt: skip
        records.append(record)
    return pd.DataFrame(records, columns=list(COLUMNS))


def _frame(tallies: Tallies, plan: Plan, category: Category, estimated: Estimates, reasons: Reasons) -> pd.DataFrame:
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
    }
    return pd.DataFrame(frame, columns=list(COLUMNS))


def _text(counts: Floats) -> str:
    """Ten significant digits, as the release's hash reads numbers."""
    return ",".join(f"{count:.10g}" for count in counts)


__all__ = ["PROTECTS", "TOO_FEW", "protect"]
