"""Vietnamese text: repair, sort, search, dates as offices write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

# Look-alike letters found in ministry PDFs and newspapers (domain notes, section 5).
_REPAIRS = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u01a2": "Ư", "\u01a3": "ư", "\u2019": "'"})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_BASE_LETTERS = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}
# CLDR vi: tones count after the letters, in the order ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def tidy(text: str) -> str:
    """NFC, known look-alikes repaired, white space folded at the ends."""
    return unicodedata.normalize("NFC", text.translate(_REPAIRS)).strip()


@lru_cache(maxsize=10_000)  # a register's names are sorted again at every click
def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """CLDR order for Vietnamese: a ă â b c d đ e ê ... o ô ơ ... u ư, tones only to break ties."""
    letters: list[int] = []
    tones: list[int] = []
    for char in tidy(text).casefold():
        base, tone = char, 0
        for part in unicodedata.normalize("NFD", char):
            if part in _TONES:
                tone = _TONES[part]
            elif part in _BASE_LETTERS:
                base = _BASE_LETTERS[part].get(base, base)
            elif not unicodedata.combining(part):
                base = part
        place = _ALPHABET.find(base)
        letters.append(100 + place if place >= 0 else min(ord(base), 99) if ord(base) < 128 else ord(base))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def without_marks(text: str) -> str:
    """For searching only: `Đắk Mil` -> `dak mil`."""
    plain = unicodedata.normalize("NFD", tidy(text).casefold().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def parse_date(text: str) -> date:
    """ISO (2016-07-26) or Vietnamese (26/7/2016). ValueError otherwise."""
    text = text.strip()
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return date.fromisoformat(text)
