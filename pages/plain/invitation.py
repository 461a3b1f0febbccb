"""The page /i behind a personal invitation: the browser blinds, the server signs once. No cookie, no log.

The token stands in the address's fragment (/i#token), which browsers send to nobody: no proxy logs who collects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pages.plain.bodies import json_of
from pages.plain.headers import NO_STORE, is_https
from pages.plain.respondent import locale_of, whose, with_modules
from survey.collect import blind
from survey.collect.form.invitation import invitation_configuration
from survey.collect.form.view import configuration, plain_page
from survey.design.wave import WaveState
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

_INSECURE = {"error": {"status": "insecure", "message": ""}}


def open_invitation(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"invitation": ...}: unit, key and days; or {"error": {status, message}}."""
    today = services.clock.today()
    try:
        opened = services.credentials.open(str(sent.get("token", "")), today)
    except SurveyError as error:
        return {"error": {"status": error.code, "message": error.text(locale)}}
    wave, unit = opened.wave, opened.unit
    return {
        "invitation": {
            "wave": wave.id,
            "title": locale.pick(wave.title_vi, wave.title_en) or wave.id,
            "unit": unit.id,
            "unit_name": locale.pick(unit.name_vi, unit.name_en),
            "modulus": opened.modulus.hex(),
            "exponent": blind.EXPONENT,
            "opens": "" if wave.state is WaveState.OPEN and wave.opens <= today else locale.day(wave.opens),
            "collected": opened.collected,
        }
    }


def collect(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"signature": hex} for {"token", "blinded"}, or {"error": {status, message}}."""
    try:
        blinded = bytes.fromhex(str(sent.get("blinded", "")))
    except ValueError:
        blinded = b""
    try:
        return {"signature": services.credentials.collect(str(sent.get("token", "")), blinded, services.clock.today()).hex()}
    except SurveyError as error:
        return {"error": {"status": error.code, "message": error.text(locale)}}


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /i, POST /i/open and /i/collect over https only; GET /i/form, which answers with a credential."""

    def secure(request: Request) -> bool:
        return is_https(request) or services().settings.invitations_over_http

    def page(request: Request) -> Response:
        locale = Locale(request.query_params.get("lang", services().settings.language))
        config = invitation_configuration(locale, secure=secure(request))
        html = plain_page(config, locale("Your invitation"), "invitation.js")
        return HTMLResponse(html, headers=with_modules("blind.js", "post.js"))

    def form(request: Request) -> Response:
        locale = Locale(request.query_params.get("lang", services().settings.language))
        html = plain_page(
            configuration(locale, history=True, **whose(services(), locale)), locale("Anonymous staff survey"), "credential.js"
        )
        return HTMLResponse(html, headers=with_modules("form.js", "post.js"))

    def answering(act: Callable[[Services, dict[str, Any], Locale], dict[str, Any]]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            if not secure(request):
                return JSONResponse(_INSECURE, status_code=403, headers=NO_STORE)
            sent = await json_of(request)
            return JSONResponse(await to_thread.run_sync(act, services(), sent, locale_of(sent)), headers=NO_STORE)

        return answer

    return [
        Route("/i", page),
        Route("/i/form", form),
        Route("/i/open", answering(open_invitation), methods=["POST"]),
        Route("/i/collect", answering(collect), methods=["POST"]),
    ]
