"""A personal invitation from the e-mail to the receipt, in Chromium against a live server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.collect.credentials import CredentialSpent, InvitationSpent, InvitationUnknown
from survey.collect.form.invitation import invitation_configuration
from survey.collect.form.strings import strings
from survey.i18n import Locale
from tests.invited_world import PEOPLE, Mailbox, invited_wave, mailbox, people_file
from tests.nursery import serving
from tests.small_world import open_wave

pytestmark = pytest.mark.browser
VI = Locale("vi")
TEXT = invitation_configuration(VI, secure=True)["strings"]
FORM = strings(VI)


@dataclass
class Field:
    """A wave in the field behind a live server. http is allowed, as only these tests may."""

    services: Services
    post: Mailbox
    base: str
    data: Path

    def link(self, address: str) -> str:
        return self.post.link(address)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("invitation")
    environment = {"LANGNGHE_DATA_DIR": str(folder), "LANGNGHE_INVITATIONS_OVER_HTTP": "for-tests"}
    services = build(Settings.read(environment))
    with mailbox() as post, serving(environment, folder) as server:
        invited_wave(services, post, date.today(), server.base)
        more = people_file(*(f"person{number}@so-a.example" for number in range(8)))
        services.invitations.add_people(OPERATOR, "2026", more)
        services.invitations.send(OPERATOR, "2026", server.base, post.server, VI)
        yield Field(services, post, server.base, folder)
    services.close()


def collect(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("#ln-collect").click()
    expect(page.locator("h1")).to_have_text(TEXT["ready"])


def send_form(page: Page) -> None:
    """From the introduction to the receipt, one question answered."""
    page.locator("#ln-next").click()
    page.locator("fieldset label.opt").first.click()
    for _ in range(20):
        title = page.locator("h1").inner_text()
        page.locator("#ln-next").click()
        if title == FORM["stored_title"]:
            break
        expect(page.locator("h1")).not_to_have_text(title)
    expect(page.locator("h1")).to_have_text(FORM["receipt_title"])


def test_from_the_letter_to_the_receipt(page: Page, field: Field) -> None:
    sent: list[tuple[str, str]] = []
    page.on("request", lambda request: sent.append((request.url, request.post_data or "")))
    collect(page, field.link(PEOPLE[0]))
    saved = page.locator("#ln-address").input_value()
    page.locator("#ln-answer").click()
    expect(page.get_by_text(FORM["unit"].format(unit="Sở A"))).to_be_visible()
    assert page.url.endswith("/i/form?lang=vi")  # the credential is not in the history
    page.reload()
    expect(page.get_by_text(FORM["unit"].format(unit="Sở A"))).to_be_visible()
    send_form(page)
    receipt = page.locator(".receipt").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", receipt)

    # Nothing joins what was asked with the token and what was sent with the credential.
    credential = json.loads(unquote(saved.split("#credential=")[1]))
    token = field.post.token(PEOPLE[0])
    with_token = [body for _, body in sent if token in body]
    with_credential = [body for _, body in sent if credential["message"] in body]
    assert len(with_token) == 2 and len(with_credential) == 3  # /i/open, /i/collect; /p/open twice, /p/submit
    for body in with_token:
        asked = json.loads(body)
        assert set(asked) <= {"token", "lang", "blinded"}
        assert not {asked.get("blinded", "-")} & set(credential.values())
    assert not any(token in body for body in with_credential)
    assert not any(token in url or credential["message"] in url for url, _ in sent)
    assert page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)].flat()") == []

    # The credential counts once, and the invitation gives no second one.
    page.goto("about:blank")
    page.goto(saved)
    expect(page.locator("#ln-code-error")).to_have_text(CredentialSpent().text(VI))
    page.goto(field.link(PEOPLE[0]))
    page.locator("#ln-collect").click()
    expect(page.get_by_role("alert")).to_have_text(InvitationSpent().text(VI))


def test_a_second_browser_gets_no_second_credential(page: Page, field: Field, browser: Browser) -> None:
    link = field.link("person0@so-a.example")
    collect(page, link)
    other = browser.new_page()
    other.goto(link)
    other.locator("#ln-collect").click()
    expect(other.get_by_role("alert")).to_have_text(InvitationSpent().text(VI))
    assert other.locator("#ln-answer").count() == 0
    other.close()


def test_the_credential_waits_in_the_browser_without_asking_the_server(page: Page, field: Field) -> None:
    collect(page, field.link("person1@so-a.example"))
    first = page.locator("#ln-address").input_value()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.reload()
    expect(page.locator("#ln-address")).to_have_value(first)
    assert asked == []


def test_an_answer_lost_on_the_way_costs_nothing(page: Page, field: Field) -> None:
    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/i/collect", lose)
    page.goto(field.link("person2@so-a.example"))
    page.locator("#ln-collect").click()
    expect(page.get_by_role("alert")).to_have_text(TEXT["offline"])
    page.unroute("**/i/collect")
    page.reload()  # even after the page was closed
    page.locator("#ln-collect").click()
    expect(page.locator("h1")).to_have_text(TEXT["ready"])


def test_a_server_that_signs_with_another_key_is_not_believed(page: Page, field: Field) -> None:
    page.route("**/i/collect", lambda route: route.fulfill(json={"signature": "01" * 384}))
    page.goto(field.link("person3@so-a.example"))
    page.locator("#ln-collect").click()
    expect(page.get_by_role("alert")).to_have_text(TEXT["wrong_signature"])


def test_the_browser_reckons_the_signs_of_the_key_itself(page: Page, field: Field) -> None:
    page.goto(field.link("person4@so-a.example"))
    [unit] = field.services.invitations.units(OPERATOR, "2026")
    expect(page.locator("#ln-signs")).to_have_text(unit.fingerprint)


def test_a_browser_that_keeps_nothing_is_told_to_save_the_address(context: BrowserContext, page: Page, field: Field) -> None:
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    collect(page, field.link("person5@so-a.example"))
    expect(page.get_by_text(TEXT["not_kept"])).to_be_visible()
    page.locator("#ln-answer").click()
    expect(page.get_by_text(FORM["unit"].format(unit="Sở A"))).to_be_visible()


def test_an_unknown_or_cut_link_says_so(page: Page, field: Field) -> None:
    page.goto(f"{field.base}/i")
    expect(page.get_by_role("alert")).to_have_text(TEXT["no_token"])
    page.goto(f"{field.base}/i#nothing")
    expect(page.get_by_role("alert")).to_have_text(InvitationUnknown().text(VI))


def test_the_pages_are_accessible_and_fit_a_phone(page: Page, field: Field) -> None:
    page.goto(field.link("person6@so-a.example"))
    expect(page.locator("#ln-collect")).to_be_visible()
    for _ in range(2):
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        if page.locator("#ln-collect").count():
            page.locator("#ln-collect").click()
            expect(page.locator("h1")).to_have_text(TEXT["ready"])


def test_no_file_of_the_server_holds_a_token_or_a_credential(page: Page, field: Field) -> None:
    collect(page, field.link("person7@so-a.example"))
    saved = page.locator("#ln-address").input_value()
    credential = json.loads(unquote(saved.split("#credential=")[1]))
    page.locator("#ln-answer").click()
    send_form(page)
    traces = [field.post.token("person7@so-a.example"), credential["message"], credential["signature"]]
    needles = [trace.encode() for trace in traces] + [bytes.fromhex(trace) for trace in traces[1:]]
    files = [path for path in field.data.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files) and any(path.suffix == ".db" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [needle for needle in needles if needle in content], path


def test_plain_http_says_why_and_offers_slips(page: Page, tmp_path: Path) -> None:
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path)}
    services = build(Settings.read(environment))
    open_wave(services, today=date.today())
    services.close()
    with serving(environment, tmp_path) as server:
        page.goto(f"{server.base}/i?lang=vi#whatever")
        expect(page.get_by_text(TEXT["insecure"])).to_be_visible()
        for path in ("open", "collect"):
            answer = page.request.post(f"{server.base}/i/{path}", data={"token": "whatever"})
            assert answer.status == 403 and answer.json()["error"]["status"] == "insecure"
        through_proxy = page.request.post(f"{server.base}/i/open", data={"token": "x"}, headers={"X-Forwarded-Proto": "https"})
        assert through_proxy.json()["error"]["status"] == "unknown"
        page.locator("button.main").click()
        expect(page.locator("#ln-code")).to_be_visible()
