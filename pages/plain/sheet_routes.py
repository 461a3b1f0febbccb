"""The addresses of the sheets. What draws them is imported when the first of them is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from survey.disseminate.sheet import addresses

if TYPE_CHECKING:
    from bootstrap import Services


def routes(services: Callable[[], Services]) -> list[Route]:
    """Those of pages.plain.sheet."""

    def drawn(path: str) -> Any:
        from pages.plain import sheet

        return next(route.endpoint for route in sheet.routes(services) if route.path == path)

    def later(path: str) -> Route:
        async def answer(request: Request) -> Response:
            answering = await to_thread.run_sync(drawn, path)
            answered: Response = await answering(request)
            return answered

        return Route(path, answer)

    return [later(path) for path in (addresses.SHEET, addresses.PUBLIC, f"{addresses.DATA}/{{wave}}", f"{addresses.WORKBOOK}/{{wave}}")]
