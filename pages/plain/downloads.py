"""Files to take home: Streamlit's own only with a session; what is everybody's, from addresses of its own.

Streamlit serves every file a page offers under /media/ to whoever has the address, and an address outlives its
page in histories, proxies and messages. Here it takes a signed-in browser as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.plain.headers import NO_STORE
from pages.plain.session import viewer_of
from survey.access import OPERATOR
from survey.design.wave import WaveState
from survey.errors import SurveyError
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, Locale

if TYPE_CHECKING:
    from bootstrap import Services

MEDIA = "/media/"


class SignedInDownloads:
    """Pure ASGI. `services` of a surface without accounts let nobody in: it has nothing to download."""

    def __init__(self, app: ASGIApp, services: Callable[[], Any]) -> None:
        self.app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(MEDIA) and not await self._may(Request(scope)):
            await PlainTextResponse("sign in first", status_code=403, headers=NO_STORE)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _may(self, request: Request) -> bool:
        return await viewer_of(self._services(), request) is not None


def receipts_address(wave_id: str) -> str:
    return f"/public/receipts/{quote(wave_id, safe='')}"


def protocol_address(wave_id: str, language: str) -> str:
    return f"/public/protocol/{quote(wave_id, safe='')}?lang={language}"


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /public/receipts/{wave} and /public/protocol/{wave}: what stands on the public page, for everybody."""

    def receipts(request: Request) -> Response:
        wave_id = request.path_params["wave"]
        return _file(services().results.receipts(wave_id).encode(), f"bien-nhan-{wave_id}.txt", "text/plain; charset=utf-8")

    def protocol(request: Request) -> Response:
        wave_id, language = request.path_params["wave"], request.query_params.get("lang", "")
        try:
            release = services().results.release(OPERATOR, wave_id)
        except SurveyError:
            return _file(b"", "", "")
        if release.wave.state is not WaveState.PUBLISHED or not release.protocol:
            return _file(b"", "", "")
        from survey.disseminate.protocol_pdf import protocol_pdf  # the one address here that prints

        content = protocol_pdf(release, Locale(language if language in LANGUAGES else DEFAULT_LANGUAGE))
        return _file(content, f"bien-ban-{wave_id}.pdf", "application/pdf")

    return [Route("/public/receipts/{wave}", receipts), Route("/public/protocol/{wave}", protocol)]


def _file(content: bytes, name: str, kind: str) -> Response:
    if not content:
        return PlainTextResponse("not found", status_code=404, headers=NO_STORE)
    headers = NO_STORE | {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=headers)
