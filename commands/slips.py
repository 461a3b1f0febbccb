"""`langnghe wave codes`: the slips of a wave, made once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from commands.command import WAVE_ID, Context, Output, command, written
from survey.access import OPERATOR
from survey.cells import safe_cell
from survey.collect.slips import Slip
from survey.collect.slips_pdf import slip_wording, slips_pdf


@command(
    "codes",
    WAVE_ID,
    click.option("--out", type=Output(".pdf", ".csv"), required=True),
    click.option("--base-url", help="The survey's address for the QR codes; else the setting LANGNGHE_ADDRESS."),
)
def codes(context: Context, id_: str, out: Path, base_url: str | None) -> None:
    """Make the slips, once, as .pdf or .csv."""
    found = context.services.design.wave(OPERATOR, id_)
    with written(out, private=True) as file:  # before the codes are made: they can be made only once
        settings = context.services.settings
        address = base_url or found.site or settings.address
        slips = context.services.fieldwork.print_codes(OPERATOR, id_, address)
        if out.suffix.lower() == ".csv":
            context.services.fieldwork.note_list(OPERATOR, id_)
            file.write(_slips_csv(slips))
        else:
            says = slip_wording(
                found,
                context.services.policy.raised(found.plan.minimum_base).unit,
                address,
                settings.issuer(context.locale),
                context.locale,
            )
            file.write(slips_pdf(slips, says, context.locale))
    click.echo(context.locale("{count} slips: {path}", count=len(slips), path=out))


def _slips_csv(slips: tuple[Slip, ...]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["unit", "code"])
    writer.writerows([safe_cell(slip.unit_name), slip.code] for slip in slips)
    return text.getvalue().encode("utf-8-sig")
