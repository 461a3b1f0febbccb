"""`langnghe serve`: the web application."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import click

from bootstrap import DEFAULT_ADDRESS, ROOT, SURFACES, build_surface, refuse_defaults
from commands.command import PORT, Context, command, refusing_unreachable


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
