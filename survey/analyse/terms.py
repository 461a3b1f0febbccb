"""Terms that many comments share: pairs of neighbouring syllables, most Vietnamese words being two of them.

A plain count, without a language model: docs/decisions/0013-comment-terms.md.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable

# Syllables that begin or end no term.
# fmt: off
_STOP = frozenset((
    "và", "là", "của", "có", "cho", "các", "những", "một", "được", "trong", "với", "khi", "để", "cần", "nên", "còn", "rất",
    "đã", "đang", "sẽ", "thì", "mà", "ở", "từ", "đến", "về", "theo", "như", "này", "đó", "kia", "cũng", "chưa", "không",
    "phải", "bị", "do", "vì", "tại", "nếu", "hay", "hoặc", "nhưng", "lại", "ra", "vào", "lên", "xuống", "trên", "dưới",
    "nhiều", "ít", "hơn", "nhất", "quá", "mọi", "mỗi", "từng", "cả", "thêm", "việc", "người", "chúng", "tôi", "ta", "anh",
    "chị", "em", "ông", "bà", "đề", "nghị", "thấy", "làm", "cùng", "giữa", "sau", "trước", "rồi", "nữa", "đều", "chỉ",
    "bằng", "qua", "lúc", "hai", "ba", "đầu", "số",
))
# fmt: on
_PHRASE = re.compile(r"[^.,;:!?()\[\]…\"“”/\n]+")
_SYLLABLE = re.compile(r"[^\W\d_]+")


def common_terms(texts: Iterable[str], least: int, most: int = 12) -> list[tuple[str, int]]:
    """(term, comments it stands in), most frequent first; terms of fewer than `least` comments are left out."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(_terms(text.lower())))
    frequent = [(term, count) for term, count in found.items() if count >= least]
    return sorted(frequent, key=lambda pair: (-pair[1], pair[0]))[:most]


def _terms(text: str) -> Iterable[str]:
    for phrase in _PHRASE.findall(text):
        syllables = _SYLLABLE.findall(phrase)
        for first, second in itertools.pairwise(syllables):
            if first not in _STOP and second not in _STOP:
                yield f"{first} {second}"
