"""A correction: a new release of a published wave, audited jointly with the one it replaces.

Whoever has both subtracts them. Where a number of the two rests on nearly the same people, what is
between them is the answers of 1 to least - 1 people. Such numbers are hidden in the new release; if
that is not enough the correction is refused. What the old release showed is out of the world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.design.plan import Plan
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import FORMS, Release
from survey.errors import N_, SurveyError
from survey.process.scores import Floats
from survey.process.tallies import Tallies, Withheld
from survey.process.tree import Flags, Tree

_ROUNDS = 8
_KEY = ["unit", "breakdown", "category", "measure"]
_VALUES = ("score", "favourable", "unfavourable")


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


def correct(tallies: Tallies, plan: Plan, policy: Policy, old: Release) -> Release:
    """The release that may replace `old`; CorrectionRefused if none withstands both together."""
    if tallies.published:  # whoever printed the first numbers has printed the second ones too
        return _replacing(protect(tallies, plan, policy), old)
    least = policy.raised(plan.minimum_base).unit
    roots = {node.id for node in plan.nodes if node.parent is None}
    withheld: frozenset[Withheld] = frozenset()
    found: Mapping[Withheld, Withheld] = {}
    for _ in range(_ROUNDS):
        new = protect(replace(tallies, withheld=withheld), plan, policy)
        found = told_by_both(new, old, least)
        if not found:
            return _replacing(new, old, compared=len(_both(new, old)), told_by_both=0)
        if any(unit in roots for (unit, _), _ in found.values()):
            break  # a release without its total is of no use
        withheld |= set(found.values())
    raise CorrectionRefused(old.wave.id, len(found), least)


def _replacing(new: Release, old: Release, **found: int) -> Release:
    return replace(new, audit={**new.audit, "replaces": old.hash, **found})


@dataclass(frozen=True, eq=False)
class _Difference:
    """New less old of one measure in one category, over nodes: people; and whether both show it, or it is another number."""

    people: Floats
    both: Flags
    other: Flags


def told_by_both(new: Release, old: Release, least: int) -> Mapping[Withheld, Withheld]:
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


def _both(new: Release, old: Release) -> pd.DataFrame:
    """Rows whose numbers both releases show."""
    one, other = (release.cells[release.cells["reason"] == ""] for release in (new, old))
    return one.merge(other, on=_KEY, suffixes=("", "_old"))


def _difference(part: pd.DataFrame, nodes: Mapping[str, int]) -> _Difference:
    at = np.array([nodes[unit] for unit in part["unit"]])
    people, both, other = np.zeros(len(nodes)), np.zeros(len(nodes), dtype=bool), np.zeros(len(nodes), dtype=bool)
    people[at], both[at] = part["base"] - part["base_old"], True
    names = _VALUES if (part["measure"] != FORMS).all() else ()
    same = [np.isclose(part[name], part[f"{name}_old"], rtol=0, atol=1e-7, equal_nan=True) for name in names]
    other[at] = ~np.logical_and.reduce([*same, np.ones(len(part), dtype=bool)]) if names else False
    return _Difference(people, both, other)
