"""Room on the disks: a full one is refused in words that say which disk, and how much there is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db.engine import is_full
from survey.errors import N_, SurveyError

LOW = 100_000_000  # bytes; with less than this, operators are told
NONE = 1_000_000  # with less than this, hardly a ballot finds room


class DiskFull(SurveyError):
    def __init__(self, place: str, free: str, needed: str) -> None:
        message = N_("The disk of {place} is full: {free} MB free, {needed} MB needed. Nothing was lost. Make room, then do this again.")
        super().__init__("disk-full", message, place=place, free=free, needed=needed)


def place_of(engine: Engine) -> Path | None:
    """The folder of an SQLite file; None for a server's, which this machine cannot measure."""
    file = engine.url.database
    return Path(file).absolute().parent if engine.dialect.name == "sqlite" and file else None


def free_in(folder: Path) -> int:
    """Bytes free for this program; what is not there cannot be full."""
    return shutil.disk_usage(folder).free if folder.is_dir() else LOW


def _needed(engine: Engine) -> int:
    """An SQLite file is written anew beside itself, journal included."""
    file = Path(engine.url.database or "")
    return LOW // 10 + (2 * file.stat().st_size if file.is_file() else 0)


def _full(engine: Engine) -> DiskFull:
    folder = place_of(engine)
    if folder is None:
        return DiskFull(f"PostgreSQL ({engine.url.database})", "0", "?")
    return DiskFull(str(folder), f"{free_in(folder) / 1e6:.0f}", f"{_needed(engine) / 1e6:.0f}")


def require_room(engine: Engine) -> None:
    """Refuse beforehand what would find no room in the middle."""
    folder = place_of(engine)
    if folder is not None and free_in(folder) < _needed(engine):
        raise _full(engine)


@contextmanager
def making_room_known(engine: Engine) -> Iterator[None]:
    """A disk that turns out to be full in the middle is refused in words."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        if is_full(error):
            raise _full(engine) from None
        raise
