"""The folder where key shares are written, and must not stay."""

from __future__ import annotations

import tempfile
from pathlib import Path

from survey.errors import N_, SurveyError

NAME = "khoa"


def folder_for(data_dir: Path, wanted: Path | None = None) -> Path:
    """The folder for key shares, tried for writing: an open wave whose shares are lost can never be counted."""
    folder = wanted or data_dir / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SurveyError("cannot-write", N_("{file} cannot be written: {reason}."), file=folder, reason=error.strerror) from None
    return folder


def left_in(data_dir: Path) -> tuple[Path, ...]:
    """Shares that still lie beside the stores, where nobody but their custodian should have them."""
    folder = data_dir / NAME
    return tuple(sorted([*folder.glob("*.json"), *folder.glob("*.pdf")]))
