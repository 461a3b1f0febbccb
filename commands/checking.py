"""`langnghe check`: what is wrong with an installation, and what to do about it. Nothing is created or changed."""

from __future__ import annotations

import sys

import click

from bootstrap import findings
from commands.command import Context, as_json, command, emit, refusing_unreachable


@command("check", as_json)
def check(context: Context, as_json: bool) -> None:
    """Say what is wrong with this installation; exit 1 if anything is."""
    _ = context.locale
    with refusing_unreachable():  # an address that leads nowhere
        found = tuple(findings(context.settings))
    wrong = [finding for finding in found if finding.wrong]
    for finding in () if as_json else wrong:
        click.echo(f"- {finding.check}: {_(finding.wrong, **finding.values)}", err=True)
    listed = [{"check": f.check, "ok": not f.wrong, "message": _(f.wrong, **f.values) if f.wrong else ""} for f in found]
    emit({"ok": not wrong, "checks": listed}, as_json, _("{count} things checked, {wrong} wrong.", count=len(found), wrong=len(wrong)))
    sys.exit(1 if wrong else 0)
