"""Vietnamese text: repair, sort, search, dates as offices write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

# Look-alike letters found in ministry PDFs and newspapers (domain notes, section 5).
_LETTERS = {"\u00d0": "Đ", "\u00f0": "đ", "\u01a2": "Ư", "\u01a3": "ư"}
_APOSTROPHES = dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\u0060\uff07", "'")
# Marks that nobody sees: zero width, soft hyphen, direction, byte order, variation. A joiner holds some letters and
# pictures together, so it is left out only where texts are compared.
_UNSEEN = dict.fromkeys(map(chr, (0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)), "")
_JOINERS = dict.fromkeys("\u200c\u200d\ufe0e\ufe0f", "")
_SPACES = dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
_REPAIRS = str.maketrans({**_LETTERS, "\u2019": "'", **_UNSEEN, **_SPACES})
_COMPARED = str.maketrans({**_APOSTROPHES, **_JOINERS})
_EXCEL_SIGNS = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_BASE_LETTERS = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}
# CLDR vi: tones count after the letters, in the order ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def tidy(text: str) -> str:
    """NFC, known look-alikes repaired, no marks that nobody sees, every space a plain one, none at the ends."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_REPAIRS)).strip()


def one_line(text: str) -> str:
    """A name or title: tidy, in one line, single spaces, without the signs (_x000D_) that some programs write for a line end."""
    if "_x" in text:
        text = _EXCEL_SIGNS.sub(lambda found: chr(int(found[1], 16)) if int(found[1], 16) > 0x20 else " ", text)
    return " ".join(tidy(text).split())


@lru_cache(maxsize=10_000)
def same(text: str) -> str:
    """What two texts have in common when they are the same to a reader: the one key for comparing names, questions,
    options, headers and keys, whoever typed them where.

    One Unicode form, one apostrophe, single spaces, no marks that nobody sees, small letters, and the tone of a
    syllable wherever it was put (hòa, hoà).
    """
    parts: list[str] = []
    for word in one_line(text).translate(_COMPARED).casefold().split():
        letters = [char for char in unicodedata.normalize("NFD", word) if char not in _TONES]
        tones = sorted(char for char in unicodedata.normalize("NFD", word) if char in _TONES)
        parts.append(unicodedata.normalize("NFC", "".join(letters)) + "".join(tones))
    return " ".join(parts)


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """name -> id, of names that only one id has, as `same` compares them."""
    times = Counter(same(name) for name in names.values())
    return {same(name): one for one, name in names.items() if name and times[same(name)] == 1}


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


_NO_ANSWER = re.compile(
    r"(?:[\W\d]*)(?:"
    r"(?:khong|ko|k|chua) (?:biet|nho|co y kien|y kien|ap dung|lien quan|thuoc (?:dien|doi tuong)|(?:muon )?tra loi|muon noi|co thong tin)"
    r"|(?:khong|ko|k|chua) ro|khong xac dinh|tu choi(?: tra loi)?|kbt|kxd|kad|kyk|ktl|bo trong|bo qua"
    r"|don'?t know|do not know|dk|not sure|unsure|(?:have )?no opinion|refused?(?: to answer)?|declined?(?: to answer)?"
    r"|prefer not to|rather not|not applicable|n/?a|does not apply|no answer|not answered|missing)(?P<rest>.*)",
    re.DOTALL,
)
_MAY_GO_ON = re.compile(r"(?:khong|ko|k|chua) (?!ro)|tu choi|don|do not|prefer|rather|not app|does not")


def means_no_answer(label: str) -> bool:
    """Do the words say that nobody answered: don't know, refused, does not apply? They are never points of a scale."""
    words = without_marks(one_line(label)).translate(_COMPARED).strip(" .()")
    found = _NO_ANSWER.fullmatch(words)
    if not found:
        return False
    rest = found["rest"]
    # What may go on: "Không biết/không ý kiến", "Từ chối trả lời câu này"; "Na ná" and "Không rõ ràng lắm" are answers.
    return not rest or (not rest[0].isalnum() and (bool(_MAY_GO_ON.match(words.lstrip("0123456789. -:)"))) or rest[0] in "/(,;"))
