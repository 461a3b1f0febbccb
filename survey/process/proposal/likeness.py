"""When two texts say the same, or nearly the same, whoever typed them."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from survey.vietnamese import one_line, without_marks

ALIKE = 0.9  # a spelling mended between a questionnaire and its answers
LIKELY = 0.75  # worth proposing, and asking about
_NUMBERED = re.compile(r"^(?:(?:cau(?: hoi)?|question|q)\s*)?\d{1,3}(?:\.\d{1,2})?\s*[.):/-]\s*|^cau\s+\d{1,3}\s+", re.IGNORECASE)
_CODED = re.compile(r"^[A-Za-z]\w*(?:\[\w+\])?\s*[.:)]\s+")
# One of these more or less turns a sentence round, however alike the rest is.
_TURNS = frozenset(("khong", "chua", "chang", "not", "no", "never", "kem"))
_TURNING = re.compile(r"\b(?:dis|un|in)(?=satisf|agree|likely|happy|clear|fair|effect)")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Small letters without any marks, single spaces, no full stop or colon at the end."""
    return " ".join(without_marks(one_line(text)).split()).strip(" .:;?*")


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Folded, without the number or code a question may have before it."""
    return _NUMBERED.sub("", folded(_CODED.sub("", one_line(text), count=1)), count=1).strip()


def likeness(one: str, other: str, least: float = LIKELY) -> float:
    """0 to 1 of two folded texts; 0 below `least`, and where one says no and the other does not."""
    if not one or not other or _turned(one) != _turned(other):
        return 0.0
    return float(fuzz.ratio(one, other, score_cutoff=100 * least)) / 100


@lru_cache(maxsize=20_000)
def _turned(text: str) -> int:
    spread = _TURNING.sub("not ", text)
    return sum(word in _TURNS for word in re.findall(r"\w+", spread))
