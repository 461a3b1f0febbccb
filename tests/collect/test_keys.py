"""Shares of a box key: how few open nothing, what a passphrase adds, and how each wrong share is refused."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from itertools import combinations, permutations

import pytest

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect import ballot, keys, passphrases
from survey.collect.key_share import KeyShare, NotAShare, ShareDamaged, fingerprint
from survey.collect.keys import BoxKey, create_key, join_key
from survey.design.wave import WaveState
from survey.errors import SurveyError
from tests.small_world import draft_wave

PASSPHRASES = ("Một con vịt xòe ra", "hai cái cánh nó kêu", "rằng quác quác quác")


@pytest.fixture(scope="module")
def key() -> BoxKey:
    """2 of 3, protected."""
    return create_key("2026", 3, 2, PASSPHRASES)


# A check of ten bits passes a wrong line once in 1,024: what is mistyped in a test is always the same share.
PRINTED = KeyShare(wave="2026", number=1, needed=2, of=3, key=fingerprint(b"public"), value=bytes(range(64)))


def unlocked(key: BoxKey) -> list[KeyShare]:
    return [share.unlock(passphrase) for share, passphrase in zip(key.shares, PASSPHRASES, strict=True)]


@pytest.mark.parametrize(("shares", "needed"), [(1, 1), (3, 2), (5, 3), (2, 2), (9, 8)])
def test_enough_shares_open_in_any_order_and_fewer_do_not(shares: int, needed: int) -> None:
    key = create_key("w", shares, needed)
    sealed = ballot.seal(b"x", "w", key.public_key, 1024)
    for group in list(permutations(key.shares, needed))[:60]:
        assert ballot.unseal(sealed, "w", join_key("w", key.public_key, group)) == b"x"
    with pytest.raises(SurveyError, match="key shares"):
        join_key("w", key.public_key, key.shares[: needed - 1])


def test_fewer_shares_than_needed_say_nothing_of_the_key() -> None:
    """With one value of a line known, every key is as likely as every other: there is a second value that leads to it."""
    key = create_key("w", 3, 2)
    known = int.from_bytes(key.shares[0].value, "big")
    for wished in (0, 1, 2**255):
        at_two = (2 * known - wished) % keys._PRIME
        assert keys._interpolate([(1, known), (2, at_two)]) == wished


def test_a_lost_share_is_no_loss_and_one_alone_opens_nothing(key: BoxKey) -> None:
    for pair in combinations(unlocked(key), 2):
        assert join_key("2026", key.public_key, pair)
    for share in unlocked(key):
        with pytest.raises(SurveyError, match="1 of 2"):
            join_key("2026", key.public_key, [share])


def test_who_brings_no_share_is_told_how_many_it_takes(key: BoxKey) -> None:
    with pytest.raises(SurveyError, match="0 of 2"):
        join_key("2026", key.public_key, [], needed=2)


def test_the_same_share_twice_is_one_share(key: BoxKey) -> None:
    share = unlocked(key)[0]
    with pytest.raises(SurveyError, match="1 of 2"):
        join_key("2026", key.public_key, [share, share])


def test_a_protected_share_opens_with_its_own_passphrase_only(key: BoxKey) -> None:
    share = key.shares[0]
    assert share.protected and not share.unlock(PASSPHRASES[0]).protected
    assert share.unlock("  " + unicodedata.normalize("NFD", PASSPHRASES[0])).value == share.unlock(PASSPHRASES[0]).value
    for wrong in (PASSPHRASES[1], PASSPHRASES[0].lower(), ""):
        with pytest.raises(SurveyError, match="passphrase of share 1 is wrong") as refused:
            share.unlock(wrong)
        assert refused.value.code == "wrong-passphrase"
    with pytest.raises(SurveyError, match="protected"):
        join_key("2026", key.public_key, key.shares)


def test_what_a_protected_share_says_of_itself_cannot_be_changed(key: BoxKey) -> None:
    for changed in ({"number": 2}, {"needed": 1}, {"of": 5}, {"wave": "2027"}, {"key": fingerprint(b"other")}):
        with pytest.raises(SurveyError, match="wrong"):
            replace(key.shares[0], **changed).unlock(PASSPHRASES[0])  # type: ignore[arg-type]


def test_the_value_of_a_protected_share_is_nowhere_in_its_file(key: BoxKey) -> None:
    again = key.shares[0].protect(PASSPHRASES[0])
    for share, plain in zip(key.shares, unlocked(key), strict=True):
        assert plain.value not in share.value
        assert share.value != again.value, "every salt is new"


@pytest.mark.parametrize(
    ("typed", "reason"), [("short", "12 characters"), ("elevensigns", "12 characters"), ("abababababababab", "repeats")]
)
def test_a_weak_passphrase_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(SurveyError, match=reason):
        create_key("w", 1, 1, [typed])


def test_a_suggested_passphrase_is_accepted_and_never_the_same() -> None:
    made = {passphrases.suggested() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        assert passphrases.checked(one) == one and len(one.split("-")) == 4


def test_two_custodians_with_one_passphrase_are_one_custodian() -> None:
    for given in ([PASSPHRASES[0]] * 3, PASSPHRASES[:2], (PASSPHRASES[0], " " + PASSPHRASES[0], PASSPHRASES[1])):
        with pytest.raises(SurveyError, match="3 custodians"):
            create_key("w", 3, 2, given)


def test_a_share_of_another_wave_or_key_is_refused_by_name(key: BoxKey) -> None:
    plain = unlocked(key)
    for wrong in (create_key("2025", 3, 2).shares[0], create_key("2026", 3, 2).shares[0]):
        with pytest.raises(SurveyError, match="belongs to wave") as refused:
            join_key("2026", key.public_key, [plain[1], wrong])
        assert refused.value.code == "share-of-another-wave"


def read_by_x25519(private: int) -> int:
    """A private key as RFC 7748 reads it: five of its 256 bits are fixed. (The first byte is the lowest there, the highest here.)"""
    return private & ~(7 << 248 | 0xC0) | 0x40


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_wrong_value_is_noticed_when_shares_are_joined(wrong: int) -> None:
    """Every single wrong bit of a share is refused, unless the key that comes out is the very same to X25519."""
    key = create_key("w", 3, 2)
    right, other = key.shares[wrong], key.shares[1 - wrong]
    private = int.from_bytes(join_key("w", key.public_key, (right, other)), "big")
    harmless = 0
    for bit in range(256):
        value = int.from_bytes(right.value, "big") ^ 1 << bit
        points = [(right.number, value), (other.number, int.from_bytes(other.value, "big"))]
        damaged = (replace(right, value=value.to_bytes(32, "big")), other)
        if read_by_x25519(keys._interpolate(points)) == read_by_x25519(private):
            assert join_key("w", key.public_key, damaged)
            harmless += 1
        else:
            with pytest.raises(SurveyError, match="damaged"):
                join_key("w", key.public_key, damaged)
    assert harmless <= 5


@pytest.mark.parametrize("wave", ["2026", "a", "dot-dieu-tra_2026.thu-nghiem-lan-2-cuoi-n"])
def test_a_share_survives_its_file_its_qr_code_and_somebody_typing_it(wave: str) -> None:
    for share in (*create_key(wave, 3, 2).shares, create_key(wave, 2, 2).shares[1].protect(PASSPHRASES[1])):
        assert KeyShare.from_bytes(share.to_bytes()) == share
        assert KeyShare.from_bytes(b"\xef\xbb\xbf" + share.to_bytes().replace(b"\n", b"\r\n")) == share
        assert KeyShare.from_text(share.to_text()) == share
        assert KeyShare.from_bytes(share.to_text().encode()) == share
        typed = "\n".join(share.lines()).lower().replace("0", "o").replace("1", "l")
        assert KeyShare.from_text(typed) == share


def test_every_mistyped_line_is_named() -> None:
    lines = list(PRINTED.lines())
    for number, line in enumerate(lines, start=1):
        wrong = line[:7] + ("7" if line[7] != "7" else "8") + line[8:]
        with pytest.raises(SurveyError, match=f"Line {number} of"):
            KeyShare.from_text(" ".join([*lines[: number - 1], wrong, *lines[number:]]))
    with pytest.raises(SurveyError, match="Line 2"):
        KeyShare.from_text(" ".join([lines[0], lines[2], lines[1], *lines[3:]]))
    with pytest.raises(SurveyError, match="Line 1"):
        KeyShare.from_text(" ".join(lines[1:]))
    with pytest.raises(SurveyError, match="ends after 6 lines"):
        KeyShare.from_text(" ".join(lines[:6]))


def test_a_damaged_file_is_told_from_something_else() -> None:
    content = PRINTED.to_bytes()
    fields = json.loads(content)
    damaged = (
        content[: len(content) - 40],
        content.replace(b'"number": 1', b'"number": 2'),
        content.replace(b'"wave": "2026"', b'"wave": "2027"'),
        json.dumps(fields | {"share": fields["share"][:60] + "7777" + fields["share"][64:]}).encode(),
        json.dumps(fields | {"share": 7}).encode(),
    )
    for one in damaged:
        with pytest.raises(ShareDamaged):
            KeyShare.from_bytes(one)
    for other in (b"", b"{}", b"[]", b'{"langnghe": "key share"}', b"\xff", b"Hello", b"%PDF-1.4", "Đây là một tệp".encode()):
        with pytest.raises(NotAShare):
            KeyShare.from_bytes(other)


def test_a_key_that_fails_its_canary_leaves_the_wave_a_draft(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    draft_wave(services, shares=3)
    with monkeypatch.context() as patched:
        patched.setattr(keys, "_interpolate", lambda points: 1)
        with pytest.raises(SurveyError, match="damaged"):
            services.fieldwork.make_key(OPERATOR, "2026", PASSPHRASES)
    assert services.design.wave(OPERATOR, "2026").state is WaveState.DRAFT


def test_a_wave_opens_only_with_shares_that_open_a_canary(sqlite_services: Services) -> None:
    services = sqlite_services
    draft_wave(services, shares=3)
    made = services.fieldwork.make_key(OPERATOR, "2026", PASSPHRASES)
    first, second, third = unlocked(made)
    for wrong in ((), (first,), (first, first), made.shares, (first, create_key("2026", 3, 2).shares[1])):
        with pytest.raises(SurveyError):
            services.fieldwork.open_with(OPERATOR, "2026", made.public_key, wrong)
        assert services.design.wave(OPERATOR, "2026").state is WaveState.DRAFT
    opened = services.fieldwork.open_with(OPERATOR, "2026", made.public_key, (third, second))
    assert opened.state is WaveState.OPEN and opened.public_key == made.public_key
    for again in (lambda: services.fieldwork.make_key(OPERATOR, "2026"), lambda: services.fieldwork.open_wave(OPERATOR, "2026")):
        with pytest.raises(SurveyError, match="cannot be opened"):
            again()
