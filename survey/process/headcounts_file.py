"""Reading `wave, unit (id or name), headcount`: how many could have answered, then. A register knows only today's staff."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from survey.design.units import UnitRegister
from survey.design.wave import wave_day
from survey.errors import N_, Problem, refuse_if, shown
from survey.limits import PEOPLE
from survey.source import Source
from survey.tabular import read_table
from survey.vietnamese import same, tidy, told_apart

Headcounts = Mapping[str, Mapping[str, int]]  # wave -> unit -> people
_ALIASES = {"Đợt": "wave", "Năm": "wave", "Mã đơn vị": "unit", "Đơn vị": "unit", "Số CBCCVC": "headcount", "Số người": "headcount"}


def read_headcounts(source: Source, waves: Collection[str], register: UnitRegister) -> Headcounts:
    """The headcounts of a file. Raises InputRefused naming every row with an unknown wave or unit, or no number of people."""
    table = read_table(source, required=("wave", "unit", "headcount"), optional=(), aliases=_ALIASES)
    named = {wave: told_apart({unit.id: unit.name_vi for unit in register.at(wave_day(wave))}) for wave in waves}
    found: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    for row, record in zip(table.index, table.to_dict("records"), strict=True):
        wave, unit, number = (tidy(str(record[name])) for name in ("wave", "unit", "headcount"))
        number = re.sub(r"\.0+$", "", number)
        if unit not in register:
            unit = named.get(wave, {}).get(same(unit), unit)

        def refuse(column: str, message: str, cure: str, value: str, at: int = int(str(row))) -> None:
            problems.append(Problem(row=at, column=column, message=message, cure=cure, values={"value": shown(value)}))

        if wave not in waves:
            refuse("wave", N_("wave {value} is not in the file of results."), N_("Correct it, or remove the row."), wave)
        if unit not in register:
            refuse("unit", N_("unit {value} is unknown."), N_("Import the units first, or correct the id."), unit)
        if not re.fullmatch(r"[0-9]{1,9}", number) or int(number) > PEOPLE:
            refuse("headcount", N_('"{value}" is not a number of people.'), N_("Write a whole number, 0 or more."), number)
        elif found.setdefault(wave, {}).setdefault(unit, int(number)) != int(number):
            refuse("unit", N_("unit {value} stands twice."), N_("Remove one of the two rows."), unit)
    refuse_if(source.name, problems)
    return found
