"""`langnghe backup` and `langnghe restore`: copies that never hold an opened ballot."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from commands.command import FOLDER, Context, as_json, command, emit
from db.backup import restore_backup, write_backup
from survey.access import OPERATOR
from survey.access_log import Action
from survey.collect.box import begin_for
from survey.errors import N_

_BOX_HELP = "Also copy codes and sealed ballots of an open wave. Two such copies tell who answered between them."


@command("backup", click.argument("folder", type=FOLDER), click.option("--with-open-box", is_flag=True, help=_BOX_HELP), as_json)
def backup(context: Context, folder: Path, with_open_box: bool, as_json: bool) -> None:
    """Copy the stores into FOLDER, which must be new or empty."""
    _ = context.locale
    main, box = context.services.engines
    made = write_backup(main, box, context.services.box.covers, folder, with_open_box=with_open_box, day=context.services.clock.today())
    context.services.access_log.note(OPERATOR, Action.BACKUP_WRITTEN, open_box="yes" if with_open_box else "no")
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


@command("restore", click.argument("folder", type=FOLDER), as_json)
def restore(context: Context, folder: Path, as_json: bool) -> None:
    """Fill new, empty stores from the backup in FOLDER."""
    _ = context.locale
    main, box = context.services.engines
    held = restore_backup(main, box, context.services.box.covers, folder)
    context.services.access_log.note(OPERATOR, Action.BACKUP_RESTORED, of=held.day)
    emit({"folder": str(folder), **asdict(held)}, as_json, _("Restored the backup of {day}.", day=_.day(date.fromisoformat(held.day))))
    for wave in held.in_field:  # one that is in the backup stays as it is
        begin_for(context.services.box, context.services.design.wave(OPERATOR, wave))
    for wave in held.in_field if not held.with_open_box else ():
        click.echo(
            _("Wave {wave} was open, and its codes and ballots are not in the backup: print new slips, or plan it again.", wave=wave),
            err=True,
        )
