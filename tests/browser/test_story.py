"""The whole story in a real browser against a real server: answer, close, publish, compare, download."""

from __future__ import annotations

import base64
import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bootstrap import Settings
from survey.access import OPERATOR
from survey.collect.ballot import receipt as receipt_of
from survey.collect.ballot import unseal
from survey.collect.keys import KeyShare, join_key
from survey.publish.closing import STEPS
from tests.browser import visitor
from tests.browser.line import Line
from tests.browser.visitor import TEXT, VI, heading
from tests.browser.world import LAST, PASSWORD, TURNOUT, WAVE, World, praise
from tests.command_line import Line as CommandLine
from tests.server import Server, serving
from tests.small_world import answers

pytestmark = [pytest.mark.browser, pytest.mark.story]
UNIT, UNIT_NAME = "t.a", "Sở A"
THEMES_CHART = "nhom-noi-dung"  # the name its files begin with
SEE_PROGRESS = """new MutationObserver(() => {
  const bar = document.querySelector('[data-testid="stProgress"]');
  if (bar) (window.progressSeen = window.progressSeen || []).push(bar.innerText);
}).observe(document, {subtree: true, childList: true, characterData: true});"""


@pytest.mark.timeout(600)
def test_from_an_answer_on_a_phone_to_a_number_a_leader_downloads(browser: Browser, first_world: World, tmp_path: Path) -> None:
    world = first_world.copy(tmp_path)
    with serving(world.environment, tmp_path) as server:
        organizer, leader = visitor.desk(browser).new_page(), visitor.desk(browser).new_page()
        organizer.add_init_script(SEE_PROGRESS)
        _organizer_sees_the_wave(organizer, server)
        last = results(world, LAST)
        visitor.sign_in(leader, server.base, "lanhdao", PASSWORD)
        assert_charted(leader, server, last)

        sent = [_answer_on_the_plain_page(browser, server, world), _answer_on_streamlit(browser, server, world)]
        assert_in_the_box(world, sent)
        _everybody_else_answers(world)
        assert_charted(leader, server, last)  # an open wave shows leaders nothing

        _close_and_publish(organizer, server, world)
        now = results(world, WAVE)
        assert now["base"] == TURNOUT[UNIT][1]
        assert now["index"]["score"] > last["index"]["score"] + 20
        assert_charted(leader, server, now)
        assert_downloaded(leader, now)
        for page in (organizer, leader):
            page.context.close()


# Respondents


def _answer_on_the_plain_page(browser: Browser, server: Server, world: World) -> tuple[str, str]:
    """The line drops in the middle, comes back, the page is reloaded; it drops again while sending."""
    context = visitor.phone(browser)
    page = context.new_page()
    page.goto(f"{server.base}/p?code={world.codes[UNIT_NAME].pop()}")
    visitor.next_step(page)
    visitor.answer_theme(page, "Đồng ý")
    context.set_offline(True)
    title = visitor.next_step(page)
    visitor.answer_theme(page, "Hoàn toàn đồng ý")
    context.set_offline(False)
    page.reload()
    expect(heading(page)).to_have_text(title)
    expect(page.get_by_text(TEXT["restored"])).to_be_visible()
    expect(page.locator("fieldset input:checked")).to_have_count(page.locator("fieldset").count())
    sealed = visitor.to_sending(page)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text(TEXT["send_offline"])
    context.set_offline(False)
    found = visitor.receipt(page)
    context.close()
    return found, sealed


def _answer_on_streamlit(browser: Browser, server: Server, world: World) -> tuple[str, str]:
    """The same through /answer, where only a real cut breaks the websocket."""
    context = visitor.phone(browser)
    page = context.new_page()
    with Line(server.port) as line:
        page.goto(f"{line.base}/answer")
        visitor.enter_code(page, world.codes[UNIT_NAME].pop())
        expect(page.get_by_text(TEXT["fact_time"])).to_be_visible()
        visitor.next_step(page)
        visitor.answer_theme(page, "Đồng ý")
        line.cut()
        title = visitor.next_step(page)
        visitor.answer_theme(page, "Hoàn toàn đồng ý")
        line.mend()
        page.reload()
        expect(heading(page)).to_have_text(title)
        expect(page.locator("fieldset input:checked")).to_have_count(page.locator("fieldset").count())
        sealed = visitor.to_sending(page)
        line.cut()
        page.locator("#ln-next").click()
        expect(page.get_by_role("alert")).to_have_text(TEXT["send_offline"])
        line.mend()
        found = visitor.receipt(page)
        context.close()
    return found, sealed


