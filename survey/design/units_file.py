"""Units in and out of files: CSV, .xlsx and YAML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from survey import limits
from survey.cells import as_before, safe_cell
from survey.design.units import BEGINNING, Unit, UnitRegister, check_units
from survey.design.units_list import (
    ALIASES,
    Record,
    check_letters,
    check_order,
    day_order,
    group_code,
    read_day,
    with_ids,
    without_totals,
)
from survey.design.units_workbook import HEADERS
from survey.errors import N_, InputRefused, Problem, Said, refuse_if, shown
from survey.source import Source
from survey.tabular import read_table
from survey.vietnamese import one_line, same, tidy
from survey.yaml_file import read_yaml

COLUMNS = (
    "id", "name_vi", "name_en", "kind", "group", "parent", "valid_from", "valid_to", "successors", "headcount",
)  # fmt: skip
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([., ][0-9]{3})+")


@dataclass(frozen=True, kw_only=True)
class How:
    """What an organizer has answered about a file: `dates` "dmy" or "mdy" where they can be two days; `keep_letters`: names
    are right though no Vietnamese name has such letters; `register`: the units known, for lists that name units without ids."""

    dates: str = ""
    keep_letters: bool = False
    register: UnitRegister | None = None


def read_units(source: Source, how: How | None = None, said: list[Said] | None = None) -> UnitRegister:
    """Units of a file, checked as a whole; what was taken upon oneself is told in `said`. Raises InputRefused with every error found."""
    how, said = how or How(), said if said is not None else []
    stored = how.register or UnitRegister()
    is_table = source.suffix not in (".yaml", ".yml")
    records = _table_records(source, how, said) if is_table else _yaml_records(source)
    problems: list[Problem] = []
    order, doubt = day_order(records)
    if asked := check_order(order, doubt, how.dates):
        problems.append(asked)
    units: list[Unit] = []
    rows: dict[str, int] = {}
    for row, record in records:
        found: list[Problem] = []
        known = stored.by_id.get(str(record.get("id") or "").strip())
        if known and is_table and not {"name_vi", "name_en"} & set(record):
            record = {**record, "name_vi": known.name_vi}  # a list of ids and numbers
        unit = _Reading(row, record, found, how.dates or order or "dmy", how.keep_letters).unit()
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
        units.append(_completed(unit, record, stored) if is_table else unit)
        rows.setdefault(unit.id, row)
    # A parent or successor may be known already; what was wrong before the file came is not the file's fault.
    before = {problem.text(str.format) for problem in check_units(stored, {})}
    after = check_units(stored.merged(UnitRegister(tuple(units))), rows)
    problems += [problem for problem in after if problem.row is not None or problem.text(str.format) not in before]
    refuse_if(source.name, sorted(problems, key=lambda problem: problem.row or 0))
    said += [*_kept(records, stored, is_table), *_same_names(units, rows)]
    return UnitRegister(tuple(units))


def _given(record: Mapping[str, Any]) -> set[str]:
    """What a row of a table speaks of, in the names of a unit's parts."""
    return {"kind" if column == "level" else column for column in record} & set(COLUMNS)


def _completed(unit: Unit, record: Mapping[str, Any], stored: UnitRegister) -> Unit:
    """The unit with what is stored of it in the columns that the file does not have."""
    known = stored.by_id.get(unit.id)
    return replace(known, **{name: getattr(unit, name) for name in _given(record)}) if known else unit


def _kept(records: Sequence[Record], stored: UnitRegister, is_table: bool) -> list[Said]:
    known = [record for _row, record in records if str(record.get("id") or "") in stored]
    missing = [column for column in COLUMNS if known and is_table and not any(column in _given(record) for record in known)]
    text = N_("The file has no column for {columns}: units that are known keep what is stored there.")
    return [Said(text, {"columns": ", ".join(f"{HEADERS[name][0]} ({name})" for name in missing)})] if missing else []


def _same_names(units: list[Unit], rows: dict[str, int]) -> list[Said]:
    seen: dict[tuple[str, str | None], Unit] = {}
    found = []
    for unit in units:
        other = seen.setdefault((same(unit.name_vi), unit.parent), unit)
        if (
            other is not unit
            and other.exists_at(max(unit.valid_from, other.valid_from))
            and unit.exists_at(max(unit.valid_from, other.valid_from))
        ):
            values = {"row": rows[unit.id], "name": unit.name_vi, "first": other.id, "second": unit.id}
            found.append(Said(N_('Row {row}: "{name}" is the name of two units under the same parent, {first} and {second}.'), values))
    return found


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


