"""The plain page /p for phones on weak lines: no Streamlit bundle, no websocket, no cookie, no log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pages.plain.bodies import json_of
from survey.collect.box import StoreFull
from survey.collect.credentials import Credential
from survey.collect.form.view import ASSETS, FOLDER, asset_base, configuration, form_view, plain_page
from survey.collect.service import OpenedForm
from survey.collect.slips import normalise
from survey.design.questionnaire import AnswersRejected
from survey.errors import SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

NO_STORE = {"Cache-Control": "no-store"}
# No fault of whoever answers: the page keeps the draft, says that it waits, and asks again by itself.
_BUSY: dict[str, Any] = {"status": "busy"}
_OURS = ("cover-missing",)  # a machine that has not been brought the wave's cover key
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def open_form(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"form": ...} behind {"code"} or {"credential"}, or {"error": {status, message}}."""
    try:
        opened = services.collect.open(_shown(sent), services.clock.today())
    except SurveyError as error:
        return _BUSY if error.code in _OURS else {"error": {"status": error.code, "message": error.text(locale)}}
    return _given(services, opened, locale)


def submit(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """The answer to a ballot: its receipt, or why it was not taken."""
    try:
        receipt = services.collect.submit(_shown(sent), sent, services.clock.today(), str(sent.get("attempt", "")))
    except AnswersRejected as error:
        return {"status": "rejected", "message": error.text(locale), "errors": error.messages(locale)}
    except SurveyError as error:
        # "busy": the page keeps the draft, says why, and tries again by itself.
        if error.code in _OURS:
            return _BUSY
        return {"status": "busy" if isinstance(error, StoreFull) else error.code, "message": error.text(locale)}
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
        sent = await json_of(request)
        return _answer(await to_thread.run_sync(open_form, services(), sent, locale_of(sent)))

    async def submitted(request: Request) -> Response:
        sent = await json_of(request)
        return _answer(await to_thread.run_sync(submit, services(), sent, locale_of(sent)))

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


def _answer(said: dict[str, Any]) -> Response:
    status = 503 if said is _BUSY else 507 if said.get("status") == "busy" else 200  # 507: no room on the disk
    return JSONResponse(said, status_code=status, headers=NO_STORE)


def _page(services: Services, typed: str, locale: Locale) -> str:
    if typed:
        given = _opened(services, typed, locale)
    else:
        given = at_the_door(services)
    config = configuration(locale, history=True, contact=services.settings.contact, **given)
    return plain_page(config, locale("Anonymous staff survey"))


def _opened(services: Services, typed: str, locale: Locale) -> dict[str, Any]:
    """The form behind the code of the address, or why there is none."""
    try:
        code = normalise(typed)
    except SurveyError as refusal:
        return {"error": refusal}
    try:
        opened = services.collect.open(code, services.clock.today())
    except SurveyError as refusal:
        return {"code": code, "error": None if refusal.code in _OURS else refusal}
    return {"code": code, **_given(services, opened, locale)}


def _given(services: Services, opened: OpenedForm, locale: Locale) -> dict[str, Any]:
    heard = services.hearing.before(opened.wave, opened.unit)
    return {"form": form_view(opened, services.policy, locale, heard), "illustrative": opened.wave.illustrative}


def at_the_door(services: Services) -> dict[str, Any]:
    """What stands where a code is typed: the waves in the field, or why no code is let in today."""
    waves = services.collect.open_waves()
    refusal = services.collect.refusal(services.clock.today())
    return {"waves": () if refusal else waves, "error": refusal, "illustrative": any(wave.illustrative for wave in waves)}


def _shown(sent: dict[str, Any]) -> str | Credential:
    """What the browser shows to be let in: an invitation's credential, or the code of a slip."""
    return Credential.read(sent["credential"]) if "credential" in sent else str(sent.get("code", ""))


def locale_of(sent: dict[str, Any]) -> Locale:
    return Locale(str(sent.get("lang", "vi")))


def with_modules(*names: str) -> dict[str, str]:
    """Headers of a page whose script imports these modules. Without the hint a phone learns of them one round trip later."""
    return NO_STORE | {"Link": ", ".join(f"<{asset_base()}/{name}>; rel=modulepreload" for name in names)}
