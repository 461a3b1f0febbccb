from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from survey.collect import blind
from tests.collect.rfc9474 import VARIANTS, key_of, read_vectors

# A key for tests only, made once with create_key(); the digests are SHA-384 of what blind.py made of it then.
OWN_P = (
    "f5f6f268f5187af8f5e17a951d4349464514b5ecf05c651dee9df2ec5abbfd8a4f8f2a7d0f427084b77d385115f6bcc6595271f55afe81a0f805db4adccd0d46"
    "bb5ff981cb3b990617305ef2a71b62ac704f6be302ed22ffdc6bd13e2225dcfe306a4202d3c0c7d74b4d665ef2a5220fa1bcf1669d7171176571e45d33c37e1c"
    "6561f2dfa6f0e4c6a156814b95c047224bc5c21b4027be3e57be8f99e0cfcd672e265b556c1794350dd349cb4206ec45f18bea5090a88b29743652c26dfdc5b1"
)
OWN_Q = (
    "cdf8ff70cee0b9570418f0594f3c66025011f526be3ee6637b810a94bc1e7a468114cf5deb056e9f997095c777cb7c7356c2a542aec66e86b2f95fed33c177f0"
    "6e00f82ca293dfac14bc388199846a3905f515192ba119b18435f811965fcf55d51ae5058bb69dbf22179ed0fcf25563674c72e1ef3c80286da5fdaa26826c16"
    "6b36f239cf407e5b4ba495b8a594290f5a1dba72f7db38ad560dfec23dda2785c8f07ada8e4ea449e7e50a916186f6791e7cfdee53a59dc65b66592683acd4b1"
)
OWN_BLINDED = "c97030b896d3cdd33ec2a6f252cf3330cbbc4e24421e3cf75de789b3d2d0ab5b27554d023ebc521dfb3bebcb6fd7fb97"
OWN_SIGNATURE = "953600d588256e72a305a40ae6e8398e13a5949ef6057b95c637a58bdf1d945d1c47932a5e112c9dab95fce82eb9e504"
OWN_FINGERPRINT = "ABV6-SZJZ-XYR6-O4H6-DGYF-E2WV-REIF-JLCM"


@pytest.fixture(scope="session")
def pem() -> bytes:
    return blind.create_key()


@pytest.fixture(scope="session")
def other() -> bytes:
    """Another key: a quarter of a second, each."""
    return blind.create_key()


@pytest.fixture(scope="session")
def modulus(pem: bytes) -> bytes:
    return blind.modulus_of(pem)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_vectors_of_rfc_9474(shared_data: Path, variant: str) -> None:
    vector = read_vectors(shared_data)[variant]
    made = blind.blind(vector.modulus, vector.prepared, salt=vector.salt, r=vector.r)
    assert (made.message, made.inverse) == (vector.blinded, vector.inverse)
    assert blind.blind_sign(vector.pem, vector.blinded) == vector.blind_signature
    salt_bytes = len(vector.salt)
    assert blind.finalize(vector.modulus, vector.prepared, vector.blind_signature, vector.inverse, salt_bytes) == vector.signature
    assert blind.verify(vector.modulus, vector.prepared, vector.signature, salt_bytes)


def test_a_regression_of_our_own_making() -> None:
    """Not from the RFC: generated with this very code, it only tells whether the code has changed its mind."""
    pem = key_of(int(OWN_P, 16), int(OWN_Q, 16))
    modulus, prepared = blind.modulus_of(pem), b"\1" * 64
    made = blind.blind(modulus, prepared, salt=b"\2" * 48, r=3)
    assert hashlib.sha384(made.message).hexdigest() == OWN_BLINDED
    signature = blind.finalize(modulus, prepared, blind.blind_sign(pem, made.message), made.inverse)
    assert hashlib.sha384(signature).hexdigest() == OWN_SIGNATURE
    assert blind.fingerprint(modulus) == OWN_FINGERPRINT


def test_a_credential_is_made_without_the_signer_seeing_it(pem: bytes, modulus: bytes) -> None:
    prepared = blind.prepare(bytes(32))
    made = blind.blind(modulus, prepared)
    signature = blind.finalize(modulus, prepared, blind.blind_sign(pem, made.message), made.inverse)
    assert blind.verify(modulus, prepared, signature)
    assert len(prepared) == blind.PREPARED_BYTES and len(signature) == blind.SIGNATURE_BYTES


