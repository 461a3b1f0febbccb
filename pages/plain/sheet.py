"""A unit on a sheet of HTML without scripts: /sheet for those who have signed in, /public/sheet for everybody, and the public numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.plain.session import viewer_of
from survey.access import Permission, Viewer
from survey.design.wave import Wave
from survey.disseminate.public import public_csv, public_waves, public_xlsx
from survey.disseminate.report.service import MIME
from survey.disseminate.results import Results
from survey.disseminate.sheet import addresses
from survey.disseminate.sheet.page import Way, refused, sheet
from survey.disseminate.sheet.reading import UnknownUnit, public_reading, reading, start
from survey.errors import N_, NotAllowed, SurveyError, shown
from survey.i18n import LANGUAGE_NAMES, LANGUAGES, Locale

if TYPE_CHECKING:
    from bootstrap import Services

NOT_WRITTEN = N_("This page is not written in “{language}”.")
NEWEST = 5  # waves offered where the one asked for is not there


@dataclass(frozen=True)
class Asked:
    """What stands in the address; an empty text where it is left out."""

    locale: Locale
    wave: str = ""
    unit: str = ""


Answering = Callable[["Services", Viewer | None, Asked], Response]


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /sheet?wave=&unit=, /public/sheet?wave=, /public/data/{wave} and /public/workbook/{wave}; ?lang= on each."""

    def route(path: str, answering: Answering, signed_in: bool = False) -> Route:
        async def answer(request: Request) -> Response:
            said = request.query_params
            language = said.get("lang") or services().settings.language
            if language not in LANGUAGES:
                return _no_language(request, language, Locale(services().settings.language))
            viewer = await viewer_of(services(), request) if signed_in else None
            asked = Asked(Locale(language), request.path_params.get("wave", said.get("wave", "")), said.get("unit", ""))
            return await to_thread.run_sync(answering, services(), viewer, asked)

        return Route(path, answer)

    return [
        route(addresses.SHEET, _of_unit, signed_in=True),
        route(addresses.PUBLIC, _of_whole),
        route(f"{addresses.DATA}/{{wave}}", _data),
        route(f"{addresses.WORKBOOK}/{{wave}}", _workbook),
    ]


def _of_unit(services: Services, viewer: Viewer | None, asked: Asked) -> Response:
    results, _ = services.results, asked.locale
    try:
        if viewer is not None and not (asked.wave and asked.unit):
            wave, unit = start(results, viewer, asked.wave)
            if not unit:
                return _none(_, 404, _("Nothing has been published yet."), (_("Home"), addresses.address("/", _)))
            return RedirectResponse(addresses.sheet(wave, asked.unit or unit, _), status_code=303)
        of = reading(results, viewer, asked.wave, asked.unit, _)
        return HTMLResponse(sheet(replace(of, undertaken=services.undertakings.of_unit(viewer, asked.wave, asked.unit))))
    except UnknownUnit as error:
        ways = [(_("What this unit became, or was before"), addresses.sheet(asked.wave, error.instead, _))] if error.instead else []
        return _none(_, 404, _told(error, _), *ways, (_("Results: start"), addresses.sheet(asked.wave, "", _)))
    except NotAllowed as error:
        return _not_allowed(viewer, asked, error)
    except SurveyError as error:
        newest = [(_wave_name(wave, _), addresses.sheet(wave.id, "", _)) for wave in _newest(results.waves(viewer))]
        return _none(_, 404, _told(error, _), *newest, (_("Home"), addresses.address("/", _)))


def _not_allowed(viewer: Viewer | None, asked: Asked, error: NotAllowed) -> Response:
    """Nobody has signed in, or whoever has may not see this: the way leads through the door, or to what is open."""
    _ = asked.locale
    if viewer is None:
        # The overview's door leads on to the same unit; its own link leads back here.
        door = (_("Sign in"), addresses.overview(asked.wave, asked.unit, _))
        everybody = (_("Public results"), addresses.address(addresses.PUBLIC, _))
        return _none(_, 401, _("Please sign in first."), door, everybody, headers={"WWW-Authenticate": "Session"})
    if viewer.must_change_password:
        return _none(_, 403, _("First choose a password that only you know."), (_("My account"), addresses.address("/account", _)))
    if viewer.may(Permission.RESULTS_SEE):
        return _none(_, 403, error.text(_), (_("Results: start"), addresses.sheet("", "", _)))
    return _none(_, 403, error.text(_), (_("Home"), addresses.address("/", _)))


def _of_whole(services: Services, viewer: Viewer | None, asked: Asked) -> Response:
    results, _ = services.results, asked.locale
    waves = public_waves(results)
    if not waves:
        return _none(_, 404, _("Nothing has been published yet."), (_("Home"), addresses.address("/", _)))
    if not asked.wave:
        return RedirectResponse(addresses.public(waves[-1].id, _), status_code=303)
    try:
        of = public_reading(results, asked.wave, _)
        return HTMLResponse(sheet(replace(of, undertaken=services.undertakings.announced(asked.wave))))
    except SurveyError as error:
        return _no_public_wave(waves, error, _)


def _data(services: Services, viewer: Viewer | None, asked: Asked) -> Response:
    return _file(services, asked, public_csv, "csv", "text/csv; charset=utf-8")


def _workbook(services: Services, viewer: Viewer | None, asked: Asked) -> Response:
    return _file(services, asked, public_xlsx, "xlsx", MIME["xlsx"])


def _file(services: Services, asked: Asked, made: Callable[[Results, str, Locale], bytes], ending: str, kind: str) -> Response:
    try:
        content = made(services.results, asked.wave, asked.locale)
    except SurveyError as error:
        return _no_public_wave(public_waves(services.results), error, asked.locale)
    name = quote(f"ket-qua-cong-khai-{asked.wave}.{ending}")
    return Response(content, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def _no_public_wave(waves: tuple[Wave, ...], error: SurveyError, locale: Locale) -> Response:
    ways = [(_wave_name(wave, locale), addresses.public(wave.id, locale)) for wave in _newest(waves)]
    return _none(locale, 404, _told(error, locale), *ways, (locale("Home"), addresses.address("/", locale)))


def _no_language(request: Request, language: str, locale: Locale) -> Response:
    """In every language there is: nobody knows which of them the reader reads."""
    said = [Locale(one)(NOT_WRITTEN, language=shown(language, 20)) for one in LANGUAGES]
    ways = [(LANGUAGE_NAMES[one], str(request.url.include_query_params(lang=one).replace(scheme="", netloc=""))) for one in LANGUAGES]
    return HTMLResponse(refused(locale, locale("There is nothing to show here"), said, ways), status_code=404)


def _none(locale: Locale, status: int, sentence: str, *ways: Way, headers: dict[str, str] | None = None) -> Response:
    page = refused(locale, locale("There is nothing to show here"), [sentence], ways)
    return HTMLResponse(page, status_code=status, headers=headers)


def _told(error: SurveyError, locale: Locale) -> str:
    """The refusal, what somebody wrote into the address cut to what a page may show."""
    values = {name: shown(value) if isinstance(value, str) else value for name, value in error.values.items()}
    return locale(error.message, **values)


def _newest(waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
    return tuple(reversed(waves[-NEWEST:]))


def _wave_name(wave: Wave, locale: Locale) -> str:
    return locale.pick(wave.title_vi, wave.title_en) or wave.id
