"""The plain page /p for phones on weak lines: no Streamlit bundle, no websocket, no cookie, no log."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from survey.collect.credentials import Credential
from survey.collect.form.view import ASSETS, FOLDER, asset_base, configuration, form_view, plain_page
from survey.collect.slips import normalise
from survey.design.questionnaire import AnswersRejected
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

MAX_BODY = 64 * 1024
NO_STORE = {"Cache-Control": "no-store"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def open_form(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"form": ...} behind {"code"} or {"credential"}, or {"error": {status, message}}."""
    try:
        opened = services.collect.open(_shown(sent), date.today())
    except SurveyError as error:
        return {"error": {"status": error.code, "message": error.text(locale)}}
    return {"form": form_view(opened, services.policy, locale), "illustrative": opened.wave.illustrative}


def submit(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """The answer to a ballot: its receipt, or why it was not taken."""
    try:
        receipt = services.collect.submit(_shown(sent), sent, date.today(), str(sent.get("attempt", "")))
    except AnswersRejected as error:
        return {"status": "rejected", "message": error.text(locale), "errors": error.messages(locale)}
    except SurveyError as error:
        return {"status": error.code, "message": error.text(locale)}
    message = locale("This form was received before. It counts once, as it was first sent.") if receipt.already else ""
    return {"status": "already" if receipt.already else "received", "receipt": receipt.text, "message": message}


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /p, its assets, POST /p/open and /p/submit."""

    async def page(request: Request) -> Response:
        locale = Locale(request.query_params.get("lang", services().settings.language))
        typed = request.query_params.get("code", "")
        html = await to_thread.run_sync(_page, services(), typed, locale)
        return HTMLResponse(html, headers=with_modules("form.js", "post.js"))

    async def opened(request: Request) -> Response:
        sent = await body_of(request)
        if sent is None:
            return too_much()
        return JSONResponse(await to_thread.run_sync(open_form, services(), sent, locale_of(sent)), headers=NO_STORE)

    async def submitted(request: Request) -> Response:
        sent = await body_of(request)
        if sent is None:
            return too_much()
        return JSONResponse(await to_thread.run_sync(submit, services(), sent, locale_of(sent)), headers=NO_STORE)

    contents = {name: (FOLDER / name).read_bytes() for name in ASSETS}

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in contents:
            return Response(status_code=404)
        return Response(contents[name], media_type=ASSETS[name], headers=_FOREVER)

    return [
        Route("/p", page),
        Route("/p/open", opened, methods=["POST"]),
        Route("/p/submit", submitted, methods=["POST"]),
        Route("/p/assets/{version}/{name}", asset),
    ]


def _page(services: Services, typed: str, locale: Locale) -> str:
    code, form, error, illustrative = None, None, None, False
    if typed:
        try:
            code = normalise(typed)
            opened = services.collect.open(code, date.today())
            form, illustrative = form_view(opened, services.policy, locale), opened.wave.illustrative
        except SurveyError as refusal:
            error = refusal
    else:
        illustrative = any(wave.illustrative for wave in services.collect.open_waves())
    config = configuration(locale, code=code, form=form, error=error, illustrative=illustrative, history=True)
    return plain_page(config, locale("Anonymous staff survey"))


def _shown(sent: dict[str, Any]) -> str | Credential:
    """What the browser shows to be let in: an invitation's credential, or the code of a slip."""
    return Credential.read(sent["credential"]) if "credential" in sent else str(sent.get("code", ""))


def locale_of(sent: dict[str, Any]) -> Locale:
    return Locale(str(sent.get("lang", "vi")))


def with_modules(*names: str) -> dict[str, str]:
    """Headers of a page whose script imports these modules. Without the hint a phone learns of them one round trip later."""
    return NO_STORE | {"Link": ", ".join(f"<{asset_base()}/{name}>; rel=modulepreload" for name in names)}


async def body_of(request: Request) -> dict[str, Any] | None:
    """The JSON object of a small request; {} for anything else, None for too much."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY:
            return None
    try:
        sent = json.loads(content)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def too_much() -> Response:
    return JSONResponse({"status": "rejected", "message": "413"}, status_code=413, headers=NO_STORE)
