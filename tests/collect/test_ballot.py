from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.collect import ballot
from survey.collect.keys import KeyShare, create_key, join_key
from survey.errors import SurveyError

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


def test_the_same_attempt_gives_the_same_ballot_and_never_one_key_for_two_contents() -> None:
    attempt = b"a" * 16
    assert ballot.seal(b"x", "w", PUBLIC, 1024, attempt) == ballot.seal(b"x", "w", PUBLIC, 1024, attempt)
    # The first 32 bytes are the ephemeral public key: another content must have another one.
    assert ballot.seal(b"x", "w", PUBLIC, 1024, attempt)[:32] != ballot.seal(b"y", "w", PUBLIC, 1024, attempt)[:32]


@pytest.mark.parametrize(("shares", "needed"), [(1, 1), (3, 2), (5, 3), (2, 2)])
def test_enough_shares_open_and_fewer_do_not(shares: int, needed: int) -> None:
    public, made = create_key("w", shares, needed)
    sealed = ballot.seal(b"x", "w", public, 1024)
    for start in range(shares - needed + 1):
        assert ballot.unseal(sealed, "w", join_key("w", public, made[start : start + needed])) == b"x"
    with pytest.raises(SurveyError, match="key shares"):
        join_key("w", public, made[: needed - 1])


def test_the_same_share_twice_is_one_share() -> None:
    public, made = create_key("w", 3, 2)
    with pytest.raises(SurveyError, match="1 of 2"):
        join_key("w", public, [made[0], made[0]])


def test_a_share_of_another_wave_or_key_or_a_damaged_one_is_refused_by_name() -> None:
    public, made = create_key("w", 3, 2)
    _, others = create_key("v", 3, 2)
    _, same_wave = create_key("w", 3, 2)
    for wrong in (others[0], same_wave[0]):
        with pytest.raises(SurveyError, match="belongs to wave"):
            join_key("w", public, [made[1], wrong])
    damaged = KeyShare(**{**made[0].__dict__, "value": made[0].value[:-1] + ("0" if made[0].value[-1] != "0" else "1")})
    with pytest.raises(SurveyError, match="damaged"):
        join_key("w", public, [damaged, made[1]])
    for content in (b"", b"{}", b"[]", b'{"langnghe": "key share"}', b"\xff"):
        with pytest.raises(SurveyError, match="not a key share"):
            KeyShare.from_bytes(content)


def test_a_share_survives_its_file() -> None:
    _, made = create_key("w", 3, 2)
    assert tuple(KeyShare.from_bytes(share.to_bytes()) for share in made) == made
