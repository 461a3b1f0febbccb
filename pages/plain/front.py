"""Requests of respondents, answered before anything of Streamlit looks at them: its layers cost more than the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

_Found = TypeVar("_Found")
_SHORT = 1000  # bytes
_ASIDE = ThreadPoolExecutor(40, thread_name_prefix="answering")


async def aside(work: Callable[..., _Found], *given: Any) -> _Found:
    """`work` in a thread: what waits for a store holds nobody else up. A third of what anyio's way of it costs."""
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, work, *given)


class Front:
    """ASGI: the routes of one fixed address. Everything else, their other methods too, goes on."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self.app = app
        self._answers: dict[tuple[str, str], ASGIApp] = {
            (method, route.path): _answering(route)
            for route in routes
            if not route.param_convertors
            for method in route.methods or ()
            if method != "HEAD"
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._answers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        await (found or self.app)(scope, receive, send)


def _answering(route: Route) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await route.endpoint(Request(scope, receive))
        await _packed(response)(scope, receive, send)

    return answer


def _packed(response: Response) -> ASGIApp:
    """Packed where that is worth it; asking for it costs more than a short answer itself."""
    body = getattr(response, "body", None)  # what comes bit by bit has none
    as_it_is = "content-encoding" in response.headers or (body is not None and len(body) < _SHORT)
    return response if as_it_is else GZipMiddleware(response, minimum_size=_SHORT)
