"""The box key of a wave: any `needed` of its `shares` open the box, fewer tell nothing.

Shamir's secret sharing over a prime field (A. Shamir, How to share a secret, 1979).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.collect import ballot, passphrases
from survey.collect.key_share import KeyShare, fingerprint
from survey.errors import N_, SurveyError
from survey.limits import SHARES

__all__ = ["BoxKey", "KeyShare", "check_share", "create_key", "fingerprint", "join_key", "try_key"]

_PRIME = 2**256 - 189  # the largest prime of 32 bytes: a share is as short to type as the key itself
CANARY = b'{"canary":true}'


@dataclass(frozen=True)
class BoxKey:
    """A new key that no wave uses yet: the public half (32 bytes) and the shares of the private half."""

    public_key: bytes
    shares: tuple[KeyShare, ...]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_key)


def create_key(wave_id: str, shares: int, needed: int, given_passphrases: Sequence[str] = ()) -> BoxKey:
    """A new key pair whose shares are protected by the custodians' passphrases (in their order), if any are given.

    Every group of shares that must open the box has opened a canary ballot: as it will stand in the
    files and on the sheets, unlocked with its passphrases.
    """
    if not 1 <= needed <= shares <= SHARES:
        raise SurveyError("key-plan", N_("The key needs 1 to 9 shares, and not more of them to open the box."))
    if given_passphrases and (len(given_passphrases) != shares or len({passphrases.checked(one) for one in given_passphrases}) != shares):
        raise SurveyError("passphrases-differ", N_("Each of the {shares} custodians needs a passphrase of their own."), shares=shares)
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    polynomial = [int.from_bytes(private.private_bytes_raw(), "big")]
    polynomial += [secrets.randbelow(_PRIME) for _ in range(needed - 1)]
    made = tuple(
        KeyShare(
            wave=wave_id, number=number, needed=needed, of=shares, key=fingerprint(public),
            value=_evaluate(polynomial, number).to_bytes(32, "big"),
        )
        for number in range(1, shares + 1)
    )  # fmt: skip
    if given_passphrases:
        made = tuple(share.protect(passphrase) for share, passphrase in zip(made, given_passphrases, strict=True))
    read_back = [KeyShare.from_bytes(share.to_bytes()) for share in made]
    unlocked = [share.unlock(passphrase) for share, passphrase in zip(read_back, given_passphrases or [""] * shares, strict=True)]
    for group in combinations(unlocked, needed):
        try_key(wave_id, public, group)
    return BoxKey(public, made)


def try_key(wave_id: str, public_key: bytes, shares: Iterable[KeyShare]) -> None:
    """Seal a canary ballot and open it with these shares; refused when that fails."""
    canary = ballot.seal(CANARY, wave_id, public_key, 1024)
    try:
        opened = ballot.unseal(canary, wave_id, join_key(wave_id, public_key, shares))
    except ballot.BallotBroken:
        opened = b""
    if opened != CANARY:
        raise SurveyError("canary", N_("The new key failed its trial; nothing was opened. Please try again."))


def check_share(wave_id: str, public_key: bytes, share: KeyShare) -> None:
    """Refuse a share of another wave or key."""
    if share.wave != wave_id or share.key != fingerprint(public_key):
        raise SurveyError(
            "share-of-another-wave",
            N_("Share {number} belongs to wave {other}, not to this key of wave {wave}."),
            number=share.number,
            other=share.wave,
            wave=wave_id,
        )


def join_key(wave_id: str, public_key: bytes, shares: Iterable[KeyShare], needed: int = 1) -> bytes:
    """The private key from enough unlocked shares of this wave's key; a clear refusal otherwise. `needed`: what to ask for where none is here."""
    given = {share.number: share for share in shares}
    for share in given.values():
        check_share(wave_id, public_key, share)
        if share.protected:
            raise SurveyError("share-locked", N_("Share {number} is protected: its passphrase is needed."), number=share.number)
    needed = max((share.needed for share in given.values()), default=needed)
    if len(given) < needed:
        raise SurveyError(
            "shares-missing",
            N_("{given} of {needed} key shares are here. Bring the missing ones; nothing was opened."),
            given=len(given),
            needed=needed,
        )
    points = [(share.number, int.from_bytes(share.value, "big")) for share in list(given.values())[:needed]]
    private = _interpolate(points).to_bytes(32, "big")
    if X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() != public_key:
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
