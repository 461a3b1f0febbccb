"""Key shares at the command line: their files and sheets, and the passphrases that custodians give."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bootstrap import Settings
from commands.command import Context, written
from survey.collect import passphrases
from survey.collect.keys import KeyShare, check_share
from survey.collect.share_sheet_pdf import share_sheet_pdf
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError
from survey.i18n import Locale
from survey.tabular import Source

TRIES = 3


def folder_for(settings: Settings, wanted: Path | None = None) -> Path:
    """The folder for key shares, tried for writing: an open wave whose shares are lost can never be counted."""
    folder = wanted or settings.data_dir / "khoa"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SurveyError("cannot-write", N_("{file} cannot be written: {reason}."), file=folder, reason=error.strerror) from None
    return folder


def save(folder: Path, share: KeyShare) -> Path:
    """Write one share, readable by its owner alone."""
    return _write(folder / f"{share.wave}-{share.number}.json", share.to_bytes())


def save_sheet(folder: Path, share: KeyShare, wave: Wave, locale: Locale) -> Path:
    """The same on paper, beside the file."""
    return _write(folder / f"{share.wave}-{share.number}.pdf", share_sheet_pdf(share, wave, locale))


def _write(path: Path, content: bytes) -> Path:
    with written(path, private=True) as file:
        file.write(content)
    return path


def left_in(settings: Settings) -> tuple[Path, ...]:
    """Shares that still lie beside the stores, where nobody but their custodian should have them."""
    folder = settings.data_dir / "khoa"
    return tuple(sorted([*folder.glob("*.json"), *folder.glob("*.pdf")]))


# Passphrases


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
