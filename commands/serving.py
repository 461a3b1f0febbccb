"""`langnghe serve`: the web application."""

from __future__ import annotations

import errno
import os
import runpy
import socket
import sys
from dataclasses import replace

import click

from bootstrap import Services, Surface, build_surface, refuse_defaults
from commands.command import PORT, Context, command, refusing_unreachable
from survey.account_links import SECONDS
from survey.errors import N_, SurveyError
from survey.settings import ROOT, SURFACES


@command(
    "serve",
    PORT,
    click.option("--address", default="127.0.0.1", show_default=True),
    click.option("--surface", type=click.Choice(SURFACES), default=None),
)
def serve(context: Context, port: int, address: str, surface: str | None) -> None:
    """Start the web application."""
    _require_free(address, port)
    with refusing_unreachable():
        served = build_surface(replace(context.settings, surface=surface or context.settings.surface))
    served_at = f"http://{_host(address)}:{port}"  # for QR codes tried out on this machine
    try:
        refuse_defaults(served, address)
        _say_how_to_begin(context, served, served_at)
    finally:
        served.close()
    os.environ["LANGNGHE_SURFACE"] = served.settings.surface
    os.environ["LANGNGHE_DATA_DIR"] = str(context.settings.data_dir)
    os.environ["LANGNGHE_SERVED_AT"] = served_at
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it starts in
    # As `streamlit run` in this very process: another one would import everything once more.
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.address", address]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _require_free(address: str, port: int) -> None:
    try:
        with socket.create_server((address or "0.0.0.0", port), family=socket.AF_INET6 if ":" in address else socket.AF_INET):  # noqa: S104
            pass
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return  # the server itself says what is wrong
        message = N_(
            "Port {port} is taken on this machine, perhaps by Lắng Nghe itself. Choose another, for example: langnghe serve --port {other}"
        )
        raise SurveyError("port-taken", message, port=port, other=port + 1) from None


def _host(address: str) -> str:
    """As a browser on this machine writes it: 0.0.0.0 is every address, and none to open."""
    here = "127.0.0.1" if address in ("", "0.0.0.0", "::") else address  # noqa: S104 (compared, not bound)
    return f"[{here}]" if ":" in here else here


def _say_how_to_begin(context: Context, served: Surface, served_at: str) -> None:
    """While there is no account at all: the link to make the first one, for whoever sees this window, and nobody else on the network."""
    link = served.accounts.give_set_up_link() if isinstance(served, Services) else None
    if link is not None:
        base = served.settings.address if "address" in served.settings.given else served_at
        said = N_("This installation is new. Open this address in a browser to set it up; it works once, for {hours} hours:")
        click.echo(context.locale(said, hours=SECONDS // 3600))
        click.echo(f"\n    {link.address(base, context.locale.language)}\n")
        sys.stdout.flush()
