"""One-time codes on paper slips: 80 random bits, never tied to a name, stored only as digests."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from survey.errors import N_, SurveyError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
LENGTH = 16
_Thing = TypeVar("_Thing")
_LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


class CodeUnknown(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "unknown",
            N_(
                "This code is not known. Please check it letter by letter against your slip. "
                "A code of a survey that has closed is no longer known."
            ),
        )


class CodeOfAnotherWave(SurveyError):
    def __init__(self) -> None:
        super().__init__("other-wave", N_("This code belongs to another wave."))


class CodeMistyped(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "mistyped",
            N_("A code has {length} letters and digits, in groups of four. Please check what you typed."),
            length=LENGTH,
        )


class CodeSpent(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "spent",
            N_("This code has already been used. If it was not you, please ask for another slip."),
        )


@dataclass(frozen=True)
class Slip:
    """A printed slip: its code and the reporting unit its answers are counted in."""

    code: str
    unit_name: str


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """The code in what a person typed: spaces, dashes, case and look-alikes forgiven."""
    code = "".join(char for char in typed.upper() if char.isalnum()).translate(_LOOK_ALIKES)
    if len(code) != LENGTH or any(char not in ALPHABET for char in code):
        raise CodeMistyped()
    return code


def in_groups(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digest(wave_id: str, code: str) -> bytes:
    """What the code list stores: SHA-256 of wave and code."""
    return _hash("langnghe code", wave_id, code)


def nullifier(wave_id: str, code: str) -> bytes:
    """The ballot's key in the box: makes a code count once and cannot be joined to the code list."""
    return _hash("langnghe nullifier", wave_id, code)


def draft_key(wave_id: str, code: str) -> str:
    """The name under which the browser keeps a draft."""
    return _hash("langnghe draft", wave_id, code).hex()[:32]


def _hash(purpose: str, wave_id: str, code: str) -> bytes:
    return hashlib.sha256("\0".join((purpose, wave_id, code)).encode()).digest()


def shuffled(things: Iterable[_Thing]) -> list[_Thing]:
    """In an order that nobody chose (operating-system randomness)."""
    listed = list(things)
    secrets.SystemRandom().shuffle(listed)
    return listed
