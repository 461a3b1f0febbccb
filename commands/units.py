"""`langnghe units`: the register with its lineage."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import DRY_RUN, INPUT, Context, Output, as_json, command, emit, tell, written
from commands.reorganising import OPERATIONS
from survey.access import OPERATOR
from survey.design.units_file import write_units
from survey.design.units_workbook import write_units_workbook
from survey.errors import Said
from survey.source import Source


@command(
    "import",
    click.argument("file", type=INPUT),
    click.option("--dates", type=click.Choice(["dmy", "mdy"]), default=None, help="How dates like 7/1/2025 are meant."),
    click.option("--keep-letters", is_flag=True, help="Names are right though no Vietnamese name has such letters."),
    DRY_RUN,
    as_json,
)
def import_(context: Context, file: Path, dates: str | None, keep_letters: bool, dry_run: bool, as_json: bool) -> None:
    """Add or replace units from FILE (.csv, .xlsx, .xls, .ods or .yaml)."""
    design = context.services.design
    said: list[Said] = []
    read = design.read_units(OPERATOR, Source.open(file), said, dates or "", keep_letters)
    if dry_run:
        tell(context, said, [f"{unit.id}: {unit.name_vi}" for unit in read], context.locale("Nothing was stored."), as_json)
        if as_json:
            emit({"imported": len(read), "units": [unit.id for unit in read], "stored": False}, as_json, "")
        return
    tell(context, said, [], "", as_json)
    merged = design.save_units(OPERATOR, read)
    text = context.locale("{count} units imported, {total} in the register.", count=len(read), total=len(merged))
    emit({"imported": len(read), "register": len(merged)}, as_json, text)


@command(
    "export", click.argument("file", type=Output(".csv", ".xlsx")), click.option("--separator", type=click.Choice([";", ","]), default=";")
)
def export(context: Context, file: Path, separator: str) -> None:
    """Write the register to FILE (.csv, or .xlsx with Vietnamese headers)."""
    register = context.services.design.units(OPERATOR)
    content = write_units_workbook(register) if file.suffix.lower() == ".xlsx" else write_units(register, separator)
    with written(file) as out:
        out.write(content)
    click.echo(str(file))


units = click.Group("units", help="Units with their lineage.", commands=[import_, export, *OPERATIONS])
