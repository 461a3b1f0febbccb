"""The password of a mail server that is set on the page: stored under the server's own secret, which no database and no backup holds."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

ADDRESS, PASSWORD = "mail_server", "mail_password"
HIDDEN = "•••"
_NONCE = 12


def parted(server: str) -> tuple[str, str]:
    """smtps://name:password@host as (the same with dots in the password's place, the password); without one as it is, and ""."""
    start, at, host = server.rpartition("@")
    name, colon, password = start.partition("://")[2].partition(":")
    if not (at and colon):
        return server, ""
    return f"{start.partition('://')[0]}://{name}:{HIDDEN}@{host}", password


def sealed(password: str, address: str, secret: str) -> str:
    """For this very address: moved to another, nobody is sent it. `secret`: the server's own."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher(secret).encrypt(nonce, password.encode(), address.encode())).decode()


def whole(stored: Mapping[str, str], secret: str) -> str:
    """The mail server's address with its password; empty where the password lies under another server's secret."""
    address = stored.get(ADDRESS, "")
    if parted(address)[1] != HIDDEN:
        return address
    from cryptography.exceptions import InvalidTag

    kept = base64.b64decode(stored.get(PASSWORD, ""))
    try:
        password = _cipher(secret).decrypt(kept[:_NONCE], kept[_NONCE:], address.encode()).decode()
    except (InvalidTag, ValueError):
        return ""
    start, _dots, host = address.rpartition(f":{HIDDEN}@")
    return f"{start}:{password}@{host}"


def _cipher(secret: str) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # imported by whoever has a password only

    return ChaCha20Poly1305(hashlib.sha256(b"langnghe mail password\0" + secret.encode()).digest())
