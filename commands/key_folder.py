"""The folder where key shares are written, and must not stay."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bootstrap import Settings
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


def left_in(settings: Settings) -> tuple[Path, ...]:
    """Shares that still lie beside the stores, where nobody but their custodian should have them."""
    folder = settings.data_dir / "khoa"
    return tuple(sorted([*folder.glob("*.json"), *folder.glob("*.pdf")]))
