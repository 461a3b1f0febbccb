"""The signed-in browser: a ticket is exchanged for a cookie that scripts cannot read; signing out ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from survey.accounts import SESSION_SECONDS

if TYPE_CHECKING:
    from bootstrap import Services

COOKIE = "langnghe_session"


def routes(services: Callable[[], Services]) -> list[Route]:
    """POST /session/open (body: ticket) and POST /session/close."""

    async def open_session(request: Request) -> Response:
        if not _same_origin(request):
            return PlainTextResponse("forbidden", status_code=403)
        ticket = (await request.body())[:200].decode("ascii", "ignore")
        session_id = await to_thread.run_sync(services().accounts.redeem, ticket)
        if session_id is None:
            return PlainTextResponse("expired", status_code=403)
        answer = PlainTextResponse("ok")
        answer.set_cookie(COOKIE, session_id, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="lax", secure=is_https(request))
        return answer

    async def close_session(request: Request) -> Response:
        if not _same_origin(request):
            return PlainTextResponse("forbidden", status_code=403)
        await to_thread.run_sync(services().accounts.sign_out, request.cookies.get(COOKIE))
        answer = PlainTextResponse("ok")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return [
        Route("/session/open", open_session, methods=["POST"]),
        Route("/session/close", close_session, methods=["POST"]),
    ]


def _same_origin(request: Request) -> bool:
    """Streamlit's own cross-site protection does not cover plain routes."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host")


def is_https(request: Request) -> bool:
    """Whether the browser's connection is encrypted, up to the proxy in front of us."""
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
