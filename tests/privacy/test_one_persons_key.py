"""A key of one person's own would make this person's credential recognisable. Where does the exchange show?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import text

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.collect import blind
from survey.collect.credentials import KeyExchanged
from survey.collect.form.invitation import invitation_configuration
from survey.collect.key_poster_pdf import key_poster_pdf
from survey.design.plan import Plan
from survey.errors import SurveyError
from survey.i18n import Locale
from tests.invited_world import ADDRESS, PEOPLE, Mailbox, draft_wave, invited_wave, mailbox, people_file
from tests.printed import pages, words
from tests.server import serving
from tests.small_world import TODAY, settle

VI = Locale("vi")
TEXT = invitation_configuration(VI, secure=True)["strings"]


@cache
def theirs() -> bytes:
    """The key that is put in the place of the unit's."""
    return blind.create_key()


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


def exchange_key(services: Services) -> None:
    """Whoever may write into the database puts another key in the place of the unit's."""
    with services.engines[0].begin() as connection:
        connection.execute(
            text("UPDATE credential_key SET private_key = :pem, modulus = :modulus WHERE unit = 't.a'"),
            {"pem": theirs(), "modulus": blind.modulus_of(theirs())},
        )


def test_the_keys_are_part_of_the_plans_hash(services: Services) -> None:
    questionnaire = settle(services)
    before = services.design.create_wave(OPERATOR, "2025", questionnaire.id, TODAY, TODAY, plan={}).plan
    wave = draft_wave(services)
    [unit] = services.invitations.units(OPERATOR, wave.id)
    assert wave.plan.key_signs == {"t.a": unit.fingerprint}
    assert replace(wave.plan, key_signs={}).hash == replace(before, asked=wave.plan.asked).hash != wave.plan.hash
    assert replace(wave.plan, key_signs={"t.a": blind.fingerprint(blind.modulus_of(theirs()))}).hash != wave.plan.hash
    assert Plan.from_dict(wave.plan.as_dict()) == wave.plan
    assert "key_signs" not in before.as_dict()  # plans without invitations keep their hashes


def test_once_the_wave_is_open_no_key_can_be_added(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    with pytest.raises(SurveyError) as refused:
        services.invitations.add_people(OPERATOR, wave.id, people_file("dung@so-b.example", unit="t.b"))
    assert refused.value.code == "keys-frozen"
    assert set(services.credentials._invitations.moduli(wave.id)) == {"t.a"}
    assert services.invitations.add_people(OPERATOR, wave.id, people_file("em@so-a.example")) == 1
    assert services.fieldwork._store.wave(wave.id).plan.hash == wave.plan.hash


def test_a_key_exchanged_in_the_database_is_not_given_out(services: Services, post: Mailbox) -> None:
    invited_wave(services, post)
    token = post.token(PEOPLE[0])
    exchange_key(services)
    with pytest.raises(KeyExchanged):
        services.credentials.open(token, TODAY)
    with pytest.raises(KeyExchanged):
        services.credentials.collect(token, bytes(384), TODAY)


def test_a_key_that_the_plan_does_not_name_goes_unnoticed(services: Services, post: Mailbox) -> None:
    """Leaky control: a plan as it was."""
    wave, _ = invited_wave(services, post)
    with services.engines[0].begin() as connection:
        connection.execute(text("UPDATE wave SET plan_hash = 'as it was', plan = :plan"), {"plan": _without_signs(wave.plan)})
    exchange_key(services)
    assert services.credentials.open(post.token(PEOPLE[0]), TODAY).modulus == blind.modulus_of(theirs())


def _without_signs(plan: Plan) -> str:
    return json.dumps(replace(plan, key_signs={}).as_dict())


def test_letter_link_and_notice_say_the_same_signs(services: Services, post: Mailbox) -> None:
    wave, _ = invited_wave(services, post)
    [unit] = services.invitations.units(OPERATOR, wave.id)
    services.invitations.remind(OPERATOR, wave.id, ADDRESS, post.server, VI)
    for letter in post.letters[PEOPLE[0]]:
        assert unit.fingerprint in letter.get_content().replace("\n", " ").replace(f"{post.token(PEOPLE[0])}.", "")
    assert post.link(PEOPLE[0]).endswith(f".{unit.fingerprint}")
    printed = " ".join(words(page) for page in pages(key_poster_pdf(wave, VI)))
    assert unit.fingerprint in printed and wave.plan.hash in printed.replace(" ", "")
    assert "Sở A" in printed and "Sở B" not in printed


# The browser


@pytest.mark.browser
def test_a_browser_that_is_given_another_key_than_the_letters_collects_nothing(browser: Browser, tmp_path: Path, post: Mailbox) -> None:
    """A server that has been changed to give one person a key of their own; the letter came before."""
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path), "LANGNGHE_INVITATIONS_OVER_HTTP": "for-tests"}
    services = build(Settings.read(environment))
    with serving(environment, tmp_path) as server:
        invited_wave(services, post, date.today(), server.base)
        page = browser.new_page()
        page.goto(post.link(PEOPLE[0]))
        expect(page.locator("#ln-collect")).to_be_visible()
        exchanged(page)
        page.goto("about:blank")
        page.goto(post.link(PEOPLE[1]))
        expect(page.get_by_role("alert")).to_have_text(TEXT["other_key"])
        assert page.locator("#ln-collect").count() == 0
        # Leaky control: a link without signs, as it was.
        page.goto("about:blank")
        page.goto(post.link(PEOPLE[1]).rpartition(".")[0])
        expect(page.locator("#ln-collect")).to_be_visible()
        expect(page.locator("#ln-signs")).to_have_text(blind.fingerprint(blind.modulus_of(theirs())))
        page.close()
    services.close()


def exchanged(page: Page) -> None:
    def answer(route: Route) -> None:
        reply = route.fetch().json()
        reply["invitation"]["modulus"] = blind.modulus_of(theirs()).hex()
        route.fulfill(json=reply)

    page.route("**/i/open", answer)
