"""Reading past answers, one row a person, through a mapping that says what each column means.

wave: {column: Năm}            # or  wave: "2021"
unit: {column: Đơn vị, values: {"Sở Nội vụ": dn.snv}}
values: {"Rất đồng ý": 5, "Không biết": 0}      # for every item
items: {KC1: {column: "Câu 8"}, KC2: {column: "Câu 9", values: {...}}}
breakdowns: {gender: {column: Giới tính, values: {Nam: m, Nữ: f}}}
comments: {MO1: {column: Góp ý}}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from survey.design.questionnaire import AnswersRejected, Questionnaire, Response
from survey.design.units import UnitRegister
from survey.errors import MANY_PROBLEMS, N_, InputRefused, Problem, refuse_if
from survey.limits import ID, id_fault
from survey.tabular import Source, read_table
from survey.vietnamese import tidy
from survey.yaml_file import read_yaml

_SECTIONS = ("wave", "unit", "values", "items", "breakdowns", "comments")


def read_responses(source: Source, mapping: Source, questionnaire: Questionnaire, register: UnitRegister) -> dict[str, list[Response]]:
    """Responses by wave. Refused whole, with the row and column of every value that has no meaning."""
    meaning = _read_mapping(mapping, questionnaire)
    columns = {section.get("column") for section in _columns(meaning)}
    table = read_table(source, required=sorted(str(c) for c in columns if c), optional=None)
    problems: list[Problem] = []
    by_wave: dict[str, list[Response]] = defaultdict(list)
    for row, record in zip(table.index, table.to_dict("records"), strict=True):
        if len(problems) >= MANY_PROBLEMS:
            break
        reader = _Row(int(str(row)), record, problems)
        wave = meaning["wave"] if isinstance(meaning["wave"], str) else reader.value(meaning["wave"], {})
        unit = reader.value(meaning["unit"], {})
        if unit is not None and unit not in register:
            reader.refuse(meaning["unit"]["column"], N_("unit {value} is unknown."), N_("Correct it, or add it under unit: values:."), unit)
        answers = {item: reader.number(rule, meaning["values"]) for item, rule in meaning["items"].items()}
        breakdowns = {field: reader.value(rule, {}) for field, rule in meaning["breakdowns"].items()}
        comments = {question: str(record[rule["column"]]) for question, rule in meaning["comments"].items()}
        raw = {
            "answers": {item: value for item, value in answers.items() if value is not None},
            "breakdowns": {field: value for field, value in breakdowns.items() if value},
            "comments": {question: text for question, text in comments.items() if text},
        }
        try:
            by_wave[str(wave or "")].append(questionnaire.accept(raw, unit or ""))
        except AnswersRejected as error:
            for place, message in error.errors.items():
                rule = (meaning["items"] | meaning["breakdowns"] | meaning["comments"])[place]
                reader.refuse(rule["column"], message, N_("Correct it, or add it to the mapping's values:."), record[rule["column"]])
        if not wave:
            reader.refuse("wave", N_("the wave is missing."), N_("Write for example 2019."), "")
        elif id_fault(wave, ID):
            reader.refuse("wave", N_('the id "{value}" is not usable.'), N_("Write for example 2019."), wave)
    if table.empty:
        problems.append(Problem(message=N_("the file has no rows."), cure=N_("Add one row for each person.")))
    refuse_if(source.name, problems)
    return dict(by_wave)


class _Row:
    def __init__(self, row: int, record: Mapping[Any, Any], problems: list[Problem]) -> None:
        self.row = row
        self.record = record
        self.problems = problems

    def refuse(self, column: str, message: str, cure: str, value: object) -> None:
        self.problems.append(Problem(row=self.row, column=column, message=message, cure=cure, values={"value": value}))

    def value(self, rule: Mapping[str, Any], common: Mapping[str, Any]) -> str | None:
        text = tidy(str(self.record[rule["column"]]))
        meanings = {**common, **rule.get("values", {})}
        found = meanings.get(text, text)
        return None if found in (None, "") else str(found)

    def number(self, rule: Mapping[str, Any], common: Mapping[str, Any]) -> int | None:
        value = self.value(rule, common)
        if value is None:
            return None
        try:
            return int(value)
        except ValueError:
            self.refuse(rule["column"], N_('"{value}" is not an option.'), N_("Correct it, or add it to the mapping's values:."), value)
            return None


def _columns(meaning: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rules = [*meaning["items"].values(), *meaning["breakdowns"].values(), *meaning["comments"].values(), meaning["unit"]]
    return rules + ([meaning["wave"]] if isinstance(meaning["wave"], Mapping) else [])


def _read_mapping(source: Source, questionnaire: Questionnaire) -> dict[str, Any]:
    document, lines = read_yaml(source)
    problems: list[Problem] = []

    def refuse(place: tuple[str | int, ...], message: str, cure: str) -> None:
        problems.append(Problem(row=lines.get(place), column=".".join(map(str, place)), message=message, cure=cure))

    def check_values(place: tuple[str, ...], values: object) -> bool:
        """Is it a table from what stands in the file to what it means?"""
        good = isinstance(values, Mapping) and not any(isinstance(value, list | Mapping) for value in values.values())
        if not good:
            refuse(place, N_("this is not a table of values."), N_("Write what stands in the file, a colon and what it means."))
        return good

    if not isinstance(document, Mapping):
        raise InputRefused(source.name, [Problem(message=N_("the mapping is empty."), cure=N_("It needs wave:, unit: and items:."))])
    known = {
        "items": set(questionnaire.item),
        "breakdowns": {b.id for b in questionnaire.breakdowns},
        "comments": {q.id for q in questionnaire.open_questions},
    }
    meaning: dict[str, Any] = {"values": {}, "breakdowns": {}, "comments": {}, "items": {}, **document}
    for key in document:
        if key not in _SECTIONS:
            refuse((str(key),), N_("this is not a part of a mapping."), N_("Known are: wave, unit, values, items, breakdowns, comments."))
    for section, ids in known.items():
        rules = meaning[section] or {}
        if not isinstance(rules, Mapping):
            refuse(
                (section,),
                N_("this must name questions and their columns."),
                N_("Write the id of a question, a colon and the header of its column."),
            )
            rules = {}
        meaning[section] = {}
        for name, rule in rules.items():
            rule = {"column": rule} if isinstance(rule, str) else rule
            if name not in ids:
                refuse((section, str(name)), N_("this is not in the questionnaire."), N_("Correct the id."))
            elif not isinstance(rule, Mapping) or not isinstance(rule.get("column"), str):
                refuse((section, str(name)), N_("the column is missing."), N_("Write column: and the header of the column."))
            elif check_values((section, str(name), "values"), rule.get("values", {})):
                meaning[section][name] = rule
    for section in ("unit", "wave"):
        rule = meaning.get(section)
        if section == "wave" and type(rule) is int:
            meaning[section] = str(rule)
        elif section == "wave" and isinstance(rule, str):
            pass
        elif not isinstance(rule, Mapping) or not isinstance(rule.get("column"), str):
            refuse((section,), N_("the column is missing."), N_("Write column: and the header of the column."))
        else:
            check_values((section, "values"), rule.get("values", {}))
    check_values(("values",), meaning["values"])
    if not meaning["items"] and not problems:
        refuse(("items",), N_("no item is mapped."), N_("Name at least one item and its column."))
    refuse_if(source.name, problems)
    return meaning
