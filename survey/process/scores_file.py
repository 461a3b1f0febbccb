"""Reading `wave, unit, measure, score or favourable, [base], [headcount], [response_rate]`: what another body printed, and no more."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.errors import N_, Problem, refuse_if, shown
from survey.limits import ID, PEOPLE, id_fault
from survey.process.scores import measures_of
from survey.source import Source
from survey.tabular import read_table
from survey.vietnamese import tidy

_ALIASES = {
    "Đợt": "wave", "Năm": "wave", "Mã đơn vị": "unit", "Đơn vị": "unit", "Thước đo": "measure", "Chỉ tiêu": "measure", "Điểm": "score",
    "Điểm số": "score", "Tỷ lệ tích cực": "favourable", "Tỷ lệ tích cực (%)": "favourable", "Số người trả lời": "base", "Số phiếu": "base",
    "Số CBCCVC": "headcount", "Số người": "headcount", "Tỷ lệ phản hồi": "response_rate", "Tỷ lệ phản hồi (%)": "response_rate",
}  # fmt: skip
POINTS, PEOPLE_COLUMNS = ("score", "favourable", "response_rate"), ("base", "headcount")
_OF_UNIT = ("headcount", "response_rate")  # one number a unit, on whichever of its rows it stands
# What the largest number of a whole column must pass: shares written as fractions, scores on a scale to 5 or 10.
_LARGEST = {"score": 10.0, "favourable": 1.0, "response_rate": 1.0}
_NUMBER = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?) ?%?")
_NONE = math.nan


@dataclass(frozen=True, eq=False)
class ScoresTable:
    """Checked scores: `frame` has wave, unit, measure as text and the other columns as numbers, NaN where not given."""

    frame: pd.DataFrame

    @property
    def waves(self) -> tuple[str, ...]:
        return tuple(sorted(self.frame["wave"].unique()))

    def of(self, wave: str) -> pd.DataFrame:
        return self.frame[self.frame["wave"] == wave]

    def headcounts(self, wave: str) -> Mapping[str, int]:
        return {unit: int(number) for unit, number in self.of_units(wave, "headcount").items()}

    def of_units(self, wave: str, column: str) -> Mapping[str, float]:
        rows = self.of(wave)
        known = rows[rows[column].notna()]
        return dict(zip(known["unit"].tolist(), known[column].tolist(), strict=True))


def read_scores(source: Source, questionnaire: Questionnaire, register: UnitRegister) -> ScoresTable:
    """The scores of a file, checked whole. Raises InputRefused naming rows, columns, values and cures."""
    table = read_table(source, required=("wave", "unit", "measure"), optional=(*POINTS, *PEOPLE_COLUMNS), aliases=_ALIASES)
    checking = _Checking(questionnaire, register)
    records = [checking.row(int(str(row)), record) for row, record in zip(table.index, table.to_dict("records"), strict=True)]
    problems = checking.problems
    if not {"score", "favourable"} & set(table.columns):
        cure = N_("Add a column score (0 to 100) or favourable (percent).")
        problems.append(Problem(message=N_("the file has neither scores nor shares."), cure=cure))
    elif not records:
        problems.append(Problem(message=N_("the file has no rows."), cure=N_("Add one row for each number.")))
    if not problems:
        problems += [found for name in POINTS if (found := _too_small(name, [record[name] for record in records]))]
    problems.sort(key=lambda problem: problem.row or 0)
    refuse_if(source.name, problems)
    return ScoresTable(pd.DataFrame(records))


class _Checking:
    """Row by row, remembering what stood before."""

    def __init__(self, questionnaire: Questionnaire, register: UnitRegister) -> None:
        self._register = register
        self._measures = [str(measure) for measure in measures_of(questionnaire)]
        self._seen: dict[tuple[str, ...], int] = {}
        self._given: dict[tuple[str, ...], float] = {}
        self.problems: list[Problem] = []

    def row(self, number: int, raw: Mapping[Any, object]) -> dict[str, Any]:
        texts = {name: tidy(str(raw.get(name, ""))) for name in ("wave", "unit", "measure", *POINTS, *PEOPLE_COLUMNS)}
        self._names(number, texts)
        found: dict[str, Any] = {name: texts[name] for name in ("wave", "unit", "measure")}
        found |= {name: self._points(number, name, texts[name]) for name in POINTS}
        found |= {name: self._people(number, name, texts[name]) for name in PEOPLE_COLUMNS}
        if not texts["score"] and not texts["favourable"]:
            cure = N_("Write the printed number, or remove the row.")
            self._refuse(number, "score", N_("neither a score nor a share is given for {value}."), cure, texts["measure"])
        self._agree(number, found)
        return found

    def _refuse(self, row: int, column: str, message: str, cure: str, value: str, **more: object) -> None:
        values = {"value": shown(value), **more}
        self.problems.append(Problem(row=row, column=column, message=message, cure=cure, values=values))

    def _names(self, row: int, texts: Mapping[str, str]) -> None:
        wave, unit, measure = (texts[name] for name in ("wave", "unit", "measure"))
        if not wave:
            self._refuse(row, "wave", N_("the wave is missing."), N_("Write for example 2019."), wave)
        elif id_fault(wave, ID):
            self._refuse(row, "wave", N_('the id "{value}" is not usable.'), N_("Write for example 2019."), wave)
        if unit not in self._register:
            self._refuse(row, "unit", N_("unit {value} is unknown."), N_("Import the units first, or correct the id."), unit)
        if measure not in self._measures:
            cure = N_("Write index, or one of: {measures}.")
            known = ", ".join(self._measures[1:])
            self._refuse(row, "measure", N_('"{value}" is not a measure of the questionnaire.'), cure, measure, measures=shown(known, 400))
        first = self._seen.setdefault((wave, unit, measure), row)
        if first != row:
            cure = N_("Remove one of the two rows.")
            self._refuse(row, "measure", N_("{value} of this unit stands in row {first} already."), cure, measure, first=first)

    def _points(self, row: int, column: str, text: str) -> float:
        if not text:
            return _NONE
        match = _NUMBER.fullmatch(text)
        number = float(match[1].replace(",", ".")) if match else -1.0
        if not 0 <= number <= 100:
            cure = N_("Write a number from 0 to 100, for example 64,3, and leave it empty where none was printed.")
            self._refuse(row, column, N_('"{value}" is not a number from 0 to 100.'), cure, text)
            return _NONE
        return round(number, 2)

    def _people(self, row: int, column: str, text: str) -> float:
        text = re.sub(r"\.0+$", "", text)
        if not text:
            return _NONE
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 0 < int(text) <= PEOPLE:
            cure = N_("Write a whole number from 1 on, and leave it empty where none was printed.")
            self._refuse(row, column, N_('"{value}" is not a number of people.'), cure, text)
            return _NONE
        return float(text)

    def _agree(self, row: int, found: Mapping[str, Any]) -> None:
        """A unit has one headcount and one response rate a wave, and no more people answered than it has."""
        for column in _OF_UNIT:
            value = found[column]
            if value == value and self._given.setdefault((column, found["wave"], found["unit"]), value) != value:
                cure = N_("Write the same number on every row of the unit in that wave, or on one of them.")
                self._refuse(row, column, N_("{value} is not what another row of this unit says."), cure, f"{value:g}")
        staff = self._given.get(("headcount", found["wave"], found["unit"]), _NONE)
        if found["base"] > staff:
            cure = N_("Correct the headcount of that wave, or leave it out: it is then not given.")
            self._refuse(
                row,
                "base",
                N_("{value} people answered, but the headcount is {headcount}."),
                cure,
                f"{found['base']:g}",
                headcount=int(staff),
            )


def _too_small(column: str, values: list[float]) -> Problem | None:
    """A column none of whose numbers can be of 100: fractions, or points on a shorter scale, taken as they stand."""
    largest = max((value for value in values if value == value), default=0.0)
    if not 0 < largest <= _LARGEST[column]:
        return None
    cure = N_("Write points or percent from 0 to 100: 0.64 is 64; on a scale from 1 to 10 a score x is (x - 1) / 9 * 100.")
    message = N_("the largest number of the column is {value}: these are not numbers on a scale of 100.")
    return Problem(column=column, message=message, cure=cure, values={"value": f"{largest:g}"})
