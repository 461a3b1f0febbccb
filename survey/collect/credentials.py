"""Credentials of personal invitations: handed out once per invitation, shown once with a ballot, joined by nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from survey.collect import blind
from survey.collect.box import Box, BoxShut
from survey.design.plan import Node
from survey.design.wave import Wave, WaveState
from survey.errors import N_, SurveyError


class CredentialRefused(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "unknown",
            N_("This credential is not valid: it is damaged, or of a survey that has closed. Please open your invitation again."),
        )


class CredentialSpent(SurveyError):
    def __init__(self) -> None:
        super().__init__("spent", N_("A form has already been sent with this credential. It counts once."))


class InvitationUnknown(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "unknown",
            N_(
                "This invitation is not known. A newer e-mail may have replaced it, or the survey has closed. Please use the newest e-mail."
            ),
        )


class InvitationSpent(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "spent",
            N_(
                "The credential of this invitation has already been collected, perhaps in another browser: please go on there, "
                "or with the address you saved. If you have sent your form already, there is nothing more to do."
            ),
        )


class KeyExchanged(SurveyError):
    def __init__(self) -> None:
        super().__init__(
            "key",
            N_(
                "The key of your unit is not the one that the plan of the survey names: somebody may want to recognise you. "
                "Please do not answer, and tell a custodian."
            ),
        )


@dataclass(frozen=True)
class Credential:
    """What the browser shows with its ballot. `message` (64 bytes) was blinded when it was signed."""

    wave: str
    unit: str
    message: bytes
    signature: bytes

    @property
    def secret(self) -> str:
        """Takes the place of a slip's code in the nullifier and in the name of the draft."""
        return self.message.hex()

    @classmethod
    def read(cls, sent: object) -> Credential:
        """From {"wave", "unit", "message", "signature"}, the last two in hexadecimal. Raises CredentialRefused."""
        try:
            assert isinstance(sent, Mapping)
            message, signature = (bytes.fromhex(sent[name]) for name in ("message", "signature"))
            made = cls(str(sent["wave"]), str(sent["unit"]), message, signature)
        except (AssertionError, KeyError, TypeError, ValueError):
            raise CredentialRefused() from None
        if len(message) != blind.PREPARED_BYTES or len(signature) != blind.SIGNATURE_BYTES:
            raise CredentialRefused()
        return made


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A row of the invitation list. `blinded`: digest of the blinded message that was signed, None before that.

    Keeping it harms nobody: the blinded message is uniform and fits every credential of the unit alike
    (tests/collect/test_blind.py shows it), so that its digest says no more than "collected".
    """

    wave: str
    unit: str
    email: str
    blinded: bytes | None = None

    @property
    def collected(self) -> bool:
        return self.blinded is not None


@dataclass(frozen=True)
class OpenedInvitation:
    wave: Wave
    unit: Node
    modulus: bytes
    collected: bool


class InvitationList(Protocol):
    def by_token(self, digest: bytes) -> Invitation | None: ...
    def collect(self, invitation: Invitation, blinded: bytes) -> bool:
        """Note the digest of the blinded message; False when another one was noted before."""
        ...

    def moduli(self, wave_id: str) -> dict[str, bytes]: ...
    def modulus(self, wave_id: str, unit: str) -> bytes | None: ...
    def signing_key(self, wave_id: str, unit: str) -> bytes | None: ...


class WaveReader(Protocol):
    def wave(self, wave_id: str) -> Wave: ...


def token_digest(token: str) -> bytes:
    """What the invitation list stores of a link's token."""
    return hashlib.sha256(b"langnghe invitation\0" + token.encode()).digest()


class Credentials:
    """The invited person's side. It knows who collects, and nothing of what is done with it."""

    def __init__(self, store: WaveReader, invitations: InvitationList, box: Box) -> None:
        self._store = store
        self._invitations = invitations
        self._box = box

    def fingerprints(self, wave: Wave) -> tuple[tuple[Node, str], ...]:
        """The units with invitations and the fingerprints of their keys, for everybody to compare."""
        moduli = self._invitations.moduli(wave.id)
        return tuple((node, blind.fingerprint(moduli[node.id])) for node in wave.plan.nodes if node.id in moduli)

    def open(self, token: str, today: date) -> OpenedInvitation:
        """What the link is for. Raises InvitationUnknown, also when the wave is over; KeyExchanged, BoxShut, BoxUnknown."""
        invitation = self._find(token)
        wave = self._store.wave(invitation.wave)
        modulus = self._invitations.modulus(wave.id, invitation.unit)
        # Collecting is possible before the wave opens: nobody can then join collecting and answering by their time.
        if wave.state not in (WaveState.DRAFT, WaveState.OPEN) or today > wave.closes or modulus is None:
            raise InvitationUnknown()
        if wave.plan.key_signs and wave.plan.key_signs.get(invitation.unit) != blind.fingerprint(modulus):
            raise KeyExchanged()
        if wave.state is WaveState.OPEN and self._box.is_shut(wave.id):
            raise BoxShut()
        return OpenedInvitation(wave, wave.plan.by_id[invitation.unit], modulus, invitation.collected)

    def collect(self, token: str, blinded: bytes, today: date) -> bytes:
        """The blind signature. The same blinded message gets the same one again, another is refused.

        Raises InvitationUnknown, InvitationSpent, BlindingRefused, SigningFailed; nothing is noted then.
        """
        opened = self.open(token, today)
        invitation = self._find(token)
        noted = hashlib.sha256(blinded).digest()
        if invitation.collected and invitation.blinded != noted:
            raise InvitationSpent()
        key = self._invitations.signing_key(opened.wave.id, invitation.unit)
        assert key is not None  # as the public half, which open() found
        signature = blind.blind_sign(key, blinded)
        if not self._invitations.collect(invitation, noted):
            raise InvitationSpent()
        return signature

    def _find(self, token: str) -> Invitation:
        invitation = self._invitations.by_token(token_digest(token))
        if invitation is None:
            raise InvitationUnknown()
        return invitation
