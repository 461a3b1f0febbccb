"""Codes that are refused, servers that die, and what is left on the disk: the respondent's worries, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from survey.access import OPERATOR
from survey.collect.ballot import receipt as receipt_of
from survey.collect.keys import KeyShare
from survey.collect.service import WaveNotOpen
from survey.collect.slips import CodeMistyped, CodeSpent, CodeUnknown, in_groups
from survey.errors import SurveyError
from survey.publish.doubts import Doubt
from tests import nursery
from tests.browser import visitor
from tests.browser.line import Line
from tests.browser.visitor import TEXT, VI, heading
from tests.browser.world import WAVE, World
from tests.server import Server, start

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("place", ["/p", "/answer"])
COMMENT = "Chiếc bút màu tím lạc mất ở tầng ba."
AGENT = "Worried-Clerk-Phone/9.1"
ADDRESS, FORWARDED = "127.0.0.77", "203.0.113.77"


@pytest.fixture(scope="module")
def past_code(world: World) -> str:
    """A code of a wave whose last day is over."""
    services = world.services()
    opens, closes = date.today() - timedelta(days=20), date.today() - timedelta(days=1)
    services.design.create_wave(OPERATOR, "past", "vhcs-core", opens, closes)
    code = services.fieldwork.print_codes(OPERATOR, "past")[0].code
    services.fieldwork.open_wave(OPERATOR, "past")
    services.close()
    return code


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visitor.phone(browser)
    yield context.new_page()
    context.close()


def receipts(world: World) -> list[str]:
    services = world.services()
    found = [receipt_of(ballot) for ballot in services.closing._box.ballots(WAVE)]
    services.close()
    return found


# Codes


@BOTH
def test_every_refused_code_gets_its_own_sentence(page: Page, server: Server, world: World, past_code: str, place: str) -> None:
    services = world.services()
    spent = world.codes["Sở B"].pop()
    services.collect.submit(spent, {"answers": {}}, date.today())
    services.close()
    closed = WaveNotOpen(
        "closed", "This survey closed on {day}. Answers can no longer be sent.", day=VI.day(date.today() - timedelta(days=1))
    )
    refusals: list[tuple[str, SurveyError]] = [("0" * 16, CodeUnknown()), (spent, CodeSpent()), (past_code, closed)]
    page.goto(server.base + place)
    said = []
    visitor.enter_code(page, "ABCD-EFG")
    expect(page.get_by_role("alert")).to_have_text(TEXT["code_short"].format(n=7))
    for code, refusal in refusals:
        visitor.enter_code(page, code)
        expect(page.get_by_role("alert")).to_have_text(refusal.text(VI))
        if refusal is not closed:
            expect(page.locator("#ln-code")).to_have_value(in_groups(code))
        said.append(refusal.text(VI))
    expect(page.locator("#ln-code")).to_have_count(0)  # after the close there is no other code to try
    assert len({*said, TEXT["code_short"], CodeMistyped().text(VI)}) == 5


def test_a_link_with_a_broken_code_says_so_on_the_plain_page(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/p?code=ABCD-EFGH-JK")
    expect(page.get_by_role("alert")).to_have_text(CodeMistyped().text(VI))


@BOTH
def test_a_second_click_counts_once_and_the_code_is_then_spent(page: Page, server: Server, world: World, place: str) -> None:
    code = world.codes["Sở B"].pop()
    before = len(receipts(world))
    stopped: list[str] = []

    def not_let_through(route: Route) -> None:
        """Something on the way answers with a page of its own: Streamlit's connection then carries it all."""
        stopped.append(urlsplit(route.request.url).path)
        route.fulfill(status=403, content_type="text/html", body="<h1>Blocked</h1>")

    if place == "/answer":
        page.route(re.compile(r"/p/(open|submit)$"), not_let_through)
    page.goto(server.base + place)
    visitor.enter_code(page, code)
    expect(heading(page)).not_to_have_text(TEXT["code_title"])
    visitor.to_sending(page)
    page.locator("#ln-next").dblclick()
    assert visitor.receipt(page) in receipts(world)
    assert len(receipts(world)) == before + 1
    assert stopped == (["/p/open", "/p/submit"] if place == "/answer" else [])
    page.goto(server.base + place)
    visitor.enter_code(page, code)
    expect(page.get_by_role("alert")).to_have_text(CodeSpent().text(VI))


