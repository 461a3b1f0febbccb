"""Language as a value: a Locale is passed along, never installed for the whole process."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}  # each as its own readers call it
LANGUAGES = tuple(LANGUAGE_NAMES)
DEFAULT_LANGUAGE = "vi"
DASH = "–"
MINUS = "−"
CATALOGUES = Path(__file__).parent / "locale"
# One message of ours: no plurals, no contexts. Babel's reader takes five times as long, in every command there is; a test holds both to the same.
_MESSAGE = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)


@cache
def catalogue(language: str) -> dict[str, str]:
    """What each message is in the language, as tests/translations_update.py wrote it; those not translated are left out."""
    text = (CATALOGUES / language / "LC_MESSAGES" / "langnghe.po").read_text(encoding="utf-8") + "\n"
    found = ((_unquoted(message), _unquoted(said)) for message, said in _MESSAGE.findall(text))
    return {message: said for message, said in found if message and said}


def _unquoted(lines: str) -> str:
    return str(json.loads(lines.replace('"\n"', "")))  # Babel writes the escapes that JSON has


class Locale:
    """Translates messages and formats numbers and dates for one language.

    Calling it translates: `_("Base {n}", n=58)`. Numbers follow CLDR (vi: 5.651 and 84,66).
    """

    def __init__(self, language: str = DEFAULT_LANGUAGE) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE

    def __repr__(self) -> str:
        return f"Locale({self.language!r})"

    def __call__(self, message: str, /, **values: Any) -> str:
        text = catalogue(self.language).get(message, message)
        return text.format(**values) if values else text

    def pick(self, vi: str, en: str | None) -> str:
        """The text in this language; Vietnamese where English is missing."""
        return (en or vi) if self.language == "en" else (vi or en or "")

    def number(self, value: float | None, digits: int = 1, sign: bool = False) -> str:
        """A number with exactly `digits` decimals, rounded half away from zero; DASH for None/NaN."""
        if value is None or value != value:
            return DASH
        from babel import numbers  # commands that show none do not load it

        rounded = round_half_up(value, digits)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = numbers.format_decimal(abs(rounded), format=pattern, locale=self.language)
        prefix = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
        return prefix + text

    def percent(self, value: float | None, digits: int = 0) -> str:
        text = self.number(value, digits)
        return text if text == DASH else text + "%"

    def day(self, value: date | None) -> str:
        """dd/mm/yyyy in both languages, as Vietnamese offices write it."""
        return value.strftime("%d/%m/%Y") if value else DASH


def round_half_up(value: float, digits: int = 0) -> float:
    """Round half away from zero, as printed tables do (Python's round is half to even)."""
    factor = 10.0**digits
    scaled = abs(value) * factor
    whole = int(scaled + 0.5 + 1e-9)
    return (whole if value >= 0 else -whole) / factor
