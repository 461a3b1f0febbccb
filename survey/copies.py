"""Backups: made, looked into without changing anything, and restored into an installation that is new. Command and pages call this."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from survey.access import OPERATOR, Permission, Viewer, require
from survey.access_log import Action, Log
from survey.backup_file import unpack
from survey.collect.box import BoxKeeper, begin_for
from survey.design.wave import Wave
from survey.errors import N_, SurveyError
from survey.joining import Joining
from survey.source import Source

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds. `files`: SHA-256 of each; `rows`: per table; `in_field`: waves that were open;
    `with_open_box`: their codes, sealed ballots and cover keys are in it."""

    day: str
    schema: Mapping[str, str]
    files: Mapping[str, str]
    rows: Mapping[str, int]
    in_field: tuple[str, ...]
    with_open_box: bool
    format: int = FORMAT


@dataclass(frozen=True, kw_only=True)
class Held:
    """What restoring a backup gives. `current`: made by a version with the same tables; `organizers`: accounts that may sign in with
    the password they had; `changed`: waves whose release is not what it was when it was written."""

    manifest: Manifest
    current: bool
    organizers: tuple[str, ...]
    changed: tuple[str, ...] = ()


class Stores(Protocol):
    def write(self, folder: Path, *, with_open_box: bool, day: date) -> Manifest: ...

    def tried(self, folder: Path) -> Held:
        """Restored into stores that are thrown away again: whatever would be refused is refused here."""
        ...

    def restore(self, folder: Path) -> Held:
        """All of it or nothing, and into empty stores alone."""
        ...


class Copying:
    def __init__(
        self, stores: Stores, joining: Joining, wave: Callable[[str], Wave], box: BoxKeeper, log: Log, today: Callable[[], date]
    ) -> None:
        self._stores = stores
        self._joining = joining
        self._wave = wave
        self._box = box
        self._log = log
        self._today = today

    def write(self, viewer: Viewer | None, folder: Path, *, with_open_box: bool = False) -> Manifest:
        """Copy the stores into a folder that is new or empty."""
        require(viewer, Permission.INSTALLATION_EDIT)
        made = self._stores.write(folder, with_open_box=with_open_box, day=self._today())
        self._log.note(viewer, Action.BACKUP_WRITTEN, open_box="yes" if with_open_box else "no")
        return made

    def packed(self, viewer: Viewer | None) -> bytes:
        """A backup made now, as a ZIP, never with an open box."""
        out = io.BytesIO()
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "backup"
            self.write(viewer, folder)
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(folder.iterdir()):
                    archive.write(file, file.name)
        return out.getvalue()

    def examined(self, viewer: Viewer | None, backup: Path | Source) -> Held:
        """What is in a backup and whether it can be restored; nothing here is changed. Raises SurveyError for one that cannot be."""
        require(viewer, Permission.INSTALLATION_EDIT)
        with _folder(backup) as folder:
            return self._stores.tried(folder)

    def restore(self, viewer: Viewer | None, backup: Path) -> Held:
        """Fill new, empty stores from a folder or its ZIP."""
        require(viewer, Permission.INSTALLATION_EDIT)
        with _folder(backup) as folder:
            held = self._stores.restore(folder)
        self._log.note(viewer, Action.BACKUP_RESTORED, of=held.manifest.day)
        for wave in held.manifest.in_field:  # a box that is in the backup stays as it is
            begin_for(self._box, self._wave(wave))
        return held

    def may_begin(self, token: str) -> None:
        """Is it the link of the set-up, and still good? Raises SurveyError. Whoever holds it could make the first account."""
        if self._joining.opened(token).name:
            raise SurveyError("not-the-set-up", N_("This link is one person's. Only the link of the set-up can restore a backup."))

    def begin(self, token: str, backup: Path) -> Held:
        """Restore in place of making a first account. The link ends with the accounts that come back."""
        self.may_begin(token)
        return self.restore(OPERATOR, backup)


@contextmanager
def _folder(backup: Path | Source) -> Iterator[Path]:
    """A backup's folder; a ZIP is unpacked for as long as it is needed."""
    if isinstance(backup, Path) and backup.is_dir():
        yield backup
        return
    with tempfile.TemporaryDirectory() as place:
        if isinstance(backup, Source):
            unpack(backup.name, io.BytesIO(backup.content), Path(place))
        else:
            try:
                with backup.open("rb") as file:
                    unpack(backup.name, file, Path(place))
            except OSError as error:
                message = N_("{file} cannot be read: {reason}.")
                raise SurveyError("backup-unreadable", message, file=backup, reason=error.strerror or error) from None
        yield Path(place)