def _table_records(source: Source, how: How, said: list[Said]) -> list[Record]:
    # `level` is what other bodies call `kind`; everything but the id, or the name, may be missing.
    optional = (*COLUMNS, "level")
    told: list[Said] = []
    try:
        table = read_table(source, required=("id",), optional=optional, aliases=ALIASES, said=told)
    except InputRefused as refused:
        try:
            told = []
            table = read_table(source, required=("name_vi",), optional=optional, aliases=ALIASES, said=told)
        except InputRefused:
            raise refused from None
        if "id" in table:
            raise
    records = [
        (int(str(row)), {str(name): value for name, value in values.items()})
        for row, values in zip(table.index, table.to_dict("records"), strict=True)
    ]
    said += told
    records = without_totals(records, said)
    if "id" in table or not records:
        return records
    return with_ids(records, how.register, said)


def _yaml_records(source: Source) -> list[tuple[int, dict[str, Any]]]:
    document, lines = read_yaml(source)
    entries = document.get("units") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputRefused(
            source.name,
            [Problem(column="units", message=N_("the list of units is missing."), cure=N_("Begin it with: units:"))],
        )
    return [(lines.get(("units", number), 0), entry if isinstance(entry, dict) else {}) for number, entry in enumerate(entries)]


class _Reading:
    """One record; what is wrong with it is noted in `problems`."""

    def __init__(self, row: int, record: dict[str, Any], problems: list[Problem], order: str, keep_letters: bool) -> None:
        self._row, self._record, self._problems = row, record, problems
        self._order, self._keep_letters = order, keep_letters

    def text(self, name: str) -> str:
        value = self._record.get(name)
        return "" if value is None else as_before(one_line(str(value)))

    def check(self, column: str, fault: limits.Fault | None) -> None:
        if fault:
            message, cure, values = fault
            self._problems.append(Problem(row=self._row, column=column, message=message, cure=cure, values=values))

    def bad(self, column: str, cure: str) -> None:
        values = {"value": shown(str(self._record.get(column)))}
        self._problems.append(Problem(row=self._row, column=column, message=N_('"{value}" cannot be read.'), cure=cure, values=values))

    def day(self, name: str, last: bool = False) -> date | None:
        value = self._record.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return read_day(self.text(name), self._order, last) if self.text(name) else None
        except ValueError:
            self.bad(name, N_("Write the date as 2025-03-01 or 1/3/2025."))
            return None

    def headcount(self) -> int | None:
        text = self.text("headcount")
        if not text:
            return None
        if _THOUSANDS.fullmatch(text):
            text = re.sub(r"[., ]", "", text)
        found = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
        if not 0 <= found <= limits.PEOPLE:
            self.bad("headcount", N_("Write a whole number of people, 0 or more, or leave it empty."))
        return found

    def successors(self) -> tuple[str, ...]:
        found = self._record.get("successors") or ()
        if isinstance(found, str):
            found = as_before(found)
            found = [part for part in re.split(r"[|;,\n]", found) if part.strip()]
        if not isinstance(found, list | tuple):
            self.bad("successors", N_("Write the ids of units, separated by semicolons."))
            found = ()
        return tuple(tidy(str(part)) for part in found)

    def names(self) -> tuple[str, str]:
        name_vi, name_en = self.text("name_vi") or self.text("name_en"), self.text("name_en")
        if not name_vi:
            self.bad("name_vi", N_("Give the unit a name."))
        for column in ("name_vi", "name_en"):
            self.check(column, limits.text_fault(self.text(column), limits.NAME))
            if not self._keep_letters and (problem := check_letters(self._row, column, self.text(column))):
                self._problems.append(problem)
        return name_vi, name_en

    def unit(self) -> Unit:
        unit_id = self.text("id")
        if not unit_id:
            self.bad("id", N_("Give every unit an id that never changes."))
        else:
            self.check("id", limits.id_fault(unit_id, limits.UNIT_ID))
        headcount = self.headcount()
        name_vi, name_en = self.names()
        for column in ("kind", "level", "group"):
            self.check(column, limits.text_fault(self.text(column), limits.GROUP))
        return Unit(
            id=unit_id,
            name_vi=name_vi,
            name_en=name_en,
            kind=self.text("kind") or self.text("level"),
            group=group_code(self.text("group") or self.text("khoi")),
            parent=self.text("parent") or None,
            valid_from=self.day("valid_from") or BEGINNING,
            valid_to=self.day("valid_to", last=True),
            successors=self.successors(),
            headcount=headcount,
        )
