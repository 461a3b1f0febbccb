"""The passphrases that custodians give at the command line, and the shares unlocked with them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from commands.command import Context
from survey.collect import passphrases
from survey.collect.keys import KeyShare, check_share
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError
from survey.i18n import Locale
from survey.source import Source

TRIES = 3


def at_terminal() -> bool:
    """Can somebody be asked?"""
    return sys.stdin.isatty()


def new_passphrases(context: Context, wave: Wave, file: Path | None) -> tuple[str, ...]:
    """One for each custodian: from a file, or typed in turn; none where nobody sits at the terminal, which is said."""
    if file is not None:
        return passphrases.read_lines(Source.open(file).content, wave.plan.shares)
    if not at_terminal():
        warning = N_("The key shares are NOT protected by passphrases: whoever gets the files can use them. Give --passphrases FILE.")
        click.echo(context.locale(warning), err=True)
        return ()
    return tuple(_chosen(context.locale, number, wave.plan.shares) for number in range(1, wave.plan.shares + 1))


def _chosen(locale: Locale, number: int, of: int) -> str:
    """Asked twice, until it is good; the screen is cleared for the next custodian."""
    click.clear()
    click.echo(locale("Custodian {number} of {shares}: choose a passphrase. Nobody else should look.", number=number, shares=of), err=True)
    click.echo(locale(passphrases.WHY, least=passphrases.LEAST), err=True)
    click.echo(locale("For example, made at random: {passphrase}", passphrase=passphrases.suggested()), err=True)
    while True:
        typed: str = click.prompt(locale("Passphrase"), hide_input=True, confirmation_prompt=locale("Once more"), err=True)
        try:
            return passphrases.checked(typed)
        except SurveyError as refused:
            click.echo(refused.text(locale), err=True)


def unlocked(context: Context, wave: Wave, paths: Iterable[Path], file: Path | None) -> tuple[KeyShare, ...]:
    """The shares of these files as they can be joined; passphrases from a file (one line a share) or typed."""
    shares = [KeyShare.from_bytes(Source.open(path).content) for path in paths]
    if wave.state is not WaveState.OPEN or wave.public_key is None:
        return tuple(shares)  # nothing to open: the service says so, or finishes a close that was cut off
    for share in shares:
        check_share(wave.id, wave.public_key, share)
    if file is not None:
        given = passphrases.read_lines(Source.open(file).content, len(shares))
        return tuple(share.unlock(passphrase) for share, passphrase in zip(shares, given, strict=True))
    return _asked(context.locale, shares)


def _asked(locale: Locale, shares: Sequence[KeyShare]) -> tuple[KeyShare, ...]:
    locked = [share.number for share in shares if share.protected]
    if locked and not at_terminal():
        raise SurveyError(
            "share-locked",
            N_("Share {number} is protected: its passphrase is needed. Give --passphrases FILE (one line a share), or use a terminal."),
            number=locked[0],
        )
    return tuple(_opened(locale, share) if share.protected else share for share in shares)


def _opened(locale: Locale, share: KeyShare) -> KeyShare:
    for again in reversed(range(TRIES)):
        typed: str = click.prompt(locale("Passphrase of share {number}", number=share.number), hide_input=True, err=True)
        try:
            return share.unlock(typed)
        except SurveyError as refused:
            if not again:
                raise
            click.echo(refused.text(locale), err=True)
    raise AssertionError  # the last try returns or raises
