"""Security headers on every response, and the few addresses of Streamlit that stay closed."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import streamlit
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREVIEW = "/p/preview"
NO_STORE = {"Cache-Control": "no-store"}
_A_YEAR = 365 * 24 * 3600
_FOR_EVERYBODY = ("/static/", "/p/assets/", "/component/", "/wording.js", "/line.js", "/glance.js", "/join.js")
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")  # unauthenticated in Streamlit: session counts, an agent API
# No other site may talk to our pages. No English "Connection error" over the respondent's form, which
# has its own sentence for it and goes on working without a connection.
_HOST = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


def streamlit_index() -> str:
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


@cache
def content_security_policy() -> str:
    """Scripts from this server only; the inline ones of Streamlit and its authenticator by their hash."""
    # Found, not imported: importing declares a component, which only a running Streamlit may do.
    package = find_spec("extra_streamlit_components")
    assert package is not None and package.origin is not None
    authenticator = Path(package.origin).parent / "CookieManager" / "frontend" / "build" / "index.html"
    hashes = " ".join(_hashes(streamlit_index()) + _hashes(authenticator.read_text(encoding="utf-8")))
    return (
        f"default-src 'self'; script-src 'self' blob: 'wasm-unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def _hashes(html: str) -> list[str]:
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts if script.strip())
    return [f"'sha256-{digest}'" for digest in digests]


def is_https(connection: HTTPConnection) -> bool:
    """Whether the browser's connection is encrypted, up to the proxy in front of us."""
    return connection.scope.get("scheme") == "https" or connection.headers.get("x-forwarded-proto") == "https"


class SecurityHeaders:
    """Pure ASGI, so that websockets pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, secure = scope["path"], is_https(HTTPConnection(scope))
        ours = _headers(_policy(path), secure, not path.startswith(_FOR_EVERYBODY))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [one for one in message.get("headers", ()) if one[0].lower() not in ours] + list(ours.items())
            await send(message)

        await self._answering(path)(scope, receive, with_headers)

    def _answering(self, path: str) -> ASGIApp:
        if path.startswith(_CLOSED):
            return PlainTextResponse("not found", status_code=404)
        return JSONResponse(_HOST) if path == "/_stcore/host-config" else self.app


@cache
def _headers(policy: str, secure: bool, of_somebody: bool) -> dict[bytes, bytes]:
    """In place of what an answer says of the same names."""
    found = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cross-origin-opener-policy": "same-origin",
    }
    if secure:
        found["strict-transport-security"] = f"max-age={_A_YEAR}"
    if of_somebody:
        # Results and downloads stay in no cache; what is left out is the same for everybody.
        found["cache-control"] = "no-store"
    return {name.encode(): value.encode() for name, value in found.items()}


def _policy(path: str) -> str:
    if path == PREVIEW:  # shows trials alone: nothing in it could be clicked by somebody who is misled
        return _PLAIN_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    if path in ("/p", "/i", "/join") or path.startswith(("/p/", "/i/", "/join/")):
        return _PLAIN_POLICY
    return _SHEET_POLICY if path in ("/sheet", "/public/sheet") else content_security_policy()


_PLAIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The sheets ask for nothing beside themselves, not even a script.
_SHEET_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
