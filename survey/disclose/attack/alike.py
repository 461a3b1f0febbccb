"""The attack on groups in which (nearly) everybody answered alike, run on the rows about to be published.

It reads what is printed and what anybody can count (people, headcounts), and asks of every number
and of every remainder (group less units, unit less categories, theme less items, index less themes):
must everybody, or all but one, have answered at one end? clamp.py is what has to withstand it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.attack.programme import Flags
from survey.disclose.release import ABOUT, ROUNDED_TO
from survey.disclose.tree import Tree
from survey.disclose.unanimity import least_spread, one_sided, telling
from survey.process.estimates import Estimates
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies

_TINY = 1e-6
STATISTICS = ("score", "favourable", "unfavourable")


@dataclass(frozen=True, eq=False)
class View:
    """What is printed of one statistic in one category, nodes x measures: the value lies in [low, high]."""

    low: Floats
    high: Floats
    count: Floats
    weight: Floats

    @property
    def exact(self) -> Flags:
        return np.asarray(self.low == self.high)

    @property
    def sums(self) -> Floats:
        """weight, count and weighted value, 0 where the value is not exactly known."""
        return np.where(self.exact, np.stack([self.weight, self.count, self.weight * np.nan_to_num(self.low)]), 0.0)


def unanimous(cells: pd.DataFrame, tallies: Tallies, plan: Plan, estimates: Mapping[Category, Estimates]) -> list[str]:
    """Groups whose printed numbers force somebody's answer, as readable findings."""
    rows = cells[cells["measure"] != "forms"]
    found = [f"{row.unit} {row.category} {row.measure}: {row.why}" for row in _bare(rows).itertuples()]
    place = {str(measure): column for column, measure in enumerate(tallies.measures)}
    node = {one.id: number for number, one in enumerate(plan.nodes)}
    views = {
        (category, statistic): _view(part, statistic, estimates[category], node, place)
        for category, part in _by_category(rows, estimates)
        for statistic in STATISTICS
    }
    alone = ((f"{category[1]} {name}", view.exact & telling(view.low, view.count)) for (category, name), view in views.items())
    remainders = ((f"{what} remainder", hits) for what, hits in _remainders(views, tallies, plan))
    for what, hits in chain(alone, remainders):
        found += [f"{plan.nodes[row].id} {tallies.measures[column]}: {what}" for row, column in np.argwhere(hits).tolist()]
    return found


def _bare(rows: pd.DataFrame) -> pd.DataFrame:
    """Option counts and spreads that tell by themselves."""
    shown = rows[rows["reason"] == ""]
    counts = [np.array(text.split(","), dtype=float) if text else np.zeros(1) for text in shown["options"]]
    why = pd.Series("", index=shown.index)
    why[np.array([bool(one_sided(part)) for part in counts])] = "options"
    why[(shown["options"] != "") & shown["note"].str.contains(r"(?:score|favourable)\S")] = "options beside a number that is no exact one"
    why[shown["sd"].to_numpy(dtype=float) < least_spread(shown["base"].to_numpy(dtype=float)) - _TINY] = "spread"
    return shown.assign(why=why)[why != ""]


def _by_category(rows: pd.DataFrame, estimates: Mapping[Category, Estimates]) -> Iterator[tuple[Category, pd.DataFrame]]:
    grouped = dict(iter(rows.groupby(["breakdown", "category"], sort=False)))
    for category in estimates:
        yield category, grouped[category]


def _view(part: pd.DataFrame, name: str, estimated: Estimates, node: Mapping[str, int], place: Mapping[str, int]) -> View:
    low, high = np.full(estimated.base.shape, np.nan), np.full(estimated.base.shape, np.nan)
    at = (part["unit"].map(node).to_numpy(), part["measure"].map(place).to_numpy())
    value = part[name].to_numpy(dtype=float)
    marks = part["note"].str.extract(f"(?:^| ){name}([^ ])", expand=False).fillna("").to_numpy()
    known = np.isin(marks.astype(str), ("", ABOUT))
    half = np.where(marks == ABOUT, ROUNDED_TO / 2, 0.0)
    low[at], high[at] = np.where(known, value - half, np.nan), np.where(known, value + half, np.nan)
    count = estimated.base if name == "score" else estimated.options.sum(axis=2)
    return View(low, high, count, np.nan_to_num(estimated.weight))


def _remainders(views: Mapping[tuple[Category, str], View], tallies: Tallies, plan: Plan) -> Iterator[tuple[str, Flags]]:
    tree = Tree.of(plan)
    categories = list(dict.fromkeys(category for category, _ in views))
    for (category, name), view in views.items():
        yield f"{category[1]} {name}", _tells(view, _below(view, tree))
    for breakdown in dict.fromkeys(category[0] for category in categories if category != EVERYBODY):
        for name in STATISTICS:
            whole = _shares(views[EVERYBODY, name], views[EVERYBODY, "score"])
            parts = [_shares(views[c, name], views[c, "score"]).sums for c in categories if c[0] == breakdown]
            yield f"{breakdown} {name}", _tells(whole, np.sum(parts, axis=0))
    place = {str(measure): column for column, measure in enumerate(tallies.measures)}
    themes = tallies.questionnaire.themes
    for theme in themes:
        items = [place[f"item:{item.id}"] for item in tallies.questionnaire.items if item.theme == theme.id]
        for name in STATISTICS:
            yield f"items {name}", _within(views[EVERYBODY, name], place[f"theme:{theme.id}"], items, plan, name == "score")
    for category in categories:
        yield (
            f"{category[1]} themes",
            _within(views[category, "score"], 0, [place[f"theme:{t.id}"] for t in themes if t.in_index], plan, True),
        )


def _below(view: View, tree: Tree) -> Floats:
    """The largest exactly known groups below each node, summed."""
    known = view.sums
    below = np.zeros_like(known)
    for node in reversed(tree.order):
        for child in tree.children.get(node, ()):
            below[:, node] += np.where(view.exact[child], known[:, child], below[:, child])
    return below


def _shares(view: View, scores: View) -> View:
    """Weights of shares within a unit go by answers, of scores by people."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return View(view.low, view.high, view.count, np.nan_to_num(view.weight * view.count / scores.count))


def _tells(whole: View, known: Floats) -> Flags:
    """Is every value that the remainder may have at the same end?"""
    room, left = whole.weight - known[0], whole.count - known[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = ((bound * whole.weight - known[2]) / room for bound in (whole.low, whole.high))
        one_end = (high < 100 / left + _TINY) | (low > 100 - 100 / left - _TINY)
        return np.asarray((known[0] > 0) & (room > _TINY) & (left > _TINY) & one_end)


def _within(view: View, whole: int, parts: Sequence[int], plan: Plan, mean: bool) -> Flags:
    """A measure less its other parts. mean: every part counts alike; else by its answers (single units only)."""
    hits = np.zeros(view.low.shape, dtype=bool)
    for row, node in enumerate(plan.nodes):
        there = [part for part in parts if view.count[row, part] > 0]
        seen = [part for part in there if view.exact[row, part]]
        loose = [part for part in there if part not in seen]
        if not view.exact[row, whole] or not seen or not loose or (len(plan.strata[node.id]) > 1 and whole > 0):
            continue
        weight = np.ones(len(view.count[row])) if mean else view.count[row]
        room = weight[there].sum() - weight[seen].sum()
        rest = (weight[there].sum() * view.low[row, whole] - weight[seen] @ view.low[row, seen]) / room
        people = view.count[row, loose].min() if mean else view.count[row, loose].sum()
        hits[row, whole] = bool(telling(np.array(rest), np.array(people)))
    return hits
