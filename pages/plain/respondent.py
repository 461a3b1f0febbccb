"""The plain page /p for phones on weak lines: no Streamlit bundle, no websocket, no cookie, no log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pages.plain.bodies import json_of
from pages.plain.front import aside
from pages.plain.headers import NO_STORE, PREVIEW
from survey.collect.box import StoreFull
from survey.collect.credentials import Credential
from survey.collect.form.shared_page import SharedPage, Shelf
from survey.collect.form.view import ASSETS, FOLDER, asset_base, configuration, form_view, plain_page
from survey.collect.heard import Heard
from survey.collect.service import OpenedForm, Receipt
from survey.collect.slips import in_groups, normalise
from survey.design.acceptance import AnswersRejected
from survey.errors import N_, SurveyError
from survey.i18n import Locale

if TYPE_CHECKING:
    from bootstrap import Services

# No fault of whoever answers: the page keeps the draft, says that it waits, and asks again by itself.
_BUSY: dict[str, Any] = {"status": "busy"}
_OURS = ("cover-missing",)  # a machine that has not been brought the wave's cover key
TITLE = N_("Anonymous staff survey")
_PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def open_form(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"form": ...} behind {"code"} or {"credential"}, or {"error": {status, message}}."""
    found = _behind(services, sent, locale)
    return _given(services, found, locale, _heard(services, found)) if isinstance(found, OpenedForm) else found


def _behind(services: Services, sent: dict[str, Any], locale: Locale) -> OpenedForm | dict[str, Any]:
    try:
        return let_in(services, _shown(sent))
    except SurveyError as error:
        return _BUSY if error.code in _OURS else {"error": {"status": error.code, "message": error.text(locale)}}


def let_in(services: Services, shown: str | Credential) -> OpenedForm:
    """The form behind a code or credential, or behind a test code that no list knows."""
    today = services.clock.today()
    try:
        return services.collect.open(shown, today)
    except SurveyError:
        tried = services.trials.find(shown, today) if isinstance(shown, str) else None
        if tried is None:
            raise
        return tried


