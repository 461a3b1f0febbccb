"""`langnghe serve` and `langnghe demo`: the web application, and something to look at in it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import click

from bootstrap import DEFAULT_ADDRESS, DEFAULT_COOKIE_KEY, ROOT, SURFACES
from commands.command import Context, command
from commands.key_shares import folder_for, save
from survey.demonstration import build as demonstration
from survey.errors import N_, SurveyError

_HERE = ("127.0.0.1", "localhost", "::1")


@command(
    "serve",
    click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True),
    click.option("--address", default="127.0.0.1", show_default=True),
    click.option("--surface", type=click.Choice(SURFACES), default=None),
)
def serve(context: Context, port: int, address: str, surface: str | None) -> None:
    """Start the web application."""
    if address not in _HERE:
        _refuse_defaults(context)
    environment = {**os.environ, **({"LANGNGHE_SURFACE": surface} if surface else {})}
    environment["LANGNGHE_DATA_DIR"] = str(context.settings.data_dir)
    if context.settings.address == DEFAULT_ADDRESS:
        environment["LANGNGHE_ADDRESS"] = f"http://{address}:{port}"  # for QR codes tried out on this machine
    arguments = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.address", address]
    if sys.platform != "win32":
        os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it starts in
        os.execve(sys.executable, arguments, environment)
    sys.exit(subprocess.call(arguments, cwd=ROOT, env=environment))


def _refuse_defaults(context: Context) -> None:
    """Demonstration passwords and the default key are good on this machine only."""
    if context.settings.cookie_key == DEFAULT_COOKIE_KEY:
        raise SurveyError("default-key", N_("Set LANGNGHE_COOKIE_KEY to a secret of your own before serving other machines."))
    if context.services.accounts.has_demonstration():
        raise SurveyError(
            "demonstration-passwords",
            N_("There are demonstration accounts. Disable them or give them passwords of your own before serving other machines."),
        )


@command("demo")
def demo(context: Context) -> None:
    """Create the demonstration stores; print accounts and ready codes."""
    _, services = context.locale, context.services
    today = date.today()
    if not demonstration.is_built(services):
        click.echo(_("Building the demonstration (illustrative figures), about half a minute:"))
        folder = folder_for(context.settings)
        for share in demonstration.build(services, today, lambda line: click.echo(f"  {line}")):
            click.echo(_("Key share of the open wave: {path}", path=save(folder, share)))
    ready = demonstration.ready(services, today)
    click.echo(_("Demonstration accounts (passwords made now, good on this machine only):"))
    for name, password in ready.passwords.items():
        click.echo(f"  {name:<14} {password}")
    click.echo(_("Codes to answer with:"))
    for code in ready.codes:
        click.echo(f"  http://127.0.0.1:8501/p?code={code}")
