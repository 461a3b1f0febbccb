"""Many responses, held column by column: a hundred thousand people are a few arrays, not four million small objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from survey.design.questionnaire import Response
from survey.process.scores import MISSING

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Words:
    """One text a person: `words` are the different ones, `place` says which is whose; -1: none."""

    words: tuple[str, ...]
    place: Places

    def at(self, chosen: Places | NDArray[np.bool_]) -> Words:
        return Words(self.words, self.place[chosen])

    def used(self) -> frozenset[str]:
        return frozenset(self.words[one] for one in np.unique(self.place).tolist() if one >= 0)

    def of(self, row: int) -> str:
        """Empty where there is none."""
        place = int(self.place[row])
        return self.words[place] if place >= 0 else ""

    def each(self) -> list[str]:
        words = [*self.words, ""]
        return [words[place] for place in self.place.tolist()]


@dataclass(frozen=True, eq=False)
class ResponseColumns(Sequence[Response]):
    """`answers`: people x items of the questionnaire, MISSING where not answered. Do not change it."""

    items: tuple[str, ...]
    unit: Words
    answers: Places
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


def comments_of(responses: Sequence[Response]) -> Iterator[Mapping[str, str]]:
    """Of each person."""
    if not isinstance(responses, ResponseColumns):
        yield from (response.comments for response in responses)
    elif not responses.comments:
        yield from ({} for _ in range(len(responses)))
    else:
        for texts in zip(*(one.each() for one in responses.comments.values()), strict=True):
            yield {name: text for name, text in zip(responses.comments, texts, strict=True) if text}


def some_of(responses: Sequence[Response], chosen: NDArray[np.bool_]) -> Sequence[Response]:
    if isinstance(responses, ResponseColumns):
        return responses.at(chosen)
    return [response for response, one in zip(responses, chosen.tolist(), strict=True) if one]
