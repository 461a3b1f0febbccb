"""protect(tallies, plan, policy) -> Release: the one place where a number becomes public. Hide, attack, freeze."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.attack.audit import certify
from survey.disclose.attack.review import certificate
from survey.disclose.hide.blocks import blocks
from survey.disclose.hide.clamp import clamp
from survey.disclose.hide.pattern import Pattern, pattern
from survey.disclose.hide.printed import Printed
from survey.disclose.hide.thresholds import Reasons
from survey.disclose.policy import Policy
from survey.disclose.release import COLUMN_BY_COLUMN, COLUMNS, FORMS, NOT_AVAILABLE, Release
from survey.i18n import round_half_up
from survey.one_thread import one_thread
from survey.process.estimates import Estimates, estimate
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies
from survey.process.tree import Flags, Tree

_VALUES = ("base", "score", "sd", "low", "high", "favourable", "unfavourable", "dont_know")


def protect(tallies: Tallies, plan: Plan, policy: Policy) -> Release:
    """Hide what must be hidden, attack the result, and freeze it.

    Raises AuditFailed when the attack finds a hidden number; nothing is released then. Tallies that
    another body has already published are only held to the minimum bases, and the release says so.
    """
    policy = policy.raised(plan.minimum_base)
    with one_thread():  # thousands of small matrices
        hidden, method = _hide(tallies, plan, policy)
        return frozen(tallies, plan, policy, hidden, method)


def frozen(tallies: Tallies, plan: Plan, policy: Policy, hidden: Pattern, method: str) -> Release:
    """The release in which `hidden` is hidden; AuditFailed if it does not withstand the attacks."""
    tree, shown = Tree.of(plan), hidden.shown
    wide = {category: len(_columns(tallies, category)) for category in tallies.tables}
    estimates = {category: estimate(tallies, plan, category, shown, tree).first(wide[category]) for category in tallies.tables}
    clamped = clamp(tallies, plan, estimates, {category: flags[:, : wide[category]] for category, flags in shown.items()})
    parts = [_forms_frame(tallies, plan, policy, estimates[EVERYBODY], hidden.forms)]
    parts += [_frame(tallies, plan, category, clamped[category], hidden.cells[category]) for category in tallies.tables]
    cells = pd.concat(parts, ignore_index=True)
    audit: dict[str, Any] = certify(tallies, plan, policy, cells, estimates)
    audit |= {"published_elsewhere": True} if tallies.published else {"method": method}
    audit["hashing"] = COLUMN_BY_COLUMN
    if tallies.published:
        # What the other body did not print is not available; only what we hide ourselves is hidden.
        printed = np.concatenate([[True] * len(plan.nodes), *(e.base.ravel() > 0 for e in estimates.values())])
        cells = cells[printed].reset_index(drop=True)
    del parts, clamped, estimates  # what is left to do needs the room
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


def _hide(tallies: Tallies, plan: Plan, policy: Policy) -> tuple[Pattern, str]:
    """What is hidden, and how it was chosen."""
    found, method = _chosen(tallies, plan, policy)
    empty = [column for column, measure in enumerate(tallies.measures) if measure.kind != "item" and not tallies.items_of(column)]
    for reasons in found.cells.values():
        reasons[:, empty] = NOT_AVAILABLE  # a theme all of whose questions only some are asked
    return found, method


def _chosen(tallies: Tallies, plan: Plan, policy: Policy) -> tuple[Pattern, str]:
    """Out of time, the block rule is simple and always there."""
    if tallies.published:
        return blocks(tallies, plan, policy), "minimum bases"
    chosen = pattern(tallies, plan, policy)
    return (chosen, "optimiser") if chosen else (blocks(tallies, plan, policy), "block rule")


def _forms_frame(tallies: Tallies, plan: Plan, policy: Policy, whole: Estimates, reasons: Reasons) -> pd.DataFrame:
    """Completed forms and the rounded response rate of every node with enough staff."""
    forms = whole.forms
    rates = np.full(len(plan.nodes), np.nan)
    for row, node in enumerate(plan.nodes):
        headcount = node.headcount if tallies.published else plan.headcount(node.id)
        if headcount and headcount >= policy.rate_headcount:
            rates[row] = round_half_up(100 * forms[row] / headcount / policy.rate_step) * policy.rate_step
    hidden = reasons != ""
    # A rate beside a known headcount would tell the hidden number.
    frame = pd.DataFrame({"unit": [node.id for node in plan.nodes], "breakdown": "", "category": "", "measure": FORMS})
    frame["base"], frame["score"] = np.where(hidden, np.nan, forms), np.where(hidden, np.nan, rates)
    for name in _VALUES[2:]:
        frame[name] = np.nan
    frame["options"], frame["reason"], frame["note"] = "", reasons, ""
    return frame[list(COLUMNS)]


def _frame(tallies: Tallies, plan: Plan, category: Category, may: Printed, reasons: Reasons) -> pd.DataFrame:
    columns = _columns(tallies, category)
    hidden = (reasons[:, columns] != "").ravel()
    frame: dict[str, Any] = {
        "unit": np.repeat(np.array([node.id for node in plan.nodes], dtype=object), len(columns)),
        "breakdown": category[0],
        "category": category[1],
        "measure": np.tile(np.array([str(tallies.measures[c]) for c in columns], dtype=object), len(plan.nodes)),
        **{name: np.where(hidden, np.nan, getattr(may, name)[:, columns].ravel()) for name in _VALUES},
        "options": _options(tallies, may.options, columns, hidden) if category == EVERYBODY else "",
        "reason": reasons[:, columns].ravel(),
        "note": np.where(hidden, "", may.note[:, columns].ravel()),
    }
    return pd.DataFrame(frame, columns=list(COLUMNS))


def _options(tallies: Tallies, options: Floats, columns: list[int], hidden: Flags) -> list[str]:
    """Answers per point of items, as text; nothing where they may not be printed."""
    first = len(tallies.measures) - len(tallies.questionnaire.items)
    points = [len(tallies.questionnaire.scales[item.scale].points) for item in tallies.questionnaire.items]
    told: Flags = np.asarray(np.isfinite(options).all(axis=2))
    texts = [
        ""
        if hidden[row * len(columns) + place] or column < first or not told[row, column]
        else _text(options[row, column, : points[column - first]])
        for row in range(len(options))
        for place, column in enumerate(columns)
    ]
    return texts


def _text(counts: Floats) -> str:
    """Ten significant digits, as the release's hash reads numbers."""
    return ",".join(f"{count:.10g}" for count in counts.tolist())
