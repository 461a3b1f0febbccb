"""The clamp on a whole wave: what may be printed of groups in which (nearly) everybody answered alike.

The rule of unanimity.py, applied to every item, to the themes of a breakdown and of units too small for items, and to
what follows from them: a unit's number that is no longer exact must not come back as its group's number less its
neighbours', or as the unit less its other categories. There the sum is rounded to steps of two points, and withheld
where rounding is not enough. Composites of printed parts are reckoned from these as they are printed, so there is
nothing more to say about them: a remainder of theirs that tells is mended at one of their parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.plan import Plan
from survey.disclose.hide.printed import Printed, printed
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, WITHHELD
from survey.disclose.unanimity import blunt, rounded, rounding_covers, telling
from survey.process.composites import compose, composite_columns, points_of
from survey.process.estimates import Estimates
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies
from survey.process.tree import Flags, Tree

_TINY = 1e-9
STATISTICS = ("score", "favourable", "unfavourable")


@dataclass(eq=False)
class Numbers:
    """One statistic of one category, nodes x measures. count: people behind it; weight: what it counts in its node's
    parent; parts: it is the mean of printed parts; mark: "" = printed exactly."""

    name: str
    value: Floats
    count: Floats
    weight: Floats
    shown: Flags
    parts: Flags
    mark: NDArray[np.object_]

    def first(self, columns: int) -> Numbers:
        value, count, weight = (part[:, :columns] for part in (self.value, self.count, self.weight))
        return Numbers(self.name, value, count, weight, self.shown[:, :columns], self.parts[:, :columns], self.mark[:, :columns])

    @property
    def exact(self) -> Flags:
        return np.asarray(self.shown & (self.mark == "") & np.isfinite(self.value))

    @property
    def printed(self) -> Floats:
        """Values as they are printed, NaN where they are not."""
        bound = (self.mark == AT_LEAST) | (self.mark == AT_MOST)
        value = np.where(bound & ~self.parts, blunt(self.value, self.count).value, self.value)
        value = np.where((self.mark == ABOUT) & ~self.parts, rounded(value), value)
        return np.asarray(np.where(self.mark == WITHHELD, np.nan, points_of(value)))


Table = Mapping[Category, Mapping[str, Numbers]]


def clamp(
    tallies: Tallies, plan: Plan, estimates: Mapping[Category, Estimates], shown: Mapping[Category, Flags]
) -> Mapping[Category, Printed]:
    """What may be printed of `estimates`. Numbers another body has already published stay as they are."""
    if tallies.published:
        return {category: Printed.exactly(estimated) for category, estimated in estimates.items()}
    return _Clamping(tallies, plan, estimates, shown).made()


class _Clamping:
    def __init__(self, tallies: Tallies, plan: Plan, estimates: Mapping[Category, Estimates], shown: Mapping[Category, Flags]) -> None:
        self._t, self._estimates, self._shown, self._tree = tallies, estimates, shown, Tree.of(plan)
        self._partial = {category: estimated.partial.copy() for category, estimated in estimates.items()}
        self._parts = composite_columns(tallies.questionnaire, tallies.measures)
        self._table = {category: self._numbers(category) for category in estimates}

    def made(self) -> Mapping[Category, Printed]:
        before = -1
        while (marks := self._marks()) != before:
            before = marks
            for category, numbers in self._table.items():
                self._compose(category)
                for number in numbers.values():
                    self._along_the_tree(category, number)
            self._between_categories()
        items = np.array([measure.kind == "item" for measure in self._t.measures])
        return {
            category: printed(
                self._estimates[category],
                {name: numbers[name].printed for name in STATISTICS},
                {name: numbers[name].mark for name in STATISTICS},
                items[: self._shown[category].shape[1]],
                self._partial[category],
            )
            for category, numbers in self._table.items()
        }

    def _marks(self) -> int:
        return sum(int((number.mark != "").sum()) for numbers in self._table.values() for number in numbers.values())

    def _numbers(self, category: Category) -> dict[str, Numbers]:
        estimated, shown = self._estimates[category], self._shown[category]
        found = {}
        for name in STATISTICS:
            value = getattr(estimated, name).copy()
            mark = np.full(value.shape, "", dtype=object)
            sign = blunt(value, estimated.base).sign
            own = shown & ~estimated.parts
            mark[own & (sign > 0)], mark[own & (sign < 0)] = AT_LEAST, AT_MOST
            found[name] = Numbers(name, value, estimated.base, np.nan_to_num(estimated.weight), shown, estimated.parts, mark)
        return found

    def _compose(self, category: Category) -> None:
        """Composites anew from their parts as these are printed now, marked as far as a part is no exact one."""
        numbers, parts = self._table[category], self._estimates[category].parts
        values = {name: numbers[name].printed for name in STATISTICS}
        flags, partial = parts.copy(), self._partial[category]
        items = self._shown[EVERYBODY][:, len(self._parts) :] if category == EVERYBODY else None
        compose(self._t, values, self._shown[category], partial, flags, items)
        for column, columns in self._parts.items():
            if column and items is None:
                continue
            for name in STATISTICS:
                number, made = numbers[name], parts[:, column]
                if name != "score" and column == 0:
                    continue
                value = values[name][:, column]
                number.value[:, column] = np.where(made, value, number.value[:, column])
                marks = np.where(self._shown[category][:, columns], number.mark[:, columns], "")
                number.mark[:, column] = np.where(made & (number.mark[:, column] != WITHHELD), _joined(marks), number.mark[:, column])
                number.mark[made & np.isnan(value) & number.shown[:, column], column] = WITHHELD

    def _along_the_tree(self, category: Category, number: Numbers) -> None:
        """A group less the largest exact groups in it: no remainder may tell; else the group is rounded, or withheld."""
        below = np.zeros((3, *number.value.shape))  # weight, count and weighted sum of what is known below each node
        own = np.stack([number.weight, number.count, number.weight * np.nan_to_num(number.value)])
        exact = number.exact
        for node in reversed(self._tree.order):
            children = list(self._tree.children.get(node, ()))
            if not children:
                continue
            below[:, node] = np.where(exact[children], own[:, children], below[:, children]).sum(axis=1)
            room, left, rest = own[:, node] - below[:, node]
            with np.errstate(divide="ignore", invalid="ignore"):
                hit = exact[node] & (below[0, node] > 0) & (room > _TINY) & (left > 0.5) & telling(rest / room, left, _SLACK)
                enough = rounding_covers(number.value[node], own[0, node], below[2, node], room, left)
            for column in np.flatnonzero(hit).tolist():
                self._blunt(category, number.name, node, column, ABOUT if enough[column] else WITHHELD)

    def _blunt(self, category: Category, name: str, node: int, column: int, mark: str) -> None:
        """Mark a number, or the most extreme of its printed parts where it is made of some."""
        number = self._table[category][name]
        if not number.parts[node, column]:
            number.mark[node, column] = mark
            return
        columns = [part for part in self._parts[column] if number.shown[node, part] and np.isfinite(number.printed[node, part])]
        if not columns:
            number.mark[node, column] = WITHHELD
            return
        extreme = max(columns, key=lambda part: abs(number.value[node, part] - 50))
        self._blunt(category, name, node, extreme, WITHHELD)

    def _between_categories(self) -> None:
        """A unit less its shown categories (who is left gave none, or stands in a hidden one)."""
        for breakdown in dict.fromkeys(breakdown for breakdown, _ in self._t.categories):
            categories = [category for category in self._t.categories if category[0] == breakdown]
            for name in STATISTICS:
                parts = [self._table[category][name] for category in categories]
                for node, column in _category_hits(self._table[EVERYBODY][name], parts):
                    there = [k for k, part in enumerate(parts) if part.exact[node, column]]
                    if not there:  # withheld just now for the index, which is made of this theme
                        continue
                    smallest = min(there, key=lambda k: parts[k].count[node, column])
                    self._blunt(categories[smallest], name, node, column, WITHHELD)


_SLACK = 0.006  # points: two decimals are printed


def _category_hits(everybody: Numbers, parts: Sequence[Numbers]) -> Iterator[tuple[int, int]]:
    whole = everybody.first(parts[0].value.shape[1])
    exact = [part.exact for part in parts]
    seen = sum((np.where(e, p.weight, 0.0) for e, p in zip(exact, parts, strict=True)), np.zeros(whole.value.shape))
    left = whole.count - sum((np.where(e, p.count, 0.0) for e, p in zip(exact, parts, strict=True)), np.zeros(whole.value.shape))
    total = sum(
        (np.where(e, p.weight * np.nan_to_num(p.value), 0.0) for e, p in zip(exact, parts, strict=True)), np.zeros(whole.value.shape)
    )
    room = whole.weight - seen
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (whole.weight * whole.value - total) / room
        hits = whole.exact & (seen > 0) & (room > _TINY) & (left > 0.5) & telling(rest, left, _SLACK)
    for node, column in np.argwhere(hits):
        yield int(node), int(column)


def _joined(marks: NDArray[np.object_]) -> NDArray[np.object_]:
    """The mark of a mean: of its parts' bounds where all point one way, else "about"; withheld parts are left out of it."""
    low, high = (marks == AT_LEAST).any(axis=1), (marks == AT_MOST).any(axis=1)
    about = (marks == ABOUT).any(axis=1) | (low & high)
    return np.where(about, ABOUT, np.where(low, AT_LEAST, np.where(high, AT_MOST, ""))).astype(object)
