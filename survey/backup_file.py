"""A backup's folder as one ZIP file, unpacked: the manifest and the files it names, within bounds, and nothing else that is in it."""

from __future__ import annotations

import json
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, NoReturn

from survey import limits
from survey.errors import N_, SurveyError, shown

MANIFEST = "manifest.json"
_END, _TAIL = b"PK\5\6", 22 + 65_535  # the last record of a ZIP file, and the furthest it begins from the end
_WHOLE = 2**20


def unpack(name: str, file: BinaryIO, folder: Path) -> None:
    """Into `folder`, under the manifest's own names: what a ZIP calls its entries never becomes a path here.

    The backup may lie in one folder of the ZIP, as a desktop packs it. Raises SurveyError naming the file `name`.
    """
    try:
        _bounded_list(name, file)
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()}
            places = [place for place in entries if place.split("/")[-1] == MANIFEST and place.count("/") <= 1]
            if len(places) != 1:
                _no_backup(name)
            inside, left = places[0][: -len(MANIFEST)], limits.BACKUP_BYTES
            _write(archive, entries[places[0]], folder / MANIFEST, limits.JSON_CHARS)
            for wanted in _named(folder / MANIFEST):
                if entry := entries.get(inside + wanted):  # one that is missing is said by whoever reads the backup
                    left -= _write(archive, entry, folder / wanted, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError, RecursionError, UnicodeError):
        _no_backup(name)
    except OverflowError:
        message = N_("{file} holds more than {mebibytes} MB. Restore a backup of that size on the server: langnghe restore FOLDER")
        raise SurveyError("backup-large", message, file=shown(name), mebibytes=limits.BACKUP_BYTES // 2**20) from None


def _bounded_list(name: str, file: BinaryIO) -> None:
    """The list of what is in a ZIP is read into memory as a whole: a backup's is short."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _TAIL))
    tail = file.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _WHOLE:
        _no_backup(name)
    file.seek(0)


def _named(manifest: Path) -> list[str]:
    """The files a manifest names, under names that are ours; whether it is sound is looked at later."""
    said = json.loads(manifest.read_text(encoding="utf-8"))
    files = said.get("files") if isinstance(said, dict) else None
    return [one for one in files if one != MANIFEST and not limits.id_fault(one, limits.NAME)] if isinstance(files, dict) else []


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, longest: int) -> int:
    """How many bytes it has; raises OverflowError as soon as they are too many, whatever the ZIP says of itself."""
    count = 0
    target.touch(mode=0o600)
    with archive.open(entry) as source, target.open("wb") as out:
        while part := source.read(2**20):
            count += len(part)
            if count > longest:
                raise OverflowError
            out.write(part)
    return count


def _no_backup(name: str) -> NoReturn:
    message = N_(
        "{file} is not a backup: it must be the ZIP file that the page Operations saved, or a ZIP of the folder that holds {manifest}."
    )
    raise SurveyError("not-a-backup", message, file=shown(name), manifest=MANIFEST) from None
