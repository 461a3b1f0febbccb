"""Whether the server still answers a page of figures: /line, asked by /line.js, which dims the figures when it does not."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.plain import script
from survey.errors import N_
from survey.i18n import Locale

PATH = "/line.js"
LOST = N_("The connection is lost: the figures below are those of before. This page connects again by itself.")


def address(language: str) -> str:
    return script.address(PATH, _script, language)


def routes() -> list[Route]:
    async def alive(request: Request) -> Response:
        # No look into a store: a page that is being read asks every second.
        return Response(status_code=204)

    return [Route("/line", alive), script.route(PATH, _script)]


@cache
def _script(language: str) -> bytes:
    code = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return f"(() => {{\nconst said = {json.dumps(Locale(language)(LOST), ensure_ascii=False)};\n{code}}})();\n".encode()
