"""A browser in which somebody has signed in before: strangers' wrong passwords do not make it wait.

The cookie opens nothing. It says "this browser has known the password", and is worth nothing once the password is another.
It holds no name, nor does its own name tell one to whoever looks at the computer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from survey.accounts import Account

SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """`name` is one account's, so that several may share a computer."""

    name: str
    value: str


class Devices:
    """`key`: the server's secret, the same in every process."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"langnghe device\0" + key.encode()).digest()

    def cookie(self, account: Account, now: int) -> Cookie:
        """A new one for this browser."""
        device, ends = secrets.token_urlsafe(16), str(now + SECONDS)
        return Cookie(name=self.name(account.name), value=f"{device}.{ends}.{self._seal(account, device, ends)}")

    def name(self, account: str) -> str:
        """What the account's cookie is called."""
        return "langnghe_device_" + hmac.new(self._key, b"name\0" + account.encode(errors="replace"), "sha256").hexdigest()[:16]

    def known(self, account: Account | None, value: str | None, now: int) -> str | None:
        """The browser's random id, if this server gave it the cookie after a right password that is still the password."""
        device, _, rest = (value or "").partition(".")
        ends, _, seal = rest.partition(".")
        if account is None or not hmac.compare_digest(self._seal(account, device, ends).encode(), seal.encode(errors="replace")):
            return None
        return device if now < int(ends) <= now + SECONDS + 24 * 3600 else None

    def _seal(self, account: Account, device: str, ends: str) -> str:
        said = "\0".join(("cookie", account.name, account.password, device, ends))
        return base64.urlsafe_b64encode(hmac.new(self._key, said.encode(errors="replace"), "sha256").digest()).decode().rstrip("=")
