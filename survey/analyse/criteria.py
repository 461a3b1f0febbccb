"""A release by the criteria of its plan: each with its score, its way since the launch, its units, and the items behind it.

Score. A criterion is the plain mean of the printed scores of its items, so nothing in it is known that the release does
not already say. Of an item that is hidden or was not asked there is nothing in the mean, and `shown` of `asked` says so.

Error. The items of one criterion were answered by the same people, and a release does not say how their answers go
together. The standard deviation of a sum is never more than the sum of the standard deviations (Cauchy-Schwarz), so

    error(mean of k items) <= (error_1 + ... + error_k) / k

holds whatever the correlation, and the right side is what is used. It is the exact error only if everybody answered all
items alike; else it is too large: intervals are too wide rather than too narrow, and a change is called too seldom rather
than too often. The degrees of freedom are those of the item with the smallest base, for the same reason.

Verdict since the launch. Welch's t of `survey.analyse.change` on these errors: the release against the first wave of its
series, all criteria of all its units as one family (Benjamini-Hochberg), which `survey.analyse.verdicts` reckons once and keeps,
so that whoever sees one unit reads the same verdict as whoever sees all. A criterion with an item that is hidden, reworded or missing in one of the two
waves is not tested, as no other composite is; one of a single item is tested from the base of single items on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum

import numpy as np

from survey.analyse.change import BOUNDED, SMALL_BASE, Comparison, Side, compare, side, standard_error
from survey.analyse.comparable import apart
from survey.analyse.ranking import Ranked, in_bands
from survey.analyse.trend import COUNTED_TOGETHER, NOT_EXISTING, counted_in
from survey.design.criteria import Criterion
from survey.design.questionnaire import Item, Questionnaire
from survey.design.wave import Wave
from survey.disclose.release import ABOUT, NOT_AVAILABLE, PARTIAL, Cell, Release, Suppressed
from survey.process.intervals import student


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A criterion in one wave: the mean of the `shown` of its `asked` items, or why there is none (`why`, a msgid, or the cell's reason).

    `error`: the most its standard error can be; None where the spread of an item is unknown. `mixed`: bounds to both sides
    stand in the mean, so it is none itself.
    """

    wave: Wave
    cell: Cell | Suppressed
    shown: int = 0
    asked: int = 0
    error: float | None = None
    why: str = ""
    mixed: bool = False

    @property
    def score(self) -> float | None:
        return self.cell.score if isinstance(self.cell, Cell) else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One criterion. `items` with what each shows in the release; `waves` oldest first, the last is the release; `units` high to low."""

    criterion: Criterion
    items: tuple[tuple[Item, Cell | Suppressed], ...]
    waves: tuple[Standing, ...]
    since: Comparison | None  # None in the launch itself
    units: tuple[Ranked, ...]

    @property
    def now(self) -> Standing:
        return self.waves[-1]

    @property
    def told_apart(self) -> bool:
        """Is the best unit sure not to be the last one?"""
        return len(self.units) > 1 and self.units[0].worst < len(self.units)


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """One unit of one release by the criteria, in the order of the questionnaire."""

    release: Release
    unit: str
    launch: Wave
    lines: tuple[Line, ...]

    @cached_property
    def waves(self) -> tuple[Wave, ...]:
        return tuple(one.wave for one in self.lines[0].waves)

    @cached_property
    def milestones(self) -> tuple[int, ...]:
        """Places of the launch, of the wave nearest to the middle between it and now, and of now."""
        days = [wave.closes.toordinal() for wave in self.waves]
        middle = (days[0] + days[-1]) / 2
        between = range(1, len(days) - 1)
        return tuple(sorted({0, len(days) - 1, *([min(between, key=lambda place: abs(days[place] - middle))] if between else [])}))

    def line(self, criterion: str) -> Line | None:
        return next((line for line in self.lines if line.criterion.id == criterion), None)


Calls = Mapping[tuple[str, str], Comparison]  # (unit, criterion) -> against the launch


def reading(history: Sequence[Release], unit: str, plan: Questionnaire | None = None, calls: Calls | None = None) -> Reading | None:
    """`unit` in the last wave of `history` (one series, oldest first); None where there are no criteria.

    `plan`: whose criteria; the release's own questionnaire unless a later version has brought them. `calls`: the verdicts
    of the whole release, where `history` is a part of it.
    """
    release = history[-1]
    plan = plan or release.questionnaire
    if not plan.criteria:
        return None
    calls = since_launch(history, plan) if calls is None else calls
    plan = _as_asked(plan, release)
    serving = [plan.items_serving(criterion.id) for criterion in plan.criteria]
    asked = [_Asked(one, plan) for one in history]
    units = _units(release, unit)
    lines = [
        Line(
            criterion=criterion, items=tuple((item, asked[-1].cell(unit, item)) for item in items),
            waves=tuple(_standing(one, unit, items) for one in asked), since=calls.get((unit, criterion.id)),
            units=_ranked(asked[-1], units, items),
        )
        for criterion, items in zip(plan.criteria, serving, strict=True)
    ]  # fmt: skip
    return Reading(release=release, unit=unit, launch=history[0].wave, lines=tuple(lines))


def since_launch(
    history: Sequence[Release],
    plan: Questionnaire,
    others: Callable[[str, Release], str] = lambda _unit, _launch: "",
    units: Sequence[str] | None = None,
) -> Calls:
    """Every criterion of every unit of the last wave against the first one, as one family of tests; nothing in the launch itself.

    `others`: why a unit of the launch speaks of other people (coverage.py), empty where it does not. `units`: all, unless some are named.
    """
    if len(history) == 1:
        return {}
    release = history[-1]
    plan = _as_asked(plan, release)
    now, before = (_Asked(one, plan) for one in (release, history[0]))
    serving = {criterion.id: plan.items_serving(criterion.id) for criterion in plan.criteria}
    pairs = {
        (unit, criterion): (_standing(now, unit, items), _of_others(_standing(before, unit, items), reason))
        for unit, reason in ((unit, others(unit, history[0])) for unit in (units or [node.id for node in release.nodes()]))
        for criterion, items in serving.items()
    }
    return dict(zip(pairs, _tested_together(release, list(pairs.values())), strict=True))


def _of_others(one: Standing, reason: str) -> Standing:
    return replace(one, why=one.why or reason)


def _as_asked(plan: Questionnaire, release: Release) -> Questionnaire:
    """With the optional items that the wave has asked."""
    return plan.with_optional(
        [item.id for item in plan.optional_items if item.id in release.questionnaire.item and item.id not in plan.item]
    )


class _Asked:
    """One wave, as far as it asked the items of the plan; what an item shows of a node is read once for all criteria."""

    def __init__(self, release: Release, plan: Questionnaire) -> None:
        self.release = release
        self._same = {item.id for item in plan.items if not apart(plan, release.questionnaire, f"item:{item.id}")}
        self._sides: dict[tuple[str, str], Side] = {}

    def cell(self, node: str, item: Item) -> Cell | Suppressed:
        return self.side(node, item).cell

    def side(self, node: str, item: Item) -> Side:
        key = (node, item.id)
        if key not in self._sides:
            found = side(self.release, node, f"item:{item.id}") if item.id in self._same else Side(Suppressed(NOT_AVAILABLE))
            self._sides[key] = replace(found, error=standard_error(found))
        return self._sides[key]


def _standing(asked: _Asked, unit: str, items: Sequence[Item]) -> Standing:
    """The criterion of these items in one wave, for the unit where it has numbers of its own."""
    release = asked.release
    node = counted_in(release, unit)
    if node != unit:
        why = NOT_EXISTING if node is None else COUNTED_TOGETHER
        return Standing(wave=release.wave, cell=Suppressed(NOT_AVAILABLE), asked=len(items), why=why)
    sides = [asked.side(unit, item) for item in items]
    shown = [one for one in sides if isinstance(one.cell, Cell) and one.cell.score is not None]
    if not shown:
        reason = next((one.cell.reason for one in sides if isinstance(one.cell, Suppressed)), NOT_AVAILABLE)
        return Standing(wave=release.wave, cell=Suppressed(reason), asked=len(items))
    return _mean(release, unit, shown, len(items))


def _mean(release: Release, unit: str, shown: Sequence[Side], asked: int) -> Standing:
    cells = [one.cell for one in shown if isinstance(one.cell, Cell)]
    bases = [cell.base for cell in cells if cell.base is not None]
    base = min(bases) if len(bases) == len(cells) else None
    score = fsum(cell.score or 0.0 for cell in cells) / len(cells)
    errors = [error for one in shown if (error := standard_error(one)) is not None]
    error = fsum(errors) / len(errors) if len(errors) == len(cells) else None
    signs = {cell.bound("score") for cell in cells} - {""}
    mixed = len(signs) > 1
    marks = [f"score{signs.pop() if len(signs) == 1 else ABOUT}"] if signs else []
    partial = len(cells) < asked
    low, high = (None, None) if base is None else _interval(score, error, base - len(release.plan.strata[unit]))
    cell = Cell(base=base, score=score, low=low, high=high, clamped=" ".join([*marks, *([PARTIAL] if partial else [])]))
    return Standing(wave=release.wave, cell=cell, shown=len(cells), asked=asked, error=error, mixed=mixed)


def _interval(score: float, error: float | None, freedom: int) -> tuple[float | None, float | None]:
    if error is None:
        return None, None
    margin = error * float(student(np.array(float(max(freedom, 1)))))
    return max(score - margin, 0.0), min(score + margin, 100.0)


def _tested_together(release: Release, pairs: Sequence[tuple[Standing, Standing]]) -> list[Comparison]:
    """Each (now, launch) as one of a family of tests."""
    least = release.policy["base_item"]
    found = compare([(_tested(now, least), _tested(before, least)) for now, before in pairs], release.policy, "base_score")
    return [_with_difference(one, now, before) for one, (now, before) in zip(found, pairs, strict=True)]


def _tested(one: Standing, least: int) -> Side:
    """As a side of a comparison; `missing` where a difference may be said but not tested."""
    missing = one.why
    if isinstance(one.cell, Cell) and one.asked == 1 and one.cell.base is not None and one.cell.base < least:
        missing = SMALL_BASE
    elif one.mixed:
        missing = BOUNDED
    return Side(one.cell, error=one.error, missing=missing)


def _with_difference(one: Comparison, now: Standing, before: Standing) -> Comparison:
    if one.difference is None and now.score is not None and before.score is not None:
        return replace(one, difference=now.score - before.score)
    return one


def _units(release: Release, unit: str) -> list[str]:
    """The reporting units below it; for a unit without any: those beside it, itself included."""
    held = {node.id for node in release.nodes()}
    below = [one for one in release.plan.strata[unit] if one != unit]
    parent = release.node(unit).parent
    if not below and parent is not None and parent in release.plan.by_id:
        below = [one for one in release.plan.children[parent] if release.node(one).reporting]
    return [one for one in below if one in held]


def _ranked(asked: _Asked, units: Sequence[str], items: Sequence[Item]) -> tuple[Ranked, ...]:
    """Units that show the whole criterion exactly, from high to low; what lacks an item is not laid beside what has it."""
    standing = [(unit, _standing(asked, unit, items).cell) for unit in units]
    return in_bands([(unit, cell) for unit, cell in standing if isinstance(cell, Cell) and not cell.clamped])
