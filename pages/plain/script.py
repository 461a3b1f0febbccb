"""A script of ours in a reader's language, with an address that changes with it, so that browsers may keep it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES

Written = Callable[[str], bytes]  # of a language


def address(path: str, written: Written, language: str) -> str:
    return f"{path}?lang={language}&v={hashlib.sha256(written(language)).hexdigest()[:12]}"


def route(path: str, written: Written) -> Route:
    def script(request: Request) -> Response:
        language = request.query_params.get("lang", DEFAULT_LANGUAGE)
        body = written(language if language in LANGUAGES else DEFAULT_LANGUAGE)
        return Response(body, media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})

    return Route(path, script)
