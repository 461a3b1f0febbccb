"""`langnghe backup` and `langnghe restore`: copies that never hold an opened ballot."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from commands.command import DRY_RUN, FOLDER, INPUT, Context, as_json, command, emit
from survey import backup_words
from survey.access import OPERATOR
from survey.errors import N_

_BOX_HELP = "Also copy codes and sealed ballots of an open wave. Two such copies tell who answered between them."


@command("backup", click.argument("folder", type=FOLDER), click.option("--with-open-box", is_flag=True, help=_BOX_HELP), as_json)
def backup(context: Context, folder: Path, with_open_box: bool, as_json: bool) -> None:
    """Copy the stores into FOLDER, which must be new or empty."""
    _ = context.locale
    made = context.services.copying.write(OPERATOR, folder, with_open_box=with_open_box)
    emit({"folder": str(folder), **asdict(made)}, as_json, _("Backup written: {path}", path=folder))
    for wave in made.in_field:
        click.echo(_(_KEPT if with_open_box else _REFUSED, wave=wave), err=True)


_REFUSED = N_(
    "Wave {wave} is open: its code list and its box are not in this backup, because two copies of a box, laid side by side, "
    "show which ballots came between them. If you must move an open box to another machine, use --with-open-box once and destroy the copy."
)
_KEPT = N_(
    "This backup holds the code list and the sealed ballots of open wave {wave}. Keep only one such copy, away from the key shares, "
    "and destroy it when the wave is closed: closing destroys the box here, not in copies."
)


@command("restore", click.argument("backup", type=INPUT), DRY_RUN, as_json)
def restore(context: Context, backup: Path, dry_run: bool, as_json: bool) -> None:
    """Fill new, empty stores from a backup, or say what is in it.

    BACKUP: its folder, or the ZIP file of one.
    """
    _ = context.locale
    copying = context.services.copying
    held = copying.examined(OPERATOR, backup) if dry_run else copying.restore(OPERATOR, backup)
    found = {"folder": str(backup), **asdict(held.manifest), "organizers": held.organizers, "dry_run": dry_run}
    emit(found, as_json, "\n".join(backup_words.lines(held, _) if dry_run else [backup_words.restored(held, _)]))
    for said in backup_words.notes(held, _):
        click.echo(said, err=True)
