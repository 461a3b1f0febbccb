"""The attack on groups in which (nearly) everybody answered alike, run on the rows about to be published.

It reads what is printed and what anybody can count (people, headcounts), and asks of every number
and of every remainder (group less units, unit less categories): must everybody, or all but one, have answered at one
end? Numbers have two decimals, so he knows each to half of one hundredth. Composites of printed parts say nothing
beyond these (composites.py). hide/clamp.py is what has to withstand it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.release import ABOUT, ROUNDED_TO
from survey.disclose.rows import places_among, said_of
from survey.disclose.unanimity import least_spread, one_sided, telling
from survey.process.composites import composite_columns
from survey.process.estimates import Estimates
from survey.process.scores import Floats
from survey.process.tallies import Category, Tallies
from survey.process.tree import Flags, Places, Tree

_TINY = 1e-6
_ROUNDING = 0.005  # points: two decimals are printed
STATISTICS = ("score", "favourable", "unfavourable")


@dataclass(frozen=True, eq=False)
class View:
    """What is printed of one statistic in one category, nodes x measures: the value lies in [low, high]."""

    low: Floats
    high: Floats
    count: Floats
    weight: Floats

    def first(self, columns: int) -> View:
        return View(*(part[:, :columns] for part in (self.low, self.high, self.count, self.weight)))

    @property
    def exact(self) -> Flags:
        return np.asarray(self.high - self.low <= 2 * _ROUNDING + _TINY)

    @property
    def sums(self) -> Floats:
        """weight, count, least and largest weighted value; 0 where the value is not exactly known."""
        low, high = self.weight * np.nan_to_num(self.low), self.weight * np.nan_to_num(self.high)
        return np.where(self.exact, np.stack([self.weight, self.count, low, high]), 0.0)


def unanimous(cells: pd.DataFrame, tallies: Tallies, plan: Plan, estimates: Mapping[Category, Estimates]) -> list[str]:
    """Groups whose printed numbers force somebody's answer, as readable findings. `estimates`: bases and weights."""
    rows = cells[cells["measure"] != "forms"]
    found = [f"{unit} {category} {measure}: {why}" for unit, category, measure, why in _bare(rows)]
    place = {str(measure): column for column, measure in enumerate(tallies.measures)}
    node = {one.id: number for number, one in enumerate(plan.nodes)}
    made = composite_columns(tallies.questionnaire, tallies.measures)
    views: dict[tuple[Category, str], View] = {}
    for category, part in _by_category(rows, estimates):
        at = (places_among(part["unit"], node), places_among(part["measure"], place))
        views |= {(category, statistic): _view(part, statistic, estimates[category], at, made) for statistic in STATISTICS}
    alone = (
        (f"{category[1]} {name}", view.exact & telling((view.low + view.high) / 2, view.count)) for (category, name), view in views.items()
    )
    remainders = ((f"{what} remainder", hits) for what, hits in _remainders(views, Tree.of(plan)))
    for what, hits in chain(alone, remainders):
        found += [f"{plan.nodes[row].id} {tallies.measures[column]}: {what}" for row, column in np.argwhere(hits).tolist()]
    return found


def _bare(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Option counts and spreads that tell by themselves: unit, category, measure and what tells."""
    shown = rows[(rows["reason"] == "") & ((rows["options"] != "") | (rows["sd"].notna()))]
    counts = [np.array(text.split(","), dtype=float) if text else np.zeros(1) for text in shown["options"]]
    why = pd.Series("", index=shown.index)
    why[np.array([bool(one_sided(part)) for part in counts], dtype=bool)] = "options"
    why[(shown["options"] != "") & shown["note"].str.contains(r"(?:score|favourable)\S")] = "options beside a number that is no exact one"
    why[shown["sd"].to_numpy(dtype=float) < least_spread(shown["base"].to_numpy(dtype=float)) - 0.06] = "spread"
    return said_of(shown.assign(why=why), (why != "").to_numpy(dtype=bool), "unit", "category", "measure", "why")


def _by_category(rows: pd.DataFrame, estimates: Mapping[Category, Estimates]) -> Iterator[tuple[Category, pd.DataFrame]]:
    grouped = dict(iter(rows.groupby(["breakdown", "category"], sort=False)))
    for category in estimates:
        yield category, grouped[category]


def _view(part: pd.DataFrame, name: str, estimated: Estimates, at: tuple[Places, Places], made: Mapping[int, list[int]]) -> View:
    low, high = np.full(estimated.base.shape, np.nan), np.full(estimated.base.shape, np.nan)
    value = part[name].to_numpy(dtype=float)
    notes, different = pd.factorize(part["note"])
    marks = [_mark(text, name) for text in different.tolist()]
    known = np.array([mark in ("", ABOUT) for mark in marks], dtype=bool)[notes]
    half = np.array([ROUNDED_TO / 2 if mark == ABOUT else _ROUNDING for mark in marks])[notes]
    low[at], high[at] = np.where(known, value - half, np.nan), np.where(known, value + half, np.nan)
    for column, columns in made.items():
        if max(columns, default=0) < np.shape(low)[-1]:
            # A mean of printed parts is no more about its group than they are: where it is no exact one, they are looked at.
            some = np.isfinite(low[:, columns]).any(axis=1) & (high[:, column] - low[:, column] > 2 * _ROUNDING + _TINY)
            low[some, column] = high[some, column] = np.nan
    return View(low, high, estimated.base, np.nan_to_num(estimated.weight))


def _mark(note: str, name: str) -> str:
    return next((word[-1] for word in note.split() if word[:-1] == name), "")


def _remainders(views: Mapping[tuple[Category, str], View], tree: Tree) -> Iterator[tuple[str, Flags]]:
    for (category, name), view in views.items():
        yield f"{category[1]} {name}", _tells(view, _below(view, tree))
    for breakdown in dict.fromkeys(category[0] for category, _ in views if category[0]):
        for name in STATISTICS:
            parts = [view.sums for (category, statistic), view in views.items() if category[0] == breakdown and statistic == name]
            yield f"{breakdown} {name}", _tells(views[("", ""), name].first(parts[0].shape[2]), np.sum(parts, axis=0))


def _below(view: View, tree: Tree) -> Floats:
    """The largest exactly known groups below each node, summed."""
    known = view.sums
    below = np.zeros_like(known)
    for node in reversed(tree.order):
        children = list(tree.children.get(node, ()))
        if children:
            below[:, node] = np.where(view.exact[children], known[:, children], below[:, children]).sum(axis=1)
    return below


def _tells(whole: View, known: Floats) -> Flags:
    """Is every value that the remainder may have at the same end?"""
    room, left = whole.weight - known[0], whole.count - known[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (whole.low * whole.weight - known[3]) / room, (whole.high * whole.weight - known[2]) / room
        one_end = (high < 100 / left + _TINY) | (low > 100 - 100 / left - _TINY)
        return np.asarray((known[0] > 0) & (room > _TINY) & (left > 0.5) & one_end)
