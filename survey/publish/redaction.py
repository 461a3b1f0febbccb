"""Masking words of a comment: what a reader may recognise somebody by is proposed, an organizer decides.

A mask takes words away and can put nothing in their place but "[…]": it is given as places of words, never as text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

MASK = "[…]"
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_LOWER = _UPPER.lower()
_NAME = rf"[{_UPPER}][\w']*"
_FAMILY = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Mai|Trịnh|Đoàn|Lương|Y|H'"
# In capitals every word looks like a name. A syllable that can be spoken tells one from UBND or TTHC; a middle name, or a family name
# that is no everyday word, tells NGUYỄN VĂN A from HỒ SƠ CHẬM.
_VOWELS = "AEIOUYÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SPOKEN = rf"(?:NGH?|NH|CH|TH|TR|PH|KH|GH|GI|QU|[BCDĐGHKLMNPRSTVX])?[{_VOWELS}]{{1,3}}(?:NG|NH|CH|[CMNPT])?(?![\w'/-])"
_LARGE = rf"(?:{_SPOKEN}|[{_UPPER}](?!\w))"
_RUN = rf"{_LARGE}(?:\s+{_LARGE}){{0,3}}(?!\s+{_SPOKEN})|{_LARGE}"  # a few words that end there, or the first of many
_MIXED = rf"[{_UPPER}](?:[{_LOWER}][\w']*|'[\w']+)"
_MIDDLE = "VĂN|THỊ|ĐÌNH|ĐỨC|HỮU|QUỐC|MINH|THANH|NGỌC|XUÂN|HỒNG|HOÀNG|KIM|QUANG|TUẤN|DUY|TRỌNG|THÁI|VIẾT|MẠNH|PHƯƠNG|THÙY|KHÁNH|HẢI|TRUNG"
_NO_NAME = "ANH|CHỊ|EM|BÀ|ÔNG|CON|CÔ|CHÚ|BÁC|GIÁO|THUỐC|Ý|TRỌNG|LẬP|ĐỌNG|BỎ|SĨ|ĐƠN|HỒ|HÙNG\\s+LAO"
_TITLES = "[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Tt]hầy|[Đđ]ồng chí|[Đđ]/?[Cc]"
_LARGE_TITLES = "ÔNG|BÀ|ANH|CHỊ|CÔ|CHÚ|BÁC|THẦY|ĐỒNG CHÍ"
_TELLING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)(?:{_TITLES})\.?,?\s+((?!Hồ(?!\w)){_MIXED}(?:\s+{_NAME}){{0,4}})",
        rf"(?<!\w)(?:{_TITLES}|{_LARGE_TITLES})\.?,?\s+(?!(?:{_NO_NAME})(?!\w))({_RUN})",
        rf"(?<!\w)(?!Y\s+(?:T[Ếế]|S[Ĩĩ])(?!\w)|Hồ\s+Chí\s+Minh(?!\w))((?:{_FAMILY})(?:\s+{_NAME}){{1,4}})",
        rf"(?<!\w)((?:{_FAMILY.upper()})(?:\s+(?:{_MIDDLE})){{1,2}}\s+{_LARGE})",
        rf"(?<!\w)((?:NGUYỄN|HUỲNH|TRỊNH|ĐINH|BÙI|TRƯƠNG|ĐẶNG|NGÔ|PHAN|LÊ)\s+{_LARGE})",
        rf"(?<!\w)(H'[{_UPPER}][\w']+)",
        rf"(?<![\w.])[AaCcÔôBb]\.\s*({_MIXED}(?:\s+{_MIXED}){{0,3}}|(?!(?:{_NO_NAME})(?!\w))(?:{_RUN}))",  # a. Hùng, Ô. Tuấn
        rf"(?<![\w.])((?:[{_UPPER}][gh]?\.\s?){{2,3}}(?:{_MIXED}|{_LARGE}))",  # N.V.A, Ng. V. Bình
        r"(?<!\d)((?:\+?84|0)(?:[ .-]?\d){8,10})(?!\d)",  # telephone
        r"(?<!\d)((?:\d[ .]?){8}\d(?:[ .]?\d{3})?)(?!\d)",  # identity card, 9 or 12 digits
        r"(\S+@\S+\.\w+)",
        rf"(?<!\w)(\d{{2}}[{_UPPER}]{{1,2}}\d?[ -]?\d{{3}}\.?\d{{1,2}})(?!\d)",  # number plate
    )
)
# a. of a list: whoever writes one also writes b.
_LISTED = re.compile(r"(?:^|[.;:\n])\s*([AaBbCc])[.)]\s", re.MULTILINE)
_WORD = re.compile(r"\S+")


def words(text: str) -> list[str]:
    """The words of a comment as they stand between white space."""
    return _WORD.findall(text)


def proposed(text: str) -> frozenset[int]:
    """Places of words (see `words`) that look like a name, a number or an address of somebody."""
    labels = {found.start(1): found[1].lower() for found in _LISTED.finditer(text)}
    listed = set(labels) if {"a", "b"} <= set(labels.values()) else set()
    spans = [found.span(1) for pattern in _TELLING for found in pattern.finditer(text) if found.start() not in listed]
    places = [word.span() for word in _WORD.finditer(text)]
    return frozenset(
        place for place, (start, end) in enumerate(places) if any(start < last and first < end for first, last in spans)
    )  # fmt: skip


def redacted(text: str, masked: Collection[int]) -> str:
    """The text with the words at these places replaced; neighbours share one mask, brackets before and punctuation after them stay."""
    said, at, hiding = [], 0, False
    for place, word in enumerate(_WORD.finditer(text)):
        if place not in masked:
            said.append(text[at : word.end()])
            hiding = False
        else:
            opened = re.match(r"[(\[“\"]*", word.group())
            gap = text[at : word.start()] + (opened.group() if opened else "")
            if hiding and gap.strip(" ") == "":
                said[-1] = MASK
            else:
                said += [gap, MASK]
            tail = re.search(r"[.,;:!?)]*$", word.group())
            hiding = not (tail and tail.group())
            said[-1] += tail.group() if tail else ""
        at = word.end()
    return "".join(said) + text[at:]
