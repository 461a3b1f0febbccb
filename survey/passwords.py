"""Passwords: what is accepted, how they are kept, how they are checked."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

import bcrypt

from survey.errors import N_, SurveyError
from survey.vietnamese import without_marks

MINIMUM = 12
MAXIMUM_BYTES = 72  # bcrypt reads no further
FEWESTSIGNS = 5  # different ones
_COMMON = Path(__file__).parent / "common_passwords.txt"
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str, name: str) -> str:
    """The bcrypt hash of an acceptable password of account `name`; SurveyError says what is wrong with another."""
    if len(password) < MINIMUM:
        raise SurveyError("password-short", N_("A password needs at least {length} characters."), length=MINIMUM)
    if len(password.encode()) > MAXIMUM_BYTES:
        raise SurveyError("password-long", N_("This password is too long; about 30 letters are enough."))
    if password != password.strip() or "\0" in password:
        raise SurveyError("password-blank", N_("A password cannot begin or end with a blank."))
    if name.casefold() in password.casefold():
        raise SurveyError("password-name", N_("A password must not contain the name of the account."))
    if is_common(password):
        raise SurveyError(
            "password-common", N_("This password is among the first that are tried. Put together four words that do not belong together.")
        )
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def matches(password: str, kept: str | None) -> bool:
    """Is it the password behind this hash? Without a hash (no such account, or no password yet) the same work is done in vain."""
    raw = password.encode()
    fits = len(raw) <= MAXIMUM_BYTES
    right = bcrypt.checkpw(raw[:MAXIMUM_BYTES], (kept or _nobody()).encode())
    return right and fits and bool(kept)


def is_common(password: str) -> bool:
    """On the list as it stands or without what people hang on it: matkhau, Matkhau!, mật khẩu 2026; or a few letters repeated."""
    bare = "".join(char for char in without_marks(password) if char.isalnum())
    word = bare.strip("0123456789")
    return len(set(bare)) < FEWESTSIGNS or not _common().isdisjoint({bare, word})


def new_password() -> str:
    """Sixteen characters that are easy to read out: four groups of four (79 random bits)."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))


def is_made(password: str) -> bool:
    """Has it the shape of `new_password`?"""
    groups = password.split("-")
    return [len(group) for group in groups] == [4] * 4 and set("".join(groups)) <= set(SIGNS)


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def _nobody() -> str:
    """A hash as costly to check as a real one, of a password nobody knows."""
    return bcrypt.hashpw(secrets.token_bytes(32), bcrypt.gensalt()).decode()
