"""`langnghe wave close`: the box is opened, counted, protected and destroyed."""

from __future__ import annotations

from pathlib import Path

import click

from commands.command import INPUT, WAVE_ID, Context, as_json, command, emit, progress_of
from commands.passphrases import unlocked
from survey.access import OPERATOR
from survey.collect.door import SlipCount
from survey.errors import N_, SurveyError
from survey.publish.doubts import CloseDoubtful, Doubt

_ANSWERS = {
    Doubt.DIFFERENCE: N_("{said}\nCommands: wave close {wave} ... --accept-difference, or wave reopen {wave}."),
    Doubt.EMPTY: N_("{said}\nCommands: wave close {wave} ... --accept-empty, or wave cancel {wave}."),
}


@command(
    "close",
    WAVE_ID,
    click.option(
        "--share", "shares", multiple=True, type=INPUT, help="A custodian's key share: the file, or the text of its QR code; several times."
    ),
    click.option("--passphrases", type=INPUT, help="A text file, one passphrase a line, in the order of the shares. Else they are asked."),
    click.option("--accept-difference", is_flag=True, help="Count although ballots and used codes differ; first find out why."),
    click.option("--accept-empty", is_flag=True, help="Close a wave in which nobody has answered."),
    click.option("--handed-out", type=click.IntRange(min=0), help="Slips handed out, as counted; for the protocol."),
    click.option("--unused", type=click.IntRange(min=0), help="Slips unused, counted and destroyed before witnesses; for the protocol."),
    as_json,
)
def close(
    context: Context,
    id_: str,
    shares: tuple[Path, ...],
    passphrases: Path | None,
    accept_difference: bool,
    accept_empty: bool,
    handed_out: int | None,
    unused: int | None,
    as_json: bool,
) -> None:
    """Shut the box, open it with the key shares, count, protect, destroy. A close that fails leaves it shut: close again, or reopen."""
    given = unlocked(context, context.services.design.wave(OPERATOR, id_), shares, passphrases)
    accepted = [doubt for doubt, given_word in ((Doubt.DIFFERENCE, accept_difference), (Doubt.EMPTY, accept_empty)) if given_word]
    counted = SlipCount(handed_out, unused)
    try:
        release = context.services.closing.close(OPERATOR, id_, given, progress_of(context), counted, accept=accepted)
    except CloseDoubtful as doubtful:
        raise SurveyError(doubtful.code, _ANSWERS[doubtful.doubt], said=doubtful.text(context.locale), wave=id_) from None
    text = context.locale("Wave {wave} is closed. Hash of the release: {hash}", wave=id_, hash=release.hash)
    emit({"wave": id_, "hash": release.hash}, as_json, text)
