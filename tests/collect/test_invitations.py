from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect import blind, slips
from survey.collect.credentials import Credential, CredentialRefused, CredentialSpent, InvitationSpent, InvitationUnknown, token_digest
from survey.collect.mail import MailServer
from survey.collect.service import WaveNotOpen
from survey.errors import InputRefused, NotAllowed, SurveyError
from survey.i18n import Locale
from survey.source import Source
from tests.invited_world import ADDRESS, PEOPLE, Mailbox, draft_wave, invited_wave, mailbox, people_file
from tests.server import free_port
from tests.small_world import TODAY

VI = Locale("vi")
ATTEMPT = "ab" * 16


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


def collected(services: Services, token: str, today: date = TODAY) -> Credential:
    """What the browser does."""
    opened = services.credentials.open(token, today)
    prepared = blind.prepare(bytes(32))
    made = blind.blind(opened.modulus, prepared)
    signature = blind.finalize(opened.modulus, prepared, services.credentials.collect(token, made.message, today), made.inverse)
    return Credential(opened.wave.id, opened.unit.id, prepared, signature)


# Answering


def test_an_invited_person_answers_once(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    credential = collected(services, post.token(PEOPLE[0]))
    opened = services.collect.open(credential, TODAY)
    assert opened.unit.id == "t.a" and opened.invited
    first = services.collect.submit(credential, {"answers": {"KC1": 5}}, TODAY, ATTEMPT)
    again = services.collect.submit(credential, {"answers": {"KC1": 5}}, TODAY, ATTEMPT)
    assert not first.already and again.already and first.text == again.text
    with pytest.raises(CredentialSpent):
        services.collect.submit(credential, {"answers": {"KC1": 5}}, TODAY, "cd" * 16)
    with pytest.raises(CredentialSpent):
        services.collect.open(credential, TODAY)
    assert len(services.closing._box.ballots(wave.id)) == 1


def test_a_credential_is_good_for_its_own_wave_unit_and_message_only(services: Services, post: Mailbox) -> None:
    wave = draft_wave(services)
    services.invitations.add_people(OPERATOR, wave.id, people_file("dung@so-b.example", unit="t.b"))
    services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, VI)
    services.fieldwork.open_wave(OPERATOR, wave.id)
    good = collected(services, post.token(PEOPLE[0]))
    for wrong in (
        replace(good, unit="t.b"),
        replace(good, unit="t.c"),
        replace(good, wave="2025"),
        replace(good, message=bytes(64)),
        replace(good, signature=bytes(384)),
    ):
        with pytest.raises(CredentialRefused):
            services.collect.submit(wrong, {}, TODAY)
    assert services.collect.open(good, TODAY)


@pytest.mark.parametrize(
    "sent",
    [None, "text", {}, {"wave": "2026", "unit": "t.a", "message": "00", "signature": "00"}, {"wave": 1, "unit": 2, "message": 3, "signature": 4},
     {"wave": "2026", "unit": "t.a", "message": "xy" * 64, "signature": "00" * 384}],
)  # fmt: skip
def test_what_is_no_credential_is_refused(sent: object) -> None:
    with pytest.raises(CredentialRefused):
        Credential.read(sent)


def test_a_credential_collected_before_the_opening_waits_for_it(services: Services, post: Mailbox) -> None:
    wave = draft_wave(services)
    services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, VI)
    credential = collected(services, post.token(PEOPLE[0]))
    with pytest.raises(WaveNotOpen):
        services.collect.open(credential, TODAY)
    services.fieldwork.open_wave(OPERATOR, wave.id)
    assert services.collect.open(credential, TODAY)