def assert_in_the_box(world: World, sent: list[tuple[str, str]]) -> None:
    """Every receipt is that of a ballot in the box, and every ballot holds the very bytes that were shown."""
    services = world.services()
    public_key = services.design.wave(OPERATOR, WAVE).public_key
    assert public_key is not None
    key = join_key(WAVE, public_key, [KeyShare.from_bytes(world.share.read_bytes())])
    ballots = services.closing._box.ballots(WAVE)
    services.close()
    assert sorted((receipt_of(ballot), unseal(ballot, WAVE, key).decode()) for ballot in ballots) == sorted(sent)


def _everybody_else_answers(world: World) -> None:
    services = world.services()
    for name, people in TURNOUT.values():
        already = 2 if name == UNIT_NAME else 0
        for person in range(people - already):
            code = world.codes[name].pop()
            questionnaire = services.collect.open(code, date.today()).questionnaire
            services.collect.submit(code, {"answers": answers(questionnaire, praise(person, 4))}, date.today())
    services.close()


# The organizer


def _organizer_sees_the_wave(page: Page, server: Server) -> None:
    visitor.sign_in(page, server.base, "tochuc", PASSWORD)
    page.goto(f"{server.base}/organize/waves")
    expect(page.get_by_role("heading", name=WAVE)).to_be_visible()


def _close_and_publish(page: Page, server: Server, world: World) -> None:
    page.goto(f"{server.base}/organize/close?wave={WAVE}")
    page.locator("input[type=file]").set_input_files(world.share)
    expect(page.get_by_text(VI("{given} of {needed} shares are here.", given=1, needed=1))).to_be_visible()
    _tick(page, VI("I have read what will be destroyed, and want to close the wave {wave}", wave=WAVE))
    page.get_by_role("button", name=VI("Close the wave now")).click()
    expect(page.get_by_text(VI("The wave has been closed and counted. Box and codes are destroyed."))).to_be_visible()
    seen = page.evaluate("window.progressSeen")
    assert seen and set(seen) <= {VI("Beginning…"), *(VI(step) for step in STEPS)}
    _tick(page, VI("The results have been checked; publish the wave {wave}", wave=WAVE))
    page.get_by_role("button", name=VI("Publish"), exact=True).click()
    expect(page.get_by_text(VI("This wave is published; leaders can see it."))).to_be_visible()


def _tick(page: Page, label: str) -> None:
    page.locator("[data-testid='stCheckbox'] label").filter(has_text=label).click()
    expect(page.get_by_role("checkbox", name=label)).to_be_checked()
    visitor.settled(page)


# The leader


def results(world: World, wave: str) -> dict[str, Any]:
    """What the command line prints of the release."""
    found: dict[str, Any] = CommandLine(Settings.read(world.environment)).json("results", "--wave", wave, "--unit", UNIT)
    return found


def assert_charted(page: Page, server: Server, expected: dict[str, Any]) -> None:
    """The overview's number, and the bars of the themes, in the picture and in the live chart, are those of the release."""
    page.goto(f"{server.base}/results/overview")
    visitor.settled(page)
    expect(page.locator(".ln-lead strong")).to_contain_text(VI.number(expected["index"]["score"]))
    numbers = {VI.number(theme["score"]) for theme in expected["themes"]}
    picture = base64.b64decode(str(page.locator(".ln-picture img:visible").first.get_attribute("src")).partition("base64,")[2]).decode()
    drawn = re.findall(r'class="v(?: halo)?"[^>]*>(\d+,\d)', picture)
    assert len(drawn) == len(expected["themes"]) and set(drawn) == numbers
    page.get_by_role("button", name=VI("Interactive chart")).first.click()
    chart = page.locator(f"[class*='st-key-chart-{THEMES_CHART}']")
    for number in numbers:
        expect(chart).to_contain_text(number)
    bars = chart.locator("text.bartext").all_text_contents()
    assert len(bars) == len(expected["themes"])
    assert {re.findall(r"\d+,\d", text)[0] for text in bars} == numbers


def assert_downloaded(page: Page, expected: dict[str, Any]) -> None:
    """The CSV of the chart, read back, says what the release says."""
    with page.expect_download() as waiting:
        page.locator(f"[class*='st-key-csv-{THEMES_CHART}'] button").click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    read = {row["measure"].removeprefix("theme:"): (float(row["score"].replace(",", ".")), int(row["base"])) for row in rows}
    assert read.pop("index")[0] == pytest.approx(expected["index"]["score"], rel=1e-9)
    assert {theme: base for theme, (_score, base) in read.items()} == {theme["id"]: theme["base"] for theme in expected["themes"]}
    for theme in expected["themes"]:
        assert read[theme["id"]][0] == pytest.approx(theme["score"], rel=1e-9)
