"""The respondent's form before a stub server of a few lines, and words for what a person does there."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio.from_thread
import uvicorn
from playwright.sync_api import Locator, Page, ViewportSize, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from survey.collect.form.strings import strings

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
            "js_url": "/assets/kiosk.js" if config["kiosk"] else "/assets/plain.js",
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
