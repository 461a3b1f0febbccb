"""Which option of a scale, or category of a breakdown, a value in a file is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from survey.design.questionnaire import Option
from survey.process.mapping_file import NO_ANSWER
from survey.process.proposal.likeness import ALIKE, folded, likeness
from survey.vietnamese import means_no_answer, same

_SAME = {"male": "man", "female": "woman", "nam": "man", "nu": "woman", "m": "man", "f": "woman", "nam gioi": "man", "nu gioi": "woman"}
_WHOLE = re.compile(r"(-?\d{1,9})(?:[.,]0+)?")
_BOTH = re.compile(r"(\d{1,3})\s*(?:[.):=/-]\s*|\(\s*)?(\D.*?)\)?\s*|(\D.*?)\s*\(?\s*(\d{1,3})\s*\)?")  # 5 (Rất đồng ý); Rất đồng ý (5)
_CODE = re.compile(r"[A-Za-z]{1,2}0*(\d{1,2})")  # LimeSurvey writes A3 for the third


def meanings_of(values: Iterable[str], options: Sequence[Option]) -> tuple[dict[str, str | None], frozenset[str]]:
    """(value -> the option's value, None for no answer; values that are only guessed). What is none of them is in neither."""
    found: dict[str, str | None] = {}
    guessed = set()
    for value in values:
        option, sure = _option(value, options)
        if option is not None:
            found[value] = option
        elif same(value) in NO_ANSWER:
            found[value], sure = None, True
        elif means_no_answer(value):
            found[value], sure = None, False
        else:
            continue
        if not sure:
            guessed.add(value)
    return found, frozenset(guessed)


def _option(value: str, options: Sequence[Option]) -> tuple[str | None, bool]:
    """By code, number or label; by both where they agree; then by a label that is almost the same, or a code with its number."""
    codes = {str(option.value) for option in options}
    labels = _labels(options)
    said = _said(value)
    if value in codes:
        return value, True
    spelled = {str(option.value) for option in options if same(value) in (same(option.vi), same(option.en))}
    if len(spelled) == 1:
        return spelled.pop(), True
    if len(exact := labels.get(said, set())) == 1:
        return next(iter(exact)), True
    if (whole := _WHOLE.fullmatch(value)) and whole[1] in codes:
        return whole[1], True
    if both := _BOTH.fullmatch(value):
        number, label = (both[1], both[2]) if both[1] else (both[4], both[3])
        if number in codes and labels.get(_said(label)) == {number}:
            return number, True
        if number in codes or labels.get(_said(label)):
            return None, False  # the number says one thing, the label another: somebody has to look
    near = {one for label, ones in labels.items() if likeness(said, label, ALIKE) for one in ones}
    if len(near) == 1:
        return near.pop(), False
    if (code := _CODE.fullmatch(value)) and code[1] in codes:
        return code[1], False
    return None, False


def _labels(options: Sequence[Option]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for option in options:
        for label in (option.vi, option.en):
            if label:
                found.setdefault(_said(label), set()).add(str(option.value))
    return found


def _said(text: str) -> str:
    words = folded(text)
    return _SAME.get(words, words)
