"""`langnghe wave close`: the box is opened, counted, protected and destroyed."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

import click

from commands.command import INPUT, WAVE_ID, Context, as_json, command, emit, progress_of
from commands.passphrases import unlocked
from survey.access import OPERATOR
from survey.collect.door import SlipCount
from survey.errors import N_, SurveyError
from survey.publish.doubts import CloseDoubtful, Doubt
from survey.publish.workers import Workers, processes

MANY = 20_000  # ballots: fewer are opened before a second process has started
_ANSWERS = {
    Doubt.DIFFERENCE: N_("{said}\nCommands: langnghe wave close {wave} ... --accept-difference, or langnghe wave reopen {wave}."),
    Doubt.EMPTY: N_("{said}\nCommands: langnghe wave close {wave} ... --accept-empty, or langnghe wave cancel {wave}."),
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
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        help=f"Processes that open and protect; by default one, or from {MANY:,} ballots one for each processor.",
    ),
    click.option("--scheduler", help="Open and protect on a Dask cluster instead: tls://HOST:PORT. Needs --certificates."),
    click.option("--certificates", type=click.Path(path_type=Path), help="For --scheduler: a folder with ca.pem, cert.pem, key.pem."),
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
    workers: int | None,
    scheduler: str | None,
    certificates: Path | None,
    as_json: bool,
) -> None:
    """Shut the box, open it with the key shares, count, protect, destroy. A close that fails leaves it shut: close again, or reopen."""
    given = unlocked(context, context.services.design.wave(OPERATOR, id_), shares, passphrases)
    accepted = [doubt for doubt, given_word in ((Doubt.DIFFERENCE, accept_difference), (Doubt.EMPTY, accept_empty)) if given_word]
    counted = SlipCount(handed_out, unused)
    try:
        with _workers(context, id_, workers, scheduler, certificates) as chosen:
            closing = context.services.closing
            release = closing.close(OPERATOR, id_, given, progress_of(context), counted, accept=accepted, workers=chosen)
    except CloseDoubtful as doubtful:
        raise SurveyError(doubtful.code, _ANSWERS[doubtful.doubt], said=doubtful.text(context.locale), wave=id_) from None
    text = context.locale("Wave {wave} is closed. Hash of the release: {hash}", wave=id_, hash=release.hash)
    emit({"wave": id_, "hash": release.hash}, as_json, text)


def _workers(
    context: Context, wave: str, count: int | None, scheduler: str | None, certificates: Path | None
) -> AbstractContextManager[Workers]:
    if (scheduler is None) != (certificates is None) or (scheduler and count):
        raise click.UsageError("--scheduler and --certificates go together, without --workers.")
    if scheduler is not None and certificates is not None:
        from commands.cluster import cluster  # an extra

        return cluster(scheduler, certificates)
    return processes(count or (1 if context.services.box.count(wave) < MANY else os.cpu_count() or 1))
