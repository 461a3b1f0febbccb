"""Blind RSA signatures: a credential whose signer never saw it. RFC 9474, RSABSSA-SHA384-PSS-Randomized.

The signer sees only blind(message) = encoded(message) * r^e mod n. As r is uniform, this value is as
likely for any other message: no computing power joins what was signed with what is shown later.
"""

from __future__ import annotations

import base64
import hashlib
import math
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from survey.errors import N_, SurveyError

BITS = 3072
EXPONENT = 65537
MESSAGE_BYTES = 32
PREPARED_BYTES = 64
SIGNATURE_BYTES = BITS // 8
_HASH_BYTES = 48
_SALT_BYTES = 48


class BlindingRefused(SurveyError):
    def __init__(self) -> None:
        super().__init__("blinding", N_("The browser sent something that cannot be signed. Please open the invitation again."))


class SigningFailed(SurveyError):
    def __init__(self) -> None:
        super().__init__("signing", N_("The server could not sign; nothing was handed out. Please try again."))


@dataclass(frozen=True)
class Blinded:
    """`message` goes to the signer; `inverse` (of r modulo n) stays with whoever blinded."""

    message: bytes
    inverse: int


def create_key() -> bytes:
    """A new RSA-3072 key as PKCS #8 PEM. It takes about half a second."""
    return rsa.generate_private_key(EXPONENT, BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def modulus_of(pem: bytes) -> bytes:
    """The public half of a key: n, big-endian. The exponent is always 65537."""
    n = _private(pem).public_numbers.n
    return n.to_bytes(_length(n), "big")


def fingerprint(modulus: bytes) -> str:
    """160 bits of SHA-384 over the public key, in groups of four: what people compare (blind.js reckons the same)."""
    digest = hashlib.sha384(b"langnghe key" + modulus + EXPONENT.to_bytes(3, "big")).digest()[:20]
    text = base64.b32encode(digest).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def prepare(message: bytes) -> bytes:
    """The message with 32 random bytes before it: even a crafted key cannot recognise it (RFC 9474, 4.1)."""
    return secrets.token_bytes(32) + message


def blind(modulus: bytes, prepared: bytes, *, salt: bytes | None = None, r: int | None = None) -> Blinded:
    """The browser's part, here for tests and clients in Python. `salt` and `r` are given by test vectors only."""
    n = int.from_bytes(modulus, "big")
    m = int.from_bytes(_encode(prepared, n.bit_length() - 1, secrets.token_bytes(_SALT_BYTES) if salt is None else salt), "big")
    r = secrets.randbelow(n - 1) + 1 if r is None else r
    if math.gcd(m, n) != 1 or math.gcd(r, n) != 1:
        raise BlindingRefused()  # either would reveal a factor of n
    return Blinded((m * pow(r, EXPONENT, n) % n).to_bytes(_length(n), "big"), pow(r, -1, n))


def blind_sign(pem: bytes, blinded: bytes) -> bytes:
    """The signer's part: blinded^d mod n. The same input always gives the same signature.

    Raises BlindingRefused for a wrong length or a value outside 1..n-1, SigningFailed when the result does not verify:
    a fault in the Chinese-remainder arithmetic would otherwise give away a factor of n (Boneh, DeMillo, Lipton 1997).
    """
    key = _private(pem)
    n = key.public_numbers.n
    value = int.from_bytes(blinded, "big")
    if len(blinded) != _length(n) or not 0 < value < n:
        raise BlindingRefused()
    # Python's pow is not constant-time. Masking the base makes its time independent of what the browser sent;
    # it still depends on d alone, of which a stream of one-off requests through a network teaches nothing useful.
    mask = secrets.randbelow(n - 2) + 2
    signed = _power(key, value * pow(mask, EXPONENT, n) % n) * pow(mask, -1, n) % n
    if pow(signed, EXPONENT, n) != value:
        raise SigningFailed()
    return signed.to_bytes(_length(n), "big")


def finalize(modulus: bytes, prepared: bytes, blind_signature: bytes, inverse: int, salt_bytes: int = _SALT_BYTES) -> bytes:
    """The signature of the prepared message, or SigningFailed when the signer did not sign with this key."""
    n = int.from_bytes(modulus, "big")
    signature = (int.from_bytes(blind_signature, "big") * inverse % n).to_bytes(len(modulus), "big")
    if len(blind_signature) != len(modulus) or not verify(modulus, prepared, signature, salt_bytes):
        raise SigningFailed()
    return signature


def verify(modulus: bytes, prepared: bytes, signature: bytes, salt_bytes: int = _SALT_BYTES) -> bool:
    """Ordinary RSASSA-PSS with SHA-384, checked by `cryptography`, which does not ask for the length (RFC 8017, 8.1.2, step 1)."""
    if len(signature) != len(modulus):
        return False
    key = rsa.RSAPublicNumbers(EXPONENT, int.from_bytes(modulus, "big")).public_key()
    try:
        key.verify(signature, prepared, padding.PSS(padding.MGF1(hashes.SHA384()), salt_bytes), hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def _private(pem: bytes) -> rsa.RSAPrivateNumbers:
    """Of a key that create_key made: whether its primes are prime is not asked at each signature, which is verified instead."""
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.private_numbers()


def _power(key: rsa.RSAPrivateNumbers, value: int) -> int:
    """value^d mod n by the Chinese remainder theorem, four times as fast (RFC 8017, 5.1.2)."""
    first, second = pow(value, key.dmp1, key.p), pow(value, key.dmq1, key.q)
    return second + key.q * ((first - second) * key.iqmp % key.p)


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE with SHA-384 and MGF1 (RFC 8017, 9.1.1)."""
    length = -(-bits // 8)
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = (b"\x01" + salt).rjust(length - _HASH_BYTES - 1, b"\0")
    masked = int.from_bytes(block, "big") ^ int.from_bytes(_mgf1(digest, len(block)), "big")
    masked &= (1 << (bits - 8 * (_HASH_BYTES + 1))) - 1
    return masked.to_bytes(len(block), "big") + digest + b"\xbc"


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha384(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-length // _HASH_BYTES)))
    return b"".join(blocks)[:length]


def _length(n: int) -> int:
    return -(-n.bit_length() // 8)
