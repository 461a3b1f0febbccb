"""A correction: a new release of a published wave, audited jointly with every release the wave ever had.

Whoever has two of them subtracts them. Where a number of the two rests on nearly the same people, what is
between them is the answers of 1 to least - 1 people. Such numbers are hidden in the new release; if that is
not enough the correction is refused. What an old release showed is out of the world, also when another one
came between: the first and the third can differ by one person where each differs from the second by many.

What an old release shows of people who did not change can also be read beside the new one, as if that showed
it too: of two units hidden for each other's sake, each release may show one. So the new release is attacked
once more together with every old number of (nearly) the same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.attack.audit import View, narrow_in, small_classes, views_of
from survey.disclose.combinations import light
from survey.disclose.people import Number, numbers_of
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import FORMS, Release
from survey.disclose.rows import places_among
from survey.disclose.superseded import INSTEAD_OF_DRAFT, Superseded
from survey.errors import N_, SurveyError
from survey.one_thread import one_thread
from survey.process.scores import Floats
from survey.process.tallies import EVERYBODY, Category, Tallies, Withheld
from survey.process.tree import Flags, Tree

_ROUNDS = 8
_KEY = ["unit", "breakdown", "category", "measure"]
# Whatever of people is printed. Not the interval, which also moves with a headcount put right.
_VALUES = ("score", "sd", "favourable", "unfavourable", "dont_know")


class CorrectionRefused(SurveyError):
    def __init__(self, wave: str, count: int, least: int) -> None:
        super().__init__(
            "correction-refused",
            N_(
                "Wave {wave} was not replaced: {count} numbers differ from the published ones by the answers of 1 to {few} people, which "
                "anybody who has both could read. Nothing was changed. Publish the correction when it concerns {least} people or more."
            ),
            wave=wave,
            count=count,
            few=least - 1,
            least=least,
        )


class EarlierReleaseLost(SurveyError):
    def __init__(self, wave: str) -> None:
        super().__init__(
            "earlier-release-lost",
            N_(
                "Wave {wave} was not replaced: it was corrected once with an older version of this program, which did not keep the first "
                "release, so nobody can say what both would tell together. Nothing was changed."
            ),
            wave=wave,
        )


def correct(tallies: Tallies, plan: Plan, policy: Policy, old: Release, superseded: Sequence[Superseded] = ()) -> Release:
    """The release that may replace `old`, which replaced `superseded`; CorrectionRefused if none withstands each of them."""
    if tallies.published:  # whoever printed the first numbers has printed the second ones too
        return _replacing(protect(tallies, plan, policy), old)
    _check_all_kept(old, superseded)
    before: list[Release | Superseded] = [*superseded, old]
    least = policy.raised(plan.minimum_base).unit
    roots = {node.id for node in plan.nodes if node.parent is None}
    withheld: frozenset[Withheld] = frozenset()
    found: dict[Withheld, Withheld] = {}
    for _ in range(_ROUNDS):
        new = protect(replace(tallies, withheld=withheld), plan, policy)
        found = {}
        for one in before:
            found |= told_by_both(new, one, least)
        found = found or told_together(new, before, tallies, policy)
        if not found:
            compared = sum(len(_both(new, one)) for one in before)
            return _replacing(new, old, releases_before=len(before), compared=compared, told_by_both=0)
        if any(unit in roots for (unit, _), _ in found.values()) or set(found.values()) <= withheld:
            break  # a release without its total is of no use; what is hidden already cannot be hidden more
        withheld |= set(found.values())
    raise CorrectionRefused(old.wave.id, len(found), least)


def reprinted(new: Release, old: Release) -> Release:
    """Printed scores in the place of `old`: only where that was printed by others too, for what was protected here stays so."""
    if not old.published_elsewhere:
        message = N_(
            "Wave {wave} was not replaced: its results were protected here, and printed scores are not. Nothing was changed. "
            "Import the corrected counts or answers instead."
        )
        raise SurveyError("protected-here", message, wave=old.wave.id)
    return _replacing(new, old)


def instead_of_draft(new: Release, old: Release) -> Release:
    """`new` in the place of a draft that was never public: nobody has its numbers, so none of them has to be held against the new ones."""
    return replace(new, audit={**new.audit, INSTEAD_OF_DRAFT: old.hash})


def _check_all_kept(old: Release, superseded: Sequence[Superseded]) -> None:
    """A correction has as many releases before it as it was audited against, and names the last."""
    replaced = old.audit.get("replaces")
    # A release that was replaced by its like has one of itself before it, which is not counted twice.
    if replaced and replaced != old.hash and replaced not in {one.hash for one in superseded}:
        raise EarlierReleaseLost(old.wave.id)


def _replacing(new: Release, old: Release, **found: int) -> Release:
    return replace(new, audit={**new.audit, "replaces": old.hash, **found})


def told_together(new: Release, before: Sequence[Release | Superseded], tallies: Tallies, policy: Policy) -> dict[Withheld, Withheld]:
    """Numbers of `new` that speak of a few people beside old numbers of (nearly) the people whom `tallies` counts today.

    Each with itself: the number to hide. Where no number of `new` can be blamed, the total.
    """
    plan, policy = new.plan, policy.raised(new.plan.minimum_base)
    tree, names = Tree.of(plan), [node.id for node in plan.nodes]
    blocks = [EVERYBODY, *tallies.categories]
    found: set[Withheld] = set()
    with one_thread():
        for view in views_of(tallies, plan, policy, new.cells, tree):
            beside = _beside(view, before, names, blocks, tree, policy.unit)
            if (beside.shown & ~view.shown).any():
                numbers = _lights(view, beside, tree)
                if not numbers and narrow_in([beside], names, tree):
                    numbers = {(0, tree.order[0])}
                found |= {((names[node], blocks[block]), view.name) for block, node in numbers}
    return {number: number for number in found}


def _beside(
    view: View, before: Sequence[Release | Superseded], names: Sequence[str], blocks: Sequence[Category], tree: Tree, least: int
) -> View:
    """The view, and shown in it what an old release shows of the same people but for fewer than `least`."""
    today, shown = tree.above @ view.own, view.shown.copy()
    node = {name: number for number, name in enumerate(names)}
    block = {pair: number for number, pair in enumerate(blocks)}
    for one in before:
        rows = one.cells[(one.cells["measure"] == view.name) & (one.cells["reason"] == "")]
        rows = rows[rows["unit"].isin(node)]
        categories = [block.get(pair, -1) for pair in zip(rows["breakdown"], rows["category"], strict=True)]
        at = np.array(categories, dtype=np.int64)
        row, base = places_among(rows["unit"], node), rows["base"].to_numpy(dtype=float)
        row, base, at = row[at >= 0], base[at >= 0], at[at >= 0]
        people = today[row, at]
        same = (np.abs(base - people) < least) & (people >= view.least)
        shown[row[same], at[same]] = True
    return replace(view, shown=shown)


def _lights(view: View, beside: View, tree: Tree) -> set[Number]:
    """Numbers of `view` that take part in a combination of few people; the total where only old ones do."""
    combinations = [one.classes for crowd in beside.crowds for one in light(crowd, beside.shown, tree, beside.least)]
    if not beside.crowds:  # without breakdowns: whoever stands under the same nearest shown number
        combinations = [((0, node),) for node, _people in small_classes(beside, tree)]
    found: set[Number] = set()
    for classes in combinations:
        used = {(block, low) for block, node in classes for low in numbers_of(tree, beside.shown[:, block], node)}
        found |= {number for number in used if view.shown[number[1], number[0]]} or {(0, tree.order[0])}
    return found


@dataclass(frozen=True, eq=False)
class _Difference:
    """New less old of one measure in one category, over nodes: people; and whether both show it, or it is another number."""

    people: Floats
    both: Flags
    other: Flags


def told_by_both(new: Release, old: Release | Superseded, least: int) -> Mapping[Withheld, Withheld]:
    """Numbers shown in both whose difference, or what it leaves less those of their parts, speaks of 1 to least - 1 people.

    Each with the number to hide: itself, or of its parts the one that leaves most people together.
    """
    nodes = {node.id: place for place, node in enumerate(new.plan.nodes)}
    tree = Tree.of(new.plan)
    table: dict[tuple[str, str, str], _Difference] = {}
    for (breakdown, category, measure), part in _both(new, old).groupby(_KEY[1:], sort=False):
        table[str(breakdown), str(category), str(measure)] = _difference(part, nodes)
    found: dict[Withheld, Withheld] = {}

    def number(key: tuple[str, str, str], node: int) -> Withheld:
        return (new.plan.nodes[node].id, (key[0], key[1])), key[2]

    for key, one in table.items():
        alone = _few(one.people, least) | (one.other & (np.abs(one.people) < least))
        for node in np.flatnonzero(one.both).tolist():
            parts = [[(key, below) for below in _shown_below(one, tree, node)]]
            if not key[0]:
                breakdowns = dict.fromkeys(b for b, _, measure in table if b and measure == key[2])
                parts += [[(k, node) for k in table if (k[0], k[2]) == (b, key[2]) and table[k].both[node]] for b in breakdowns]
            if alone[node]:
                found[number(key, node)] = number(key, node)
                continue
            for seen in parts:
                left = one.people[node] - sum(table[k].people[n] for k, n in seen)
                if seen and 0 < abs(left) < least:
                    best = max(seen, key=lambda part: abs(left + table[part[0]].people[part[1]]))
                    found[number(key, node)] = number(*best)
    return found


def _shown_below(one: _Difference, tree: Tree, node: int) -> Iterator[int]:
    """The largest groups below a node that both releases show."""
    for child in tree.children.get(node, ()):
        if one.both[child]:
            yield child
        else:
            yield from _shown_below(one, tree, child)


def _few(people: Floats, least: int) -> Flags:
    size = np.abs(people)
    return np.asarray((size > 0) & (size < least))


def _both(new: Release, old: Release | Superseded) -> pd.DataFrame:
    """Rows whose numbers both releases show."""
    one, other = (release.cells[release.cells["reason"] == ""] for release in (new, old))
    return one.merge(other, on=_KEY, suffixes=("", "_old"))


def _difference(part: pd.DataFrame, nodes: Mapping[str, int]) -> _Difference:
    at = np.array([nodes[unit] for unit in part["unit"]])
    people, both, other = np.zeros(len(nodes)), np.zeros(len(nodes), dtype=bool), np.zeros(len(nodes), dtype=bool)
    people[at], both[at] = part["base"] - part["base_old"], True
    if (part["measure"] != FORMS).all():
        same = [np.isclose(part[name], part[f"{name}_old"], rtol=0, atol=1e-7, equal_nan=True) for name in _VALUES]
        same += [(part[name] == part[f"{name}_old"]).to_numpy() for name in ("options", "note")]
        other[at] = ~np.logical_and.reduce(same)
    return _Difference(people, both, other)
