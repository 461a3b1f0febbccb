"""Many responses, held column by column: a hundred thousand people are a few arrays of a byte an answer, not four million small objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Questionnaire, Response
from survey.process.scores import MISSING, Codes, narrow

Places = NDArray[np.int64]
Narrow = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Words:
    """One text a person: `words` are the different ones, `place` says which is whose; -1: none."""

    words: tuple[str, ...]
    place: Narrow

    def at(self, chosen: Places | NDArray[np.bool_]) -> Words:
        return Words(self.words, self.place[chosen])

    def used(self) -> frozenset[str]:
        return frozenset(self.words[one] for one in np.unique(self.place).tolist() if one >= 0)

    def of(self, row: int) -> str:
        """Empty where there is none."""
        place = int(self.place[row])
        return self.words[place] if place >= 0 else ""

    def ranks(self) -> Narrow:
        """The place of each text among the different ones in their order, whoever came first; 0: none."""
        rank = np.zeros(len(self.words) + 1, dtype=np.int32)
        rank[sorted(range(len(self.words)), key=self.words.__getitem__)] = np.arange(1, len(self.words) + 1)
        return np.asarray(rank[self.place])

    def each(self) -> list[str]:
        words = [*self.words, ""]
        return [words[place] for place in self.place.tolist()]


@dataclass(frozen=True, eq=False)
class ResponseColumns(Sequence[Response]):
    """`answers`: people x items of the questionnaire, MISSING where not answered. Do not change it."""

    items: tuple[str, ...]
    unit: Words
    answers: Codes
    breakdowns: Mapping[str, Words]
    comments: Mapping[str, Words]

    def __len__(self) -> int:
        return len(self.unit.place)

    @overload
    def __getitem__(self, row: int) -> Response: ...
    @overload
    def __getitem__(self, row: slice) -> ResponseColumns: ...
    def __getitem__(self, row: int | slice) -> Response | ResponseColumns:
        if isinstance(row, slice):
            return self.at(np.arange(len(self))[row])
        given = {name: value for name, value in zip(self.items, self.answers[row].tolist(), strict=True) if value != MISSING}
        texts = [{name: text for name, one in held.items() if (text := one.of(row))} for held in (self.comments, self.breakdowns)]
        return Response(unit=self.unit.of(row), answers=given, comments=texts[0], breakdowns=texts[1])

    def at(self, chosen: Places | NDArray[np.bool_]) -> ResponseColumns:
        """Some of the people."""
        parts = [{name: one.at(chosen) for name, one in held.items()} for held in (self.breakdowns, self.comments)]
        return replace(self, unit=self.unit.at(chosen), answers=self.answers[chosen], breakdowns=parts[0], comments=parts[1])

    def by_content(self) -> ResponseColumns:
        """The same people in an order that follows from unit, breakdowns and answers alone; who are alike in all of them stay as they came.

        Sums that are not exact are then the same to the last digit however people came: of 442,000 printed numbers of half a million
        people one lay so near the middle of two that it was printed as 14.8 or 14.9.
        """
        given = [self.breakdowns[name].ranks() for name in sorted(self.breakdowns)]
        return self.at(np.lexsort([*self.answers.T, *given, self.unit.ranks()]))


def in_columns(questionnaire: Questionnaire, responses: Sequence[Response]) -> ResponseColumns:
    """The same responses column by column."""
    return ResponseColumns(
        items=_items(questionnaire),
        unit=_words_of([response.unit for response in responses]),
        answers=answer_matrix(questionnaire, responses),
        breakdowns=_texts_of([response.breakdowns for response in responses]),
        comments=_texts_of([response.comments for response in responses]),
    )


def answer_matrix(questionnaire: Questionnaire, responses: Sequence[Response]) -> Codes:
    """People x items, MISSING where not answered."""
    items = _items(questionnaire)
    if isinstance(responses, ResponseColumns) and responses.items == items:
        return responses.answers
    rows = [[response.answers.get(name, MISSING) for name in items] for response in responses]
    return np.array(rows, dtype=width(questionnaire)).reshape(len(responses), len(items))


def width(questionnaire: Questionnaire) -> type[np.signedinteger[Any]]:
    """What holds every answer of the questionnaire, and MISSING."""
    scales = questionnaire.scales.values()
    values = [MISSING, *(value for scale in scales for value in scale.values)]
    values += [scale.dont_know_value for scale in scales if scale.dont_know_value is not None]
    return narrow(min(values), max(values))


def joined(questionnaire: Questionnaire, parts: Sequence[ResponseColumns]) -> ResponseColumns:
    """The people of all parts, one part after the other."""
    items = _items(questionnaire)
    sizes = [len(part) for part in parts]

    def together(held: Sequence[Mapping[str, Words]]) -> dict[str, Words]:
        names = dict.fromkeys(name for one in held for name in one)
        none = [Words((), np.full(size, -1, dtype=np.int32)) for size in sizes]
        return {name: _joined_words([one.get(name, none[n]) for n, one in enumerate(held)]) for name in names}

    return ResponseColumns(
        items=items,
        unit=_joined_words([part.unit for part in parts]),
        answers=np.concatenate([np.zeros((0, len(items)), dtype=width(questionnaire)), *(part.answers for part in parts)]),
        breakdowns=together([part.breakdowns for part in parts]),
        comments=together([part.comments for part in parts]),
    )


def _items(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(item.id for item in questionnaire.items)


def _words_of(texts: Sequence[str]) -> Words:
    """Empty: none."""
    places: dict[str, int] = {}
    place = [places.setdefault(text, len(places)) if text else -1 for text in texts]
    return Words(tuple(places), np.array(place, dtype=np.int32))


def _texts_of(given: Sequence[Mapping[str, str]]) -> dict[str, Words]:
    names = dict.fromkeys(name for one in given for name in one)
    return {name: _words_of([one.get(name, "") for one in given]) for name in names}


def _joined_words(parts: Sequence[Words]) -> Words:
    places: dict[str, int] = {}
    found = [np.zeros(0, dtype=np.int32)]
    for part in parts:
        new = np.array([*(places.setdefault(word, len(places)) for word in part.words), -1], dtype=np.int32)
        found.append(new[part.place])
    return Words(tuple(places), np.concatenate(found))


def units_of(responses: Sequence[Response]) -> list[str]:
    return responses.unit.each() if isinstance(responses, ResponseColumns) else [response.unit for response in responses]


def categories_of(responses: Sequence[Response], breakdown: str) -> list[str]:
    """Of each person, empty where none was given."""
    if isinstance(responses, ResponseColumns):
        given = responses.breakdowns.get(breakdown)
        return given.each() if given is not None else [""] * len(responses)
    return [response.breakdowns.get(breakdown, "") for response in responses]


def breakdowns_in(responses: Sequence[Response]) -> frozenset[str]:
    """The fields of which somebody gave a category."""
    if isinstance(responses, ResponseColumns):
        return frozenset(name for name, given in responses.breakdowns.items() if (given.place >= 0).any())
    return frozenset(field for response in responses for field in response.breakdowns)


def writers_in(responses: Sequence[Response]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(unit, comments) of each person who wrote something: of half a million people, few."""
    if not isinstance(responses, ResponseColumns):
        yield from ((response.unit, response.comments) for response in responses if response.comments)
        return
    wrote = np.zeros(len(responses), dtype=bool)
    for given in responses.comments.values():
        wrote |= given.place >= 0
    for row in np.flatnonzero(wrote).tolist():
        yield responses.unit.of(row), {name: text for name, one in responses.comments.items() if (text := one.of(row))}


def some_of(responses: Sequence[Response], chosen: NDArray[np.bool_]) -> Sequence[Response]:
    if isinstance(responses, ResponseColumns):
        return responses.at(chosen)
    return [response for response, one in zip(responses, chosen.tolist(), strict=True) if one]
