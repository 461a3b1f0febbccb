"""The page /join behind a link to an account: its owner chooses a password, and is signed in.

The token stands in the address's fragment (/join#token), which browsers send to nobody. Opening the page, or asking whose link
it is, spends nothing: programs of mail servers open every link, and some run its scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pages.plain import restoring, script
from pages.plain.bodies import json_of
from pages.plain.headers import NO_STORE
from pages.plain.respondent import locale_of
from pages.plain.restoring import refused
from pages.plain.session import desk_of, replaced, same_origin, with_session
from survey import limits
from survey.account_links import PATH
from survey.errors import N_, SurveyError
from survey.i18n import LANGUAGE_NAMES, LANGUAGES, Locale
from survey.passwords import MINIMUM

if TYPE_CHECKING:
    from bootstrap import Services

SCRIPT = "/join.js"
SET_UP = "/organize-installation"  # where the first account begins
_FOLDER = Path(__file__).parent
MAY = {
    "organizer": N_("With it you prepare, open, close and publish surveys."),
    "leader": N_("With it you see results of units."),
    "custodian": N_("With it you keep a part of the ballot box's key."),
}


def opened(services: Services, sent: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """{"account", "first", "restore", "may", "until"} behind {"token"}, or {"error": {status, message}}. Nothing is spent."""
    try:
        offered = services.joining.opened(str(sent.get("token", "")))
    except SurveyError as error:
        return refused(error, locale)
    until = services.clock.at(offered.expires)
    hello = (
        locale("An account has been made for you: {account}.", account=offered.name)
        if offered.name
        else locale("This installation is new. Choose the name and the password of the first account, an organizer's. It opens the set-up.")
    )
    return {
        "account": offered.name,
        "hello": hello,
        "first": not offered.name,
        "restore": not offered.name and services.settings.surface == "all",
        "may": locale(MAY[offered.role.value]),
        "until": locale("This link works once, until {time} on {day}.", time=f"{until:%H:%M}", day=locale.day(until.date())),
    }


def chosen(services: Services, sent: dict[str, Any], locale: Locale) -> tuple[dict[str, Any], str | None]:
    """{"next": address} and a session id for {"token", "password", "again"[, "name"]}; or {"error"} and None."""
    password, token = str(sent.get("password", "")), str(sent.get("token", ""))
    try:
        if password != str(sent.get("again", "")):
            raise SurveyError("password-twice", N_("The two passwords are not the same. Nothing was changed."))
        first = not services.joining.opened(token).name
        session_id = services.joining.choose(token, password, str(sent.get("name", "")))
    except SurveyError as error:
        return refused(error, locale), None
    viewer = services.signing_in.viewer(session_id)
    return {"next": SET_UP if first else desk_of(viewer)}, session_id


def routes(services: Callable[[], Services]) -> list[Route]:
    """GET /join and its script, POST /join/open, /join/choose and /join/restore."""

    def page(request: Request) -> Response:
        language = request.query_params.get("lang", services().settings.language)
        return HTMLResponse(_page(Locale(language)), headers=NO_STORE)

    async def open_link(request: Request) -> Response:
        sent = await json_of(request)
        return JSONResponse(await to_thread.run_sync(opened, services(), sent, locale_of(sent)), headers=NO_STORE)

    async def choose(request: Request) -> Response:
        if not same_origin(request):
            return JSONResponse({"error": {"status": "forbidden", "message": ""}}, status_code=403)
        sent = await json_of(request)
        said, session_id = await to_thread.run_sync(chosen, services(), sent, locale_of(sent))
        answer = JSONResponse(said, headers=NO_STORE)
        if session_id is not None:
            await replaced(services(), request)
            await with_session(answer, services(), request, session_id)
        return answer

    return [
        Route(PATH, page),
        script.route(SCRIPT, _script),
        Route(f"{PATH}/open", open_link, methods=["POST"]),
        Route(f"{PATH}/choose", choose, methods=["POST"]),
        *([restoring.route(services)] if services().settings.surface == "all" else ()),
    ]


def _page(locale: Locale) -> str:
    parts = {
        "lang": locale.language,
        "title": escape(locale("Your account")),
        "noscript": escape(locale("This page needs JavaScript. Please turn it on.")),
        "style": (_FOLDER / "joining.css").read_text(encoding="utf-8"),
        "script": escape(script.address(SCRIPT, _script, locale.language)),
    }
    page = (_FOLDER / "joining.html").read_text(encoding="utf-8")
    for name, text in parts.items():
        page = page.replace(f"{{{{{name}}}}}", text)
    return page


def _script(language: str) -> bytes:
    """The page's script with its words."""
    _ = Locale(language)
    other = next(one for one in LANGUAGES if one != language)
    words = {
        "title": _("Your account at Lắng Nghe"),
        "first_title": _("First set-up of Lắng Nghe"),
        "rule": _(
            "Choose a password of at least {length} characters. Four words that do not belong together are better than symbols and digits. "
            "Nobody else will know it, the organizers neither.",
            length=MINIMUM,
        ),
        "name": _("Account name"),
        "name_help": _("3 to 60 letters a-z without marks, digits, dots, dashes: for example nguyen.van.a"),
        "password": _("Password"),
        "again": _("Password, once more"),
        "show": _("Show the password"),
        "go": _("Keep the password and sign in"),
        "busy": _("One moment …"),
        "token": _("Code of your letter"),
        "token_help": _("Six groups of four characters. The link of your letter fills it in."),
        "next": _("Continue"),
        "no_line": _("There is no connection. Nothing was changed. Please try again."),
        "sign_in": _("Sign in"),
        "had_one": _("There was an installation before, and you have a backup of it?"),
        "restore_title": _("Restore a backup"),
        "restore_rule": _(
            "The backup takes the place of a first account: units, questionnaires, waves, results, accounts and settings come back as they were. "
            "Only an installation that holds nothing yet is filled; nothing is ever written over. All of it comes back, or nothing."
        ),
        "file": _("Backup (.zip)"),
        "file_help": _(
            "The file that the page Operations saved, or the folder that langnghe backup wrote, packed as a ZIP. At most {mebibytes} MB; "
            "a larger one: langnghe restore FOLDER",
            mebibytes=limits.FILE_BYTES // 2**20,
        ),
        "restore": _("Restore this backup"),
        "too_large": _("This file is larger than can be sent here. Restore it on the server: langnghe restore FOLDER"),
        "no_file": _("Choose the file of the backup first."),
        "restoring": _("The backup is being sent, checked and restored. This may take some minutes; please leave the page open."),
        "restored": _("The installation is back"),
        "back": _("Back to the first account"),
    }
    config = {"lang": language, "words": words, "longest": limits.ACCOUNT, "other": [other, LANGUAGE_NAMES[other]]}
    code = (_FOLDER / "joining.js").read_text(encoding="utf-8")
    return f"(() => {{\nconst config = {json.dumps(config, ensure_ascii=False)};\n{code}}})();\n".encode()
