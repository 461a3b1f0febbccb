"""`langnghe wave open`: the box key, its shares, and the wave in the field."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import FOLDER, INPUT, WAVE_ID, Context, as_json, command, emit
from commands.key_shares import save, save_sheet
from commands.passphrases import new_passphrases
from survey.access import OPERATOR
from survey.collect.key_folder import folder_for
from survey.collect.keys import KeyShare


@command(
    "open",
    WAVE_ID,
    click.option("--key-dir", type=FOLDER, help="Where the key shares go: better a stick than this machine."),
    click.option("--passphrases", type=INPUT, help="A text file, one passphrase a line, one for each custodian. Else they are asked."),
    as_json,
)
def open_(context: Context, id_: str, key_dir: Path | None, passphrases: Path | None, as_json: bool) -> None:
    """Create the box key, save its shares as files and sheets, try the files, open the wave."""
    folder = folder_for(context.settings.data_dir, key_dir)
    fieldwork = context.services.fieldwork
    wave = fieldwork.ready(OPERATOR, id_)
    words = new_passphrases(context, wave, passphrases)
    key = fieldwork.make_key(OPERATOR, id_, words)
    paths = [save(folder, share) for share in key.shares]
    sheets = [save_sheet(folder, share, wave, context.locale) for share in key.shares]
    saved = [KeyShare.from_bytes(path.read_bytes()) for path in paths]
    fieldwork.open_with(
        OPERATOR, id_, key.public_key, [one.unlock(word) for one, word in zip(saved, words or [""] * len(saved), strict=True)]
    )
    early = context.locale(
        "Answers are taken from {day} on. If it was opened by mistake: langnghe wave cancel {wave}",
        day=context.locale.day(wave.opens),
        wave=id_,
    )
    over = context.locale(
        "The last day of wave {wave}, {day}, is past: no answer is taken. Move it: langnghe wave extend {wave} --closes DATE",
        day=context.locale.day(wave.closes),
        wave=id_,
    )
    today = context.services.clock.today()
    lines = [
        *([early] if today < wave.opens else [over] if today > wave.closes else []),
        context.locale("Wave {wave} is open. Give each key share to another person and delete it here:", wave=id_),
        *(f"  {path}  {sheet}" for path, sheet in zip(paths, sheets, strict=True)),
        context.locale("Fingerprint of the box key: {fingerprint}", fingerprint=key.fingerprint),
    ]
    found = {"wave": id_, "shares": [str(path) for path in paths], "sheets": [str(path) for path in sheets], "key": key.fingerprint}
    emit(found, as_json, "\n".join(lines))
