"""Two operators at one desk: forms typed in, one of them again, the paper decides, and the pile goes into the box."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.access import OPERATOR
from tests.browser.visitor import VI, enter_code, heading, next_step, open_tab
from tests.browser.world import WAVE, World, signed_in
from tests.paper_forms import filled, people
from tests.server import Server

pytestmark = pytest.mark.browser
ON_PILE, TYPING = VI("The form is on the pile"), VI("Code of the slip handed in with the form")


def type_in(page: Page, code: str, first_answer: str) -> None:
    """One form: the first question answered, all others left out."""
    expect(heading(page)).to_have_text(TYPING)
    enter_code(page, code)
    expect(heading(page)).not_to_have_text(TYPING)
    next_step(page)
    page.locator("fieldset").first.get_by_text(first_answer, exact=True).click()
    while heading(page).inner_text() != VI("As typed in"):
        next_step(page)
    page.get_by_role("button", name=VI("Put on the pile")).click()


def next_form(page: Page) -> None:
    expect(heading(page)).to_have_text(ON_PILE)
    page.get_by_role("button", name=VI("Next form")).click()


def ballots(world: World) -> int:
    services = world.services()
    count = services.box.count(WAVE)
    services.close()
    return count


def test_a_pile_is_typed_in_compared_and_sent(browser: Browser, server: Server, world: World) -> None:
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.goto(f"{server.base}/organize-paper?wave={WAVE}")
    one, two = world.codes["Huyện H"].pop(), world.codes["Huyện H"].pop()
    before = ballots(world)
    for code in (one, two):
        type_in(page, code, "Đồng ý")
        next_form(page)
    assert page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])").find("KC1") == -1
    page.get_by_label(VI("Forms to type in again")).fill("2")
    page.get_by_label(VI("Forms to type in again")).press("Tab")
    page.get_by_role("button", name=VI("Choose the forms")).click()
    expect(
        page.get_by_text(VI("Please take the papers with these codes and type them in once more; the first entry is not shown."))
    ).to_be_visible()
    send = page.get_by_role("button", name=VI("Send the {n} forms", n=2))
    expect(send).to_be_disabled()
    type_in(page, one, "Đồng ý")
    next_form(page)
    type_in(page, two, "Không đồng ý")
    expect(page.get_by_text("4 (Đồng ý)")).to_be_visible()  # that was the last: nothing more is asked for
    expect(page.get_by_text("2 (Không đồng ý)")).to_be_visible()
    expect(send).to_be_disabled()
    assert ballots(world) == before
    page.get_by_role("button", name=VI("The second entry is right")).click()
    expect(page.get_by_text(VI("The two entries agree."))).to_be_visible()
    expect(send).to_have_count(1)  # while the page is drawn again the button before is still there
    expect(send).to_be_enabled()
    send.click()
    expect(page.get_by_text(VI("{received} forms received, {already} had been received before.", received=2, already=0))).to_be_visible()
    assert ballots(world) == before + 2
    context.close()


def test_a_wrong_file_sends_nothing_and_a_good_one_all(browser: Browser, server: Server, world: World) -> None:
    services = world.services()
    template = services.entering.template(OPERATOR, WAVE, VI)
    questionnaire = services.entering.questionnaire(OPERATOR, WAVE)
    services.close()
    codes = {unit: list(made) for unit, made in world.codes.items()}
    forms = list(people(questionnaire, codes))[:3]
    context = signed_in(browser, server, world, "tochuc")
    page = context.new_page()
    page.goto(f"{server.base}/organize-paper?wave={WAVE}")
    expect(page.locator("#ln-code")).to_be_visible()  # the first run of the page is over
    open_tab(page, VI("From an Excel file"))
    before = ballots(world)

    def choose(**changes: object) -> None:
        content = filled(template, questionnaire, iter(forms), **changes)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        page.locator("input[type=file]").first.set_input_files({"name": "phieu.xlsx", "mimeType": kind, "buffer": content})

    choose(B5=9)
    expect(page.get_by_text(VI('"{value}" is not an answer to this question.', value="9"))).to_be_visible()
    expect(page.get_by_role("button", name=VI("Send the {n} forms", n=3))).to_have_count(0)
    assert ballots(world) == before
    page.reload()
    expect(page.locator("#ln-code")).to_be_visible()  # the first run of the page is over
    open_tab(page, VI("From an Excel file"))
    choose()
    page.get_by_role("button", name=VI("Send the {n} forms", n=3)).click()
    expect(page.get_by_text(VI("{received} forms received, {already} had been received before.", received=3, already=0))).to_be_visible()
    assert ballots(world) == before + 3
    context.close()
