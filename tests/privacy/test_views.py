"""All leaders lay their views side by side: no number that differs, none beyond the release, none that follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.disclose.attack.review import review
from survey.disclose.quality import Totals, Why
from survey.disclose.release import COLUMNS, FORMS, INDEX, PROTECTS, TOO_FEW, Cell, Release, Suppressed
from survey.process.estimates import estimate
from tests.past_world import HIDDEN, past_in, true_tallies

WAVE = "2025"
REASON = COLUMNS[4:].index("reason")
Views = Mapping[str, Release]  # by the leader's unit


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("views"), (WAVE,), marked=True) as made:
        yield made


@pytest.fixture(scope="module")
def whole(services: Services) -> Release:
    return services.results.release(OPERATOR, WAVE)


@pytest.fixture(scope="module")
def views(services: Services, whole: Release) -> Views:
    return {node.id: services.results.release(Viewer(name="l", role=Role.LEADER, unit=node.id), WAVE) for node in whole.plan.nodes}


# The attack


def laid_together(views: Views) -> tuple[list[str], dict[tuple[Any, ...], tuple[Any, ...]]]:
    """(what two views say differently, the most that any view says of each place in the table)."""
    known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    found = []
    for view in views.values():
        for row in view.cells[list(COLUMNS)].itertuples(index=False, name=None):
            place, says = row[:4], row[4:]
            before = known.setdefault(place, says)
            if str(before) != str(says):
                found.append(f"told differently: {' '.join(place)}")
                known[place] = before if says[REASON] else says
    return found, known


def sides_of(view: Release) -> dict[str, Any]:
    """What a view says beside its cells, by what it speaks of."""
    said = view.quality.as_dict() if view.quality else {}
    named = {f"{part} {unit}": value for part in ("units", "alphas", "drivers") for unit, value in said.get(part, {}).items()}
    return named | ({"totals": said["totals"]} if said.get("totals") else {})


def attack(views: Views, whole: Release) -> list[str]:
    """Everything that all leaders together know and should not."""
    found, known = laid_together(views)
    published = {row[:4]: str(row[4:]) for row in whole.cells[list(COLUMNS)].itertuples(index=False, name=None)}
    found += [f"beyond the release: {' '.join(place)}" for place, says in known.items() if published.get(place) != str(says)]
    sides = sides_of(whole.for_leaders)
    for unit, view in views.items():
        found += [f"beyond the release: {name}, seen by {unit}" for name, says in sides_of(view).items() if sides.get(name) != says]
    table = pd.DataFrame([(*place, *says) for place, says in known.items()], columns=list(COLUMNS))
    return found + list(review(replace(whole, cells=table)).found)


def test_all_leaders_together_know_no_more_than_the_release(views: Views, whole: Release) -> None:
    assert attack(views, whole) == []
    assert len(laid_together(views)[1]) == len(whole.cells)
    assert isinstance(whole.cell(HIDDEN, INDEX), Suppressed) and isinstance(whole.cell("t", INDEX), Cell)
    assert {"units", "alphas"} <= {name.split()[0] for view in views.values() for name in sides_of(view)}


# Leaky controls: services that mean well


def with_their_own(views: Views, services: Services, reasons: set[str]) -> dict[str, Release]:
    """Each leader also sees how many people stand behind the numbers of his own unit that are hidden for `reasons`."""
    tallies = true_tallies(services, WAVE)
    true = estimate(tallies, tallies.wave.plan)
    rows = {node.id: row for row, node in enumerate(tallies.wave.plan.nodes)}
    columns = {str(measure): column for column, measure in enumerate(tallies.measures)}
    made = {}
    for unit, view in views.items():
        cells = view.cells.copy()
        for place in cells.index[(cells["unit"] == unit) & (cells["breakdown"] == "") & cells["reason"].isin(reasons)]:
            measure, row = cells.at[place, "measure"], rows[unit]
            base = true.forms[row] if measure == FORMS else true.base[row, columns[measure]]
            cells.loc[place, ["base", "reason"]] = [float(base), ""]
        made[unit] = replace(view, cells=cells)
    return made


def rounded_for_others(views: Views) -> dict[str, Release]:
    """Each leader sees his own unit's score exactly, and all others in whole points."""
    return {
        unit: replace(
            view, cells=view.cells.assign(score=view.cells["score"].where(view.cells["unit"] == unit, view.cells["score"].round()))
        )
        for unit, view in views.items()
    }


def test_a_leader_who_sees_his_own_hidden_unit_is_caught(views: Views, whole: Release, services: Services) -> None:
    found = attack(with_their_own(views, services, {TOO_FEW, PROTECTS}), whole)
    assert f"beyond the release: {HIDDEN}   {INDEX}" in found and f"base under the minimum: {HIDDEN} {INDEX}" in found


def test_views_protected_one_by_one_are_caught_when_laid_together(views: Views, whole: Release, services: Services) -> None:
    """No view holds a number of few people and none can be subtracted in any one of them, but all together they can."""
    leaky = with_their_own(views, services, {PROTECTS})
    # In a view other units' shown numbers are missing, which is not to say hidden: classes are asked about in the whole.
    alone = [found for view in leaky.values() for found in review(view).found if "weighted by unit" not in found]
    assert alone == []
    assert f"{INDEX}: {HIDDEN} has at most 3 people" in attack(leaky, whole)


def test_views_that_round_differently_are_caught(views: Views, whole: Release) -> None:
    found = attack(rounded_for_others(views), whole)
    assert any(one.startswith("told differently: t ") for one in found) and any(one.startswith("beyond the release: t ") for one in found)


def test_a_view_that_says_more_beside_its_numbers_is_caught(views: Views, whole: Release) -> None:
    """A unit's mark with one more reason, and what is for the organizer alone."""
    assert whole.quality is not None
    unit, mark = next(iter(whole.quality.units.items()))
    told = replace(whole.quality, units={unit: replace(mark, reasons=(*mark.reasons, Why.ALIKE))}, totals=Totals(15, 60, 58))
    found = attack({**views, unit: replace(views[unit], quality=told)}, whole)
    assert {f"beyond the release: units {unit}, seen by {unit}", f"beyond the release: totals, seen by {unit}"} <= set(found)
