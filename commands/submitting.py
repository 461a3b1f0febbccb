"""`langnghe wave submit|template`: responses from a file, the same path as the web page (paper forms, tests)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.command import INPUT, WAVE_ID, Context, Output, as_json, command, emit, written
from survey.access import OPERATOR
from survey.collect.slips import CodeOfAnotherWave
from survey.design.acceptance import SECTIONS, AnswersRejected, refuse_unknown
from survey.errors import N_, InputRefused, Problem, SurveyError, refuse_if
from survey.source import Source, read_text

if TYPE_CHECKING:
    from survey.collect.forms_file import Difference


@command(
    "submit",
    click.argument("id_", metavar="ID"),
    click.option("--code", help="of one response, with --answers"),
    click.option("--answers", type=INPUT, help='{"answers": {...}, "comments": {...}, "breakdowns": {...}}'),
    click.option("--batch", type=INPUT, help="many paper forms, one a row: see `langnghe wave template`"),
    click.option("--second", type=INPUT, help="some of the forms of --batch, typed in again by somebody else; refused where they differ"),
    click.option("--dry-run", is_flag=True, help="with --batch: check and compare, send nothing"),
    as_json,
)
def submit(
    context: Context,
    id_: str,
    code: str | None,
    answers: Path | None,
    batch: Path | None,
    second: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """One response from a JSON file, or many from a table, as the web page sends them."""
    if batch is not None and code is None and answers is None:
        _batch(context, id_, Source.open(batch), Source.open(second) if second else None, dry_run, as_json)
    elif batch is None and second is None and not dry_run and code is not None and answers is not None:
        _one(context, id_, code, answers, as_json)
    else:
        raise click.UsageError("either --code and --answers, or --batch [--second] [--dry-run]")


def _one(context: Context, id_: str, code: str, answers: Path, as_json: bool) -> None:
    context.services.design.wave(OPERATOR, id_)
    source = Source.open(answers)
    text = read_text(source)
    raw = _read(source, text)
    form = context.services.collect.open(code, context.services.clock.today())
    if form.wave.id != id_:
        raise CodeOfAnotherWave()
    try:
        if isinstance(raw, dict):
            refuse_unknown(raw, SECTIONS)
        receipt = context.services.collect.submit(code, raw, context.services.clock.today(), paper=True)
    except AnswersRejected as error:
        raise InputRefused(source.name, [_problem(place, message, text) for place, message in error.errors.items()]) from None
    said = context.locale("Received. Receipt: {receipt}", receipt=receipt.text)
    emit({"receipt": receipt.text, "already": receipt.already}, as_json, said)


def _batch(context: Context, id_: str, source: Source, again: Source | None, dry_run: bool, as_json: bool) -> None:
    from survey.collect.entering import SPENT  # one answer of one person needs no tables

    entering, today = context.services.entering, context.services.clock.today()
    forms = entering.read(OPERATOR, id_, source, today)
    if again is not None:
        differing = entering.differing(OPERATOR, id_, forms, entering.read(OPERATOR, id_, again, today))
        refuse_if(source.name, [_difference(one) for one in differing])
    if dry_run:
        said = context.locale("{count} forms, nothing wrong with them; nothing was sent.", count=len(forms.forms))
        emit({"forms": len(forms.forms)}, as_json, said)
        return
    taken = entering.take(OPERATOR, id_, forms, today)
    said = context.locale("{received} forms received, {already} had been received before.", received=taken.received, already=taken.already)
    emit({"received": taken.received, "already": taken.already, "spent": list(taken.spent)}, as_json, said)
    if taken.spent:
        raise SurveyError("codes-spent", SPENT, rows=", ".join(map(str, taken.spent)))


def _difference(one: Difference) -> Problem:
    return Problem(
        row=one.rows[0],
        column=one.place,
        message=N_('here "{first}", in the second entry (row {other}) "{second}".'),
        cure=N_("Look at the paper form and correct the file that is wrong."),
        values={"first": one.first, "second": one.second, "other": one.rows[1]},
    )


@command(
    "template",
    WAVE_ID,
    click.option("--out", type=Output(".xlsx"), required=True),
)
def template(context: Context, id_: str, out: Path) -> None:
    """An Excel file for paper forms of the wave: one row a form, filled in for `wave submit --batch`."""
    made = context.services.entering.template(OPERATOR, id_, context.locale)
    with written(out) as file:
        file.write(made)
    click.echo(str(out))


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
    return Problem(row=row, column=None if place == "?" else place, message=message, cure=N_("Correct it or leave it out."))
