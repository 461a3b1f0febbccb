"""The sheet of criteria, and the column in which an item names those it serves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from survey.design.xlsform.report import Report
from survey.design.xlsform.sheets import CRITERIA, Row
from survey.errors import N_

PLACES = {
    "criteria": "survey.lng_criteria",
    "criterion": f"{CRITERIA}.name",
    "kind": f"{CRITERIA}.lng_kind",
    "date": f"{CRITERIA}.lng_date",
}


def criteria_of(rows: Sequence[Row], report: Report) -> list[tuple[Row, dict[str, Any]]]:
    """Each row that is not empty, and its entry of the document."""
    found: list[tuple[Row, dict[str, Any]]] = []
    names: set[str] = set()
    for row in rows:
        if row.cells:
            name = row.get("name")
            report.check_name(f"{CRITERIA}.name", row, name)
            if name in names:
                report.add(f"{CRITERIA}.name", N_('the name "{name}" stands twice.'), N_("Names must differ: rename one."), row, name=name)
            names.add(name)
            where = {"document": row.get("lng_document"), "document_en": row.get("lng_document_en"), "date": row.get("lng_date")}
            found.append((row, {"id": name, "kind": row.get("lng_kind"), "vi": row.vi, "en": row.en, **where}))
    report.check_labels(CRITERIA, [row for row, _entry in found])
    return found


def named(row: Row) -> list[str]:
    """The criteria a question names, whatever stands between them."""
    return [name for name in re.split(r"[\s,;]+", row.get("lng_criteria")) if name]
