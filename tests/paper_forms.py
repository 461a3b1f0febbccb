"""Forms on paper as people fill them in, and the Excel template as an operator does."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import load_workbook

from survey.collect.forms_workbook import asked, options_of, written
from survey.design.questionnaire import Item, Questionnaire
from survey.i18n import Locale
from tests.small_world import answers

VI = Locale("vi")
PEOPLE = {"Sở A": 14, "Sở B": 11, "Sở C": 3, "Huyện H": 12}


def raw_of(questionnaire: Questionnaire, person: int) -> dict[str, Any]:
    """What one person of a unit answers: some leave questions out, some write, some say who they are."""
    given = answers(questionnaire, 2 + person % 3)
    given = {name: value for place, (name, value) in enumerate(given.items()) if (place + person) % 7}
    field = questionnaire.breakdowns[0]
    comments = {questionnaire.open_questions[0].id: f"=Ý kiến\nthứ {person}"} if person % 2 else {}
    return {"answers": given, "comments": comments, "breakdowns": {field.id: str(field.categories[person % 2].value)}}


def people(questionnaire: Questionnaire, codes: Mapping[str, list[str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for unit, count in PEOPLE.items():
        for person in range(count):
            yield codes[unit][person], raw_of(questionnaire, person)


def filled(template: bytes, questionnaire: Questionnaire, forms: Iterator[tuple[str, dict[str, Any]]], **changes: object) -> bytes:
    """The template as an operator fills it in; `changes`: cells afterwards, by their name (B4="x")."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    for row, (code, raw) in enumerate(forms, start=4):
        sheet.cell(row, 1, code)
        for column, one in enumerate(asked(questionnaire), start=2):
            value = {**raw["answers"], **raw["comments"], **raw["breakdowns"]}.get(one.id)
            if value is not None and not isinstance(one, Item):
                value = next((written(option, one, VI) for option in options_of(one, questionnaire) if option.value == value), value)
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # Excel's own text, also where it begins with "="
    for name, value in changes.items():
        sheet[name] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
