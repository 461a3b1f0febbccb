"""Key shares at the command line: their files and sheets."""

from __future__ import annotations

from pathlib import Path

from commands.command import written
from survey.collect.keys import KeyShare
from survey.collect.share_sheet_pdf import share_sheet_pdf
from survey.design.wave import Wave
from survey.i18n import Locale


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