def submit(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """The answer to a ballot: its receipt, or why it was not taken."""
    try:
        receipt = _sealed(services, sent)
        if receipt is None:
            return {"status": "received", "trial": True, "receipt": "", "message": ""}
    except AnswersRejected as error:
        return {"status": "rejected", "message": error.text(locale), "errors": error.messages(locale)}
    except SurveyError as error:
        # "busy": the page keeps the draft, says why, and tries again by itself.
        if error.code in _OURS:
            return _BUSY
        return {"status": "busy" if isinstance(error, StoreFull) else error.code, "message": error.text(locale)}
    message = locale("This form was received before. It counts once, as it was first sent.") if receipt.already else ""
    return {"status": "already" if receipt.already else "received", "receipt": receipt.text, "message": message}


def _sealed(services: Services, sent: dict[str, Any]) -> Receipt | None:
    """The receipt of a ballot in the box; None for a trial, of which nothing is kept."""
    shown, today = _shown(sent), services.clock.today()
    try:
        return services.collect.submit(shown, sent, today, str(sent.get("attempt", "")))
    except AnswersRejected:
        raise
    except SurveyError:
        if isinstance(shown, str) and services.trials.check(shown, sent, today):
            return None
        raise


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /p, its assets, POST /p/open and /p/submit."""
    shelf = Shelf()

    async def page(request: Request) -> Response:
        locale = Locale(request.query_params.get("lang", services().settings.language))
        # A kiosk takes no code from its address: it would stay in the browser's history for the next person.
        kiosk = request.query_params.get("kiosk", "0") != "0"
        typed = "" if kiosk else request.query_params.get("code", "")
        return await aside(_page, services(), typed, locale, kiosk, shelf, _unpacks(request))

    async def preview(request: Request) -> Response:
        """The page of a trial, which alone may stand in a frame beside an organizer's editor."""
        locale = Locale(request.query_params.get("lang", services().settings.language))
        return _html(await aside(_preview, services(), request.query_params.get("code", ""), locale))

    async def opened(request: Request) -> Response:
        sent = await json_of(request)
        return await aside(_open, services(), sent, locale_of(sent), shelf, _unpacks(request))

    async def submitted(request: Request) -> Response:
        sent = await json_of(request)
        return _answer(await aside(submit, services(), sent, locale_of(sent)))

    contents = {name: (FOLDER / name).read_bytes() for name in ASSETS}

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in contents:
            return Response(status_code=404)
        return Response(contents[name], media_type=ASSETS[name], headers=_FOREVER)

    return [
        Route("/p", page),
        Route(PREVIEW, preview),
        Route("/p/open", opened, methods=["POST"]),
        Route("/p/submit", submitted, methods=["POST"]),
        Route("/p/assets/{version}/{name}", asset),
    ]


def _answer(said: dict[str, Any]) -> Response:
    status = 503 if said is _BUSY else 507 if said.get("status") == "busy" else 200  # 507: no room on the disk
    return JSONResponse(said, status_code=status, headers=NO_STORE)


def _page(services: Services, typed: str, locale: Locale, kiosk: bool, shelf: Shelf, packed: bool) -> Response:
    given = _opened(services, typed, locale) if typed else at_the_door(services)
    if isinstance(given, tuple):
        return _form_page(services, *given, locale, shelf, packed)
    config = configuration(locale, history=True, kiosk=kiosk, **whose(services, locale), **given)
    return _html(plain_page(config, locale(TITLE), "kiosk.js" if kiosk else "plain.js"))


def _unpacks(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _form_page(services: Services, opened: OpenedForm, code: str, locale: Locale, shelf: Shelf, packed: bool) -> Response:
    def make(heard: Heard | None) -> SharedPage:
        given = _given(services, opened, locale, heard)
        config = configuration(locale, history=True, **whose(services, locale), **given)
        return SharedPage(config, lambda told: plain_page(told, locale(TITLE)))

    own = (*_own(opened, locale), in_groups(code))
    if opened.trial:
        return _html(make(_heard(services, opened)).plain(own))
    page = _shared(services, opened, locale, shelf, "page", make)
    return _html(*_filled(page, own, packed))


def _open(services: Services, sent: dict[str, Any], locale: Locale, shelf: Shelf, packed: bool) -> Response:
    """What `open_form` gives, as an answer."""
    found = _behind(services, sent, locale)
    if not isinstance(found, OpenedForm):
        return _answer(found)
    if found.trial:
        return _answer(_given(services, found, locale, _heard(services, found)))

    def make(heard: Heard | None) -> SharedPage:
        return SharedPage(_given(services, found, locale, heard), partial(json.dumps, ensure_ascii=False, separators=(",", ":")))

    content, also = _filled(_shared(services, found, locale, shelf, "open", make), _own(found, locale), packed)
    return Response(content, media_type="application/json", headers=NO_STORE | also)


def _filled(page: SharedPage, own: tuple[str, ...], packed: bool) -> tuple[bytes, Mapping[str, str]]:
    """The content for one person, and the headers that say how it is packed."""
    return (page.packed(own), _PACKED) if packed else (page.plain(own), {})


def _own(opened: OpenedForm, locale: Locale) -> tuple[str, str, str]:
    unit = opened.unit
    return unit.id, locale.pick(unit.name_vi, unit.name_en), opened.draft_key


def _shared(
    services: Services, opened: OpenedForm, locale: Locale, shelf: Shelf, what: str, make: Callable[[Heard | None], SharedPage]
) -> SharedPage:
    """Made once for all who are told the same; the unit's name, the draft's and the code are put in for each."""
    wave, unit, heard = opened.wave, opened.unit, _heard(services, opened)
    joined = unit.id if len(unit.members) > 1 else ""  # told with whom it is counted
    key = (what, wave.id, locale.language, joined, opened.invited, heard and heard.undertakings)
    return shelf.page(key, (wave, heard and heard.wave, whose(services, locale), services.policy), partial(make, heard))


def _html(content: str | bytes, also: Mapping[str, str] = MappingProxyType({})) -> Response:
    return HTMLResponse(content, headers=with_modules("form.js", "post.js") | also)


def _preview(services: Services, code: str, locale: Locale) -> str:
    today = services.clock.today()
    try:
        tried = services.trials.find(code, today)
        if tried is None:
            raise SurveyError("trial-ended", N_("This preview has ended. Please open it again from the questionnaire."))
        given: dict[str, Any] = {"code": code, "form": form_view(tried, services.policy, locale)}
    except SurveyError as refusal:
        given = {"error": refusal}
    return plain_page(configuration(locale, **whose(services, locale), **given), locale(TITLE))


def _opened(services: Services, typed: str, locale: Locale) -> tuple[OpenedForm, str] | dict[str, Any]:
    """The form behind the code of the address, with the code as it is meant; or why there is none."""
    try:
        code = normalise(typed)
    except SurveyError as refusal:
        return {"error": refusal}
    try:
        return let_in(services, code), code
    except SurveyError as refusal:
        return {"code": code, "error": None if refusal.code in _OURS else refusal}


def _given(services: Services, opened: OpenedForm, locale: Locale, heard: Heard | None) -> dict[str, Any]:
    # What is of one person stands at the end of the form, and that at the end of all (survey/collect/form/shared_page.py).
    return {"illustrative": opened.wave.illustrative, "form": form_view(opened, services.policy, locale, heard)}


def _heard(services: Services, opened: OpenedForm) -> Heard | None:
    return services.hearing.before(opened.wave, opened.unit, opened.waves)


def whose(services: Services, locale: Locale) -> dict[str, str]:
    """Whose survey it is, and whom to ask."""
    settings = services.settings
    return {
        "contact": settings.contact,
        "organisation": locale.pick(settings.organisation, settings.organisation_en),
        "mark": settings.mark,
    }


def at_the_door(services: Services) -> dict[str, Any]:
    """What stands where a code is typed: the waves in the field, or why no code is let in today."""
    waves = services.collect.open_waves()
    refusal = services.collect.refusal(services.clock.today(), waves)
    return {"waves": () if refusal else waves, "error": refusal, "illustrative": any(wave.illustrative for wave in waves)}


def _shown(sent: dict[str, Any]) -> str | Credential:
    """What the browser shows to be let in: an invitation's credential, or the code of a slip."""
    return Credential.read(sent["credential"]) if "credential" in sent else str(sent.get("code", ""))


def locale_of(sent: dict[str, Any]) -> Locale:
    return Locale(str(sent.get("lang", "vi")))


def with_modules(*names: str) -> dict[str, str]:
    """Headers of a page whose script imports these modules. Without the hint a phone learns of them one round trip later."""
    return NO_STORE | {"Link": ", ".join(f"<{asset_base()}/{name}>; rel=modulepreload" for name in names)}
