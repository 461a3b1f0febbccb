"""`langnghe log`: who did what, and whether the list is whole."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from commands.command import Context, as_json, command, emit
from survey.access import OPERATOR


@command(
    "log",
    click.option("--verify", is_flag=True, help="Walk the chain of hashes; exit 1 if a line was changed or removed."),
    click.option("--anchor", default="", metavar="HASH", help="With --verify: a hash noted earlier, whose line must still be there."),
    as_json,
)
def log(context: Context, verify: bool, anchor: str, as_json: bool) -> None:
    """What people with accounts and the operator did, oldest first. Respondents are never in it."""
    if verify or anchor:
        _verify(context, anchor, as_json)
        return
    for entry in reversed(context.services.access_log.entries(OPERATOR)):
        emit(asdict(entry), as_json, f"{entry.number:>6}  {entry.minute}  {entry.account:<16} {entry.action:<20} {entry.subject}")


def _verify(context: Context, anchor: str, as_json: bool) -> None:
    _ = context.locale
    found = context.services.access_log.verify(OPERATOR, anchor)
    said = _("{lines} lines. Hash of the last one: {hash}", lines=found.lines, hash=found.tip.hash)
    if found.broken is not None:
        said = _("Line {number} was changed, or a line before it was removed.", number=found.broken)
    elif found.anchored is False:
        said = _("The chain is whole, but no line has the hash noted earlier: lines were removed at the end, or all was written anew.")
    document = {"lines": found.lines, "last": found.tip.hash, "broken": found.broken, "anchored": found.anchored, "ok": found.good}
    emit(document, as_json, said)
    sys.exit(0 if found.good else 1)
