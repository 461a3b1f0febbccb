"""Units in and out of files: CSV, .xlsx and YAML."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import Any

from survey import limits
from survey.cells import as_before, safe_cell
from survey.design.units import BEGINNING, Unit, UnitRegister, check_units
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.tabular import Source, read_table
from survey.vietnamese import parse_date, tidy
from survey.yaml_file import read_yaml

COLUMNS = (
    "id", "name_vi", "name_en", "kind", "group", "parent", "valid_from", "valid_to", "successors", "headcount",
)  # fmt: skip
_BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]+")  # within a cell of a workbook; a name is one line


def read_units(source: Source) -> UnitRegister:
    """Units of a file, checked as a whole. Raises InputRefused with every error found."""
    records = _yaml_records(source) if source.suffix in (".yaml", ".yml") else _table_records(source)
    problems: list[Problem] = []
    units: list[Unit] = []
    rows: dict[str, int] = {}
    for row, record in records:
        found: list[Problem] = []
        unit = _unit(row, record, found)
        if unit.id in rows:
            found.append(
                Problem(
                    row=row,
                    column="id",
                    message=N_("unit {unit} stands twice."),
                    cure=N_("Remove one of the two rows."),
                    values={"unit": unit.id},
                )
            )
        problems += found
        units.append(unit)
        rows.setdefault(unit.id, row)
    problems += check_units(units, rows)
    refuse_if(source.name, sorted(problems, key=lambda problem: problem.row or 0))
    return UnitRegister(tuple(units))


def write_units(units: UnitRegister, separator: str = ";") -> bytes:
    """CSV in the contract's columns: UTF-8 with BOM, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for unit in units:
        writer.writerow(
            [
                *map(safe_cell, (unit.id, unit.name_vi, unit.name_en, unit.kind, unit.group, unit.parent or "")),
                "" if unit.valid_from == BEGINNING else unit.valid_from.isoformat(),
                unit.valid_to.isoformat() if unit.valid_to else "",
                safe_cell(";".join(unit.successors)),
                "" if unit.headcount is None else unit.headcount,
            ]
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _table_records(source: Source) -> list[tuple[int, dict[str, Any]]]:
    # `level` is what other bodies call `kind`; everything but the id may be missing.
    table = read_table(source, required=("id",), optional=(*COLUMNS[1:], "level"))
    return [
        (int(str(row)), {str(name): value for name, value in values.items()})
        for row, values in zip(table.index, table.to_dict("records"), strict=True)
    ]


def _yaml_records(source: Source) -> list[tuple[int, dict[str, Any]]]:
    document, lines = read_yaml(source)
    entries = document.get("units") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputRefused(
            source.name,
            [Problem(column="units", message=N_("the list of units is missing."), cure=N_("Begin it with: units:"))],
        )
    return [(lines.get(("units", number), 0), entry if isinstance(entry, dict) else {}) for number, entry in enumerate(entries)]


def _unit(row: int, record: dict[str, Any], problems: list[Problem]) -> Unit:
    def text(name: str) -> str:
        value = record.get(name)
        return "" if value is None else as_before(_BREAKS.sub(" ", tidy(str(value))))

    def check(column: str, fault: limits.Fault | None) -> None:
        if fault:
            message, cure, values = fault
            problems.append(Problem(row=row, column=column, message=message, cure=cure, values=values))

    def bad(column: str, cure: str) -> None:
        problems.append(
            Problem(
                row=row,
                column=column,
                message=N_('"{value}" cannot be read.'),
                cure=cure,
                values={"value": str(record.get(column))},
            )
        )

    def day(name: str) -> date | None:
        value = record.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return parse_date(text(name)) if text(name) else None
        except ValueError:
            bad(name, N_("Write the date as 2025-03-01 or 1/3/2025."))
            return None

    unit_id = text("id")
    if not unit_id:
        bad("id", N_("Give every unit an id that never changes."))
    else:
        check("id", limits.id_fault(unit_id, limits.UNIT_ID))
    headcount: int | None = None
    if text("headcount"):
        headcount = int(text("headcount")) if re.fullmatch(r"[0-9]{1,9}", text("headcount")) else -1
        if not 0 <= headcount <= limits.PEOPLE:
            bad("headcount", N_("Write a whole number of people, 0 or more, or leave it empty."))
    name_vi = text("name_vi") or text("name_en")
    if not name_vi:
        bad("name_vi", N_("Give the unit a name."))
    for column, longest in (
        ("name_vi", limits.NAME),
        ("name_en", limits.NAME),
        ("kind", limits.GROUP),
        ("level", limits.GROUP),
        ("group", limits.GROUP),
    ):
        check(column, limits.text_fault(text(column), longest))
    successors = record.get("successors") or ()
    if isinstance(successors, str):
        successors = as_before(successors)
        successors = [part for part in successors.replace("|", ";").split(";") if part.strip()]
    if not isinstance(successors, list | tuple):
        bad("successors", N_("Write the ids of units, separated by semicolons."))
        successors = ()
    return Unit(
        id=unit_id,
        name_vi=name_vi,
        name_en=text("name_en"),
        kind=text("kind") or text("level"),
        group=text("group") or text("khoi"),
        parent=text("parent") or None,
        valid_from=day("valid_from") or BEGINNING,
        valid_to=day("valid_to"),
        successors=tuple(tidy(str(part)) for part in successors),
        headcount=headcount,
    )
