"""The signed-in browser: a ticket is exchanged for a cookie that scripts cannot read; signing out ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.plain.headers import is_https
from survey.access import Permission, Viewer
from survey.devices import SECONDS as DEVICE_SECONDS
from survey.signing_in import SESSION_SECONDS

if TYPE_CHECKING:
    from bootstrap import Services

COOKIE = "langnghe_session"
# Browsers take such a cookie from this very host, over https, for the whole host only: no neighbour can plant one.
SECURE_COOKIE = f"__Host-{COOKIE}"
DEVICE_PATH = "/_stcore"


def cookie_of(cookies: Mapping[str, str], secure: bool) -> str | None:
    """The session id among a request's cookies; on https only the cookie nobody else can have set."""
    return cookies.get(SECURE_COOKIE) or (None if secure else cookies.get(COOKIE))


async def viewer_of(services: Any, request: Request) -> Viewer | None:
    """Whose session a request carries; nobody's on a surface without accounts."""
    signing_in = getattr(services, "signing_in", None)
    if signing_in is None:
        return None
    viewer: Viewer | None = await to_thread.run_sync(signing_in.viewer, cookie_of(request.cookies, is_https(request)))
    return viewer


def devices_of(cookies: Mapping[str, str], secure: bool) -> dict[str, str]:
    """The cookies by which this browser may be known, by the names survey.devices gives them."""
    prefix = _known_as("", secure)
    return {name.removeprefix(prefix): value for name, value in cookies.items() if name.startswith(prefix)}


def _known_as(name: str, secure: bool) -> str:
    return f"__Secure-{name}" if secure else name


def routes(services: Callable[[], Services]) -> list[Route]:
    """POST /session/open (body: ticket) and POST /session/close."""

    async def open_session(request: Request) -> Response:
        if not same_origin(request):
            return PlainTextResponse("forbidden", status_code=403)
        ticket = (await request.body())[:200].decode("ascii", "ignore")
        session_id = await to_thread.run_sync(services().signing_in.redeem, ticket)
        if session_id is None:
            return PlainTextResponse("expired", status_code=403)
        answer = PlainTextResponse("ok")
        await with_session(answer, services(), request, session_id)
        return answer

    async def close_session(request: Request) -> Response:
        if not same_origin(request):
            return PlainTextResponse("forbidden", status_code=403)
        secure = is_https(request)
        await to_thread.run_sync(services().signing_in.sign_out, cookie_of(request.cookies, secure))
        answer = PlainTextResponse("ok")
        answer.delete_cookie(SECURE_COOKIE if secure else COOKIE, path="/", httponly=True, samesite="lax", secure=secure)
        return answer

    return [
        Route("/session/open", open_session, methods=["POST"]),
        Route("/session/close", close_session, methods=["POST"]),
    ]


async def with_session(answer: Response, services: Services, request: Request, session_id: str) -> None:
    """Give the browser its cookie, and the one by which it will be known at the next sign-in."""
    secure = is_https(request)
    name = SECURE_COOKIE if secure else COOKIE
    answer.set_cookie(name, session_id, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="lax", secure=secure)
    device = await to_thread.run_sync(services.signing_in.device, session_id)
    if device is not None:
        # For Streamlit's websocket alone, where signing in happens: the pages of those who answer never see it.
        known = _known_as(device.name, secure)
        answer.set_cookie(known, device.value, max_age=DEVICE_SECONDS, path=DEVICE_PATH, httponly=True, samesite="lax", secure=secure)


async def replaced(services: Services, request: Request) -> None:
    """Sign out whoever this browser was signed in as: another takes the place."""
    await to_thread.run_sync(services.signing_in.sign_out, cookie_of(request.cookies, is_https(request)))


def desk_of(viewer: Viewer | None) -> str:
    """Where somebody's work begins."""
    desks = {Permission.WAVES_EDIT: "/organize", Permission.RESULTS_SEE: "/results", Permission.BOX_OPEN: "/custody"}
    return next((path for permission, path in desks.items() if viewer is not None and viewer.may(permission)), "/")


def same_origin(request: Request) -> bool:
    """Streamlit's own cross-site protection does not cover plain routes."""
    origin = request.headers.get("origin", "")
    return urlsplit(origin).netloc == request.headers.get("host")
