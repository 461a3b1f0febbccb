"""The respondent's form in a real browser, against a stub server: drafts, retries, keyboard, accessibility, sizes."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import anyio.from_thread
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect
from playwright.sync_api import Response as PageResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from survey.collect.ballot import encode
from survey.collect.form.strings import strings
from survey.design.questionnaire import Response, clean_comment

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "survey" / "collect" / "form"
PHONE: ViewportSize = {"width": 390, "height": 844}
CODE = "ABCD-EFGH-JKMN-PQR5"
BARE = CODE.replace("-", "")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
POINTS = ("Hoàn toàn không đồng ý", "Không đồng ý", "Nửa đồng ý, nửa không", "Đồng ý", "Hoàn toàn đồng ý")
THEMES = {  # the longest titles of the core questionnaire
    "KC": ("Kỷ luật, kỷ cương và thời gian làm việc", ("Mọi người đi làm đúng giờ.", "Thời gian làm việc được sử dụng hiệu quả.")),
    "NL": (
        "Nhận lỗi, tự phê bình và khắc phục",
        ("Người có lỗi nghiêm túc nhận lỗi.", "Những sai sót tương tự thường lặp lại ở đơn vị tôi."),
    ),
}
TEXT = strings(lambda message: message)


def form(**changes: Any) -> dict[str, Any]:
    """What the server gives for a good code: two themes of two items, one open question, one breakdown."""
    themes = [
        {"id": key, "title": title, "items": [{"id": f"{key}{n}", "text": text, "scale": "agree5"} for n, text in enumerate(texts, 1)]}
        for key, (title, texts) in THEMES.items()
    ]
    options = [("u30", "Dưới 30 tuổi"), ("50p", "Từ 50 tuổi trở lên"), ("na", "Không muốn trả lời")]
    return {
        "draft_key": "5f" * 32,
        "wave": {"id": "w2025", "title": "Đợt khảo sát năm 2025"},
        "unit": "Sở Nội vụ",
        "questionnaire": {"id": "vhcs", "version": "1", "title": "Phiếu khảo sát văn hóa công sở (ẩn danh)"},
        "intro": ["Kính gửi Ông/Bà,", "Việc trả lời là tự nguyện."],
        "who_sees": ["Không ai xem được phiếu của riêng Ông/Bà."],
        "stored": {"lines": ["Không lưu họ tên."], "template": {"unit": "dn.snv"}},
        "scales": {
            "agree5": {
                "points": [{"value": n, "label": label} for n, label in enumerate(POINTS, 1)],
                "dont_know": {"value": 0, "label": "Không biết/Không ý kiến"},
            }
        },
        "themes": themes,
        "open_questions": [{"id": "MO1", "text": "Đơn vị đang làm tốt nhất điều gì?", "max_chars": 500}],
        "open_warning": "Xin không ghi họ tên.",
        "breakdowns": [{"id": "age_band", "label": "Nhóm tuổi", "options": [{"code": c, "label": t} for c, t in options]}],
        **changes,
    }


class Stub:
    """A server of a few lines: serves the page, remembers what it was sent, answers what the test scripted."""

    def __init__(self) -> None:
        self.reset()
        assets = Mount("/assets", StaticFiles(directory=FOLDER))
        routes = [
            Route("/p", self.page),
            Route("/p/open", self.open, methods=["POST"]),
            Route("/p/submit", self.submit, methods=["POST"]),
            assets,
        ]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=self.port, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def reset(self) -> None:
        self.config: dict[str, Any] = {
            "lang": "vi", "strings": TEXT, "kiosk": False, "illustrative": True, "history": True, "code": None, "error": None, "form": None,
        }  # fmt: skip
        self.form = form()
        self.opened: list[dict[str, Any]] = []
        self.ballots: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any] | int] = []  # a number is an HTTP status; empty means "received"
        self.answer_when = threading.Event()
        self.answer_when.set()
        self.at_once = 0
        self.most_at_once = 0

    def page(self, request: Request) -> Answer:
        code = request.query_params.get("code")
        config = {**self.config, "code": code, "form": self.form if code else None}
        fill = {
            "lang": "vi",
            "title": "Lắng Nghe",
            "css_url": "/assets/form.css",
            "js_url": "/assets/plain.js",
            "noscript": TEXT["noscript"],
            "config_json": json.dumps(config).replace("<", "\\u003c"),
        }
        template = (FOLDER / "page.html").read_text(encoding="utf-8")
        html = re.sub(r"\{\{(\w+)\}\}", lambda match: fill[match[1]], template)
        return HTMLResponse(html, headers={"Content-Security-Policy": CSP, "Cache-Control": "no-store"})

    async def open(self, request: Request) -> Answer:
        body = await request.json()
        self.opened.append(body)
        if body["code"] == BARE:
            return JSONResponse({"form": self.form})
        return JSONResponse({"error": {"status": "unknown", "message": "Mã phiếu không hợp lệ."}})

    def submit(self, request: Request) -> Answer:
        self.ballots.append(anyio.from_thread.run(request.json))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.answer_when.wait(10)
        self.at_once -= 1
        reply = self.replies.pop(0) if self.replies else {"status": "received", "receipt": "K7QX-2M9D", "message": ""}
        return Answer(status_code=reply) if isinstance(reply, int) else JSONResponse(reply)

    def __enter__(self) -> Stub:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def stub(server: Stub) -> Stub:
    server.reset()
    return server


@pytest.fixture(scope="session")
def chromium(browser: Browser) -> Browser:
    return browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, locale="vi-VN")
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: trouble.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert trouble == []


# ---------------------------------------------------------------- words for what a person does


def start(page: Page, stub: Stub, code: str | None = CODE) -> None:
    page.goto(stub.url + "/p" + (f"?code={code}" if code else ""))
    expect(page.locator("h1")).to_be_visible()


def next_step(page: Page) -> None:
    title = page.locator("h1").inner_text()
    page.locator("#ln-next").click()
    expect(page.locator("h1")).not_to_have_text(title)


def radio(page: Page, item: str, label: str) -> Locator:
    return page.locator(f"#ln-q-{item}").get_by_label(label, exact=True)


def choose(page: Page, item: str, label: str) -> None:
    page.locator(f"#ln-q-{item}").get_by_text(label, exact=True).click()


def to_step(page: Page, stub: Stub, title: str) -> None:
    start(page, stub)
    for _ in range(10):
        if page.locator("h1").inner_text() == title:
            return
        next_step(page)
    raise AssertionError(f"no step called {title}")


def to_sending(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    next_step(page)
    choose(page, "NL2", "Không biết/Không ý kiến")
    next_step(page)
    page.locator("#ln-MO1").fill("Mọi việc đúng hẹn.")
    next_step(page)
    choose(page, "age_band", "Dưới 30 tuổi")
    next_step(page)
    next_step(page)
    expect(page.locator("h1")).to_have_text(TEXT["stored_title"])


def storage(page: Page) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = page.evaluate("() => ({session: {...sessionStorage}, local: {...localStorage}})")
    return found


def until(check: Callable[[], bool], seconds: float = 8) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


# ---------------------------------------------------------------- the whole story


def test_a_person_answers_and_gets_a_receipt(page: Page, stub: Stub) -> None:
    to_sending(page, stub)
    shown = page.locator("pre").text_content()
    page.locator("#ln-next").click()
    expect(page.locator(".receipt")).to_have_text("K7QX-2M9D")
    [ballot] = stub.ballots
    assert ballot["code"] == BARE
    assert re.fullmatch("[0-9a-f]{32}", ballot["attempt"])
    assert ballot["answers"] == {"KC1": 4, "NL2": 0}
    assert ballot["comments"] == {"MO1": "Mọi việc đúng hẹn."}
    assert ballot["breakdowns"] == {"age_band": "u30"}
    answers, comments, breakdowns = (ballot[key] for key in ("answers", "comments", "breakdowns"))
    response = Response(unit="dn.snv", answers=answers, comments=comments, breakdowns=breakdowns)
    assert (shown or "").encode() == encode(response)
    assert storage(page) == {"session": {}, "local": {}}


def test_rather_not_say_is_stored_as_nothing(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["about_title"])
    choose(page, "age_band", "Không muốn trả lời")
    next_step(page)
    expect(page.get_by_text(TEXT["filled"].replace("{n}", "1").replace("{total}", "1"))).to_be_visible()
    next_step(page)
    assert page.locator("pre").text_content() == '{"answers":{},"breakdowns":{},"comments":{},"unit":"dn.snv"}'
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["breakdowns"] == {}


def test_the_bytes_shown_are_those_the_server_seals_whatever_is_typed(page: Page, stub: Stub) -> None:
    odd = 'Tie\u0302\u0301ng "Việt",,\t\x07 dòng\n\n<b>\u2028 \ufeff\\ 😀 '
    to_step(page, stub, TEXT["comments_title"])
    page.locator("#ln-MO1").fill(odd)
    for _ in range(3):
        next_step(page)
    kept = clean_comment(odd)
    assert "ế" in kept and "\t" not in kept and len(kept.encode()) < len(odd.encode())
    shown = page.locator("pre").text_content() or ""
    assert shown.encode() == encode(Response(unit="dn.snv", answers={}, comments={"MO1": kept}, breakdowns={}))


def test_an_empty_form_can_be_sent(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["stored_title"])
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["answers"] == stub.ballots[0]["comments"] == stub.ballots[0]["breakdowns"] == {}


def test_the_code_leaves_the_address_bar_and_a_reload_finds_the_way_back(page: Page, stub: Stub) -> None:
    page.goto(stub.url + f"/p?lang=vi&code={CODE}")
    expect(page).to_have_url(stub.url + "/p?lang=vi")
    next_step(page)
    choose(page, "KC2", "Không đồng ý")
    page.reload()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    expect(radio(page, "KC2", "Không đồng ý")).to_be_checked()
    expect(page.get_by_text(TEXT["restored"])).to_be_visible()
    assert stub.opened == [{"code": BARE, "lang": "vi"}]


# ---------------------------------------------------------------- code


def test_a_typed_code_is_grouped_and_look_alikes_are_forgiven(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    field = page.locator("#ln-code")
    field.press_sequentially("abcd efgh")
    expect(field).to_have_value("ABCD-EFGH")
    field.fill("")
    field.press_sequentially("oilu-1234")
    expect(field).to_have_value("011V-1234")
    field.fill(f"https://khaosat.example/p?code={CODE}&lang=vi")
    expect(field).to_have_value(CODE)
    field.press("Enter")
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])


def test_a_letter_in_the_middle_of_the_code_can_be_changed_without_the_caret_jumping(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    field = page.locator("#ln-code")
    field.press_sequentially("ABCDEFGHJKMN")
    field.evaluate("field => field.setSelectionRange(3, 3)")
    field.press("Backspace")
    expect(field).to_have_value("ABDE-FGHJ-KMN")
    page.keyboard.type("c")
    expect(field).to_have_value("ABCD-EFGH-JKMN")
    assert field.evaluate("field => field.selectionStart") == 3


def test_a_vietnamese_keyboard_is_noticed(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").press_sequentially("ABĐÂ")
    expect(page.get_by_role("alert")).to_have_text(TEXT["code_accents"])
    expect(page.locator("#ln-code")).to_have_value("ABDA")


def test_a_short_code_says_how_many_characters_are_missing(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill("ABCD-E")
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text(TEXT["code_short"].replace("{n}", "5"))
    expect(page.locator("#ln-code")).to_be_focused()
    assert stub.opened == []


def test_a_wrong_code_shows_the_servers_sentence(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill("0000-0000-0000-0000")
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text("Mã phiếu không hợp lệ.")
    expect(page.locator("#ln-code")).to_have_value("0000-0000-0000-0000")


def test_an_error_in_the_configuration_stands_on_the_code_screen(page: Page, stub: Stub) -> None:
    stub.config["error"] = {"status": "closed", "message": "Đợt khảo sát đã đóng."}
    start(page, stub, code=None)
    expect(page.get_by_role("alert")).to_have_text("Đợt khảo sát đã đóng.")


def test_opening_without_a_line_is_tried_again_as_soon_as_it_is_back(page: Page, context: BrowserContext, stub: Stub) -> None:
    start(page, stub, code=None)
    page.locator("#ln-code").fill(CODE)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["open_offline"])).to_be_visible()
    context.set_offline(False)
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])


# ---------------------------------------------------------------- answering


def test_nothing_is_preselected(page: Page, stub: Stub) -> None:
    for title in (THEMES["KC"][0], TEXT["about_title"]):
        to_step(page, stub, title)
        assert page.locator("input[type=radio]").count() > 0
        expect(page.locator("input[type=radio]:checked")).to_have_count(0)


def test_a_second_click_on_the_chosen_answer_clears_it(page: Page, stub: Stub) -> None:
    to_step(page, stub, THEMES["KC"][0])
    choose(page, "KC1", "Đồng ý")
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    choose(page, "KC1", "Không đồng ý")
    expect(radio(page, "KC1", "Không đồng ý")).to_be_checked()
    choose(page, "KC1", "Không đồng ý")
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(TEXT["cleared"])
    choose(page, "KC1", "Không đồng ý")
    expect(radio(page, "KC1", "Không đồng ý")).to_be_checked()


def test_a_second_tap_clears_it_too(chromium: Browser, stub: Stub) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    to_step(page, stub, THEMES["KC"][0])
    option = page.locator("#ln-q-KC1").get_by_text("Đồng ý", exact=True)
    option.tap()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    option.tap()
    expect(radio(page, "KC1", "Đồng ý")).not_to_be_checked()
    context.close()


def test_a_double_click_neither_clears_an_answer_nor_skips_a_step(page: Page, stub: Stub) -> None:
    start(page, stub)
    page.locator("#ln-next").dblclick()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    page.locator("#ln-q-KC1").get_by_text("Đồng ý", exact=True).dblclick()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    radio(page, "KC2", "Đồng ý").dblclick()
    expect(radio(page, "KC2", "Đồng ý")).to_be_checked()
    draft = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    assert draft["answers"] == {"KC1": 4, "KC2": 4}


@pytest.mark.parametrize("key", ["Space", "Backspace", "Delete"])
def test_the_keyboard_chooses_moves_and_clears(page: Page, stub: Stub, key: str) -> None:
    to_step(page, stub, THEMES["KC"][0])
    radio(page, "KC1", POINTS[0]).focus()
    page.keyboard.press("Space")
    expect(radio(page, "KC1", POINTS[0])).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(radio(page, "KC1", POINTS[1])).to_be_checked()
    page.keyboard.press(key)
    expect(page.locator("input:checked")).to_have_count(0)
    page.keyboard.press("Space")
    expect(radio(page, "KC1", POINTS[1])).to_be_checked()


def test_the_form_can_be_filled_in_and_sent_with_the_keyboard_alone(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)

    def tab_to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector}")

    tab_to("#ln-code")
    page.keyboard.type(BARE.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    tab_to("#ln-next")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    tab_to("#ln-KC1-0")
    page.keyboard.press("ArrowDown")
    tab_to("[id^=ln-KC2]")
    page.keyboard.press("Space")
    for _ in range(6):
        title = page.locator("h1").inner_text()
        tab_to("#ln-next")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).not_to_have_text(title)
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["answers"] == {"KC1": 2, "KC2": 1}


def test_focus_goes_to_the_heading_and_progress_is_announced(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Theme 1/2")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
    assert page.evaluate("() => scrollY") == 0


def test_the_browsers_back_button_goes_one_step_back(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    next_step(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_have_text(THEMES["NL"][0])
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(THEMES["KC"][0])
    page.go_back()
    expect(page.locator("h1")).to_have_text(stub.form["questionnaire"]["title"])


def test_the_overview_lists_what_is_open_and_brings_the_person_there_and_back(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    choose(page, "KC2", "Đồng ý")
    next_step(page)
    choose(page, "NL1", "Đồng ý")
    for _ in range(3):
        next_step(page)
    expect(page.get_by_text(TEXT["review_some"].replace("{n}", "1"))).to_be_visible()
    expect(page.get_by_text(TEXT["theme_done"].replace("{n}", "2"))).to_be_visible()
    page.get_by_role("button", name="4. Những sai sót").click()
    expect(page.locator("#ln-NL2-0")).to_be_focused()
    choose(page, "NL2", "Không đồng ý")
    page.get_by_role("button", name=TEXT["to_review"]).click()
    expect(page.get_by_text(TEXT["review_all"])).to_be_visible()
    page.get_by_role("button", name=f"{TEXT['change']}: {TEXT['about_title']}").click()
    expect(page.locator("h1")).to_have_text(TEXT["about_title"])


def test_the_comment_counts_down_and_stops_at_its_length(page: Page, stub: Stub) -> None:
    to_step(page, stub, TEXT["comments_title"])
    page.locator("#ln-MO1").fill("Tốt")
    expect(page.get_by_text("497 characters left")).to_be_visible()
    assert page.locator("#ln-MO1").get_attribute("maxlength") == "500"
    expect(page.get_by_text(stub.form["open_warning"])).to_be_visible()


def test_markup_in_texts_stays_text(page: Page, stub: Stub) -> None:
    stub.form = form(unit="<img src=x onerror=alert(1)>", open_warning="</script><b>x</b>")
    start(page, stub)
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()


# ---------------------------------------------------------------- draft


def test_every_keystroke_survives_a_reload_and_the_attempt_stays_the_same(page: Page, stub: Stub) -> None:
    to_sending(page, stub)
    before = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    page.reload()
    expect(page.locator("h1")).to_have_text(TEXT["stored_title"])
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0]["attempt"] == before["attempt"]
    assert stub.ballots[0]["comments"] == {"MO1": "Mọi việc đúng hẹn."}


def test_the_draft_moves_to_the_device_only_by_choice_and_never_with_the_code(page: Page, context: BrowserContext, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    assert storage(page)["local"] == {}
    page.locator("summary").click()
    page.get_by_label(TEXT["keep_label"]).check()
    expect(page.get_by_text(TEXT["keep_warning"])).to_be_visible()
    kept = storage(page)
    assert list(kept["local"]) == ["ln:" + stub.form["draft_key"]]
    assert list(kept["session"]) == ["ln:code"]
    assert BARE not in json.dumps(kept["local"])
    other = context.new_page()  # another tab, another day
    start(other, stub)
    expect(radio(other, "KC1", "Đồng ý")).to_be_checked()
    other.get_by_label(TEXT["keep_label"]).uncheck()
    assert storage(other)["local"] == {}


def test_a_draft_kept_too_long_is_swept_away(page: Page, stub: Stub) -> None:
    start(page, stub, code=None)
    page.evaluate("() => { localStorage['ln:old'] = JSON.stringify({v: 1, day: 20000}); localStorage.other = 'x'; }")
    start(page, stub)
    assert storage(page)["local"] == {"other": "x"}


def test_answers_can_be_deleted_from_the_device(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("summary").click()
    page.get_by_role("button", name=TEXT["erase"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    assert storage(page) == {"session": {}, "local": {}}


def test_a_draft_of_an_older_questionnaire_keeps_only_what_still_fits(page: Page, stub: Stub) -> None:
    start(page, stub)
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    choose(page, "KC2", "Đồng ý")
    changed = form()
    changed["themes"][0]["items"].pop()
    stub.form = changed
    page.reload()
    expect(radio(page, "KC1", "Đồng ý")).to_be_checked()
    draft = json.loads(storage(page)["session"]["ln:" + stub.form["draft_key"]])
    assert draft["answers"] == {"KC1": 4}


def test_the_form_works_when_storage_throws(page: Page, stub: Stub) -> None:
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage'])"
        "  Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    to_sending(page, stub)
    page.locator("#ln-back").click()
    page.locator("summary").click()
    expect(page.get_by_text(TEXT["no_storage"])).to_be_visible()
    next_step(page)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_a_kiosk_keeps_nothing_and_clears_the_screen_by_itself(page: Page, stub: Stub) -> None:
    stub.config["kiosk"] = True
    page.clock.install()
    to_sending(page, stub)
    assert storage(page) == {"session": {}, "local": {}}
    expect(page.locator("#ln-keep")).to_have_count(0)
    page.locator("#ln-next").click()
    expect(page.locator(".receipt")).to_be_visible()
    page.clock.fast_forward(19_000)
    expect(page.locator(".receipt")).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    expect(page.locator("#ln-code")).to_have_value("")
    page.go_back()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])


# ---------------------------------------------------------------- sending


def test_a_lost_line_is_retried_with_growing_pauses_and_the_same_attempt(page: Page, stub: Stub) -> None:
    stub.replies = [503, 429, 500, {"status": "busy", "message": "bận"}, {"status": "already", "receipt": "K7QX-2M9D", "message": ""}]
    page.clock.install()

    def arrived(number: int) -> bool:
        return len(stub.ballots) == number

    to_sending(page, stub)
    page.locator("#ln-next").click()
    for tries, pause in enumerate((1, 2, 4, 8), 1):
        expect(page.get_by_role("alert")).to_have_text(TEXT["send_offline"])
        expect(page.locator("#ln-next")).to_have_text(TEXT["send_waiting"])
        assert len(stub.ballots) == tries
        page.clock.run_for(1000 * pause - 200)
        assert len(stub.ballots) == tries
        page.clock.run_for(250)
        until(partial(arrived, tries + 1))
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert len({ballot["attempt"] for ballot in stub.ballots}) == 1
    assert storage(page)["session"] == {}


def test_the_answers_leave_at_once_when_the_line_is_back(page: Page, context: BrowserContext, stub: Stub) -> None:
    page.clock.install()  # time stands still: only the `online` event can help
    to_sending(page, stub)
    context.set_offline(True)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    assert storage(page)["session"]["ln:" + stub.form["draft_key"]]
    context.set_offline(False)
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_send_now_does_not_wait_for_the_pause(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    page.get_by_role("button", name=TEXT["send_waiting"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])


def test_two_ballots_are_never_under_way_at_the_same_time(page: Page, stub: Stub) -> None:
    stub.answer_when.clear()
    to_sending(page, stub)
    page.locator("#ln-next").dblclick()
    until(lambda: len(stub.ballots) == 1)
    expect(page.locator("#ln-next")).to_be_disabled()
    expect(page.locator("#ln-next")).to_have_text(TEXT["send_busy"])
    page.evaluate("() => { dispatchEvent(new Event('online')); document.querySelector('#ln-next').click(); }")
    stub.answer_when.set()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert (len(stub.ballots), stub.most_at_once) == (1, 1)


def test_a_reload_while_waiting_goes_on_sending_by_itself(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    assert stub.ballots[0] == stub.ballots[1]


def test_going_back_to_change_something_stops_the_automatic_sending(page: Page, stub: Stub) -> None:
    stub.replies = [503]
    page.clock.install()
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(TEXT["review_title"])
    page.clock.run_for(60_000)
    assert len(stub.ballots) == 1


def test_a_rejected_answer_is_marked_at_its_question(page: Page, stub: Stub) -> None:
    stub.replies = [{"status": "rejected", "message": "x", "errors": {"NL2": "Giá trị không hợp lệ."}}]
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(THEMES["NL"][0])
    expect(page.locator("#ln-q-NL2").get_by_role("alert")).to_have_text("Giá trị không hợp lệ.")
    expect(page.locator("#ln-q-NL2 input").first).to_be_focused()
    choose(page, "NL2", "Đồng ý")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(radio(page, "NL2", "Đồng ý")).to_be_checked()


@pytest.mark.parametrize("status", ["closed", "spent", "unknown"])
def test_a_refused_form_says_why_and_keeps_the_draft_until_the_person_leaves(page: Page, stub: Stub, status: str) -> None:
    stub.replies = [{"status": status, "message": "Đợt khảo sát đã đóng."}]
    to_sending(page, stub)
    page.locator("#ln-next").click()
    expect(page.get_by_role("alert")).to_have_text("Đợt khảo sát đã đóng.")
    assert "ln:" + stub.form["draft_key"] in storage(page)["session"]
    page.get_by_role("button", name=TEXT["another_code"]).click()
    expect(page.locator("h1")).to_have_text(TEXT["code_title"])
    assert storage(page) == {"session": {}, "local": {}}


# ---------------------------------------------------------------- looks, accessibility, size


def check_axe(page: Page, where: str) -> None:
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    result = Axe().run(page, options=options)
    found = [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in result.response["violations"]]
    assert found == [], where


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_step(chromium: Browser, stub: Stub, scheme: Literal["light", "dark"]) -> None:
    # A tall screen: axe takes what lies under the sticky bar for a target that is too small.
    context = chromium.new_context(viewport={"width": 390, "height": 3000}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    start(page, stub, code=None)
    page.locator("#ln-code").fill("ABCD")
    page.locator("#ln-next").click()
    check_axe(page, "code")
    to_step(page, stub, stub.form["questionnaire"]["title"])
    check_axe(page, "intro")
    next_step(page)
    choose(page, "KC1", "Đồng ý")
    page.locator("summary").click()
    page.get_by_label(TEXT["keep_label"]).check()
    check_axe(page, "theme")
    for where in ("theme 2", "comments", "about", "review", "stored"):
        next_step(page)
        check_axe(page, where)
    stub.replies = [503, {"status": "rejected", "errors": {"KC2": "Sai."}}, {"status": "closed", "message": "Đã đóng."}]
    page.locator("#ln-next").click()
    expect(page.get_by_text(TEXT["send_offline"])).to_be_visible()
    check_axe(page, "waiting")
    expect(page.locator("#ln-err-KC2")).to_be_visible()
    check_axe(page, "rejected")
    next_step(page)
    next_step(page)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["failed_title"])
    check_axe(page, "failed")
    page.locator("#ln-back").click()
    expect(page.locator("h1")).to_have_text(TEXT["review_title"])
    next_step(page)
    page.locator("#ln-next").click()
    expect(page.locator("h1")).to_have_text(TEXT["receipt_title"])
    check_axe(page, "receipt")
    context.close()


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


def test_text_is_large_and_lines_are_short(chromium: Browser, stub: Stub) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
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
def test_nothing_sticks_out_at_200_percent_zoom(chromium: Browser, stub: Stub, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 422})
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
    assert size["form.js"] + size["plain.js"] + size["post.js"] < 25_000
    assert size["form.css"] < 9_000


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


def test_the_module_can_be_joined_with_the_streamlit_wrapper() -> None:
    joined = (FOLDER / "form.js").read_text().replace("export function mount", "function mount") + (FOLDER / "streamlit.js").read_text()
    assert re.findall(r"^export .*", joined, re.M) == ["export default function (component) {"]
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", joined)
    names = re.findall(r"^(?:const|let|function|async function) (\w+)", joined, re.M)
    assert len(names) == len(set(names))
