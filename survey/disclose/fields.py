"""What questions about the person mean for disclosure, before anybody is asked: how finely they tell people apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from survey.disclose.policy import Policy
from survey.limits import CATEGORIES


@dataclass(frozen=True, kw_only=True)
class Fields:
    """`kinds`: combinations of their answers; `units`: those with staff of their own, `large`: of these, large enough to show any
    result by such a question if everybody answers; `fine`: questions with too many answers."""

    count: int
    kinds: int
    units: int
    large: int
    fine: tuple[str, ...]


def fields(answers: Mapping[str, int], headcounts: Sequence[int], policy: Policy) -> Fields:
    """`answers`: how many each question offers, "prefer not to say" left out; `headcounts`: of the units."""
    return Fields(
        count=len(answers),
        kinds=prod(answers.values()),
        units=len(headcounts),
        large=sum(count >= policy.breakdown_unit for count in headcounts),
        fine=tuple(name for name, count in answers.items() if count > CATEGORIES),
    )
