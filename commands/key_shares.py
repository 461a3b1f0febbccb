"""Key shares as files: where they are put, and that they can be put there before a wave opens."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bootstrap import Settings
from commands.command import written
from survey.collect.keys import KeyShare
from survey.errors import N_, SurveyError


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
    path = folder / f"{share.wave}-{share.number}.json"
    with written(path, private=True) as file:
        file.write(share.to_bytes())
    return path


def left_in(settings: Settings) -> tuple[Path, ...]:
    """Shares that still lie beside the stores, where nobody but their custodian should have them."""
    return tuple(sorted((settings.data_dir / "khoa").glob("*.json")))