def test_a_wave_that_closes_while_people_answer_says_so_at_sending(browser: Browser, first_world: World, tmp_path: Path) -> None:
    world = first_world.copy(tmp_path)
    with nursery.serving(world.environment, tmp_path) as server:
        pages = [visitor.phone(browser).new_page() for _place in ("/p", "/answer")]
        for page, place in zip(pages, ("/p", "/answer"), strict=True):
            page.goto(server.base + place)
            visitor.enter_code(page, world.codes["Sở B"].pop())
            expect(heading(page)).not_to_have_text(TEXT["code_title"])
            visitor.to_sending(page)
        services = world.services()
        services.closing.close(OPERATOR, WAVE, [KeyShare.from_bytes(world.share.read_bytes())], accept=[Doubt.EMPTY])
        services.close()
        for page in pages:
            page.locator("#ln-next").click()
            expect(heading(page)).to_have_text(TEXT["failed_title"])
            expect(page.get_by_role("alert")).to_have_text(VI("No survey is open at the moment, so no answers can be sent."))
            page.context.close()


# Servers that die, and what they leave behind


@BOTH
def test_a_dying_server_loses_nothing_and_writes_nothing_about_the_respondent(
    browser: Browser, first_world: World, tmp_path: Path, place: str
) -> None:
    """Restarted in the middle of answering, killed right after the receipt; then every file it wrote is searched."""
    world = first_world.copy(tmp_path)
    code = world.codes["Sở A"].pop()
    environment = {**world.environment, "TMPDIR": str(tmp_path / "stores"), "HOME": str(tmp_path / "stores")}
    server = start(environment, tmp_path)
    context = visitor.phone(browser, user_agent=AGENT, extra_http_headers={"X-Forwarded-For": FORWARDED})
    page = context.new_page()
    with Line(server.port, source=ADDRESS) as line:
        page.goto(line.base + place + (f"?code={code}" if place == "/p" else ""))
        if place == "/answer":
            visitor.enter_code(page, code)
        expect(page.get_by_text(TEXT["fact_time"])).to_be_visible()
        visitor.next_step(page)
        visitor.answer_theme(page, "Đồng ý")
        server.stop()
        visitor.next_step(page)
        visitor.answer_theme(page, "Không đồng ý")
        server = nursery.start(environment, tmp_path, server.port)
        while page.locator("textarea").count() == 0:
            visitor.next_step(page)
        page.locator("textarea").first.fill(COMMENT)
        sealed = visitor.to_sending(page)
        page.locator("#ln-next").click()
        found = visitor.receipt(page)
        server.process.kill()
        server.process.wait()
    context.close()
    assert '"TQ1":4' in sealed and '"PT1":2' in sealed and COMMENT in sealed
    assert receipts(world) == [found]
    services = world.services()
    with pytest.raises(CodeSpent):
        services.collect.open(code, date.today())
    services.close()
    assert_nothing_written(tmp_path, code)


def assert_nothing_written(folder: Path, code: str) -> None:
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    everything = b"\n".join(files.values())
    assert b"tochuc" in everything and b"You can now view" in everything  # stores and logs were really read
    for trace in (AGENT, ADDRESS, FORWARDED, code, code.lower(), in_groups(code), COMMENT, "Chiếc bút", '"TQ1":4', '"TQ1": 4', "Mozilla"):
        where = [path.name for path, content in files.items() if trace.encode() in content]
        assert where == [], trace
    logs = [path.read_text() for path in files if path.suffix == ".log"]
    assert not any(re.search(r"GET |POST |/p\b|Traceback", log) for log in logs)
