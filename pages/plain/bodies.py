"""What is sent to us: from whom, how much, how slowly. Anything else is answered with a sentence and read no further.

Also the answer while a store is away: wait a little, the page tries again by itself.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey import limits
from survey.errors import N_, SurveyError
from survey.i18n import Locale

KIB, MIB = 1024, 1024 * 1024
UPLOADS = "/_stcore/upload_file/"
RESTORE = "/join/restore"
AGAIN_AFTER = 5  # seconds a page waits for a store
DEEPEST = 8  # arrays and objects inside one another; a form has three
STORES_AWAY = N_("The survey is not answering for the moment. Please wait: this page tries again by itself.")
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Bound:
    """Of one body: bytes, seconds for all of it, seconds between two pieces."""

    size: int
    seconds: float
    pause: float = 15


SMALL = Bound(64 * KIB, 30)
TICKET = Bound(1 * KIB, 15)
FILE = Bound(51 * MIB, 900)  # Streamlit's own 50 MB, and what wraps them
BACKUP = Bound(limits.FILE_BYTES, 1800)
MOST_KEPT = 400 * MIB  # of all files that organizers have sent and Streamlit holds


class NotTaken(SurveyError):
    """A body that is not read; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__("rejected", message)


def too_large() -> NotTaken:
    return NotTaken(413, N_("This is more than can be sent here. Nothing was stored."))


def too_slow() -> NotTaken:
    return NotTaken(408, N_("The connection is too slow: not all of it arrived in time. Nothing was stored. Please try again."))


def unreadable() -> NotTaken:
    return NotTaken(400, N_("What was sent cannot be read. Nothing was stored. Please open the page again."))


def of_nobody() -> NotTaken:
    return NotTaken(403, N_("Please sign in first."))


def too_many() -> NotTaken:
    return NotTaken(503, N_("Too many files are being looked at right now. Please try again in a few minutes."))


def bound_of(path: str) -> Bound:
    if path.startswith(UPLOADS):
        return FILE
    if path == RESTORE:
        return BACKUP
    return TICKET if path.startswith("/session/") else SMALL


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises NotTaken for anything else, for nesting, and for text that is no text."""
    content = await request.body()
    try:
        text = content.decode()
        sent = json.loads(text, parse_constant=_number, parse_float=_number)
        if "\\u" in text:  # half a character (a lone surrogate) is none, and can be written in no other way
            json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise unreadable() from None
    if not isinstance(sent, dict) or _deeper(sent, than=DEEPEST):
        raise unreadable()
    return sent


def _number(written: str) -> float:
    """NaN is none, nor is what no number is large enough for."""
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def _deeper(value: object, than: int) -> bool:
    """Are arrays and objects nested deeper than this?"""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(one, (dict, list)) and (than <= 1 or _deeper(one, than - 1)) for one in inside)


class Bodies:
    """Pure ASGI, around everything. `may_upload` asks whether a request's session may send files; `kept`: bytes of files held now;
    `away`: what a store that does not answer raises."""

    def __init__(
        self, app: ASGIApp, language: str, may_upload: Callable[[Request], Awaitable[bool]], kept: Callable[[], int],
        away: tuple[type[Exception], ...],
    ) -> None:  # fmt: skip
        self.app = app
        self._locale = Locale(language)
        self._may_upload = may_upload
        self._kept = kept
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            if scope["method"] not in _READING:
                receive = await self._bounded(Request(scope), receive)
            await self.app(scope, receive, sending)
        except (NotTaken, *self._away) as refused:
            if started:
                raise
            await self._refusal(scope, refused)(scope, receive, send)

    async def _bounded(self, request: Request, receive: Receive) -> Receive:
        """A file is handed on as it comes, within its bound; everything else is small and is here before anybody looks at it."""
        path = request.scope["path"]
        bound = bound_of(path)
        said = request.headers.get("content-length", "0")
        if not said.isascii() or not said.isdigit():
            raise unreadable()
        if len(said) > 12 or int(said) > bound.size:
            raise too_large()
        if path.startswith(UPLOADS):
            if not await self._may_upload(request):
                raise of_nobody()
            if self._kept() + int(said) > MOST_KEPT:
                raise too_many()
            return _within(receive, bound)
        if path == RESTORE:  # which asks for its link before it reads any of it
            return _within(receive, bound)
        return await _read(_within(receive, bound))

    def _refusal(self, scope: Scope, refused: Exception) -> Response:
        headers = {"Cache-Control": "no-store"}
        if isinstance(refused, NotTaken):
            # Nobody reads the rest: the connection is of no more use.
            headers["Connection"] = "close"
            status, code, message = refused.status, refused.code, refused.text(self._locale)
        else:
            headers["Retry-After"] = str(AGAIN_AFTER)
            status, code = 503, "busy"
            message = self._locale(STORES_AWAY)
        if scope["method"] == "GET" and scope["path"] != "/healthz":
            return HTMLResponse(_page(message, self._locale.language), status_code=status, headers=headers)
        said = {"status": code, "message": message}
        return JSONResponse({**said, "error": said}, status_code=status, headers=headers)


def _within(receive: Receive, bound: Bound) -> Receive:
    """The same body, refused as soon as it is too much or too slow."""
    came = 0
    ends = asyncio.get_running_loop().time() + bound.seconds
    done = False

    async def receiving() -> Message:
        nonlocal came, done
        if done:  # what comes now is the end of the connection, and that may take its time
            return await receive()
        try:
            async with asyncio.timeout(min(bound.pause, ends - asyncio.get_running_loop().time())):
                message = await receive()
        except TimeoutError:
            raise too_slow() from None
        came += len(message.get("body", b""))
        if came > bound.size:
            raise too_large()
        done = not message.get("more_body", False)
        return message

    return receiving


async def _read(receive: Receive) -> Receive:
    """All of a small body, handed on as one piece."""
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    waiting: list[Message] = [{"type": "http.request", "body": b"".join(pieces), "more_body": False}]

    async def replaying() -> Message:
        return waiting.pop() if waiting else await receive()

    return replaying


def _page(message: str, language: str) -> str:
    """It asks for itself again, with the address it was asked for, and needs no script for it."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="{AGAIN_AFTER}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Lắng Nghe</title></head>'
        f'<body style="font:17px/1.5 system-ui;padding:2rem;color:#0F5C63;max-width:34rem"><p role="status">{escape(message)}</p></body></html>'
    )
