"""The questionnaire: themes, items, response scales, open questions, breakdown fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from survey.design.acceptance import DECLINED, accepted
from survey.design.conditions import Condition, answers, holds, parse
from survey.design.criteria import Criterion
from survey.errors import N_, SurveyError


@dataclass(frozen=True, kw_only=True)
class Option:
    """A labelled answer: a point of a response scale or a category of a breakdown."""

    value: int | str
    vi: str
    en: str = ""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A response scale. `points` run from the worst to the best answer: from low to high value, or from high to low
    where `best` is "low" (1 = very satisfied). `dont_know` is never scored."""

    id: str
    points: tuple[Option, ...]
    dont_know: Option | None = None
    best: str = "high"

    @cached_property
    def values(self) -> tuple[int, ...]:
        return tuple(int(point.value) for point in self.points)

    @cached_property
    def dont_know_value(self) -> int | None:
        return int(self.dont_know.value) if self.dont_know else None


@dataclass(frozen=True, kw_only=True)
class Theme:
    id: str
    vi: str
    en: str = ""
    in_index: bool = True
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What may stand around any question: a note above it, a hint below it, and when it is asked at all (see conditions.py).

    `required` is kept for other programs; here nobody is ever forced to answer.
    """

    hint_vi: str = ""
    hint_en: str = ""
    note_vi: str = ""
    note_en: str = ""
    relevant: str = ""
    required: bool = False

    @property
    def of_some(self) -> bool:
        """Is it asked of only some people?"""
        return bool(self.relevant)


@dataclass(frozen=True, kw_only=True)
class Item(Asked):
    """A closed question. `reverse` marks negative wording: a low answer is the good one."""

    id: str
    theme: str
    vi: str
    en: str = ""
    scale: str = ""
    reverse: bool = False
    sensitive: bool = False
    source: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenQuestion(Asked):
    id: str
    vi: str
    en: str = ""
    max_chars: int = 500


@dataclass(frozen=True, kw_only=True)
class Breakdown(Asked):
    """A field by which results may be broken down; every answer to it is optional."""

    id: str
    vi: str
    en: str = ""
    categories: tuple[Option, ...] = ()

    @cached_property
    def published(self) -> tuple[Option, ...]:
        return tuple(category for category in self.categories if category.value != DECLINED)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Another version or questionnaire whose scores may stand in one series with this one's, and why."""

    id: str
    version: str
    note_vi: str
    note_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Response:
    """One completed questionnaire, as accepted: nothing in it but what was asked."""

    unit: str
    answers: Mapping[str, int]
    comments: Mapping[str, str]
    breakdowns: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A versioned questionnaire. Items stand in the order they are asked."""

    id: str
    version: str
    title_vi: str
    title_en: str = ""
    status: str = ""
    scales: Mapping[str, Scale]
    themes: tuple[Theme, ...]
    items: tuple[Item, ...]
    optional_items: tuple[Item, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    intro_vi: tuple[str, ...] = ()
    intro_en: tuple[str, ...] = ()
    warning_vi: str = ""
    warning_en: str = ""
    antonym_pairs: tuple[tuple[str, str], ...] = ()
    comparable_with: tuple[Declared, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def item(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def theme(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    @cached_property
    def item_place(self) -> dict[str, int]:
        """Where each item stands among the items."""
        return {item.id: place for place, item in enumerate(self.items)}

    @cached_property
    def scored_places(self) -> dict[str, tuple[int, ...]]:
        """Where the items of each theme stand that everybody is asked."""
        return {theme.id: tuple(self.item_place[item.id] for item in self.scored_in(theme.id)) for theme in self.themes}

    def items_of(self, theme_id: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.theme == theme_id)

    def scored_in(self, theme_id: str) -> tuple[Item, ...]:
        """The items a theme's score is made of: those that everybody is asked."""
        return tuple(item for item in self.items_of(theme_id) if not item.of_some)

    def items_serving(self, criterion_id: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if criterion_id in item.criteria and not item.of_some)

    def scale_of(self, item_id: str) -> Scale:
        return self.scales[self.item[item_id].scale]

    def with_optional(self, ids: Iterable[str]) -> Questionnaire:
        """The questionnaire with chosen items of the bank, each behind the core items of its theme."""
        wanted = set(ids)
        if not wanted:
            return self
        chosen = [item for item in self.optional_items if item.id in wanted]
        if missing := wanted - {item.id for item in chosen}:
            raise SurveyError(
                "unknown-optional-item",
                N_("The questionnaire has no optional item {items}."),
                items=", ".join(sorted(missing)),
            )
        order = [theme.id for theme in self.themes]
        items = sorted((*self.items, *chosen), key=lambda item: order.index(item.theme))
        return replace(self, items=tuple(items))

    def accept(self, raw: object, unit: str) -> Response:
        """The response in what a browser or a file sent, or AnswersRejected naming each place."""
        answers, comments, breakdowns = accepted(raw, self._values, self._longest, self._categories)
        skipped = self.skipped({**answers, **breakdowns})
        return Response(
            unit=unit,
            answers={name: value for name, value in answers.items() if name not in skipped},
            comments={name: text for name, text in comments.items() if name not in skipped},
            breakdowns={name: code for name, code in breakdowns.items() if name not in skipped},
        )

    @cached_property
    def _values(self) -> dict[str, frozenset[int | None]]:
        """Of each item what may be answered."""
        return {item.id: frozenset({*self.scale_of(item.id).values, self.scale_of(item.id).dont_know_value}) for item in self.items}

    @cached_property
    def _longest(self) -> dict[str, int]:
        return {question.id: question.max_chars for question in self.open_questions}

    @cached_property
    def _categories(self) -> dict[str, frozenset[object]]:
        return {b.id: frozenset(c.value for c in b.categories) for b in self.breakdowns}

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Of the questions that only some are asked."""
        asked: tuple[Item | OpenQuestion | Breakdown, ...] = (*self.items, *self.open_questions, *self.breakdowns)
        return {one.id: parse(one.relevant) for one in asked if one.relevant}

    def unanswerable(self) -> dict[str, tuple[str, str]]:
        """Questions whose condition waits for an answer that the other question does not offer: (that question, the answer)."""
        offered = {name: {str(one) for one in known} for known_by in (self._values, self._categories) for name, known in known_by.items()}
        return {
            name: (other, value)
            for name, condition in self.conditions.items()
            for other, value in answers(condition)
            if value and other in offered and value not in offered[other]
        }

    def skipped(self, answers: Mapping[str, object]) -> set[str]:
        """The questions that are not asked of who answers so; a skipped question counts as not answered, whatever was sent."""
        if not self.conditions:
            return set()
        gone: set[str] = set()
        while True:
            left = {name: value for name, value in answers.items() if name not in gone}
            more = {name for name, condition in self.conditions.items() if name not in gone and not holds(condition, left)}
            if not more:
                return gone
            gone |= more
