"""The ASGI application: Streamlit with the plain routes, compression and security headers around it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from html import escape
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager

from pages.plain import bundle, downloads, glance_script, invitation, joining, line, respondent, session, sheet_routes, wording
from pages.plain.bodies import Bodies
from pages.plain.front import Front
from pages.plain.headers import SecurityHeaders, streamlit_index
from survey.access import Permission, Viewer
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, Locale

if TYPE_CHECKING:
    from bootstrap import Services

SENDING_FILES = (Permission.UNITS_EDIT, Permission.QUESTIONNAIRES_EDIT, Permission.WAVES_EDIT)  # registers, questionnaires, results, shares
_DOORS = ("/", "/answer")  # where people come to answer
COVERS_SECONDS = 10
FIRST_ANSWERS = 0.5  # seconds that belong to those who waited for the server


def parts(
    services: Callable[[], Services],
    page_paths: tuple[str, ...],
    closed_paths: tuple[str, ...],
    ahead: Sequence[Callable[[], object]] = (),
) -> dict[str, Any]:
    """Routes, middleware and the end of the process for st.App.

    `page_paths`: the addresses of Streamlit's pages, which get our own index with language and title;
    `closed_paths`: those of pages that this surface does not serve; `ahead`: what imports
    Streamlit's pages, done while the first are answered.
    """
    # Never let Streamlit find scripts in pages/ by itself: they would run without app.py and its sign-in.
    PagesManager.uses_pages_directory = False

    async def healthz(request: Request) -> Response:
        await to_thread.run_sync(services().alive)
        if await to_thread.run_sync(services().out_of_room):
            return PlainTextResponse("no room on disk", status_code=503, headers={"Cache-Control": "no-store"})
        return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})

    async def index(request: Request) -> Response:
        said, path = request.query_params, request.url.path
        language = said.get("lang", services().settings.language)
        locale = Locale(language if language in LANGUAGES else DEFAULT_LANGUAGE)
        head, look = "", ""
        if path.startswith("/results-"):
            viewer = await session.viewer_of(services(), request)
            head = await to_thread.run_sync(bundle.preloads, path)  # the first call reads the scripts
            look = await to_thread.run_sync(_first_look, services(), viewer, path, said, locale)
        waiting = _loading(locale, surface != "results", path in _DOORS)
        modules = respondent.with_modules("streamlit.js", "form.js", "post.js") if path == "/answer" else None
        return HTMLResponse(_index(locale, waiting, head=head, look=look), headers=modules)

    async def may_upload(request: Request) -> bool:
        # Organizing is done on "all" alone; no other page takes files.
        if surface != "all":
            return False
        viewer = await session.viewer_of(services(), request)
        return viewer is not None and any(viewer.may(one) for one in SENDING_FILES)

    def to_page(section: str) -> Callable[[Request], Response]:
        first = next(path for path in page_paths if path.startswith(f"/{section}-"))

        def redirect(request: Request) -> Response:
            # Streamlit has no nested addresses: /results/trend is served as /results-trend.
            target = f"/{section}-{request.path_params['name']}" if "name" in request.path_params else first
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse((target if target in page_paths else first) + query, status_code=307)

        return redirect

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        stopping = Event()
        beside = [Thread(target=read_ahead, args=(services, ahead, stopping, FIRST_ANSWERS), daemon=True)]
        if surface != "results":
            beside.append(Thread(target=look_after_covers, args=(services, stopping), daemon=True))
        for thread in beside:
            thread.start()
        yield
        stopping.set()
        for thread in beside:
            await to_thread.run_sync(thread.join)
        # Not at the process's exit: the server ends by the signal that stopped it, and Python is not asked.
        await to_thread.run_sync(services().close)

    surface = services().settings.surface
    routes: list[BaseRoute] = [Route("/healthz", healthz)]
    answering = respondent.routes(services)
    for_respondents = answering + invitation.routes(services)
    for_accounts = session.routes(services) + joining.routes(services) + downloads.routes(services) + sheet_routes.routes(services)
    routes += _gone(for_respondents) if surface == "results" else for_respondents
    routes += _gone(for_accounts) if surface == "respond" else for_accounts
    routes += [Route(path, _not_here) for path in closed_paths]
    routes += [*wording.routes(), *line.routes(), *glance_script.routes(), *(Route(path, index) for path in page_paths)]
    for section in ("results", "organize"):
        if any(path.startswith(f"/{section}-") for path in page_paths):
            routes += [Route(f"/{section}", to_page(section)), Route(f"/{section}/{{name}}", to_page(section))]
        else:
            routes += [Route(f"/{section}", _not_here), Route(f"/{section}/{{name:path}}", _not_here)]
    return {
        "routes": routes,
        "lifespan": lifespan,
        "middleware": [
            Middleware(SecurityHeaders),
            Middleware(Bodies, language=services().settings.language, may_upload=may_upload, kept=kept, away=services().away),
            Middleware(Front, routes=[] if surface == "results" else answering),  # within Bodies: a store that is away says so
            Middleware(bundle.Packed),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(downloads.SignedInDownloads, services=services),
        ],
    }


def kept() -> int:
    """Bytes of the files Streamlit holds for its sessions; it lets go of them two minutes after a page is closed."""
    if not runtime.exists():
        return 0
    held = runtime.get_instance().uploaded_file_mgr
    return sum(stat.byte_length for stats in held.get_stats().values() for stat in stats)


def read_ahead(services: Callable[[], Services], ahead: Sequence[Callable[[], object]], stopping: Event, after: float = 0.0) -> None:
    """What the first reader of each page would have to wait for; nobody who answers waits for it. It begins `after` some seconds."""
    stopping.wait(after)
    for load in ahead:
        if stopping.is_set():
            return
        load()
    if services().settings.surface != "respond":
        from pages.plain import reading_ahead

        reading_ahead.read(services().results, stopping)
    # What is held now stays. To look through all of it for what is no longer used would stop everybody for a fifth of a second, again and again.
    gc.freeze()


def look_after_covers(services: Callable[[], Services], stopping: Event) -> None:
    """Whoever closes a wave destroys the cover key on his machine; the others notice here that it is over."""
    services().forget_covers()
    while not stopping.wait(COVERS_SECONDS):
        services().forget_covers()


def _gone(routes: list[Route]) -> list[Route]:
    """The same addresses, answering 404: Streamlit would show its start page with a 200 there."""
    return [Route(route.path, _not_here, methods=["GET", "POST"]) for route in routes]


def _not_here(request: Request) -> Response:
    return PlainTextResponse("not found", status_code=404, headers={"Cache-Control": "no-store"})


def _first_look(services: Services, viewer: Viewer | None, path: str, said: Mapping[str, str], locale: Locale) -> str:
    # Imported when the first leader comes: what draws it is half of the product.
    from pages.plain import glance

    return glance.glance(services, viewer, path, said, locale)


def _loading(locale: Locale, with_form: bool, door: bool) -> str:
    """What stands while Streamlit comes, half a minute on a weak line; whoever came to answer need not wait for it."""
    address = f"/p?lang={locale.language}" if locale.language != DEFAULT_LANGUAGE else "/p"
    style, first, more = "", "", ""
    if door:
        style = (
            ' style="display:block;margin:1rem 0;padding:.8rem 1rem;border-radius:.5rem;background:#0F5C63;color:#fff;text-align:center"'
        )
        first, more = "<br>", f"<small>{locale('It opens at once, on a slow connection too. You need not wait for this page.')}</small>"
    form = f' {first}<a href="{address}"{style}>{locale("Answer the survey")}</a>{more}' if with_form else ""
    return f'<p style="font:17px/1.5 system-ui;padding:2rem;max-width:26rem;color:#0F5C63">{locale("Loading…")}{form}</p>'


def _index(locale: Locale, waiting: str = "", head: str = "", look: str = "") -> str:
    """Streamlit's index with the page's language, our name, and a word (or the first look) while the bundle loads."""
    page = streamlit_index().replace('<html lang="en">', f'<html lang="{locale.language}">', 1)
    page = page.replace("<title>Streamlit</title>", "<title>Lắng Nghe</title>", 1)
    begun, ended = page.index('<script type="module"'), page.index("</head>")
    # Behind the first look: a browser paints nothing of what stands below a style sheet it waits for.
    # Our words run first of all: from them Streamlit's calendars learn the language of the page.
    bundled, page = _later(wording.address(locale.language)) + page[begun:ended] + head, page[:begun] + page[ended:]
    page = page.replace('<div id="root"></div>', f'{look}{bundled}<div id="root">{"" if look else waiting}</div>', 1)
    scripts = (line.address(locale.language), *((glance_script.address(locale.language),) if look else ()))
    return page.replace("</body>", "".join(map(_later, scripts)) + "</body>", 1)


def _later(script: str) -> str:
    """Run when the page has been read, in the order of the page."""
    return f'<script src="{escape(script)}" defer></script>'
