"""The form's looks: accessibility, small screens, bytes on the line."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Response as PageResponse

from survey.collect.form.view import ASSETS, component_source, fingerprint
from tests.browser.engines import broken
from tests.browser.form_page import FOLDER, PHONE, TEXT, THEMES, Stub, choose, next_step, radio, start, to_sending, to_step

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_three_engines_find_nothing_on_any_step(browser: Browser, stub: Stub) -> None:
    # A tall screen: axe takes what lies under the sticky bar for a target that is too small.
    context = browser.new_context(viewport={"width": 390, "height": 3000}, bypass_csp=True)
    page = context.new_page()
    ours: list[str] = []

    def look_at(where: str) -> None:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            ours.extend(f"{scheme} {where}: {one}" for one in broken(page)[0])

    start(page, stub, code=None)
    page.locator("#ln-code").fill("ABCD")
    page.locator("#ln-next").click()
    look_at("code")
    to_step(page, stub, stub.form["questionnaire"]["title"])
    look_at("intro")
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.locator("summary").click()
    page.get_by_label(TEXT["keep_label"]).check()
    look_at("theme")
    for where in ("theme 2", "comments", "about", "review", "stored"):
        next_step(page)
        look_at(where)
    stub.replies = [503, {"status": "rejected", "errors": {"KC2": "Sai."}}, {"status": "closed", "message": "Đã đóng."}]
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    look_at("waiting")
    expect(page.locator("#ln-err-KC2")).to_be_visible()
    look_at("rejected")
    choose(page, "KC2", "Đồng ý")
    expect(page.locator("#ln-err-KC2")).to_be_hidden()
    look_at("mended")
    next_step(page)
    next_step(page)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["failed_title"])
    look_at("failed")
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(TEXT["review_title"])
    next_step(page)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    look_at("receipt")
    context.close()
    assert ours == []


def test_every_option_is_a_full_width_row_of_at_least_44_pixels(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    rows = page.locator(".opt")
    assert rows.count() == 12
    for row in rows.all():
        box = row.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 0.85 * PHONE["width"]
    for button in page.locator("button:visible, summary").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44


def test_title_and_progress_take_less_than_a_tenth_of_the_screen(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    box = page.locator("h1").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"] / 10


def test_text_is_large_and_lines_are_short(browser: Browser, stub: Stub) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    to_step(page, stub, stub.form["questionnaire"]["title"])
    smallest = """() => Math.min(...[...document.querySelectorAll('.body *')].filter(e => e.innerText)
        .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    ems = "() => { const p = document.querySelector('.body > p'); return p.offsetWidth / parseFloat(getComputedStyle(p).fontSize); }"
    for _ in range(6):
        assert page.evaluate(smallest) >= 17
        next_step(page)
    assert page.evaluate(smallest) >= 17
    start(page, stub)
    assert page.evaluate(ems) < 36  # em; an average letter is half an em
    page.close()


def test_next_and_back_stay_in_reach_of_the_thumb(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    for place in ("0", "document.body.scrollHeight"):
        page.evaluate(f"() => scrollTo(0, {place})")
        box = page.locator("#ln-next").bounding_box()
        assert box is not None
        assert 0.85 * PHONE["height"] < box["y"] + box["height"] <= PHONE["height"]


def test_the_focused_option_is_never_under_the_bar(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    page.locator("#ln-KC1-0").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
        focused = page.evaluate("() => document.activeElement.getBoundingClientRect().bottom")
        assert focused <= page.evaluate("() => document.querySelector('.bar').getBoundingClientRect().top")


@pytest.mark.parametrize("width", [320, 195])
def test_nothing_sticks_out_at_200_percent_zoom(browser: Browser, stub: Stub, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 422})
    to_step(page, stub, THEMES["NL"][0])
    for _ in range(5):
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), page.locator("h1").inner_text()
        if page.locator("h1").inner_text() != TEXT["stored_title"]:
            next_step(page)
    page.close()


def test_the_chosen_answer_is_marked_by_more_than_colour(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    choose(page, "KC1", "Đồng ý")
    look = "e => [getComputedStyle(e).fontWeight, getComputedStyle(e).boxShadow !== 'none']"
    assert radio(page, "KC1", "Đồng ý").locator("+ span").evaluate(look) == ["700", True]
    assert radio(page, "KC1", "Không đồng ý").locator("+ span").evaluate(look) == ["400", False]


def test_the_module_and_the_style_sheet_are_small() -> None:
    size = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.is_file()}
    assert size["form.js"] + size["plain.js"] + size["post.js"] < 33_000  # with skip logic, a kiosk and a trial
    assert size["form.css"] < 9_500


def test_a_whole_visit_is_under_60_kb_and_8_requests(page: Page, stub: Stub) -> None:
    responses: list[PageResponse] = []
    page.on("response", lambda response: responses.append(response))
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    sent = [r for r in responses if not r.url.startswith("data:")]
    assert len(sent) < 8
    size = sum(len(r.body()) + sum(len(k) + len(v) + 4 for k, v in r.headers.items()) for r in sent)
    assert size < 60_000
    assert {r.url.split("/")[2] for r in sent} == {stub.url.split("/")[2]}


def test_streamlit_carries_only_where_the_form_is() -> None:
    """What every message would carry anew is small, names no module but ours, and Streamlit takes it for a script, not for a path."""
    carried = component_source()
    assert len(carried) < 1200 and "\n" in carried
    assert re.findall(r"/p/assets/(\w+)/([\w.]+)", carried) == [(fingerprint(), "streamlit.js"), (fingerprint(), "form.css")]
    assert {name for _version, name in re.findall(r"/p/assets/(\w+)/([\w.]+)", carried)} <= set(ASSETS)
    named = re.findall(r'^import .* from "\./([\w.]+)";$', (FOLDER / "streamlit.js").read_text(encoding="utf-8"), re.M)
    assert named and set(named) <= set(ASSETS)
