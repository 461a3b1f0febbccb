"""`langnghe serve` and `langnghe demo`: the web application, and something to look at in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import click

from bootstrap import DEFAULT_ADDRESS, ROOT, SURFACES, build_surface, refuse_defaults
from commands.command import Context, command, refusing_unreachable
from commands.key_folder import folder_for
from commands.key_shares import save
from survey.demonstration import build as demonstration

PORT = click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Where it is, or will be, served.")


@command(
    "serve",
    PORT,
    click.option("--address", default="127.0.0.1", show_default=True),
    click.option("--surface", type=click.Choice(SURFACES), default=None),
)
def serve(context: Context, port: int, address: str, surface: str | None) -> None:
    """Start the web application."""
    with refusing_unreachable():
        served = build_surface(replace(context.settings, surface=surface or context.settings.surface))
    try:
        refuse_defaults(served, address)
    finally:
        served.close()
    environment = {**os.environ, "LANGNGHE_SURFACE": served.settings.surface}
    environment["LANGNGHE_DATA_DIR"] = str(context.settings.data_dir)
    if context.settings.address == DEFAULT_ADDRESS:
        environment["LANGNGHE_ADDRESS"] = f"http://{address}:{port}"  # for QR codes tried out on this machine
    arguments = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.address", address]
    if sys.platform != "win32":
        os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it starts in
        os.execve(sys.executable, arguments, environment)
    sys.exit(subprocess.call(arguments, cwd=ROOT, env=environment))


@command("demo", PORT)
def demo(context: Context, port: int) -> None:
    """Create the demonstration stores; print accounts and ready codes."""
    _, services = context.locale, context.services
    today = services.clock.today()
    if not demonstration.is_built(services):
        click.echo(_("Building the demonstration (illustrative figures), one to two minutes:"))
        folder = folder_for(context.settings)
        for share in demonstration.build(services, today, lambda line: click.echo(f"  {line}")):
            click.echo(_("Key share of the open wave: {path}", path=save(folder, share)))
    ready = demonstration.ready(services, today)
    click.echo(_("Demonstration accounts (passwords made now, good on this machine only):"))
    for name, password in ready.passwords.items():
        click.echo(f"  {name:<14} {password}")
    click.echo(_("Codes to answer with:"))
    for code in ready.codes:
        click.echo(f"  http://127.0.0.1:{port}/p?code={code}")
