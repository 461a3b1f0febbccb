"""Today against plan: what share should have answered by now, and which units are behind as far as rounded rates can tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from survey.collect.fieldwork import Participation, RateRules
from survey.design.plan import Node
from survey.design.wave import Wave

TARGET = 80  # percent of the staff, unless the organizer says otherwise


def expected(wave: Wave, today: date, target: int = TARGET) -> float:
    """Percent: nothing on the morning of the first day, the target when the last has passed, day by day evenly between."""
    days = (wave.closes - wave.opens).days + 1
    passed = min(max((today - wave.opens).days, 0), days)
    return target * passed / days


def behind(part: Participation, plan: float, rules: RateRules) -> bool:
    """Certainly below the plan. People are counted by fives and the rate is rounded down: so many more may have answered as
    both hide. Units without a rate never are."""
    if part.rate is None or part.capped:
        return False
    hidden = rules.step + 100 * (rules.people - 1) / (part.node.headcount or part.given)
    return part.rate + hidden <= plan


def lagging(parts: Iterable[Participation], plan: float, rules: RateRules) -> tuple[Node, ...]:
    """Reporting units that are behind, in the order given."""
    return tuple(part.node for part in parts if part.node.reporting and behind(part, plan, rules))
