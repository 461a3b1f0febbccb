"""`langnghe wave protocol|publish`: what follows a close."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import WAVE_ID, Context, Output, command, written
from survey.access import OPERATOR
from survey.disseminate.protocol_pdf import protocol_pdf


@command("protocol", WAVE_ID, click.option("--out", type=Output(".pdf"), required=True))
def protocol(context: Context, id_: str, out: Path) -> None:
    """Print the protocol of the opening of the box (biên bản mở hòm phiếu) as .pdf."""
    with written(out) as file:
        file.write(protocol_pdf(context.services.results.release(OPERATOR, id_), context.locale))
    click.echo(str(out))


@command("publish", WAVE_ID)
def publish(context: Context, id_: str) -> None:
    """Let leaders see the results. Comments that an organizer has not looked at stay unseen until then."""
    context.services.closing.publish(OPERATOR, id_, comments_later=True)
    if waiting := context.services.closing.unseen(id_):
        click.echo(
            context.locale("{count} comments wait to be looked at on the organizer's page; leaders do not see them yet.", count=waiting),
            err=True,
        )
    click.echo(context.locale("Wave {wave} is published.", wave=id_))
