"""The key with which a reporting unit's credentials are signed blindly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SigningKey:
    """The RSA key of one reporting unit: PKCS #8 PEM, and its public half n (384 bytes)."""

    pem: bytes
    modulus: bytes
