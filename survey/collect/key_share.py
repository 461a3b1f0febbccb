"""One custodian's share of a box key: as a file, as a QR code, as lines to type, sealed with a passphrase."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from survey.collect import passphrases, slips
from survey.errors import N_, SurveyError

PREFIX = "LANGNGHE:"  # what a scanned QR code begins with
_MARK = "key share"
_PLAIN, _PROTECTED = 0, 1
_VALUE = {_PLAIN: 32, _PROTECTED: passphrases.SALT + 32 + 16}  # bytes: protected = salt, sealed value, tag
_NONCE = bytes(12)  # every key is used once: its salt is random
_LONGEST = 20_000  # bytes of a share file, many times over
_LINE, _CHECK = 20, 2  # signs of a line, of which the last ones check the line
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


class ShareDamaged(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "share-damaged",
            N_("This share file is damaged. Take another copy of it, or paste the text of the QR code on its sheet. Nothing was lost."),
        )


class NotAShare(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "not-a-share", N_("This is not a key share. Choose the file saved when the wave was opened, or scan the QR code of its sheet.")
        )


def fingerprint(public_key: bytes) -> str:
    """80 bits of SHA-256 over a box key's public half, in groups of four: what people compare."""
    return _in_groups(hashlib.sha256(b"langnghe box key" + public_key).digest()[:10])


