"""A proposal: what each column is for and what its values mean, for an officer to look at and to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from survey.design.questionnaire import Questionnaire
from survey.errors import N_, Said, shown
from survey.process.proposal.table import Column, Table


class Kind(StrEnum):
    NOTHING = "nothing"
    WAVE = "wave"
    UNIT = "unit"
    ITEM = "item"
    BREAKDOWN = "breakdown"
    COMMENT = "comment"


@dataclass(frozen=True)
class Use:
    """What a column is for; `id` of the question where it is one."""

    kind: Kind = Kind.NOTHING
    id: str = ""


_SPEAKING = frozenset((Kind.UNIT, Kind.ITEM, Kind.BREAKDOWN))  # whose values mean one of a list


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """A column with its use. `values`: what stands in it -> what it means, None for no answer; what is missing there nobody
    knows yet. `guessed`: values that only look like what they are taken for. `sure`: is it the column of that question beyond doubt?"""

    column: Column
    use: Use = Use()
    values: Mapping[str, str | None] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    sure: bool = True

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(value for value in self.column.values if value not in self.values) if self.use.kind in _SPEAKING else ()


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One list of values for all `columns` whose questions have the same options. `use.id`: of items that of their scale.
    `rows`: value -> rows of all columns together; `first`: value -> the first row with it; `number`: tells apart the lists of one scale."""

    use: Use
    number: int
    columns: tuple[str, ...]
    meanings: Mapping[str, str | None]
    rows: Mapping[str, int]
    first: Mapping[str, int]
    guessed: frozenset[str]

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(value for value in self.rows if value not in self.meanings)

    @property
    def doubtful(self) -> bool:
        return bool(self.unknown or self.guessed)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """`wave`, `unit`: of the whole file where no column says it; `by_year`: the wave's column holds days, and the year counts.
    `told`: what an officer should read."""

    table: Table
    columns: tuple[Assigned, ...]
    wave: str = ""
    unit: str = ""
    by_year: bool = False
    told: tuple[Said, ...] = ()

    def column(self, head: str) -> Assigned:
        return next(one for one in self.columns if one.column.head == head)

    def used(self, *kinds: Kind) -> tuple[Assigned, ...]:
        """The columns for anything, or for these."""
        return tuple(one for one in self.columns if (one.use.kind in kinds if kinds else one.use.kind is not Kind.NOTHING))

    def with_column(self, changed: Assigned) -> Proposal:
        return replace(self, columns=tuple(changed if one.column.head == changed.column.head else one for one in self.columns))

    def with_value(self, heads: Collection[str], value: str, meaning: str | None) -> Proposal:
        """`value` means that, in each of these columns it stands in."""
        made = [
            replace(one, values={**one.values, value: meaning}, guessed=one.guessed - {value})
            if one.column.head in heads and value in one.column.values
            else one
            for one in self.columns
        ]
        return replace(self, columns=tuple(made))

    def with_unit(self, unit: str) -> Proposal:
        """Every row is of that unit."""
        return replace(self, unit=unit)

    def answers(self, questionnaire: Questionnaire) -> tuple[Answers, ...]:
        """The lists of values to look at; columns of one scale share a list unless a value means two things in them."""
        groups: list[tuple[Use, list[Assigned], dict[str, str | None]]] = []
        for one in self.used(*_SPEAKING):
            use = Use(Kind.ITEM, questionnaire.scale_of(one.use.id).id) if one.use.kind is Kind.ITEM else one.use
            for other, members, meanings in groups:
                if other == use and all(meanings.get(value, meant) == meant for value, meant in one.values.items()):
                    members.append(one)
                    meanings.update(one.values)
                    break
            else:
                groups.append((use, [one], dict(one.values)))
        numbers: Counter[Use] = Counter()
        made = []
        for use, members, _meanings in groups:
            made.append(_answers(use, numbers[use], members))
            numbers[use] += 1
        return tuple(made)

    def missing(self) -> Iterator[Said]:
        """What has to be chosen before the file can be read."""
        if not self.used(Kind.ITEM):
            yield Said(N_("No column is a question yet."))
        if not self.unit and not self.used(Kind.UNIT):
            yield Said(N_("No column says the unit, and no unit is chosen for the whole file."))
        if not self.wave and not self.used(Kind.WAVE):
            yield Said(N_("No column says the wave, and no wave is chosen for the whole file."))
        times = Counter(one.use for one in self.used())
        for use, n in times.items():
            if n > 1:
                heads = ", ".join(f'"{shown(one.column.head, 40)}"' for one in self.columns if one.use == use)
                yield Said(N_("{n} columns are for the same: {columns}. Keep one of them."), {"n": n, "columns": heads})


def _answers(use: Use, number: int, members: Collection[Assigned]) -> Answers:
    rows: Counter[str] = Counter()
    meanings: dict[str, str | None] = {}
    first: dict[str, int] = {}
    for one in members:
        rows.update(one.column.values)
        meanings |= one.values
        first |= {value: min(row, first.get(value, row)) for value, row in one.column.first.items()}
    guessed = frozenset().union(*(one.guessed for one in members))
    return Answers(
        use=use,
        number=number,
        columns=tuple(one.column.head for one in members),
        meanings=meanings,
        rows=dict(rows),
        first=first,
        guessed=guessed,
    )
