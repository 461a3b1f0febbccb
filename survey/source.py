"""A file as it came: its name and its bytes, bounded and unpacked, and the text in it. What reads it is another matter."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from survey import limits
from survey.errors import N_, InputRefused, Problem, shown

OWN_TEXT = (BOM_UTF16_LE, BOM_UTF16_BE)  # Excel's "Unicode text" begins so


@dataclass(frozen=True)
class Source:
    """A file's name (for messages) and its bytes; what a page uploads and a command opens.

    `packed`: the file as it lies on the disk, where the content was unpacked from it.
    """

    name: str
    content: bytes
    packed: bytes = b""
    digest: str = ""  # where the content was let go

    @property
    def sha256(self) -> str:
        """Hex digest of the file on the disk: what `sha256sum` prints."""
        return self.digest or hashlib.sha256(self.packed or self.content).hexdigest()

    def let_go(self) -> Source:
        """Only name and fingerprint, once it is read: a large file takes room."""
        return Source(self.name, b"", digest=self.sha256)

    @classmethod
    def open(cls, path: str | Path) -> Source:
        path = Path(path)
        try:
            with path.open("rb") as file:
                content = _bounded(file)
        except OSError as error:
            _unreadable(_storable(str(path)), error.strerror or error)
        return cls.received(path.name, content)

    @classmethod
    def received(cls, name: str, content: bytes) -> Source:
        """A file as it came: bounded, unpacked where it ends in .gz, under a name that can be printed and stored."""
        name = _storable(name)
        if len(content) > limits.FILE_BYTES:
            _too_large(name)
        return cls(name, _unpacked(name, content), content) if name.lower().endswith(".gz") else cls(name, content)

    @property
    def suffix(self) -> str:
        return Path(self.name.lower().removesuffix(".gz")).suffix


def read_text(source: Source) -> str:
    """The source as text: UTF-8 with or without BOM, UTF-16 with one; anything else is refused with its place."""
    try:
        if source.content.startswith(OWN_TEXT):
            return source.content.decode("utf-16")
        return source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source.content[: error.start]
        raise InputRefused(
            source.name,
            [
                Problem(
                    row=before.count(b"\n") + 1,
                    column=_column_at(before) if source.suffix == ".csv" else str(len(before) - before.rfind(b"\n")),
                    message=N_("the file is not UTF-8 (it looks like cp1258 or another old encoding)."),
                    cure=N_('In Excel choose "Save as" and the type "CSV UTF-8 (Comma delimited)".'),
                )
            ],
        ) from None


def _column_at(before: bytes) -> str:
    """The header over the last byte of `before`, else the number of its column."""
    header, line = before.partition(b"\n")[0], before[before.rfind(b"\n") + 1 :]
    separator = b";" if header.count(b";") > header.count(b",") else b","
    place = line.count(separator)
    names = header.decode("ascii", "replace").strip("\ufffd\r").split(separator.decode())
    return names[place] if b"\n" in before and place < len(names) and names[place] else str(place + 1)


# What comes packed


def _unpacked(name: str, content: bytes) -> bytes:
    """The content of a .gz. Its last four bytes say how long it is: enough to refuse most that are too long before unpacking them."""
    if len(content) > 18 and int.from_bytes(content[-4:], "little") > limits.FILE_BYTES:
        _too_large(name)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = _bounded(file)
    except (OSError, EOFError, zlib.error) as error:
        _unreadable(name, error)
    if len(unpacked) > limits.FILE_BYTES:
        _too_large(name)
    return unpacked


def _bounded(file: BinaryIO | gzip.GzipFile) -> bytes:
    """All of it, or a little more than a file may have; in steps, because room is made for as much as is asked for."""
    parts: list[bytes] = []
    length = 0
    while length <= limits.FILE_BYTES and (part := file.read(2**20)):
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def _storable(name: str) -> str:
    """A file's name without what cannot be printed or stored."""
    return shown(name.encode("utf-8", "replace").decode(), limits.NAME)


def _too_large(name: str) -> NoReturn:
    message, cure = N_("the file is larger than {mebibytes} MB."), N_("Divide it, for example one file for each wave.")
    raise InputRefused(name, [Problem(message=message, cure=cure, values={"mebibytes": limits.FILE_BYTES // 2**20})])


def _unreadable(name: str, reason: object) -> NoReturn:
    message, cure = N_("the file cannot be read: {reason}."), N_("Check its name and place.")
    raise InputRefused(name, [Problem(message=message, cure=cure, values={"reason": reason})])
