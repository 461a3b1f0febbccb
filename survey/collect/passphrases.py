"""Passphrases of custodians: what is asked of one, and the key that is made from it."""

from __future__ import annotations

import unicodedata

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey.errors import N_, SurveyError
from survey.passwords import new_password

LEAST = 12
_LEAST_DIFFERENT = 6
WHY = N_(
    "At least {least} characters: whoever copies the file can try passphrases on a computer of their own as long as they like, and a short one would be found."
)
SALT = 16


def suggested() -> str:
    """A random passphrase of four groups of four that are easy to read out (79 bits)."""
    return new_password()


def checked(typed: str) -> str:
    """The passphrase as it is used: composed letters (NFC), no space around it. Refused when it is easy to guess."""
    passphrase = canonical(typed)
    if len(passphrase) < LEAST:
        raise SurveyError("passphrase-short", WHY, least=LEAST)
    if len(set(passphrase)) < _LEAST_DIFFERENT:
        raise SurveyError("passphrase-simple", N_("This passphrase repeats a few characters; it would be guessed. Take several words."))
    return passphrase


def key_of(passphrase: str, salt: bytes) -> bytes:
    """32 bytes by scrypt: about a tenth of a second and 32 MB a try, for an attacker too."""
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(canonical(passphrase).encode())


def read_lines(content: bytes, wanted: int) -> tuple[str, ...]:
    """The passphrases of a file, one a line, as many as there are shares."""
    try:
        lines = tuple(line.strip() for line in content.decode("utf-8-sig").splitlines() if line.strip())
    except UnicodeDecodeError:
        lines = ()
    if len(lines) != wanted:
        raise SurveyError(
            "passphrase-lines",
            N_("The file of passphrases has {lines} lines; {wanted} are needed, one for each share in the order of the shares."),
            lines=len(lines),
            wanted=wanted,
        )
    return lines


def canonical(typed: str) -> str:
    """The same passphrase for the same keys pressed, whatever the keyboard program made of them."""
    return unicodedata.normalize("NFC", typed.strip())
