"""Whether the server still answers a page of figures: /line, asked by /line.js, which dims the figures when it does not."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from survey.errors import N_
from survey.i18n import DEFAULT_LANGUAGE, LANGUAGES, Locale

LOST = N_("The connection is lost: the figures below are those of before. This page connects again by itself.")


def address(language: str) -> str:
    """Of the script for a language; it changes with the script, so that browsers may keep it."""
    return f"/line.js?lang={language}&v={hashlib.sha256(_script(language)).hexdigest()[:12]}"


def routes() -> list[Route]:
    async def alive(request: Request) -> Response:
        # No look into a store: a page that is being read asks every second.
        return Response(status_code=204)

    async def script(request: Request) -> Response:
        language = request.query_params.get("lang", DEFAULT_LANGUAGE)
        body = _script(language if language in LANGUAGES else DEFAULT_LANGUAGE)
        return Response(body, media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})

    return [Route("/line", alive), Route("/line.js", script)]


@cache
def _script(language: str) -> bytes:
    code = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return f"(() => {{\nconst said = {json.dumps(Locale(language)(LOST), ensure_ascii=False)};\n{code}}})();\n".encode()
