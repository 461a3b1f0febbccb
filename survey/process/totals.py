"""Rows of totals in a file of counts: a unit above others whose counts are the sum of theirs must not be added to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from survey.design.units import UnitRegister
from survey.errors import N_, Problem, Said

_WHAT = ["item", "option"]


def below(units: frozenset[str], existing: UnitRegister) -> Mapping[str, tuple[str, ...]]:
    """For each of `units` that stands above others of them: those right below it."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(units):
        if unit in existing:
            above = next((one for one in existing.ancestors(unit) if one in units), None)
            if above is not None:
                found[above].append(unit)
    return {unit: tuple(children) for unit, children in found.items()}


def totals(rows: pd.DataFrame, existing: UnitRegister, own: bool) -> tuple[frozenset[str], list[Said], list[Problem]]:
    """Of one wave's counts: the units that are totals of others, how that is told, and those that may be or may not be.

    Equal counts of every answer make a total. More, and it may be a total that does not add up, or people of its own:
    `own` says they are. Fewer cannot be a total.
    """
    everybody = rows[rows["breakdown"] == ""]
    counts = everybody.groupby([*_WHAT, "unit"], observed=True)["n"].sum().unstack(fill_value=0)
    found: set[str] = set()
    said: list[Said] = []
    problems: list[Problem] = []
    for unit, children in below(frozenset(counts.columns), existing).items():
        here, there = counts[unit], counts[list(children)].sum(axis=1)
        values = {"unit": unit, "here": _people(here), "there": _people(there), "n": len(children)}
        if (here == there).all():
            found.add(unit)
            said.append(Said(N_("Unit {unit} is the total of the {n} units below it ({here} people); its rows were left out."), values))
        elif not own and _people(here) >= _people(there):
            row = int(str(rows.index[rows["unit"] == unit][0]))
            message = N_(
                "unit {unit} has {here} people, the {n} units below it {there}: a total that does not add up, or people of its own?"
            )
            cure = N_("Correct or remove its rows if it is a total; if these are its own people, without those below it, add --own-people.")
            problems.append(Problem(row=row, column="unit", message=message, cure=cure, values=values))
    return frozenset(found), said, problems


def _people(counts: pd.Series) -> int:
    return int(counts.groupby("item", observed=True).sum().max())