def test_any_blinded_message_may_belong_to_any_credential(pem: bytes, modulus: bytes) -> None:
    """What the signer saw fits every credential with some r: the signer cannot tell which is whose."""
    n = int.from_bytes(modulus, "big")
    seen = [blind.blind(modulus, blind.prepare(bytes(32))).message for _ in range(2)]
    prepared = blind.prepare(bytes(32))
    made = blind.blind(modulus, prepared)
    signature = int.from_bytes(blind.finalize(modulus, prepared, blind.blind_sign(pem, made.message), made.inverse), "big")
    for blinded in seen:
        # r = (blind signature) / signature: its e-th power times the encoded message is the blinded message.
        r = int.from_bytes(blind.blind_sign(pem, blinded), "big") * pow(signature, -1, n) % n
        assert pow(signature, 65537, n) * pow(r, 65537, n) % n == int.from_bytes(blinded, "big")


def test_the_same_blinded_message_gets_the_same_signature(pem: bytes, modulus: bytes) -> None:
    made = blind.blind(modulus, blind.prepare(bytes(32)))
    assert blind.blind_sign(pem, made.message) == blind.blind_sign(pem, made.message)


def test_a_changed_signature_message_or_key_is_refused(pem: bytes, modulus: bytes, other: bytes) -> None:
    prepared = blind.prepare(bytes(32))
    made = blind.blind(modulus, prepared)
    signature = blind.finalize(modulus, prepared, blind.blind_sign(pem, made.message), made.inverse)
    for place in (0, 200, 383):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not blind.verify(modulus, prepared, bytes(changed))
    assert not blind.verify(modulus, prepared[:-1] + b"x", signature)
    assert not blind.verify(blind.modulus_of(other), prepared, signature)
    for wrong in (b"", signature[1:], signature + b"\0", b"\xff" * 384):
        assert not blind.verify(modulus, prepared, wrong)


def test_a_signature_that_begins_with_zeros_is_not_one_without_them() -> None:
    """One in 256 does. `cryptography` 50 takes it without them too, so that one ballot's signature would have two forms."""
    key = rsa.generate_private_key(65537, 1024)  # small: hundreds are signed
    modulus, pss = key.public_key().public_numbers().n.to_bytes(128, "big"), padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    signature = next(made for made in (key.sign(b"m", pss, hashes.SHA384()) for _ in range(20_000)) if made[0] == 0)
    assert blind.verify(modulus, b"m", signature) and not blind.verify(modulus, b"m", signature[1:])


def test_a_signer_with_another_key_is_noticed_by_whoever_blinded(modulus: bytes, other: bytes) -> None:
    prepared = blind.prepare(bytes(32))
    made = blind.blind(modulus, prepared)
    # Half of all values are too large for the other modulus; below it the signer cannot notice.
    while int.from_bytes(made.message, "big") >= int.from_bytes(blind.modulus_of(other), "big"):
        made = blind.blind(modulus, prepared)
    with pytest.raises(blind.SigningFailed):
        blind.finalize(modulus, prepared, blind.blind_sign(other, made.message), made.inverse)


def test_a_blinded_message_out_of_range_is_not_signed(pem: bytes, modulus: bytes) -> None:
    n = int.from_bytes(modulus, "big")
    for refused in (b"", bytes(384), modulus, (n + 1).to_bytes(384, "big"), b"\xff" * 384, bytes(383) + b"", b"\1" * 383, b"\1" * 385):
        with pytest.raises(blind.BlindingRefused):
            blind.blind_sign(pem, refused)
    assert blind.blind_sign(pem, (n - 1).to_bytes(384, "big"))


def test_a_faulty_signature_never_leaves_the_server(pem: bytes, modulus: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """One wrong half of the Chinese-remainder arithmetic would give away a factor of n."""
    power = blind._power
    monkeypatch.setattr(blind, "_power", lambda key, value: (power(key, value) + key.q) % key.public_numbers.n)
    with pytest.raises(blind.SigningFailed):
        blind.blind_sign(pem, blind.blind(modulus, blind.prepare(bytes(32))).message)


def test_a_key_whose_second_prime_is_none_signs_nothing() -> None:
    """Whether they are prime is not asked when a key is read: what it signs is wrong, and that is seen."""
    damaged = key_of(int(OWN_P, 16), (2**521 - 1) * (2**607 - 1))
    with pytest.raises(blind.SigningFailed):
        blind.blind_sign(damaged, blind.blind(blind.modulus_of(damaged), blind.prepare(bytes(32))).message)


def test_a_value_that_would_factor_the_key_is_not_blinded(pem: bytes, modulus: bytes) -> None:
    with pytest.raises(blind.BlindingRefused):
        blind.blind(modulus, blind.prepare(bytes(32)), r=blind._private(pem).p)


def test_a_fingerprint_is_of_one_key_and_easy_to_compare(modulus: bytes, other: bytes) -> None:
    shown = blind.fingerprint(modulus)
    assert shown == blind.fingerprint(modulus) != blind.fingerprint(blind.modulus_of(other))
    assert [len(group) for group in shown.split("-")] == [4] * 8
