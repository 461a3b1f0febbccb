"""Streamlit's scripts and styles: packed once for everybody, and asked for before the page misses them.

Streamlit sends them bare, and whoever packs them on the way packs 5 MB anew for every visitor, on a server that also takes
answers. And it learns of each kind of element only when the first one arrives over the websocket: its script, and what that
imports, then come one after the other.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

import brotli
import streamlit
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.plain.headers import streamlit_index
from pages.plain.unmarked import searching

STATIC = Path(streamlit.__file__).parent / "static" / "static"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}  # the name holds the content's hash
# Quality 9: 1.18 MB and a second for the largest, where 11 takes thirteen for a tenth less.
_PACKING: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda bare: brotli.compress(bare, quality=9),
    "gzip": lambda bare: gzip.compress(bare, 9),
}
_IMPORT = re.compile(r"""(?:from|import)\s*["']\./([\w.~-]+\.js)["']""")
# What a leader's page shows first, by the names of Streamlit's parts; tests/browser/test_leader_loads.py asks a browser whether it is so.
PICTURE_PAGE = ("Html", "Selectbox", "DownloadButton", "Button")
CHART_PAGE = ("Html", "Selectbox", "DownloadButton", "ButtonGroup", "PlotlyChart")
DRAWN = frozenset(
    {"/results-overview", "/results-comparison", "/results-trend"}
)  # what is seen first are pictures: plotly comes when asked for
_lock = Lock()


class Packed:
    """ASGI: answers for /static/js and /static/css; everything else goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = _files().get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        encoding = file and _accepted(Headers(scope=scope).get("accept-encoding", ""))
        if file is None or not encoding:
            await self.app(scope, receive, send)
            return
        body = await to_thread.run_sync(packed, file, encoding)
        answer = Response(body, headers=_FOR_GOOD | {"Content-Encoding": encoding}, media_type=_KINDS[file.suffix])
        await answer(scope, receive, send)


@cache
def _files() -> dict[str, Path]:
    """By address: what is not in this list is not ours to answer."""
    found = [file for folder in ("js", "css") for file in (STATIC / folder).iterdir() if file.suffix in _KINDS]
    return {f"/static/{file.parent.name}/{file.name}": file for file in found}


def _accepted(said: str) -> str | None:
    wanted = {part.split(";")[0].strip() for part in said.lower().split(",") if not re.search(r";\s*q=0(\.0*)?\s*$", part)}
    return next((one for one in _PACKING if one in wanted), None)


_held: dict[tuple[Path, str], bytes] = {}


def packed(file: Path, encoding: str) -> bytes:
    """Packed when it is first asked for, once: two visitors do not pack at once.

    Not when the server starts: all of it takes two seconds of processor and 33 MiB, which answers then wait for.
    """
    key = (file, encoding)
    if key not in _held:
        with _lock:
            if key not in _held:
                _held[key] = _PACKING[encoding](searching(file.read_bytes()))
    return _held[key]


@cache
def chart_scripts(parts: tuple[str, ...] = CHART_PAGE) -> tuple[str, ...]:
    """File names of the scripts of a page of these parts that Streamlit's index does not name already, with all that they import."""
    starts = [file.name for part in parts for file in sorted((STATIC / "js").glob(f"{part}.*.js"))]
    return tuple(name for name in dict.fromkeys(one for start in starts for one in _with_imports(start)) if name not in _in_index())


def _with_imports(name: str) -> list[str]:
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found and (STATIC / "js" / one).is_file():
            found[one] = None
            waiting += _IMPORT.findall((STATIC / "js" / one).read_text(encoding="utf-8"))
    return list(found)


@cache
def _in_index() -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r'(?:src|href)="\./static/js/([^"]+\.js)"', streamlit_index())))


def preloads(path: str) -> str:
    """For the head of a page of charts."""
    scripts = chart_scripts(PICTURE_PAGE if path in DRAWN else CHART_PAGE)
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in scripts)
