"""The sealed ballot: a response nobody can read before the custodians open the box.

X25519 + HKDF-SHA256 + ChaCha20-Poly1305 (the construction of RFC 9180 HPKE in base mode, without its
labels), over a plaintext padded to one size per questionnaire, so that length says nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.design.questionnaire import Questionnaire, Response
from survey.errors import N_, SurveyError

_NONCE = bytes(12)  # every key is used for one message only
_STEP = 1024


class BallotBroken(SurveyError):
    def __init__(self) -> None:
        super().__init__("ballot-broken", N_("A ballot cannot be opened with this key: the key is of another wave or the box is damaged."))


def plaintext_size(questionnaire: Questionnaire) -> int:
    """Bytes every ballot of the questionnaire is padded to: no response can be longer."""
    closed = sum(len(item.id) + 8 for item in questionnaire.items)
    # A character takes at most four bytes in UTF-8; quotation marks and line ends are escaped by one.
    text = sum(4 * question.max_chars + 32 for question in questionnaire.open_questions)
    fields = sum(len(b.id) + 16 + max(len(str(c.value)) for c in b.categories) for b in questionnaire.breakdowns)
    return -(-(closed + text + fields + 256) // _STEP) * _STEP


def encode(response: Response) -> bytes:
    """The very bytes that are sealed: canonical JSON."""
    content = {
        "unit": response.unit,
        "answers": dict(response.answers),
        "comments": dict(response.comments),
        "breakdowns": dict(response.breakdowns),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(content: bytes) -> Response:
    return Response(**json.loads(content))


def seal(content: bytes, wave_id: str, public_key: bytes, size: int) -> bytes:
    """Seal `content` (at most `size` - 4 bytes) to one fixed length: size + 48 bytes.

    Under a key that exists for this call only: no two ballots are alike, and nobody, the respondent
    included, can make the same one again to show what is in it.
    """
    if len(content) > size - 4:
        raise ValueError("content does not fit the ballot")
    padded = (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")
    ephemeral = X25519PrivateKey.generate()
    own = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public_key))
    return own + ChaCha20Poly1305(_ballot_key(shared, own, public_key)).encrypt(_NONCE, padded, wave_id.encode())


class Opener:
    """Opens ballots of one wave: the private key is built once, not for each of them."""

    def __init__(self, wave_id: str, private_key: bytes) -> None:
        self._wave = wave_id.encode()
        self._key = X25519PrivateKey.from_private_bytes(private_key)
        self._public = self._key.public_key().public_bytes_raw()

    def unseal(self, ballot: bytes) -> bytes:
        """The content of a ballot, or BallotBroken."""
        own, sealed = ballot[:32], ballot[32:]
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(own))
            padded = ChaCha20Poly1305(_ballot_key(shared, own, self._public)).decrypt(_NONCE, sealed, self._wave)
        except (InvalidTag, ValueError):
            raise BallotBroken() from None
        return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def unseal(ballot: bytes, wave_id: str, private_key: bytes) -> bytes:
    """The content of one ballot, or BallotBroken."""
    return Opener(wave_id, private_key).unseal(ballot)


def receipt(ballot: bytes) -> str:
    """A short digest of the sealed ballot: shows that it is in the box, not what is in it."""
    text = base64.b32encode(hashlib.sha256(ballot).digest()[:10]).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _ballot_key(shared: bytes, own: bytes, public_key: bytes) -> bytes:
    return _derive(shared, b"langnghe ballot" + own + public_key)


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)
