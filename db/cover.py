"""The cover: a lock around every sealed ballot whose key is in no database and ends with the wave.

A database remembers in which order rows came: ctid, xmin, the write-ahead log and every archive of it.
Whoever watched the door and keeps that log needs only the custodians' shares, years later, to read who
answered what. What the box stores is therefore covered once more, row key included, under 32 random bytes
in a file of the application. Closing destroys the file; no log, archive or copy of the database can be read
after that, with or without shares (docs/decisions/0014-order-of-arrival.md).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from survey.collect.ballot import BallotBroken
from survey.errors import N_, SurveyError

SIZE = 32
_NONCE = 12
_MARKED, _UNMARKED = b"langnghe cover marked content", b"langnghe cover content"
_COUNTED = b"langnghe cover turnout"


class CoverMissing(SurveyError):
    def __init__(self, wave: str, file: Path) -> None:
        message = N_(
            "The box of wave {wave} was begun with another cover key than {file}. "
            "Bring the key from the machine that has it (langnghe wave cover {wave}); nothing is lost meanwhile."
        )
        super().__init__("cover-missing", message, wave=wave, file=file)


@dataclass(frozen=True)
class Cover:
    """One wave's cover key, 32 random bytes."""

    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        return self._derived(b"langnghe cover fingerprint")

    def row_key(self, nullifier: bytes) -> bytes:
        """What stands for the nullifier in the box: the same for the same, and told by nothing but this key."""
        return self._derived(b"langnghe cover row" + nullifier)

    def mark(self, nullifier: bytes, attempt: bytes) -> bytes:
        """What stands for an attempt beside its ballot; without an attempt, what no attempt has."""
        return self._derived(b"langnghe cover attempt" + nullifier + attempt) if attempt else secrets.token_bytes(SIZE)

    def put_on(self, sealed: bytes, mark: bytes = bytes(SIZE)) -> bytes:
        """60 bytes longer than what goes in."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(_MARKED).encrypt(nonce, mark + sealed, None)

    def take_off(self, covered: bytes) -> bytes:
        return self.uncovered(covered)[1]

    def uncovered(self, covered: bytes) -> tuple[bytes, bytes]:
        """(mark, sealed ballot). A ballot of the version before marks has an empty one."""
        for purpose, size in ((_MARKED, SIZE), (_UNMARKED, 0)):
            try:
                content = self._cipher(purpose).decrypt(covered[:_NONCE], covered[_NONCE:], None)
            except (InvalidTag, ValueError):
                continue
            return content[:size], content[size:]
        raise BallotBroken()

    def lock(self, content: bytes) -> bytes:
        """What is counted of the wave, for a place that every log of the database copies."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(_COUNTED).encrypt(nonce, content, None)

    def unlock(self, locked: bytes) -> bytes | None:
        """None where another cover locked it."""
        try:
            return self._cipher(_COUNTED).decrypt(locked[:_NONCE], locked[_NONCE:], None)
        except (InvalidTag, ValueError):
            return None

    def _cipher(self, purpose: bytes) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self._derived(purpose))

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self.key, purpose, hashlib.sha256)


class Covers:
    """The cover keys of waves in the field, a file each, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, wave_id: str) -> Path:
        # A wave's name may hold what a file's may not.
        return self.folder / f"phu-{hashlib.sha256(wave_id.encode()).hexdigest()[:16]}.key"

    def files(self) -> list[Path]:
        """Every key file of the folder, half-written ones too."""
        return sorted(self.folder.glob("phu-*.key*"))

    def read(self, wave_id: str) -> Cover | None:
        try:
            key = self.path(wave_id).read_bytes()
        except FileNotFoundError:
            return None
        return Cover(key) if len(key) == SIZE else None

    def keep(self, wave_id: str, cover: Cover | None = None) -> Cover:
        """Store a key (a new one by default) durably, unless the wave has one; the wave's key."""
        path = self.path(wave_id)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write((cover or Cover(secrets.token_bytes(SIZE))).key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)  # all of it or nothing, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            part.unlink()
        _sync_folder(self.folder)
        held = self.read(wave_id)
        if held is None:
            raise CoverMissing(wave_id, path)
        return held

    def bring(self, wave_id: str, cover: Cover) -> None:
        """Put a key that was made on another machine here, in the place of any other."""
        self.destroy(wave_id)
        self.keep(wave_id, cover)

    @property
    def any(self) -> bool:
        """Is there a key at all? Nothing is asked of a database."""
        return any(self.folder.glob("phu-*.key"))

    def destroy(self, wave_id: str) -> None:
        """Overwrite the key, then remove it; so too what a killed process left of writing it."""
        path = self.path(wave_id)
        for held in [file for file in self.files() if file.name.startswith(path.name)]:
            with held.open("r+b") as file:
                file.write(bytes(SIZE))
                file.flush()
                os.fsync(file.fileno())
            held.unlink()
            _sync_folder(self.folder)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
