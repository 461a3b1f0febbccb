"""`langnghe demo`: something to look at in the web application."""

from __future__ import annotations

import click

from commands.command import PORT, Context, command
from commands.key_shares import save
from survey.collect.key_folder import folder_for
from survey.demonstration import build as demonstration


@command("demo", PORT)
def demo(context: Context, port: int) -> None:
    """Create the demonstration stores; print accounts and ready codes."""
    _, services = context.locale, context.services
    today = services.clock.today()
    if not demonstration.is_built(services):
        click.echo(_("Building the demonstration (illustrative figures), one to two minutes:"))
        folder = folder_for(context.settings.data_dir)
        for share in demonstration.build(services, today, lambda line: click.echo(f"  {line}")):
            click.echo(_("Key share of the open wave: {path}", path=save(folder, share)))
    ready = demonstration.ready(services, today)
    click.echo(_("Demonstration accounts (passwords made now, good on this machine only):"))
    for name, password in ready.passwords.items():
        click.echo(f"  {name:<14} {password}")
    click.echo(_("Codes to answer with:"))
    for code in ready.codes:
        click.echo(f"  http://127.0.0.1:{port}/p?code={code}")