def test_ballots_by_invitation_are_counted_and_then_list_and_keys_are_gone(services: Services, post: Mailbox) -> None:
    wave = draft_wave(services)
    colleagues = [f"nguoi{number}@so-a.example" for number in range(9)]
    services.invitations.add_people(OPERATOR, wave.id, people_file(*colleagues))
    services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, VI)
    _, shares = services.fieldwork.open_wave(OPERATOR, wave.id)
    credentials = [collected(services, post.token(address)) for address in (*colleagues, *PEOPLE)]
    for credential in credentials[:10]:
        services.collect.submit(credential, {"answers": {"KC1": 5}}, TODAY)
    release = services.closing.close(OPERATOR, wave.id, shares)
    forms = release.cells.query("unit == 't' and measure == 'forms' and breakdown == ''")["base"]
    assert forms.tolist() == [10]  # of the province: with one department only, the department stays hidden
    for table in ("invitation", "credential_key"):
        with services.engines[0].connect() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    with pytest.raises(InvitationUnknown):
        services.credentials.open(post.token(PEOPLE[0]), TODAY)
    with pytest.raises(CredentialRefused):
        services.collect.submit(credentials[10], {}, TODAY)


# Collecting


def test_the_same_blinded_message_gets_the_same_signature_and_another_none(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    token = post.token(PEOPLE[0])
    modulus = services.credentials.open(token, TODAY).modulus
    first, second = (blind.blind(modulus, blind.prepare(bytes(32))).message for _ in range(2))
    signed = services.credentials.collect(token, first, TODAY)
    assert services.credentials.collect(token, first, TODAY) == signed
    with pytest.raises(InvitationSpent):
        services.credentials.collect(token, second, TODAY)
    assert services.credentials.open(token, TODAY).collected


def test_of_two_browsers_at_the_same_moment_one_gets_a_signature(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    store = services.credentials._invitations
    invitation = store.by_token(token_digest(post.token(PEOPLE[0])))
    assert invitation is not None
    # Both have read the row before either has written it.
    assert store.collect(invitation, b"\1" * 32)
    assert not store.collect(invitation, b"\2" * 32)


def test_nonsense_is_not_signed_and_the_invitation_stays_good(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    token = post.token(PEOPLE[0])
    for nonsense in (b"", bytes(384), b"\xff" * 384):
        with pytest.raises(blind.BlindingRefused):
            services.credentials.collect(token, nonsense, TODAY)
    with pytest.raises(InvitationUnknown):
        services.credentials.collect("another", bytes(384), TODAY)
    assert collected(services, token)


def test_after_the_last_day_nothing_is_collected(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    with pytest.raises(InvitationUnknown):
        services.credentials.open(post.token(PEOPLE[0]), TODAY + timedelta(days=30))


# What is stored


def test_the_list_holds_digests_and_no_order_of_collecting(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    for address in (PEOPLE[2], PEOPLE[0]):
        collected(services, post.token(address))
    engine = services.engines[0]
    columns = {column["name"] for column in inspect(engine).get_columns("invitation")}
    assert columns == {"wave", "unit", "email", "token", "blinded", "withdrawn"}
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM invitation")).all()
        assert not any(post.token(address).encode() in bytes(str(row), "utf-8") for row in rows for address in PEOPLE)
        if engine.dialect.name == "postgresql":
            assert len(set(connection.execute(text("SELECT xmin::text FROM invitation WHERE unit = 't.a'")).scalars())) == 1
            by_place = connection.execute(text("SELECT email FROM invitation ORDER BY ctid")).scalars().all()
            assert list(by_place) == sorted(by_place)
    if engine.dialect.name == "sqlite":
        assert Path(f"{engine.url.database}-wal").stat().st_size == 0


def test_the_key_of_a_ballot_is_not_on_the_list(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    credential = collected(services, post.token(PEOPLE[0]))
    services.collect.submit(credential, {}, TODAY)
    key = slips.nullifier(wave.id, credential.secret)
    assert services.box.holds(wave.id, key)
    with services.engines[0].connect() as connection:
        stored = {bytes(value) for row in connection.execute(text("SELECT token, blinded FROM invitation")) for value in row if value}
    assert stored.isdisjoint({key, credential.message, credential.signature})


# Letters


def test_letters_carry_the_link_and_say_what_the_server_learns(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    letter = post.letters[PEOPLE[0]][0]
    assert post.link(PEOPLE[0]).startswith(f"{ADDRESS}/i?lang=vi#")
    assert letter["From"] == "khaosat@example.gov.vn" and letter["Subject"].startswith(VI("Invitation: {title}", title=""))
    learns = (
        "The server knows who has collected a credential. It cannot recognise the credential, so nobody learns whether or what you answer."
    )
    assert "Sở A" in letter.get_content() and VI(learns) in letter.get_content() and VI(learns) != learns
    assert len({post.token(address) for address in PEOPLE}) == 3
    letters = [post.letters[address][0] for address in PEOPLE]
    assert [one["Date"].datetime.utcoffset() for one in letters] == [timedelta(hours=7)] * 3  # the province's time
    assert all(abs(services.clock.now() - one["Date"].datetime) < timedelta(minutes=5) for one in letters)
    assert all(re.fullmatch(r"<[^@\s]+@example\.gov\.vn>", one["Message-ID"]) for one in letters)
    assert len({one["Message-ID"] for one in letters}) == 3


def test_reminders_go_to_those_who_have_not_collected_and_bring_a_new_link(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    old = {address: post.token(address) for address in PEOPLE}
    answered, only_collected = PEOPLE[0], PEOPLE[1]
    services.collect.submit(collected(services, old[answered]), {}, TODAY)
    collected(services, old[only_collected])
    sent = services.invitations.remind(OPERATOR, "2026", ADDRESS, post.server, VI)
    assert (sent.count, sent.refused) == (None, ())  # how many, the organizer is not told: tests/privacy/test_withdrawing.py
    # Who collected and did not answer is not reminded either: the server cannot tell the two apart.
    assert [len(post.letters[address]) for address in PEOPLE] == [1, 1, 2]
    assert post.letters[PEOPLE[2]][1]["Subject"].startswith(VI("Reminder: {title}", title=""))
    with pytest.raises(InvitationUnknown):
        services.credentials.open(old[PEOPLE[2]], TODAY)
    assert collected(services, post.token(PEOPLE[2]))


def test_refused_addresses_are_named_and_may_be_tried_again(services: Services, post: Mailbox) -> None:
    wave = draft_wave(services)
    services.invitations.add_people(OPERATOR, wave.id, people_file("nobody@so-a.example"))
    sent = services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, VI)
    assert (sent.count, sent.refused) == (3, ("nobody@so-a.example",))
    again = services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, VI)
    assert (again.count, again.refused) == (0, ("nobody@so-a.example",))


@pytest.mark.parametrize("address", ["smtp://127.0.0.1:{port}", "smtps://127.0.0.1:{port}", "http://example.test", ""])
def test_a_mail_server_that_is_not_there_is_a_clear_refusal(sqlite_services: Services, address: str) -> None:
    wave = draft_wave(sqlite_services)
    with pytest.raises(SurveyError) as refused:
        server = MailServer(address.format(port=free_port()), "a@example.test", sqlite_services.clock)
        sqlite_services.invitations.send(OPERATOR, wave.id, ADDRESS, server, VI)
    assert refused.value.code == "mail-server"


def test_letters_are_not_sent_with_a_plain_http_link(sqlite_services: Services, post: Mailbox) -> None:
    wave = draft_wave(sqlite_services)
    with pytest.raises(SurveyError) as refused:
        sqlite_services.invitations.send(OPERATOR, wave.id, "http://127.0.0.1:8501", post.server, VI)
    assert refused.value.code == "invitations-need-https" and post.letters == {}


# The list


def test_a_list_is_refused_whole_with_every_error(services: Services) -> None:
    wave = draft_wave(services)
    content = "unit;email\nt.a;dung@so-a.example\nt.x;em@so-a.example\nt.a;not an address\nt.b;giang@so-b.example\nt.b;GIANG@so-b.example\nt.a;an@so-a.example\n"
    with pytest.raises(InputRefused) as refused:
        services.invitations.add_people(OPERATOR, wave.id, Source("danh-sach.csv", content.encode()))
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [
        (3, "unit"), (4, "email"), (5, "email"), (6, "email"), (7, "email"),
    ]  # fmt: skip
    assert services.credentials._invitations.emails(wave.id) == frozenset(PEOPLE)
    assert set(services.credentials._invitations.moduli(wave.id)) == {"t.a"}


def test_an_empty_list_is_refused(sqlite_services: Services) -> None:
    wave = draft_wave(sqlite_services)
    with pytest.raises(InputRefused):
        sqlite_services.invitations.add_people(OPERATOR, wave.id, people_file())


def test_a_unit_answers_by_slips_or_by_invitations(services: Services) -> None:
    wave = draft_wave(services)
    printed = {slip.unit_name for slip in services.fieldwork.print_codes(OPERATOR, wave.id)}
    assert "Sở B" in printed and "Sở A" not in printed
    with pytest.raises(InputRefused) as refused:
        services.invitations.add_people(OPERATOR, wave.id, people_file("dung@so-b.example", unit="t.b"))
    assert refused.value.problems[0].column == "unit"


def test_a_withdrawn_person_may_change_over_to_a_slip(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    credential = collected(services, post.token(PEOPLE[0]))
    for address in (" " + PEOPLE[1].upper(), PEOPLE[0]):
        services.invitations.withdraw(OPERATOR, wave.id, address)
    for address in PEOPLE[:2]:
        with pytest.raises(InvitationUnknown):
            services.credentials.open(post.token(address), TODAY)
    assert services.collect.open(credential, TODAY)  # what was collected stays good: nobody knows whose it is
    for address in (PEOPLE[0], PEOPLE[1], "stranger@so-a.example"):
        with pytest.raises(SurveyError, match="no invitation of this address"):
            services.invitations.withdraw(OPERATOR, wave.id, address)
    assert services.credentials._invitations.withdrawn(wave.id) == 2  # type: ignore[attr-defined]
    [slip] = services.fieldwork.extra_codes(OPERATOR, wave.id, "t.a", 1)
    assert services.collect.open(slip.code, TODAY)
    # A unit with invitations may be given more of them, though one person in it has a slip.
    assert services.invitations.add_people(OPERATOR, wave.id, people_file("dung@so-a.example")) == 1


def test_participation_of_an_invited_unit_counts_credentials_and_is_rounded(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    for address in PEOPLE:
        collected(services, post.token(address))
    [row] = [row for row in services.fieldwork.participation(OPERATOR, wave.id) if row.node.id == "t.a"]
    assert (row.given, row.rate) == (3, 0)  # 3 of 40: not yet five people


def test_fingerprints_of_the_units_are_shown(services: Services) -> None:
    wave = draft_wave(services)
    [unit] = services.invitations.units(OPERATOR, wave.id)
    assert unit.node.id == "t.a" and len(unit.fingerprint) == 39


def test_a_draft_that_is_deleted_takes_its_invitations_along(services: Services) -> None:
    wave = draft_wave(services)
    services.design.delete_draft(OPERATOR, wave.id)
    assert services.credentials._invitations.emails(wave.id) == frozenset()
    assert services.credentials._invitations.moduli(wave.id) == {}


def test_only_an_organizer_invites(sqlite_services: Services, post: Mailbox) -> None:
    wave = draft_wave(sqlite_services)
    invitations = sqlite_services.invitations
    with pytest.raises(NotAllowed):
        invitations.add_people(None, wave.id, people_file("x@so-a.example"))
    for write in (invitations.send, invitations.remind):
        with pytest.raises(NotAllowed):
            write(None, wave.id, ADDRESS, post.server, VI)
    with pytest.raises(NotAllowed):
        invitations.withdraw(None, wave.id, PEOPLE[0])
    with pytest.raises(NotAllowed):
        invitations.units(None, wave.id)
