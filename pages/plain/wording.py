"""How Streamlit's own widgets speak and its charts are heard: /wording.js, run before Streamlit's bundle."""

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
    N_("Remove {n}"),
    N_("Dismiss"),
    N_("Open"),
    N_("Close"),
    N_("Decrement"),
    N_("Increment"),
    N_("Choose date"),
    N_("Choose date, {n}"),
    N_("Selected Date: {n}"),
    N_("Today, {n}"),
    N_("{n} selected"),
    N_("day, {n}"),
    N_("month, {n}"),
    N_("year, {n}"),
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
    N_("Scrollable table"),
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
    N_("Error"),
    N_("Clear selection"),
    N_("Dataframe column menu"),
    N_("Copy column name"),
    N_("Close Search"),
    N_("Next Result"),
    N_("Previous Result"),
    N_("Sort ascending"),
    N_("Sort descending"),
    N_("Pin column"),
    N_("Unpin column"),
    N_("Hide column"),
    N_("Autosize"),
    N_("Format"),
    N_("Automatic"),
    N_("Localized"),
    N_("Plain"),
    N_("Compact"),
    N_("Dollar"),
    N_("Euro"),
    N_("Yen"),
    N_("Percent"),
    N_("Scientific"),
    N_("Accounting"),
    N_("Distance"),
    N_("Calendar"),
    N_("Duration"),
    N_("Based on sample"),
    N_("No data"),
    N_("Count"),
    N_("Distinct"),
    N_("Empty"),
    N_("Values"),
    N_("Minimum"),
    N_("Maximum"),
    N_("Average"),
    N_("Median"),
    N_("Range"),
    N_("Statistics"),
    N_("Sum"),
    N_("Standard deviation"),
    N_("Minimum length"),
    N_("Maximum length"),
    N_("Average length"),
    N_("Top values frequency chart: {n}"),
    N_("Distribution histogram"),
    N_("File must be {n} or smaller."),
    N_("{n} files are not allowed."),
    N_("Number is above the allowed range. Please enter a value less than or equal to {n}."),
    N_("Number is below the allowed range. Please enter a value greater than or equal to {n}."),
    N_(": Date set outside allowed range. Please select a date on or before {n}."),
    N_(": Date set outside allowed range. Please select a date on or after {n}."),
    N_(": Date set outside allowed range. Please select a date between {n}."),
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
