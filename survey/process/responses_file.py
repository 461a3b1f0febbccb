"""Reading past answers, one row a person, through a mapping that says what each column means (mapping_file.py)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.design.acceptance import clean_comment
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.errors import MANY_PROBLEMS, N_, Problem, Said, refuse_if, shown
from survey.limits import ID, id_fault
from survey.process.mapping_file import NO_ANSWER, Meaning, Rule, Table, read_mapping
from survey.process.proposal.units import UnitNames
from survey.process.response_columns import ResponseColumns, Words, width
from survey.process.scores import MISSING
from survey.process.value_problems import ValueProblems
from survey.process.word_column import WordColumn
from survey.source import Source
from survey.tabular import read_words
from survey.vietnamese import means_no_answer, same, tidy, told_apart
from survey.workbook import SUFFIXES

_WHOLE = re.compile(r"-?[0-9]{1,9}(?:[.,]0+)?")  # 4 and 4.0; digits of other scripts are asked about
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TO_MAPPING = N_("Correct it, or add it to the mapping's values:.")
_NOTHING = object()


@dataclass(frozen=True, kw_only=True)
class ResponsesFile:
    """Responses by wave, and what was taken upon oneself in reading them."""

    by_wave: Mapping[str, ResponseColumns]
    said: tuple[Said, ...] = ()


def read_responses(source: Source, mapping: Source, questionnaire: Questionnaire, register: UnitRegister) -> ResponsesFile:
    """Refused whole, with the column, the first row and the number of rows of every value that has no meaning."""
    meaning = read_mapping(mapping, questionnaire, register)
    said: list[Said] = []
    table = read_words(source, required=meaning.columns, said=said, sheet=meaning.sheet, header_row=meaning.header_row)
    _ask_header(source, table.index, meaning, said)
    reading = _Reading(source, meaning, questionnaire, register)
    by_wave = reading.waves_of(table)
    if table.empty:
        reading.refuse(0, "", N_("the file has no rows."), N_("Add one row for each person."))
    reading.check_keys(mapping)
    refuse_if(source.name, reading.found())
    if not by_wave:
        reading.refuse(0, "", N_("no row holds an answer."), N_("Check the columns that the mapping names."))
        refuse_if(source.name, reading.found())
    return ResponsesFile(by_wave=by_wave, said=(*said, *reading.told()))


def _ask_header(source: Source, index: Any, meaning: Meaning, said: list[Said]) -> None:
    found = next((one.values["row"] for one in said if "row" in one.values), None)
    if found is not None and meaning.header_row is None:
        message = N_("the header seems to stand in this row, below others.")
        refuse_if(
            source.name,
            [Problem(row=found, message=message, cure=N_("If so, add to the mapping: header_row: {row}"), values={"row": found})],
        )


class _Reading:
    def __init__(self, source: Source, meaning: Meaning, questionnaire: Questionnaire, register: UnitRegister) -> None:
        self._source, self._meaning, self._questionnaire = source, meaning, questionnaire
        self._names = told_apart({unit.id: unit.name_vi for unit in register})
        self._register = register
        self._units: UnitNames | None = None
        self._taken: dict[str, str] = {}
        self._labels = {item: self._labels_of(item) for item in meaning.items}
        self._categories = {
            b.id: ({str(c.value) for c in b.categories}, _labels([(str(c.value), c.vi, c.en) for c in b.categories]))
            for b in questionnaire.breakdowns
        }
        self._limits = {question.id: question.max_chars for question in questionnaire.open_questions}
        self._met: dict[int, set[str]] = defaultdict(set)  # by table: keys that stood in a cell
        self._times = 1  # in how many rows the cell stands that is being read
        self._cut = 0
        self._empty: list[int] = []
        self.problems = ValueProblems()

    def _labels_of(self, item: str) -> dict[str, str]:
        scale = self._questionnaire.scale_of(item)
        options = [*scale.points, *([scale.dont_know] if scale.dont_know else [])]
        return _labels([(str(option.value), option.vi, option.en) for option in options])

    def refuse(self, row: int, column: str, message: str, cure: str, **values: Any) -> None:
        self.problems.note(row, column, message, cure, self._times, **values)

    def found(self) -> list[Problem]:
        return self.problems.found(_IN_ROWS)

    def told(self) -> list[Said]:
        said = []
        if self._cut:
            said.append(Said(N_("{n} comments were longer than the question allows and were cut."), {"n": self._cut}))
        if self._empty:
            values = {"n": len(self._empty), "row": self._empty[0]}
            said.append(Said(N_("{n} rows without any answer are not forms and were left out (first row {row})."), values))
        if self._taken:
            names = "; ".join(f"{name} = {unit}" for name, unit in self._taken.items())
            said.append(Said(N_("Names of units that the mapping does not give were read as: {names}."), {"names": shown(names, 1000)}))
        tables = [self._meaning.values, *(rule.values for rule in self._meaning.rules)]
        unmet = [key for table in tables for name, (key, _line) in table.written.items() if name not in self._met[id(table)]]
        if unmet:
            said.append(Said(N_("These values of the mapping stand nowhere in the file: {keys}."), {"keys": shown(", ".join(unmet), 300)}))
        return said

    def waves_of(self, table: pd.DataFrame) -> dict[str, ResponseColumns]:
        """wave -> its responses. Column by column, each different cell of one read once: the same few words fill it."""
        meaning, names = self._meaning, tuple(item.id for item in self._questionnaire.items)
        everybody = np.ones(len(table), dtype=bool)
        answers = np.full((len(table), len(names)), MISSING, dtype=width(self._questionnaire))
        for item, rule in meaning.items.items():
            column = WordColumn(table, rule.column, everybody)
            found = [self._answer(*cell, item, rule) for cell in self._cells(column)]
            answers[:, names.index(item)] = column.spread([MISSING if one is None else one for one in found], MISSING)
        breakdowns = {
            field: self._words(table, rule, everybody, partial(self._category, field_=field, rule=rule))
            for field, rule in meaning.breakdowns.items()
        }
        comments = {
            question: self._words(table, rule, everybody, partial(self._comment, question=question, rule=rule))
            for question, rule in meaning.comments.items()
        }
        forms = (answers != MISSING).any(axis=1)
        for written in comments.values():
            forms |= written.place >= 0
        self._empty = table.index[~forms].tolist()
        unit = self._single(table, meaning.unit, forms, self._unit)
        wave = self._single(table, meaning.wave, forms, self._wave)
        held = ResponseColumns(names, unit, answers, breakdowns, comments)
        present = np.flatnonzero(forms)
        order = dict.fromkeys(wave.place[present].tolist())
        if len(order) == 1 and len(present) == len(table):
            return {wave.words[place]: held for place in order if place >= 0}  # no second copy of everybody
        return {wave.words[place]: held.at(present[wave.place[present] == place]) for place in order if place >= 0}

    def _cells(self, column: WordColumn) -> Iterator[tuple[int, dict[str, str]]]:
        """(first row, record of the one cell) of every different cell, while there are not too many problems."""
        for row, word, times in column.cells():
            self._times = times
            yield row, {column.name: word}
            if len(self.problems) >= MANY_PROBLEMS:
                break
        self._times = 1

    def _words(
        self, table: pd.DataFrame, rule: Rule, rows: NDArray[np.bool_], read: Callable[[int, Mapping[Any, Any]], str | None]
    ) -> Words:
        """The column with each cell as `read` has it; nothing where that is empty."""
        column = WordColumn(table, rule.column, rows)
        found = [read(*cell) or "" for cell in self._cells(column)]
        words = tuple(dict.fromkeys(word for word in found if word))
        place = {word: number for number, word in enumerate(words)}
        return Words(words, column.spread([place.get(word, -1) for word in found], -1))

    def _single(
        self, table: pd.DataFrame, rule: str | Rule, rows: NDArray[np.bool_], read: Callable[[int, Mapping[Any, Any]], str]
    ) -> Words:
        """Wave or unit: one for the whole file, or a column."""
        if isinstance(rule, str):
            return Words((rule,), np.zeros(len(table), dtype=np.int32))
        return self._words(table, rule, rows, read)

    def _meant(self, record: Mapping[Any, Any], rule: Rule, *tables: Table) -> tuple[str, str | object | None]:
        """(the cell's text, what a table says it means; _NOTHING where none speaks of it)."""
        text = tidy(str(record[rule.column]))
        key = same(text)
        found: list[str | None] = []
        for table in (rule.values, *tables):
            form = next((one for one in (key, _number(text)) if one is not None and one in table), None)
            if form is not None:
                self._met[id(table)].add(form)
                found.append(table.meanings[form])
        return text, found[0] if found else _NOTHING

    def _answer(self, row: int, record: Mapping[Any, Any], item: str, rule: Rule) -> int | None:
        text, meant = self._meant(record, rule, self._meaning.values)
        if self._source.suffix in SUFFIXES and text in ("TRUE", "FALSE"):
            message, cure = N_('"{value}" is a true/false cell, not an answer.'), N_("Write the answer into the cells as text.")
            self.refuse(row, rule.column, message, cure, value=text)
            return None
        if meant is not _NOTHING:
            return None if meant is None else int(str(meant))
        if same(text) in NO_ANSWER:
            return None
        scale = self._questionnaire.scale_of(item)
        number = _number(text)
        found = number if number is not None else self._labels[item].get(same(text))
        if found is not None and int(found) in (*scale.values, scale.dont_know_value):
            return int(found)
        cure = _NO_POINT if number is not None or means_no_answer(text) else _TO_MAPPING
        self.refuse(row, rule.column, N_('"{value}" is not an option.'), cure, value=shown(text))
        return None

    def _category(self, row: int, record: Mapping[Any, Any], field_: str, rule: Rule) -> str | None:
        text, meant = self._meant(record, rule)
        if meant is not _NOTHING:
            text = "" if meant is None else str(meant)
        codes, labels = self._categories[field_]
        if text in codes:
            return text if text != DECLINED else None
        if same(text) in NO_ANSWER:
            return None
        code = labels.get(same(text))
        if code is None:
            self.refuse(row, rule.column, N_('"{value}" is not a category.'), _TO_MAPPING, value=shown(text))
        return None if code in (None, DECLINED) else code

    def _comment(self, _row: int, record: Mapping[Any, Any], question: str, rule: Rule) -> str:
        text = clean_comment(str(record[rule.column]))
        longest = self._limits[question]
        if len(text) > longest:
            self._cut += self._times
            text = text[:longest].rstrip()
        return text

    def _named(self, record: Mapping[Any, Any], rule: Rule) -> tuple[str, bool]:
        """(a wave or unit, whether it is what stands in the cell and not what a table makes of it)."""
        text, meant = self._meant(record, rule)
        return (text, True) if meant is _NOTHING else (str(meant or ""), False)

    def _wave(self, row: int, record: Mapping[Any, Any]) -> str:
        rule = self._meaning.wave
        if isinstance(rule, str):
            return rule
        wave, written = self._named(record, rule)
        if rule.by and written and wave:
            years = set(_YEAR.findall(wave))
            if len(years) != 1:
                self.refuse(row, rule.column, N_('no year can be read in "{value}".'), N_("Write for example 2019."), value=shown(wave))
            return years.pop() if years else ""
        if not wave:
            self.refuse(row, rule.column, N_("the wave is missing."), N_("Write for example 2019."))
        elif id_fault(wave, ID):
            self.refuse(row, rule.column, N_('the id "{value}" is not usable.'), N_("Write for example 2019."), value=shown(wave))
        return wave

    def _unit(self, row: int, record: Mapping[Any, Any]) -> str:
        rule = self._meaning.unit
        if isinstance(rule, str):
            return rule
        unit, written = self._named(record, rule)
        if unit in self._register:
            return unit
        if written and (named := self._names.get(same(unit))):
            return named
        if written and (called := self._called(unit)):
            return called
        if not unit:
            self.refuse(row, rule.column, N_("the unit is missing."), N_("Fill it in, or remove the row."))
        else:
            self.refuse(
                row, rule.column, N_("unit {value} is unknown."), N_("Correct it, or add it under unit: values:."), value=shown(unit)
            )
        return unit

    def _called(self, name: str) -> str:
        """The one unit that is written so without marks, or shortened as offices do: taken, and told."""
        if self._units is None:
            self._units = UnitNames(self._register)
        unit = self._units.meanings_of([name], nearly=False)[0].get(name) or ""
        if unit:
            self._taken[name] = unit
        return unit

    def check_keys(self, mapping: Source) -> None:
        """A table of which not one key stands in its column is written for something else; so is most often one with number keys."""
        meaning, problems = self._meaning, []
        tables: list[tuple[tuple[str, ...], Table, list[Rule]]] = [(("values",), meaning.values, list(meaning.items.values()))]
        tables += [((name, "values"), rule.values, [rule]) for name, rule in (*meaning.items.items(), *meaning.breakdowns.items())]
        tables += [((n, "values"), r.values, [r]) for n, r in (("unit", meaning.unit), ("wave", meaning.wave)) if isinstance(r, Rule)]
        for place, table, rules in tables:
            if table.written and not self._met[id(table)] and not self._trivial(table):
                key, line = next(iter(table.written.values()))
                problems.append(
                    Problem(
                        row=line, column=".".join(place), message=N_('no cell of the column holds "{key}", nor any other value of this table.'),
                        cure=N_("Write the values as they stand in the file (column {column}), or remove the table."),
                        values={"key": shown(key), "column": shown(", ".join(dict.fromkeys(rule.column for rule in rules)), 200)},
                    )
                )  # fmt: skip
        refuse_if(mapping.name, problems if not self.problems else [])

    def _trivial(self, table: Table) -> bool:
        """Does the table say nothing but what the questionnaire says itself?"""
        own: dict[str, set[str]] = defaultdict(set)
        for labels in (*self._labels.values(), *(labels for _codes, labels in self._categories.values())):
            for label, value in labels.items():
                own[label].add(value)
        return all(meant in own.get(key, {key}) for key, meant in table.meanings.items())


DECLINED = "na"
_NO_POINT = N_("It is not a point of the scale. Add it to the mapping's values: with the number it stands for, or with nothing: no answer.")
_IN_ROWS = {
    N_('"{value}" is not an option.'): N_('"{value}" is not an option ({rows} rows).'),
    N_('"{value}" is not a category.'): N_('"{value}" is not a category ({rows} rows).'),
    N_("unit {value} is unknown."): N_("unit {value} is unknown ({rows} rows)."),
    N_("the unit is missing."): N_("the unit is missing ({rows} rows)."),
    N_("the wave is missing."): N_("the wave is missing ({rows} rows)."),
}


def _number(text: str) -> str | None:
    """4.0 and 4 as 4; None where it is no whole number, or a code with noughts before it."""
    if not _WHOLE.fullmatch(text):
        return None
    whole = re.split(r"[.,]", text)[0]
    return whole if str(int(whole)) == whole else None


def _labels(options: list[tuple[str, str, str]]) -> dict[str, str]:
    """label -> value, of labels that only one option has."""
    return told_apart({value: label for value, label, _other in options}) | told_apart(
        {value: label for value, _label, label in options if label}
    )
