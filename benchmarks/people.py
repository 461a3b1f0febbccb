"""Many people at one installation: respondents on /p, leaders who read page after page, an organizer who downloads.

Each is a thread that waits like a person. What the way lets down (refused, cut, 5xx) is tried again, as the form
and the browser do, and counted; what the survey itself refuses is an error.
"""

from __future__ import annotations

import http.client
import json
import random
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

LET_DOWN = (OSError, http.client.HTTPException, WebSocketException)
PATIENCE = 180.0  # seconds until somebody gives up


class NoWay(Exception):
    """The installation did not answer, or answered 5xx."""


@dataclass(frozen=True)
class Place:
    """`trust`: for https."""

    base: str
    trust: ssl.SSLContext | None = None

    def asked(self, method: str, path: str, body: bytes | None = None, cookie: str = "") -> bytes:
        at = urlsplit(self.base)
        way = (
            http.client.HTTPSConnection(at.netloc, timeout=30, context=self.trust)
            if self.trust
            else http.client.HTTPConnection(at.netloc, timeout=30)
        )
        try:
            way.request(method, path, body, {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {}))
            answer = way.getresponse()
            content = answer.read()
        finally:
            way.close()
        if answer.status >= 500:
            raise NoWay(answer.status)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return content


@dataclass
class Noted:
    """Seconds each thing took by what it was, tries again included; how often the way let somebody down; receipts."""

    took: dict[str, list[float]] = field(default_factory=dict)
    let_down: int = 0
    receipts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def done(self, what: str, act: Callable[[], object]) -> None:
        """Until it is done; a person does not give up at once."""
        began = time.monotonic()
        while True:
            try:
                act()
                break
            except (NoWay, *LET_DOWN) as error:
                with self.lock:
                    self.let_down += 1
                if time.monotonic() - began > PATIENCE:
                    raise RuntimeError(f"{what}: given up after {PATIENCE:.0f} s: {error!r}") from error
                time.sleep(random.uniform(0.2, 0.8))
        with self.lock:
            self.took.setdefault(what, []).append(time.monotonic() - began)

    def percentile(self, what: str, share: float) -> float:
        """Milliseconds."""
        times = sorted(self.took.get(what, [0.0]))
        return 1000 * times[min(len(times) - 1, int(share * len(times)))]

    def said(self, what: str) -> str:
        count = len(self.took.get(what, []))
        return f"{count:,}: {self.percentile(what, 0.5):.0f} / {self.percentile(what, 0.95):.0f} / {self.percentile(what, 0.99):.0f} ms"


def respond(place: Place, forms: Iterator[dict[str, object]], noted: Noted, until: threading.Event, think: float) -> None:
    """One telephone after the other: open the page, think, send until there is a receipt."""
    while not until.is_set():
        with noted.lock:
            form = next(forms, None)
        if form is None:
            return
        noted.done("page /p", partial(place.asked, "GET", f"/p?code={form['code']}"))
        until.wait(random.uniform(0.5, 1.5) * think)
        body = json.dumps(form).encode()

        def send(body: bytes = body) -> None:
            said = json.loads(place.asked("POST", "/p/submit", body))
            if said["status"] not in ("received", "already"):
                raise RuntimeError(str(said))
            with noted.lock:
                noted.receipts.append(said["receipt"])

        noted.done("answer sent, to its receipt", send)


def form_of(code: str, response: object) -> dict[str, object]:
    """As the browser sends it."""
    given = {name: getattr(response, name) for name in ("answers", "comments", "breakdowns")}
    return {"code": code, "attempt": secrets.token_hex(16), "lang": "vi", **given}


def lead(place: Place, cookie: str, pages: tuple[str, ...], noted: Noted, until: threading.Event, think: float) -> None:
    """One page after the other in one window, which is opened anew when it breaks; signed in all the time, or it is an error."""
    windows: list[ClientConnection] = []

    def look(page: str) -> None:
        try:
            windows[:] = windows or [window(place, cookie)]
            shown = b"".join(run(windows[0], page))
        except LET_DOWN:
            for broken in windows:
                broken.close()
            windows.clear()
            raise
        if b"FormSubmitter:Login" in shown:
            raise RuntimeError(f"signed out at {page}")

    while not until.is_set():
        noted.done("leader's page", partial(look, random.choice(pages)))
        until.wait(random.uniform(0.5, 1.5) * think)
    for opened in windows:
        opened.close()


def organize(place: Place, cookie: str, noted: Noted, until: threading.Event, think: float) -> None:
    """Participation, then every file of the newest wave: made when asked for, fetched from /media/."""
    while not until.is_set():

        def watch() -> None:
            with window(place, cookie) as socket:
                b"".join(run(socket, "organize-fieldwork"))

        def download() -> None:
            with window(place, cookie) as socket:
                shown = [ForwardMsg.FromString(piece) for piece in run(socket, "organize-downloads")]
                session = next(one.new_session.initialize.session_id for one in shown if one.WhichOneof("type") == "new_session")
                offered = [file for file in map(_deferred, shown) if file]
                if len(offered) < 4:
                    raise RuntimeError(f"{len(offered)} files offered")
                for file in offered:
                    if len(place.asked("GET", _address(socket, session, file), cookie=cookie)) < 1000:
                        raise RuntimeError("an empty file")

        noted.done("organizer's participation", watch)
        noted.done("organizer's four downloads", download)
        until.wait(random.uniform(0.5, 1.5) * think)


def window(place: Place, cookie: str) -> ClientConnection:
    address = f"{place.base.replace('http', 'ws', 1)}/_stcore/stream"
    headers = {"Origin": place.base, "Cookie": cookie}
    return connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None, ssl=place.trust)  # type: ignore[list-item]


def run(socket: ClientConnection, page: str) -> Iterator[bytes]:
    """The messages of one whole run of a page."""
    ask = BackMsg()
    ask.rerun_script.page_name = page
    socket.send(ask.SerializeToString())
    while True:
        piece = socket.recv(timeout=30, decode=False)
        yield piece
        message = ForwardMsg.FromString(piece)
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                raise RuntimeError(f"{page}: {message.script_finished}")
            return


def _deferred(message: ForwardMsg) -> str:
    """The file a button of this message offers; empty for any other message."""
    return message.delta.new_element.download_button.deferred_file_id if message.WhichOneof("type") == "delta" else ""


def _address(socket: ClientConnection, session: str, file: str) -> str:
    ask = BackMsg()
    ask.backend_operation_request.request_id = secrets.token_hex(8)
    ask.backend_operation_request.session_id = session
    ask.backend_operation_request.deferred_file.file_id = file
    socket.send(ask.SerializeToString())
    while True:
        message = ForwardMsg.FromString(socket.recv(timeout=60, decode=False))
        if message.WhichOneof("type") == "backend_operation_response":
            answer = message.backend_operation_response
            if answer.error_msg:
                raise RuntimeError(answer.error_msg)
            return answer.deferred_file.url
