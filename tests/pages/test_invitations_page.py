"""Inviting by e-mail as the organizer does it: over real stores and a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect.credentials import InvitationUnknown
from tests.collect.test_invitations import collected
from tests.invited_world import ADDRESS, PEOPLE, Mailbox, mailbox
from tests.pages.looking import click, look, said, tick, unbroken
from tests.small_world import settle

WAVE = "2026"
GOOD = "unit;email\n" + "".join(f"t.a;{address}\n" for address in PEOPLE)


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
def services(sqlite_services: Services, post: Mailbox) -> Services:
    """A draft wave without slips; settings as a province with a mail server and https would have them."""
    questionnaire = settle(sqlite_services)
    today = date.today()
    sqlite_services.design.create_wave(OPERATOR, WAVE, questionnaire.id, today, today + timedelta(days=7), plan={})
    settings = replace(sqlite_services.settings, address=ADDRESS, mail_server=post.server.address, mail_sender=post.server.sender)
    return replace(sqlite_services, settings=settings)


def open_page(services: Services, page: str = "invitations") -> AppTest:
    return look(f"organizer.{page}", services, OPERATOR, "en")


def upload(at: AppTest, text: str) -> AppTest:
    return unbroken(at.file_uploader[0].set_value(("danh-sach.csv", text.encode(), "text/csv")).run())


def invite(services: Services, text: str = GOOD) -> AppTest:
    return click(upload(open_page(services), text), "Invite these people")


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def test_a_list_is_shown_by_unit_before_anybody_is_on_it(services: Services) -> None:
    at = upload(open_page(services), GOOD)
    assert "3 people in 1 units" in said(at)
    assert at.table[0].value.to_dict("records") == [{"Unit": "Department A", "Number of staff": "40", "In the list": "3"}]
    assert services.invitations.units(OPERATOR, WAVE) == ()
    click(at, "Invite these people")
    assert "3 people are on the list. No letter has been sent yet." in said(at)
    [unit] = services.invitations.units(OPERATOR, WAVE)
    assert (unit.node.id, unit.people, unit.waiting) == ("t.a", 3, 3)
    assert "Department A" in said(at), "fewer people than staff is said"


def test_every_error_of_a_list_is_told_and_nobody_is_added(services: Services) -> None:
    at = upload(open_page(services), "unit;email\nt.a;an@so-a.example\nt.x;binh@so-a.example\nt.a;chi so-a\nt.a;an@so-a.example\n")
    rows = [tuple(row)[:2] for row in at.table[0].value.to_numpy().tolist()]
    assert rows == [("2", "email"), ("3", "unit"), ("4", "email"), ("5", "email")]
    assert "Invite these people" not in labels(at)
    assert services.invitations.units(OPERATOR, WAVE) == ()


def test_letters_are_sent_once_and_each_carries_its_own_link(services: Services, post: Mailbox) -> None:
    at = click(invite(services), "Send 3 invitations")
    assert "3 letters have been sent." in said(at)
    assert {address: len(letters) for address, letters in post.letters.items()} == dict.fromkeys(PEOPLE, 1)
    assert all(post.link(address).startswith(ADDRESS) for address in PEOPLE)
    assert not any(label.startswith("Send 3") for label in labels(at))


def test_who_could_not_be_reached_is_named(services: Services, post: Mailbox) -> None:
    at = click(invite(services, GOOD + "t.a;nobody@so-a.example\n"), "Send 4 invitations")
    assert "nobody" in "".join(one.value for one in at.warning)
    assert "Send 1 invitations" in labels(at)


def test_reminders_reach_those_who_have_not_collected_and_the_page_says_so(services: Services, post: Mailbox) -> None:
    at = click(invite(services), "Send 3 invitations")
    collected(services, post.token(PEOPLE[0]), date.today())
    assert "nobody is reminded of answering" in said(at)
    assert next(button for button in at.button if button.label == "Send the reminders").disabled
    click(tick(at, "The last letter"), "Send the reminders")
    assert "The reminders have been sent." in said(at) and "2 letters" not in said(at)
    assert [len(post.letters[address]) for address in PEOPLE] == [1, 2, 2]


def test_a_withdrawn_person_falls_back_to_a_slip(services: Services, post: Mailbox) -> None:
    at = click(invite(services), "Send 3 invitations")
    token = post.token(PEOPLE[1])
    next(box for box in at.text_input if box.label == "E-mail address").set_value(PEOPLE[1]).run()
    click(at, "Withdraw the invitation")
    with pytest.raises(InvitationUnknown):
        services.credentials.open(token, date.today())
    services.fieldwork.print_codes(OPERATOR, WAVE)
    slips = open_page(services, "slips")
    next(box for box in slips.selectbox if box.label == "Unit").set_value("t.a").run()
    assert "one person could answer twice" in said(slips)
    next(box for box in slips.number_input).set_value(1).run()
    click(slips, "Make extra codes")
    assert "1 slips are ready" in said(slips)


def test_missing_mail_settings_are_named_and_nothing_is_asked_for(services: Services) -> None:
    without = replace(services, settings=replace(services.settings, mail_server="", mail_sender=""))
    at = open_page(without)
    assert "LANGNGHE\\_MAIL\\_SERVER, LANGNGHE\\_MAIL\\_SENDER" in at.error[0].value
    assert not at.file_uploader


def test_without_https_the_page_says_why_and_offers_slips(services: Services) -> None:
    at = open_page(replace(services, settings=replace(services.settings, address="http://khaosat.example")))
    assert "https" in at.error[0].value and "replace the page" in said(at)
    assert any("Print slips instead" in one.proto.label for one in at.get("page_link"))
    assert not at.file_uploader


def test_slips_leave_out_units_that_are_invited(services: Services) -> None:
    invite(services)
    at = open_page(services, "slips")
    assert "100 slips will be made for 4 reporting units" in said(at)
    assert "Department A" in said(at)
    home = open_page(services, "waves")
    assert any("3 people invited by e-mail" in one.proto.body for one in home.get("html"))


def public_page(services: object) -> None:
    from pages.respondent import privacy
    from survey.i18n import Locale

    privacy.render(services, None, Locale("en"))  # type: ignore[arg-type]


def test_the_signs_of_the_keys_are_public_while_the_wave_is_open(services: Services) -> None:
    invite(services)
    [unit] = services.invitations.units(OPERATOR, WAVE)
    assert not AppTest.from_function(public_page, args=(services,)).run().table
    services.fieldwork.open_wave(OPERATOR, WAVE)
    at = AppTest.from_function(public_page, args=(services,)).run()
    assert at.table[0].value["Signs of the key"].tolist() == [unit.fingerprint.replace("-", "\\-")]
