"""Masking words of a comment: what a reader may recognise somebody by is proposed, an organizer decides.

A mask takes words away and can put nothing in their place but "[…]": it is given as places of words, never as text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

MASK = "[…]"
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME = rf"[{_UPPER}][\w']*"
_FAMILY = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Mai|Trịnh|Đoàn|Lương|Y|H'"
_TELLING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Tt]hầy|[Đđ]ồng chí|[Đđ]/?[Cc])\.?,?\s+({_NAME}(?:\s+{_NAME}){{0,4}})",
        rf"(?<!\w)((?:{_FAMILY})(?:\s+{_NAME}){{1,4}})",
        r"(?<!\d)((?:\+?84|0)(?:[ .-]?\d){8,10})(?!\d)",  # telephone
        r"(?<!\d)((?:\d[ .]?){8}\d(?:[ .]?\d{3})?)(?!\d)",  # identity card, 9 or 12 digits
        r"(\S+@\S+\.\w+)",
        rf"(?<!\w)(\d{{2}}[{_UPPER}]{{1,2}}\d?[ -]?\d{{3}}\.?\d{{1,2}})(?!\d)",  # number plate
    )
)
_WORD = re.compile(r"\S+")


def words(text: str) -> list[str]:
    """The words of a comment as they stand between white space."""
    return _WORD.findall(text)


def proposed(text: str) -> frozenset[int]:
    """Places of words (see `words`) that look like a name, a number or an address of somebody."""
    spans = [found.span(1) for pattern in _TELLING for found in pattern.finditer(text)]
    places = [word.span() for word in _WORD.finditer(text)]
    return frozenset(
        place for place, (start, end) in enumerate(places) if any(start < last and first < end for first, last in spans)
    )  # fmt: skip


def redacted(text: str, masked: Collection[int]) -> str:
    """The text with the words at these places replaced; neighbours share one mask, the punctuation after them stays."""
    said, at, hiding = [], 0, False
    for place, word in enumerate(_WORD.finditer(text)):
        if place not in masked:
            said.append(text[at : word.end()])
            hiding = False
        else:
            gap = text[at : word.start()]
            if hiding and gap.strip(" ") == "":
                said[-1] = MASK
            else:
                said += [gap, MASK]
            tail = re.search(r"[.,;:!?)]*$", word.group())
            hiding = not (tail and tail.group())
            said[-1] += tail.group() if tail else ""
        at = word.end()
    return "".join(said) + text[at:]
