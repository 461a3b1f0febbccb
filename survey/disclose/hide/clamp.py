"""The clamp on a whole wave: what may be printed of groups in which (nearly) everybody answered alike.

The rule of unanimity.py, applied to every score and share, and to what follows from them: a unit's
number that is no longer exact must not come back as its group's number less its neighbours', as the
theme less its other items, or as the unit less its other categories. There the sum is rounded to
steps of two points, and withheld where rounding is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.design.plan import Plan
from survey.disclose.attack.programme import Flags
from survey.disclose.hide.complement import Complement
from survey.disclose.hide.printed import Printed, printed
from survey.disclose.release import ABOUT, AT_LEAST, AT_MOST, WITHHELD
from survey.disclose.tree import Tree
from survey.disclose.unanimity import blunt, rounding_covers, telling
from survey.process.estimates import Estimates
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies

_TINY = 1e-9
STATISTICS = ("score", "favourable", "unfavourable")


@dataclass(eq=False)
class Numbers:
    """One statistic of one category, nodes x measures. count: people behind it (shares: answers);
    weight: what it counts in its node's parent; mark: "" = printed exactly."""

    value: Floats
    count: Floats
    weight: Floats
    shown: Flags
    mark: NDArray[np.object_]

    @property
    def exact(self) -> Flags:
        return np.asarray(self.shown & (self.mark == "") & np.isfinite(self.value))


Table = Mapping[tuple[Category, str], Numbers]


def clamp(tallies: Tallies, plan: Plan, estimates: Mapping[Category, Estimates], hidden: Complement) -> Mapping[Category, Printed]:
    """What may be printed of `estimates`. Numbers another body has already published stay as they are."""
    if tallies.published:
        return {category: Printed.exactly(estimated) for category, estimated in estimates.items()}
    table: Table = {
        (category, name): _numbers(estimated, name, hidden.cells[category] == "")
        for category, estimated in estimates.items()
        for name in STATISTICS
    }
    tree = Tree.of(plan)
    single = np.array([len(plan.strata[node.id]) == 1 for node in plan.nodes])
    before = -1
    while (marks := _marks(table)) != before:
        before = marks
        _between_measures(table, tallies, single)
        _between_categories(table, estimates)
        for numbers in table.values():
            _along_the_tree(numbers, tree)
    items = np.array([measure.kind == "item" for measure in tallies.measures])
    return {
        category: printed(estimated, {name: table[category, name].mark for name in STATISTICS}, items)
        for category, estimated in estimates.items()
    }


def _marks(table: Table) -> int:
    return sum(int((numbers.mark != "").sum()) for numbers in table.values())


def _numbers(estimated: Estimates, name: str, shown: Flags) -> Numbers:
    value = getattr(estimated, name)
    count = estimated.base if name == "score" else estimated.options.sum(axis=2)
    mark = np.full(value.shape, "", dtype=object)
    sign = blunt(value, count).sign
    mark[shown & (sign > 0)] = AT_LEAST
    mark[shown & (sign < 0)] = AT_MOST
    return Numbers(value, count, np.nan_to_num(estimated.weight), shown, mark)


def _along_the_tree(numbers: Numbers, tree: Tree) -> None:
    """A group less the largest exact groups in it: no remainder may tell; else the group is rounded, or withheld."""
    below = np.zeros((3, *numbers.value.shape))  # weight, count and weighted sum of what is known below each node
    own = np.stack([numbers.weight, numbers.count, numbers.weight * np.nan_to_num(numbers.value)])
    for node in reversed(tree.order):
        exact = numbers.exact
        for child in tree.children.get(node, ()):
            below[:, node] += np.where(exact[child], own[:, child], below[:, child])
        room, left, rest = own[:, node] - below[:, node]
        with np.errstate(divide="ignore", invalid="ignore"):
            hit = exact[node] & (below[0, node] > 0) & (room > _TINY) & telling(rest / room, left)
            enough = rounding_covers(numbers.value[node], own[0, node], below[2, node], room, left)
        numbers.mark[node, hit] = np.where(enough[hit], ABOUT, WITHHELD)


