"""`langnghe wave submit`: one response from a file, the same path as the web page (paper entry, tests)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.command import INPUT, Context, as_json, command, emit
from survey.access import OPERATOR
from survey.design.questionnaire import AnswersRejected
from survey.errors import N_, InputRefused, Problem, SurveyError
from survey.source import Source, read_text


@command(
    "submit",
    click.argument("id_", metavar="ID"),
    click.option("--code", required=True),
    click.option("--answers", type=INPUT, required=True, help='{"answers": {...}, "comments": {...}, "breakdowns": {...}}'),
    as_json,
)
def submit(context: Context, id_: str, code: str, answers: Path, as_json: bool) -> None:
    """One response from a JSON file, as the web page sends it."""
    context.services.design.wave(OPERATOR, id_)
    source = Source.open(answers)
    text = read_text(source)
    raw = _read(source, text)
    form = context.services.collect.open(code, context.services.clock.today())
    if form.wave.id != id_:
        raise SurveyError("other-wave", N_("This code belongs to another wave."))
    try:
        receipt = context.services.collect.submit(code, raw, context.services.clock.today())
    except AnswersRejected as error:
        raise InputRefused(source.name, [_problem(place, message, text) for place, message in error.errors.items()]) from None
    said = context.locale("Received. Receipt: {receipt}", receipt=receipt.text)
    emit({"receipt": receipt.text, "already": receipt.already}, as_json, said)


def _read(source: Source, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        problem = Problem(
            row=error.lineno,
            column=str(error.colno),
            message=N_("the file is not proper JSON."),
            cure=N_("Check quotation marks, commas and brackets at this place."),
        )
        raise InputRefused(source.name, [problem]) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        message, cure = N_("the file is not proper JSON."), N_("Check quotation marks, commas and brackets at this place.")
        raise InputRefused(source.name, [Problem(message=message, cure=cure)]) from None


def _problem(place: str, message: str, text: str) -> Problem:
    row = next((number for number, line in enumerate(text.splitlines(), start=1) if f'"{place}"' in line), None)
    return Problem(row=row, column=place, message=message, cure=N_("Correct it or leave it out."))
