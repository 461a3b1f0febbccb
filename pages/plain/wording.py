"""How Streamlit's own widgets speak and its charts are heard: /wording.js, loaded beside Streamlit's bundle."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.routing import Route

from pages.plain import script
from pages.plain.bodies import of_nobody, too_large, too_many, too_slow
from survey.errors import N_
from survey.i18n import Locale

PATH = "/wording.js"
# As they stand in Streamlit 1.67; {n} is whatever stands there.
WORDS = (
    N_("Upload"),
    N_("{n} per file"),
    N_("Drag and drop a file here"),
    N_("Drag and drop files here"),
    N_("file upload"),
    N_("View {n} more"),
    N_("View less"),
    N_("Skip to main content"),
    N_("Sidebar"),
    N_("Collapse sidebar"),
    N_("Expand sidebar"),
    N_("App pages"),
    N_("Navigate to home page"),
    N_("Logo"),
    N_("Link to heading"),
    N_("Choose an option"),
    N_("Choose options"),
    N_("No results"),
    N_("No options to select"),
    N_("Add files"),
    N_("App Logo"),
    N_("Clear entry"),
    N_("Main menu"),
    N_("Selected values"),
    N_("Select all"),
    N_("Clear all"),
    N_("Clear value"),
    N_("Dismiss"),
    N_("Open"),
    N_("Close"),
    N_("Decrement"),
    N_("Increment"),
    N_("Choose date"),
    N_("Previous month"),
    N_("Next month"),
    N_("Previous"),
    N_("Next"),
    N_("Use arrow keys to navigate dates. Enter to select. Escape to close."),
    N_("Help for {n}"),
    N_("Show password"),
    N_("Hide password"),
    N_("Press {n} to apply"),
    N_("Press {n} to submit form"),
    N_("Show/hide columns"),
    N_("Download as CSV"),
    N_("Search"),
    N_("Fullscreen"),
    N_("Close fullscreen"),
    N_("Copy to clipboard"),
    N_("Copied"),
    N_("Running..."),
    N_("Connecting"),
    N_("Connection error"),
    N_("Page not found"),
    N_("Error:"),
)
# Of a file that was not taken Streamlit tells the status alone.
_REFUSED = (of_nobody(), too_slow(), too_large(), too_many())
REFUSAL = "AxiosError: Request failed with status code"


def address(language: str) -> str:
    return script.address(PATH, _script, language)


def routes() -> list[Route]:
    return [script.route(PATH, _script)]


@cache
def _script(language: str) -> bytes:
    """Charts are heard alike in every language, and a file is refused in our words; English words stand as Streamlit has them."""
    refused = {f"{REFUSAL} {one.status}": one.text(Locale(language)) for one in _REFUSED}
    words = refused if language == "en" else {word: Locale(language)(word) for word in WORDS} | refused
    return f"{_code('hearing')}(() => {{\nconst words = {json.dumps(words, ensure_ascii=False)};\n{_code('wording')}}})();\n".encode()


def _code(name: str) -> str:
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
