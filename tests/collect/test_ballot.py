from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.collect import ballot

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
PRIVATE = KEY.private_bytes_raw()


def test_what_is_sealed_opens_with_the_private_key_only() -> None:
    sealed = ballot.seal(b"content", "w", PUBLIC, 1024)
    assert ballot.unseal(sealed, "w", PRIVATE) == b"content"
    for wave, key in (("w", bytes(32)), ("other", PRIVATE)):
        with pytest.raises(ballot.BallotBroken):
            ballot.unseal(sealed, wave, key)


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    sealed = ballot.seal(b"content", "w", PUBLIC, 1024)
    for place in (0, 31, 32, 500, len(sealed) - 1):
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(ballot.BallotBroken):
            ballot.unseal(broken, "w", PRIVATE)


def test_equal_answers_of_two_people_give_unlike_ballots_of_one_length() -> None:
    one, two = ballot.seal(b"x", "w", PUBLIC, 1024), ballot.seal(b"x", "w", PUBLIC, 1024)
    three = ballot.seal(b"x" * 900, "w", PUBLIC, 1024)
    assert one != two and len(one) == len(two) == len(three)


def test_no_key_is_used_for_two_ballots() -> None:
    # The first 32 bytes are the ephemeral public key.
    assert len({ballot.seal(b"x", "w", PUBLIC, 1024)[:32] for _ in range(20)}) == 20
