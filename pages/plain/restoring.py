"""POST /join/restore: a backup in place of a first account, for whoever holds the link of the set-up.

The link is asked for before a byte of the file is read; the file is kept on the disk, never in memory, until it is restored.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.plain.bodies import RESTORE
from pages.plain.headers import NO_STORE
from pages.plain.session import same_origin
from survey import backup_words
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

LINK = "x-set-up-link"  # a header, which nobody logs; a query would stand in a proxy's log


def restored(services: Services, token: str, backup: Path, locale: Locale) -> dict[str, Any]:
    """{"done": sentences, "notes": sentences, "accounts": is there one to sign in with}, or {"error": {status, message}}."""
    try:
        held = services.copying.begin(token, backup)
    except SurveyError as error:
        return refused(error, locale)
    done = [backup_words.restored(held, locale), backup_words.who(held, locale)]
    return {"done": done, "notes": backup_words.notes(held, locale), "accounts": not services.joining.nobody_yet()}


def refused(error: SurveyError, locale: Locale) -> dict[str, Any]:
    return {"error": {"status": error.code, "message": error.text(locale)}}


def route(services: Callable[[], Services]) -> Route:
    async def restore(request: Request) -> Response:
        if not same_origin(request):
            return JSONResponse({"error": {"status": "forbidden", "message": ""}}, status_code=403)
        locale = Locale(request.query_params.get("lang", services().settings.language))
        token = request.headers.get(LINK, "")
        try:
            await to_thread.run_sync(services().copying.may_begin, token)
        except SurveyError as error:
            return JSONResponse(refused(error, locale), headers=NO_STORE)
        with tempfile.TemporaryDirectory() as place:
            backup = Path(place) / "backup.zip"
            with backup.open("wb") as file:
                async for part in request.stream():
                    file.write(part)
            said = await to_thread.run_sync(restored, services(), token, backup, locale)
        return JSONResponse(said, headers=NO_STORE)

    return Route(RESTORE, restore, methods=["POST"])
