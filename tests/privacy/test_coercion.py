"""Can somebody be made to prove what was sent? The coercer has the slip, everything the browser kept, and what is public."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect import ballot
from survey.collect.service import Receipt
from survey.design.questionnaire import Questionnaire
from survey.errors import SurveyError
from tests.invited_world import PEOPLE, invited_wave, mailbox
from tests.small_world import TODAY, answers, open_wave

ATTEMPT = "ab" * 16
Send = Callable[[Mapping[str, Any], str], Receipt]  # answers, attempt
Seal = Callable[[bytes, str, bytes, int, bytes], bytes]


def candidates(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """What the respondent sent, first, and what may be asserted instead: other in all, in one item, in a comment, in nothing."""
    sent = {"answers": answers(questionnaire), "comments": {}, "breakdowns": {"gender": "f"}}
    one = {**sent, "answers": {**sent["answers"], questionnaire.items[0].id: 1}}
    said = {**sent, "comments": {questionnaire.open_questions[0].id: "khác"}}
    return [sent, {**sent, "answers": answers(questionnaire, 2)}, one, said, {}]


def told_apart(send: Send, claimed: Iterable[Mapping[str, Any]]) -> int:
    """Kinds of replies to claims of what was sent, beyond one: where there are more, the true claim can be picked out."""
    replies = set()
    for raw in claimed:
        try:
            replies.add(send(raw, ATTEMPT))
        except SurveyError as refused:
            replies.add(refused.code)
    return len(replies) - 1


def in_the_list(receipts: str, seal: Seal, public_key: bytes, unit: str, questionnaire: Questionnaire, wave: str) -> int:
    """How many claims can be shown by making the ballot anew and finding its receipt in the public list."""
    found = 0
    for raw in candidates(questionnaire):
        content = ballot.encode(questionnaire.accept(raw, unit))
        made = seal(content, wave, public_key, ballot.plaintext_size(questionnaire), bytes.fromhex(ATTEMPT))
        found += ballot.receipt(made) in receipts.split()
    return found


def as_shipped(content: bytes, wave: str, public_key: bytes, size: int, attempt: bytes) -> bytes:
    return ballot.seal(content, wave, public_key, size)


def as_it_was(content: bytes, wave: str, public_key: bytes, size: int, attempt: bytes) -> bytes:
    """The first build: the ephemeral key follows from what the respondent can repeat."""

    def derive(secret: bytes, info: bytes) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)

    padded = (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")
    own = X25519PrivateKey.from_private_bytes(derive(attempt, b"langnghe ephemeral" + hashlib.sha256(wave.encode() + padded).digest()))
    public = own.public_key().public_bytes_raw()
    key = derive(own.exchange(X25519PublicKey.from_public_bytes(public_key)), b"langnghe ballot" + public + public_key)
    return public + ChaCha20Poly1305(key).encrypt(bytes(12), padded, wave.encode())


@dataclass
class AsItWas:
    """Leaky control: a door that compares ballots."""

    questionnaire: Questionnaire
    public_key: bytes
    held: list[bytes] = field(default_factory=list)

    def send(self, raw: Mapping[str, Any], attempt: str) -> Receipt:
        content = ballot.encode(self.questionnaire.accept(raw, "t.a"))
        made = as_it_was(content, "2026", self.public_key, ballot.plaintext_size(self.questionnaire), bytes.fromhex(attempt))
        if self.held and made not in self.held:
            raise SurveyError("spent", "spent")
        already, self.held = bool(self.held), [made]
        return Receipt(ballot.receipt(made), already)


def test_sending_again_says_the_same_whatever_is_claimed(services: Services, questionnaire: Questionnaire) -> None:
    _, codes, _ = open_wave(services)
    send: Send = lambda raw, attempt: services.collect.submit(codes["Sở A"][0], raw, TODAY, attempt)  # noqa: E731
    claims = candidates(questionnaire)
    first = send(claims[0], ATTEMPT)
    assert told_apart(send, claims) == 0
    again = send(claims[1], ATTEMPT)
    assert again.already and again.text == first.text and not first.already


def test_sending_again_with_a_credential_says_the_same_whatever_is_claimed(services: Services, questionnaire: Questionnaire) -> None:
    from tests.collect.test_invitations import collected

    with mailbox() as post:
        invited_wave(services, post)
        credential = collected(services, post.token(PEOPLE[0]))
    send: Send = lambda raw, attempt: services.collect.submit(credential, raw, TODAY, attempt)  # noqa: E731
    claims = candidates(questionnaire)
    send(claims[0], ATTEMPT)
    assert told_apart(send, claims) == 0


def test_another_attempt_is_refused_whatever_is_claimed(services: Services, questionnaire: Questionnaire) -> None:
    """Attempts that are too short to be anybody's own included."""
    _, codes, _ = open_wave(services)
    code, claims = codes["Sở A"][0], candidates(questionnaire)
    services.collect.submit(code, claims[0], TODAY, ATTEMPT)
    for attempt in ("cd" * 16, "", "ab", "không phải số"):
        for raw in claims:
            with pytest.raises(SurveyError) as refused:
                services.collect.submit(code, raw, TODAY, attempt)
            assert refused.value.code == "spent"


def test_nobody_can_make_a_ballot_again_to_find_it_in_the_public_list(services: Services, questionnaire: Questionnaire) -> None:
    wave, codes, shares = open_wave(services)
    claims = candidates(questionnaire)
    kept = {code: services.collect.submit(code, claims[0], TODAY, ATTEMPT).text for code in codes["Sở A"][:12]}
    services.closing.close(OPERATOR, wave.id, shares)
    receipts = services.results.receipts(wave.id)
    assert wave.public_key and set(kept.values()) == set(receipts.split())
    assert in_the_list(receipts, as_shipped, wave.public_key, "t.a", questionnaire, wave.id) == 0


def test_a_ballot_that_follows_from_what_can_be_repeated_is_caught(questionnaire: Questionnaire) -> None:
    """Leaky control: both ways of proving work on the first build."""
    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    door, claims = AsItWas(questionnaire, public), candidates(questionnaire)
    receipt = door.send(claims[0], ATTEMPT)
    assert told_apart(door.send, claims) == 1
    assert in_the_list(receipt.text + "\n", as_it_was, public, "t.a", questionnaire, "2026") == 1


def test_a_form_sent_again_after_its_wave_is_over_is_told_nothing(services: Services, questionnaire: Questionnaire) -> None:
    _, codes, _ = open_wave(services)
    claims = candidates(questionnaire)
    services.collect.submit(codes["Sở A"][0], claims[0], TODAY, ATTEMPT)
    later: Send = lambda raw, attempt: services.collect.submit(codes["Sở A"][0], raw, TODAY + timedelta(days=30), attempt)  # noqa: E731
    assert told_apart(later, claims) == 0