@dataclass(frozen=True, kw_only=True)
class KeyShare:
    """Part `number` of `of`; any `needed` of them open the box whose public key has the fingerprint `key`.

    value: 32 bytes, or 64 where a passphrase protects it (salt and ChaCha20-Poly1305 of the 32).
    """

    wave: str
    number: int
    needed: int
    of: int
    key: str
    value: bytes

    @property
    def protected(self) -> bool:
        return len(self.value) == _VALUE[_PROTECTED]

    # The passphrase

    def protect(self, passphrase: str) -> KeyShare:
        """The share sealed with its custodian's passphrase; a weak one is refused."""
        salt = secrets.token_bytes(passphrases.SALT)
        cipher = ChaCha20Poly1305(passphrases.key_of(passphrases.checked(passphrase), salt))
        return replace(self, value=salt + cipher.encrypt(_NONCE, self.value, self._says(_PROTECTED)))

    def unlock(self, passphrase: str) -> KeyShare:
        """The share as it can be joined; an unprotected one needs no passphrase."""
        if not self.protected:
            return self
        salt, sealed = self.value[: passphrases.SALT], self.value[passphrases.SALT :]
        try:
            value = ChaCha20Poly1305(passphrases.key_of(passphrase, salt)).decrypt(_NONCE, sealed, self._says(_PROTECTED))
        except InvalidTag:
            raise SurveyError(
                "wrong-passphrase",
                N_("The passphrase of share {number} is wrong. Capital letters, marks and spaces count. Nothing was lost; try again."),
                number=self.number,
            ) from None
        return replace(self, value=value)

    # As text: lines of 20 letters and digits, each with its own check

    def lines(self) -> tuple[str, ...]:
        """What is typed where no QR code can be read: groups of four, the last two signs of a line check it."""
        return tuple(" ".join(line[start : start + 4] for start in range(0, _LINE, 4)) for line in self._blocks())

    def to_text(self) -> str:
        """What the QR code holds: capital letters and digits only."""
        return PREFIX + "".join(self._blocks())

    @classmethod
    def from_text(cls, text: str) -> KeyShare:
        """A scanned, pasted or typed share: spaces, case and look-alikes forgiven; a mistyped line is named."""
        typed = "".join(char for char in text.strip().upper().removeprefix(PREFIX) if char.isalnum()).translate(_LOOK_ALIKES)
        blocks = [typed[start : start + _LINE] for start in range(0, len(typed), _LINE)]
        wrong = [number for number, block in enumerate(blocks, start=1) if not _is_line(number, block)]
        if len(wrong) == len(blocks) <= 2:
            raise NotAShare()
        if wrong:
            raise SurveyError(
                "share-line", N_("Line {line} of the key share is mistyped or incomplete. Compare it with the sheet."), line=wrong[0]
            )
        return cls._unpacked(_bytes("".join(block[: _LINE - _CHECK] for block in blocks)), len(blocks))

    def _blocks(self) -> list[str]:
        held = self._says(_PROTECTED if self.protected else _PLAIN) + self.value
        signs = _signs(held)
        step = _LINE - _CHECK
        parts = [signs[start : start + step].ljust(step, "0") for start in range(0, len(signs), step)]
        return [part + _check(number, part) for number, part in enumerate(parts, start=1)]

    def _says(self, kind: int) -> bytes:
        """Everything but the value. It is bound to a protected value, which then opens for this share alone."""
        wave = self.wave.encode()
        return bytes([kind, len(wave)]) + wave + bytes([self.number, self.needed, self.of]) + base64.b32decode(self.key.replace("-", ""))

    @classmethod
    def _unpacked(cls, held: bytes, lines: int) -> KeyShare:
        kind, length = held[0], held[1]
        key, value = 5 + length, 15 + length
        if kind not in _VALUE:
            raise NotAShare()
        if len(held) < value + _VALUE[kind]:
            raise SurveyError("share-short", N_("The key share ends after {lines} lines; the last lines are missing."), lines=lines)
        number, needed, of = held[2 + length : key]
        return cls(
            wave=held[2 : 2 + length].decode("ascii", "replace"), number=number, needed=needed, of=of,
            key=_in_groups(held[key:value]), value=held[value : value + _VALUE[kind]],
        )  # fmt: skip

    # As a file

    def to_bytes(self) -> bytes:
        """JSON that says to people what it is; `share` alone is read back, and the rest must agree with it."""
        return (json.dumps({"langnghe": _MARK, **self._described(), "share": self.to_text()}, indent=2) + "\n").encode()

    def _described(self) -> dict[str, str | int | bool]:
        return {
            "wave": self.wave, "number": self.number, "needed": self.needed, "of": self.of, "key": self.key, "protected": self.protected,
        }  # fmt: skip

    @classmethod
    def from_bytes(cls, content: bytes) -> KeyShare:
        """A share file, or a text file with what the QR code says."""
        try:
            text = content[:_LONGEST].decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise NotAShare() from None
        if not text.startswith("{"):
            return cls.from_text(text)
        try:
            fields = json.loads(text)
            share = cls.from_text(fields.pop("share"))
            if fields.pop("langnghe") == _MARK and fields == share._described():
                return share
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, SurveyError):
            pass
        raise ShareDamaged() if _MARK in text and '"share"' in text else NotAShare()


def _is_line(number: int, block: str) -> bool:
    return set(block) <= set(slips.ALPHABET) and block[_LINE - _CHECK :] == _check(number, block)


def _check(number: int, block: str) -> str:
    """Two signs over a line and its number: a mistyped or misplaced line is found 1,023 times in 1,024."""
    return _signs(hashlib.sha256(f"{number}:{block[: _LINE - _CHECK]}".encode()).digest()[:2])[:_CHECK]


def _in_groups(digest: bytes) -> str:
    text = base64.b32encode(digest).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _signs(held: bytes) -> str:
    """Five bits a sign, in the alphabet of the slips: nothing in it looks like something else."""
    count = -(-8 * len(held) // 5)
    bits = int.from_bytes(held, "big") << (5 * count - 8 * len(held))
    return "".join(slips.ALPHABET[bits >> 5 * place & 31] for place in reversed(range(count)))


def _bytes(signs: str) -> bytes:
    """The whole bytes in `signs`; the bits that only fill the last line are dropped or zero."""
    bits = 0
    for sign in signs:
        bits = bits << 5 | slips.ALPHABET.index(sign)
    whole = 5 * len(signs) // 8
    return (bits >> (5 * len(signs) - 8 * whole)).to_bytes(whole, "big")
