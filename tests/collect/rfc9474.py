"""The test vectors of RFC 9474, appendix A, read from the shared data (never part of the project)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

VARIANTS = ("PSS-Randomized", "PSSZERO-Randomized", "PSS-Deterministic", "PSSZERO-Deterministic")


@dataclass(frozen=True)
class Vector:
    """One variant. `prepared` is the RFC's input_msg; `inverse` is that of r modulo n."""

    pem: bytes
    modulus: bytes
    prepared: bytes
    salt: bytes
    inverse: int
    blinded: bytes
    blind_signature: bytes
    signature: bytes

    @property
    def r(self) -> int:
        return pow(self.inverse, -1, int.from_bytes(self.modulus, "big"))


@cache
def read_vectors(shared_data: Path) -> dict[str, Vector]:
    """By the name of the variant, without its prefix RSABSSA-SHA384-."""
    raw = json.loads((shared_data / "rfc9474" / "test_vectors.json").read_text())
    return {entry["name"].removeprefix("RSABSSA-SHA384-"): _vector(entry) for entry in raw}


def key_of(p: int, q: int) -> bytes:
    """PKCS #8 PEM of the key with these primes and the exponent 65537."""
    d = pow(65537, -1, (p - 1) * (q - 1))
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    key = rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(65537, p * q)).private_key(unsafe_skip_rsa_key_validation=True)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _vector(entry: dict[str, str]) -> Vector:
    assert int(entry["e"], 16) == 65537
    pem = key_of(int(entry["p"], 16), int(entry["q"], 16))
    hexed = (bytes.fromhex(entry[name].removeprefix("0x")) for name in ("input_msg", "salt", "blinded_msg", "blind_sig", "sig"))
    prepared, salt, blinded, blind_signature, signature = hexed
    return Vector(pem, bytes.fromhex(entry["n"][2:]), prepared, salt, int(entry["inv"], 16), blinded, blind_signature, signature)
