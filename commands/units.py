"""`langnghe units`: the register with its lineage."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, OUTPUT, Context, as_json, command, emit, written
from survey.access import OPERATOR
from survey.design.units_file import write_units
from survey.tabular import Source


@command("import", click.argument("file", type=INPUT), as_json)
def import_(context: Context, file: Path, as_json: bool) -> None:
    """Add or replace units from FILE (.csv, .xlsx or .yaml)."""
    design = context.services.design
    read = design.read_units(OPERATOR, Source.open(file))
    merged = design.save_units(OPERATOR, read)
    text = context.locale("{count} units imported, {total} in the register.", count=len(read), total=len(merged))
    emit({"imported": len(read), "register": len(merged)}, as_json, text)


@command("export", click.argument("file", type=OUTPUT), click.option("--separator", type=click.Choice([";", ","]), default=";"))
def export(context: Context, file: Path, separator: str) -> None:
    """Write the register to FILE (.csv)."""
    with written(file) as out:
        out.write(write_units(context.services.design.units(OPERATOR), separator))
    click.echo(str(file))


units = click.Group("units", help="Units with their lineage.", commands=[import_, export])
