"""Which column is which question: by its code where the words do not deny it, else by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire
from survey.errors import N_, Said, shown
from survey.process.proposal.answers import meanings_of
from survey.process.proposal.found import Kind, Use
from survey.process.proposal.likeness import ALIKE, LIKELY, bare, folded, likeness
from survey.process.proposal.table import Column

_HEAD = re.compile(r"^\s*(?P<code>[A-Za-z][\w.]*?)(?:\[(?P<sub>\w+)\])?\s*(?:[.:)]\s|$)")
_SAME_QUESTION = 0.6
_NUMBER = re.compile(r"(?:cau(?: hoi| so)?|c|q|question)?\s*(\d{1,3})")
_FEW = 30  # different values of a breakdown's column, at most
_CLOSE = 0.04  # two questions that fit a column this equally well: somebody has to look
Question = Item | Breakdown | OpenQuestion


@dataclass(frozen=True)
class Match:
    use: Use
    sure: bool


def uses_of(questionnaire: Questionnaire) -> dict[Use, Question]:
    return {
        **{Use(Kind.ITEM, one.id): one for one in questionnaire.items},
        **{Use(Kind.BREAKDOWN, one.id): one for one in questionnaire.breakdowns},
        **{Use(Kind.COMMENT, one.id): one for one in questionnaire.open_questions},
    }


def match(heads: Sequence[str], questionnaire: Questionnaire) -> tuple[dict[str, Match], list[Said]]:
    """(head -> the question it is, each question once; codes whose words ask something else)."""
    questions = uses_of(questionnaire)
    found, told = _by_code(heads, questions)
    taken = {one.use for one in found.values()}
    left = [head for head in heads if head not in found]
    found |= _by_words(left, {use: one for use, one in questions.items() if use not in taken})
    if not any(one.use.kind is Kind.ITEM for one in found.values()):
        found |= _by_number(left, [Use(Kind.ITEM, item.id) for item in questionnaire.items])
    told = [one for one in told if one.values["use"] not in {match.use for match in found.values()}]
    return found, [Said(one.message, {name: value for name, value in one.values.items() if name != "use"}) for one in told]


def _by_code(heads: Iterable[str], questions: Mapping[Use, Question]) -> tuple[dict[str, Match], list[Said]]:
    """A code that heads several columns is of several answers, and none of ours; one whose words say another question was used again."""
    coded: dict[str, list[str]] = {}
    for head in heads:
        if there := _HEAD.match(head):
            coded.setdefault(f"{there['code']}_{there['sub']}" if there["sub"] else there["code"], []).append(head)
    found, told = {}, []
    for use, question in questions.items():
        columns = coded.get(question.id, ())
        if len(columns) != 1:
            continue
        said = _said(columns[0])
        if not said or any(likeness(one, text, _SAME_QUESTION) for one in said for text in _texts(question)):
            found[columns[0]] = Match(use, True)
        else:
            values = {"use": use, "id": question.id, "file": shown(columns[0], 80), "ours": shown(question.vi, 80)}
            told.append(Said(N_('{id}: the column is called "{file}", the question is "{ours}".'), values))
    return found, told


def _by_words(heads: Iterable[str], questions: Mapping[Use, Question]) -> dict[str, Match]:
    pairs: list[tuple[float, str, Use]] = []
    texts = {use: _texts(question) for use, question in questions.items()}
    for head in heads:
        said = _said(head) or {folded(head)}
        for use, ours in texts.items():
            score = max((likeness(one, text) for one in said for text in ours), default=0.0)
            if score >= LIKELY:
                pairs.append((score, head, use))
    found: dict[str, Match] = {}
    taken: set[Use] = set()
    for score, head, use in sorted(pairs, key=lambda pair: -pair[0]):
        if head in found or use in taken:
            continue
        rivals = [other for other, one, use_ in pairs if (one == head) != (use_ == use)]
        found[head] = Match(use, score >= ALIKE and max(rivals, default=0.0) < score - _CLOSE)
        taken.add(use)
    return found


def _by_number(heads: Iterable[str], items: Sequence[Use]) -> dict[str, Match]:
    """ "Câu 1" to "Câu 37" of 37 questions are these, as far as anybody can say; other numbers are those of another form."""
    numbered = {head: int(there[1]) for head in heads if (there := _NUMBER.fullmatch(folded(head)))}
    if sorted(numbered.values()) != list(range(1, len(items) + 1)):
        return {}
    return {head: Match(items[number - 1], False) for head, number in numbered.items()}


def by_values(columns: Sequence[Column], breakdowns: Mapping[Use, Sequence[Option]]) -> dict[str, Match]:
    """The only column all of whose values are categories of the only such breakdown: worth asking about."""
    fits: list[tuple[str, Use]] = []
    for column in columns:
        for use, options in breakdowns.items():
            if len(column.values) <= _FEW:
                meanings, guessed = meanings_of(column.values, options)
                if len(meanings) == len(column.values) and not guessed and len(set(meanings.values()) - {None}) > 1:
                    fits.append((column.head, use))
    times = Counter(one for pair in fits for one in pair)
    return {head: Match(use, False) for head, use in fits if times[head] == times[use] == 1}


def _said(head: str) -> set[str]:
    """What a header asks: without code and number; of a grid the row in brackets, and both as one sentence. Empty of a bare code."""
    there = _HEAD.match(head)
    if there and not head[there.end() :].strip():
        return set()
    asked = bare(head)
    row = re.search(r"\[(.+)\]\s*$", asked)
    return {one for one in (asked, row[1].strip() if row else "", re.sub(r"[\[\]]", " ", asked).strip() if row else "") if one}


def _texts(question: Question) -> list[str]:
    plain = [text for text in (question.vi, question.en) if text]
    noted = [f"{note} {text}" for note, text in ((question.note_vi, question.vi), (question.note_en, question.en)) if note and text]
    return [folded(text) for text in (*plain, *noted)] + [bare(text) for text in plain]
