"""`langnghe wave cover`: the cover key of a wave in the field, carried from the machine that has it to one that needs it."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, OUTPUT, Context, command, written
from db.cover_copies import bring, copied
from survey.access import OPERATOR
from survey.errors import N_
from survey.source import Source

_WARNING = N_(
    "Carry it to the other machines, bring it there with --from, and delete this file: with it and the shares, old copies of the box tell."
)


@command(
    "cover",
    click.argument("id_", metavar="ID"),
    click.option("--out", type=OUTPUT, help="Copy this machine's key into this file."),
    click.option("--from", "brought", type=INPUT, help="Keep the key in this file on this machine."),
)
def cover(context: Context, id_: str, out: Path | None, brought: Path | None) -> None:
    """Where replicas run on several machines: carry a wave's cover key from one to another (--out, then --from)."""
    if (out is None) == (brought is None):
        raise click.UsageError("--out FILE / --from FILE")
    services = context.services
    services.design.wave(OPERATOR, id_)
    if out is not None:
        with written(out, private=True) as file:
            file.write(copied(services.engines[1], services.box.covers, id_))
        click.echo(context.locale("Cover key of wave {wave}: {path}", wave=id_, path=out))
        click.echo(context.locale(_WARNING), err=True)
    elif brought is not None:
        bring(services.engines[1], services.box.covers, id_, Source.open(brought).content)
        click.echo(context.locale("This machine now takes answers of wave {wave}. Delete {path}.", wave=id_, path=brought))
