"""What changed between two waves as JSON for machines: the shape of `langnghe compare --json`.

{"unit": "dn.snv", "from": "2022", "to": "2025", "recast": false,
 "changes": [{"measure": "index", "from": {"base": 58, "score": 64.2}, "to": {...}, "difference": 4.2,
              "low": 0.7, "high": 7.7, "state": "higher", "reason": "", "recast": false}],
 "breaks": {"reorganisations": ["2025-03-01"], "absent": ["2019"], "counted_in": {"2022": "dn.snv+dn.stt"}, "reworded": ["KC1"]}}

A hidden side is {"suppressed": reason}; difference, low and high are null where there is none.
"""

from __future__ import annotations

from typing import Any

from survey.analyse.between import Between, Change
from survey.analyse.change import BOUNDED, HIDDEN, NO_BASE, NO_SPREAD, PARTS, SMALL_BASE
from survey.analyse.comparable import CODES
from survey.analyse.coverage import OTHER_UNITS, TOOK_OTHERS_IN
from survey.analyse.trend import COUNTED_TOGETHER, NOT_EXISTING
from survey.analyse.verdicts import NO_EARLIER, NOTHING_ABOVE
from survey.disclose.release import NOT_GIVEN, Cell, Suppressed

REASONS = {
    "": "", HIDDEN: "hidden", NO_BASE: "base-not-given", NOT_EXISTING: "hidden", SMALL_BASE: "small-base", NO_SPREAD: "no-spread", BOUNDED: "bound", PARTS: "parts",
    COUNTED_TOGETHER: "counted-together", NOTHING_ABOVE: "nothing-above", NO_EARLIER: "no-earlier", TOOK_OTHERS_IN: "took-others-in", OTHER_UNITS: "other-units",
    **CODES,
}  # fmt: skip


def between_json(found: Between, unit: str, first: str, second: str, recast: bool) -> dict[str, Any]:
    return {
        "unit": unit,
        "from": first,
        "to": second,
        "recast": recast,
        "changes": [_change(change) for change in found.changes],
        "breaks": {
            "reorganisations": [day.isoformat() for day in found.breaks.days],
            "absent": list(found.breaks.absent),
            "counted_in": dict(found.breaks.counted_elsewhere),
            "reworded": list(found.breaks.reworded),
        },
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "measure": change.measure,
        "from": _cell(change.before),
        "to": _cell(change.after),
        "difference": change.comparison.difference,
        "low": change.low,
        "high": change.high,
        "state": change.comparison.state.value,
        "reason": REASONS[change.comparison.reason],
        "recast": change.recast,
    }


def _cell(cell: Cell | Suppressed) -> dict[str, Any]:
    return {"suppressed": cell.reason} if isinstance(cell, Suppressed) else {"base": _base(cell), "score": cell.score}


def _base(cell: Cell) -> int | dict[str, str]:
    return {"suppressed": NOT_GIVEN} if cell.base is None else cell.base
