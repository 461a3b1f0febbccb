"""`langnghe report`: the results of one unit, or of all, in the official layout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.command import Context, command, written
from survey.access import OPERATOR
from survey.disseminate.report.service import FORMATS
from survey.errors import N_, SurveyError


@command(
    "report",
    click.option("--wave", "wave_id", required=True),
    click.option("--unit", help="One unit; its ending says the format: FILE.docx, FILE.pdf or FILE.xlsx."),
    click.option("--all-units", is_flag=True, help="A file for every unit, into the folder OUT."),
    click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="docx", show_default=True, help="With --all-units."),
    click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE|DIR"),
)
def report(context: Context, wave_id: str, unit: str | None, all_units: bool, kind: str, out: Path) -> None:
    """Write a report: A4 in the official layout, with annex tables and charts."""
    if bool(unit) == all_units:
        raise click.UsageError("--unit U --out FILE | --all-units --out DIR")
    if unit is not None:
        _one(context, wave_id, unit, out)
    else:
        _all(context, wave_id, kind, out)


def _one(context: Context, wave_id: str, unit: str, out: Path) -> None:
    kind = out.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise click.UsageError(f"--out {out}: .docx | .pdf | .xlsx")
    with written(out) as file:
        file.write(context.services.reports.one(OPERATOR, wave_id, unit, kind, context.locale).content)
    click.echo(str(out))


def _all(context: Context, wave_id: str, kind: str, out: Path) -> None:
    services, locale = context.services, context.locale
    units = services.reports.units(OPERATOR, wave_id)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SurveyError("cannot-write", N_("{file} cannot be written: {reason}."), file=out, reason=error.strerror) from None
    files = services.reports.all(OPERATOR, wave_id, kind, locale)
    with click.progressbar(files, length=len(units), label=locale("Reports"), file=sys.stderr) as bar:
        for made in bar:
            with written(out / made.name) as file:
                file.write(made.content)
    click.echo(str(out))
