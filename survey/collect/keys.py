"""The box key of a wave and its shares: any `needed` of `shares` open the box, fewer tell nothing.

Shamir's secret sharing over a prime field (A. Shamir, How to share a secret, 1979).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.collect import ballot
from survey.errors import N_, SurveyError

_PRIME = 2**521 - 1  # a Mersenne prime, comfortably above 256-bit keys
CANARY = b'{"canary":true}'


@dataclass(frozen=True, kw_only=True)
class KeyShare:
    """One custodian's part of a wave's key. `public_key` (hex) says which key it belongs to."""

    wave: str
    number: int
    needed: int
    of: int
    public_key: str
    value: str

    def to_bytes(self) -> bytes:
        return (json.dumps({"langnghe": "key share", **asdict(self)}, indent=2) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> KeyShare:
        try:
            fields = json.loads(content)
            fields.pop("langnghe")
            return cls(**fields)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise SurveyError("not-a-share", N_("This file is not a key share. Choose the file saved when the wave was opened.")) from None


def create_key(wave_id: str, shares: int, needed: int) -> tuple[bytes, tuple[KeyShare, ...]]:
    """A new key pair: the public half and the shares of the private half, tried with a canary ballot."""
    if not 1 <= needed <= shares <= 9:
        raise SurveyError("key-plan", N_("The key needs 1 to 9 shares, and not more of them to open the box."))
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    polynomial = [int.from_bytes(private.private_bytes_raw(), "big")]
    polynomial += [secrets.randbelow(_PRIME) for _ in range(needed - 1)]
    made = tuple(
        KeyShare(
            wave=wave_id,
            number=number,
            needed=needed,
            of=shares,
            public_key=public.hex(),
            value=format(_evaluate(polynomial, number), "x"),
        )
        for number in range(1, shares + 1)
    )
    canary = ballot.seal(CANARY, wave_id, public, 1024)
    if ballot.unseal(canary, wave_id, join_key(wave_id, public, made[-needed:])) != CANARY:
        raise SurveyError("canary", N_("The new key failed its trial; nothing was opened. Please try again."))
    return public, made


def join_key(wave_id: str, public_key: bytes, shares: Iterable[KeyShare]) -> bytes:
    """The private key from enough shares of this wave's key; a clear refusal otherwise."""
    given = {share.number: share for share in shares}
    for share in given.values():
        if share.wave != wave_id or share.public_key != public_key.hex():
            raise SurveyError(
                "share-of-another-wave",
                N_("Share {number} belongs to wave {other}, not to this key of wave {wave}."),
                number=share.number,
                other=share.wave,
                wave=wave_id,
            )
    needed = max((share.needed for share in given.values()), default=1)
    if len(given) < needed:
        raise SurveyError(
            "shares-missing",
            N_("{given} of {needed} key shares are here. Bring the missing ones; nothing was opened."),
            given=len(given),
            needed=needed,
        )
    try:
        points = [(share.number, int(share.value, 16)) for share in list(given.values())[:needed]]
        private = _interpolate(points).to_bytes(32, "big")
    except (OverflowError, ValueError):
        private = b""
    if not private or X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() != public_key:
        raise SurveyError("share-damaged", N_("A key share is damaged: together they do not open this box. Nothing was lost."))
    return private


def _evaluate(polynomial: list[int], at: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * at + coefficient) % _PRIME
    return value


def _interpolate(points: list[tuple[int, int]]) -> int:
    """The polynomial's value at 0 (Lagrange)."""
    secret = 0
    for number, (x, y) in enumerate(points):
        top, bottom = 1, 1
        for other, (x_other, _) in enumerate(points):
            if other != number:
                top = top * -x_other % _PRIME
                bottom = bottom * (x - x_other) % _PRIME
        secret = (secret + y * top * pow(bottom, -1, _PRIME)) % _PRIME
    return secret
