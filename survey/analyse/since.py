"""The two sides of a change: the same unit, asked the same, in two waves; else the reason why nothing is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey.analyse.change import Side, side
from survey.analyse.comparable import apart
from survey.analyse.trend import COUNTED_TOGETHER, NOT_EXISTING, counted_in
from survey.disclose.release import NOT_AVAILABLE, Release, Suppressed


def sides(
    later: Release, earlier: Release, unit: str, measure: str, breakdown: str = "", category: str = "", others: str = ""
) -> tuple[Side, Side]:
    """(later, earlier). The earlier one says in `missing` why it may not be held against the later; `others`: that it speaks
    of other people, and how (coverage.py)."""
    after, before = counted_in(later, unit), counted_in(earlier, unit)
    now = side(later, after, measure, breakdown, category) if after is not None else Side(Suppressed(NOT_AVAILABLE), missing=NOT_EXISTING)
    if before is None:
        return now, Side(Suppressed(NOT_AVAILABLE), missing=NOT_EXISTING)
    reason = apart(earlier.questionnaire, later.questionnaire, measure)
    if after is not None and before != after:
        reason = COUNTED_TOGETHER
    return now, replace(side(earlier, before, measure, breakdown, category), missing=reason or others)


def previous(history: Sequence[Release], unit: str) -> Release | None:
    """The last wave before the newest of `history` in which the unit has a number of its own."""
    for earlier in reversed(history[:-1]):
        node = counted_in(earlier, unit)
        if node is not None and earlier.visible(node):
            return earlier
    return None
