"""`langnghe questionnaire`: versions in and out of files."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, OUTPUT, Context, as_json, command, emit, written
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire
from survey.design.questionnaire_file import write_questionnaire
from survey.design.xlsform import write_xlsform
from survey.tabular import Source


@command("import", click.argument("file", type=INPUT), as_json)
def import_(context: Context, file: Path, as_json: bool) -> None:
    """Store the questionnaire of FILE (.yaml, or XLSForm .xlsx)."""
    design = context.services.design
    read = design.read_questionnaire(OPERATOR, Source.open(file))
    design.save_questionnaire(OPERATOR, read)
    emit(_summary(read), as_json, f"{read.id} {read.version}")


@command("check", click.argument("file", type=INPUT), as_json)
def check(context: Context, file: Path, as_json: bool) -> None:
    """Check FILE without storing anything."""
    read = context.services.design.read_questionnaire(OPERATOR, Source.open(file))
    emit(_summary(read), as_json, context.locale("{id} {version}: {themes} themes, {items} items, no error.", **_summary(read)))


@command("export", click.argument("id_", metavar="ID"), click.argument("file", type=OUTPUT))
def export(context: Context, id_: str, file: Path) -> None:
    """Write questionnaire ID to FILE (.yaml, or XLSForm .xlsx)."""
    found = context.services.design.questionnaire(OPERATOR, id_)
    with written(file) as out:
        out.write(write_xlsform(found) if file.suffix == ".xlsx" else write_questionnaire(found))
    click.echo(str(file))


def _summary(read: Questionnaire) -> dict[str, str | int]:
    return {"id": read.id, "version": read.version, "themes": len(read.themes), "items": len(read.items)}


questionnaire = click.Group("questionnaire", help="Questionnaires.", commands=[import_, check, export])
