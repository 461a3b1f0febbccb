"""Phrases that many comments share: the longest runs of syllables between stop words, counted once a comment.

A plain count, without a language model: docs/decisions/0016-comment-terms.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# Syllables that stand in no term.
# fmt: off
_STOP = frozenset((
    "và", "là", "của", "có", "cho", "các", "những", "được", "trong", "với", "khi", "để", "cần", "nên", "còn", "rất",
    "đã", "đang", "sẽ", "thì", "mà", "ở", "từ", "đến", "về", "theo", "như", "này", "đó", "kia", "cũng", "chưa", "không",
    "phải", "bị", "do", "vì", "tại", "nếu", "hay", "hoặc", "nhưng", "lại", "ra", "vào", "lên", "xuống", "trên", "dưới",
    "nhiều", "ít", "hơn", "nhất", "quá", "mọi", "mỗi", "từng", "cả", "thêm", "việc", "chúng", "tôi", "ta", "anh",
    "chị", "em", "ông", "bà", "đề", "nghị", "thấy", "làm", "cùng", "giữa", "sau", "trước", "rồi", "nữa", "đều", "chỉ",
    "bằng", "qua", "lúc", "hai", "ba", "đầu", "số",
))
# fmt: on
_PHRASE = re.compile(r"[^.,;:!?()\[\]…\"“”/\n]+")
_SYLLABLE = re.compile(r"[^\W\d_]+")


_LONGEST = 24  # syllables
_SWALLOWED = 0.8  # a part is left out when a longer term stands in at least this share of its comments


def common_terms(texts: Iterable[str], least: int, most: int = 12) -> list[tuple[str, int]]:
    """(term, comments it stands in), most frequent first; terms of fewer than `least` comments are left out."""
    found: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        found.update(set(_terms(text.lower())))
    frequent = {term: count for term, count in found.items() if count >= least}
    swallowed = {
        part for term, count in frequent.items() for part in _parts(term) if count >= _SWALLOWED * frequent[part]
    }  # fmt: skip
    kept = [(" ".join(term), count) for term, count in frequent.items() if term not in swallowed]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:most]


def _parts(term: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """The term without its first or without its last syllable; shorter parts follow from these."""
    return (term[1:], term[:-1]) if len(term) > 2 else ()


def _terms(text: str) -> Iterable[tuple[str, ...]]:
    for phrase in _PHRASE.findall(text):
        run: list[str] = []
        for syllable in [*_SYLLABLE.findall(phrase), ""]:
            if syllable and syllable not in _STOP:
                run.append(syllable)
                yield from (tuple(run[-length:]) for length in range(2, min(len(run), _LONGEST) + 1))
            else:
                run = []