def _between_measures(table: Table, tallies: Tallies, single: Flags) -> None:
    """A theme less its other items, the index less its other themes."""
    index, themes = _parts(tallies)
    everybody = {name: table[EVERYBODY, name] for name in STATISTICS}
    for theme, items in themes:
        for name in ("favourable", "unfavourable"):
            share = everybody[name]
            hit = single & _remainder_tells(share, theme, items, share.count, share.count[:, theme])
            share.mark[hit, theme] = WITHHELD
        for node in np.flatnonzero(single).tolist():
            _part_scores(everybody, node, theme, items)
    for category in {category for category, _ in table}:
        numbers = {name: table[category, name] for name in STATISTICS}
        for node in range(len(single)):
            _part_scores(numbers, node, *index)


def _parts(tallies: Tallies) -> tuple[tuple[int, list[int]], list[tuple[int, list[int]]]]:
    """The index and its themes, and every theme and its items, as columns."""
    place = {str(measure): column for column, measure in enumerate(tallies.measures)}
    questionnaire = tallies.questionnaire
    themes = [
        (place[f"theme:{theme.id}"], [place[f"item:{item.id}"] for item in questionnaire.items if item.theme == theme.id])
        for theme in questionnaire.themes
    ]
    return (0, [place[f"theme:{theme.id}"] for theme in questionnaire.themes if theme.in_index]), themes


def _remainder_tells(numbers: Numbers, whole: int, parts: Sequence[int], weight: Floats, whole_weight: Floats) -> Flags:
    exact = numbers.exact
    seen = np.where(exact[:, parts], weight[:, parts], 0.0)
    room = whole_weight - seen.sum(axis=1)
    left = numbers.count[:, whole] - np.where(exact[:, parts], numbers.count[:, parts], 0.0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (whole_weight * numbers.value[:, whole] - (seen * np.nan_to_num(numbers.value[:, parts])).sum(axis=1)) / room
        return np.asarray(exact[:, whole] & (seen.sum(axis=1) > 0) & (room > _TINY) & (left > _TINY) & telling(rest, left))


def _part_scores(numbers: Mapping[str, Numbers], node: int, whole: int, parts: Sequence[int]) -> None:
    """The mean of some parts follows from the whole's and the others'; the lowest of these is withheld with its shares."""
    score = numbers["score"]
    exact = score.exact[node]
    there = [part for part in parts if score.count[node, part] > 0]
    seen = [part for part in there if exact[part]]
    while exact[whole] and seen and len(seen) < len(there):
        loose = [part for part in there if part not in seen]
        rest = (len(there) * score.value[node, whole] - score.value[node, seen].sum()) / len(loose)
        if not telling(rest, score.count[node, loose].min()):
            return
        lowest = min(seen, key=lambda part: score.value[node, part])
        for one in numbers.values():
            one.mark[node, lowest] = WITHHELD
        seen.remove(lowest)


def _between_categories(table: Table, estimates: Mapping[Category, Estimates]) -> None:
    """A unit less its shown categories (who is left gave none, or stands in a hidden one)."""
    for breakdown in dict.fromkeys(breakdown for breakdown, _ in estimates if breakdown):
        categories = [category for category in estimates if category[0] == breakdown]
        for name in STATISTICS:
            whole, parts = table[EVERYBODY, name], [table[category, name] for category in categories]
            share = (
                _share_weight(whole, estimates[EVERYBODY]),
                [_share_weight(p, estimates[c]) for p, c in zip(parts, categories, strict=True)],
            )
            for place in _category_hits(whole, parts, *share):
                smallest = min((p for p in parts if p.exact[place]), key=lambda p: p.count[place])
                smallest.mark[place] = WITHHELD


def _share_weight(numbers: Numbers, estimated: Estimates) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(numbers.weight * numbers.count / estimated.base)


def _category_hits(whole: Numbers, parts: Sequence[Numbers], weight: Floats, weights: Sequence[Floats]) -> Iterator[tuple[int, int]]:
    exact = [part.exact for part in parts]
    seen = sum((np.where(e, w, 0.0) for e, w in zip(exact, weights, strict=True)), np.zeros(weight.shape))
    left = whole.count - sum((np.where(e, p.count, 0.0) for e, p in zip(exact, parts, strict=True)), np.zeros(weight.shape))
    total = sum(
        (np.where(e, w * np.nan_to_num(p.value), 0.0) for e, w, p in zip(exact, weights, parts, strict=True)), np.zeros(weight.shape)
    )
    room = weight - seen
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (weight * whole.value - total) / room
        hits = whole.exact & (seen > 0) & (room > _TINY) & (left > _TINY) & telling(rest, left)
    for node, column in np.argwhere(hits):
        yield int(node), int(column)
