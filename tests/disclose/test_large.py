"""A release too large to be held is read where a reader asks, and says what it says as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import db.releases
from bootstrap import Services, build
from survey.access import OPERATOR, Role, Viewer
from survey.analyse.change import compare
from survey.analyse.verdicts import _ITEMS as ITEMS
from survey.analyse.verdicts import AGAINST, GROUP, Verdicts
from survey.disclose.forest import together, trees
from survey.disclose.large import Large, pieces
from survey.disclose.release import COLUMNS, INDEX, NOT_AVAILABLE, Cell, Release, Suppressed
from survey.disseminate.seen import public_part
from survey.kept import Kept
from tests.past_world import past_in

WAVE = "2025"
HEAD = Viewer(name="head", role=Role.LEADER, unit="t.a")
OWN = {"t.a", "t:so_ban_nganh", "t"}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("large"), (WAVE,), marked=True) as made:
        yield made


@pytest.fixture(scope="module")
def whole(services: Services) -> Release:
    return services.results.release(OPERATOR, WAVE)


@pytest.fixture
def read(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The same stores, where every release is too large."""
    monkeypatch.setattr(db.releases, "LARGE", 0)
    again = build(services.settings)
    yield again
    again.close()


def rows(release: Release) -> list[str]:
    return sorted(map(str, release.cells[list(COLUMNS)].itertuples(index=False, name=None)))


def test_it_says_what_it_says_as_a_whole(read: Services, services: Services, whole: Release) -> None:
    large = read.results.release(OPERATOR, WAVE)
    assert isinstance(large, Large) and not isinstance(whole, Large)
    assert large.nodes() == whole.nodes() and large.hash == whole.hash and large.counted == whole.counted
    keys = whole.cells[list(COLUMNS[:4])].itertuples(index=False, name=None)
    assert all(large.cell(u, m, b, c) == whole.cell(u, m, b, c) for u, b, c, m in keys)
    assert rows(large) == rows(whole) and rows(public_part(large)) == rows(public_part(whole))
    # So it does for a leader, whose part of it is cut the same way.
    mine, his = (one.results.release(HEAD, WAVE) for one in (read, services))
    assert mine.nodes() == his.nodes() and rows(mine) == rows(his) and mine.quality == his.quality
    assert read.results.hash(HEAD, WAVE) == whole.hash


def test_a_number_of_another_unit_is_not_read_for_a_leader(read: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    read.results.release(OPERATOR, WAVE).cell("t.m", INDEX)  # it is at hand: somebody else has asked for it
    part = read.results.release(HEAD, WAVE)
    assert isinstance(part, Large) and {node.id for node in part.nodes()} == OWN
    assert part.cell("t.m", INDEX) == Suppressed(NOT_AVAILABLE) and part.response_rate("t.m") is None
    assert set(part.cells["unit"]) == OWN and isinstance(part.cell("t.a", INDEX), Cell)
    assert part.restricted(part.plan.by_id).cell("t.m", INDEX) == Suppressed(NOT_AVAILABLE)  # what was cut off does not come back
    # The control: had it been left to the page to ask for its own units only.
    assert isinstance(replace(part, seen=part.shelf.units).cell("t.m", INDEX), Cell)


def test_where_all_releases_together_are_too_many_none_is_held_as_a_whole(
    services: Services, whole: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    for held, large in ((len(whole.cells), False), (len(whole.cells) - 1, True)):
        monkeypatch.setattr(db.releases, "WHOLE", held)
        again = build(services.settings)
        assert isinstance(again.results.release(OPERATOR, WAVE), Large) is large
        again.close()


def test_a_damaged_number_changes_the_fingerprint_of_what_is_read_in_pieces(read: Services) -> None:
    large: Any = read.results.release(OPERATOR, WAVE)
    cells = large.whole().cells.copy()
    cells.loc[cells["score"].first_valid_index(), "score"] += 0.01
    assert replace(large.whole(), cells=cells).hash != large.hash == large.whole().hash


def test_neighbours_are_read_together_never_across_trees(whole: Release) -> None:
    forest = two_trees(whole).plan
    for piece in set(pieces(forest).values()):
        assert len({node.startswith("x") for node in piece}) == 1
    assert set(pieces(forest)) == set(forest.by_id)


# Verdicts of several trees


def two_trees(one: Release, apart: float = 0.0) -> Release:
    """The same province twice, the second under other names; `apart`: its units so many points further up."""
    names = {node.id: f"x{node.id}" for node in one.plan.nodes}
    nodes = tuple(
        replace(node, id=names[node.id], parent=names.get(node.parent or ""), members=tuple(f"x{member}" for member in node.members))
        for node in one.plan.nodes
    )
    cells = one.cells.assign(unit=one.cells["unit"].map(names))
    cells = cells.assign(
        score=cells["score"] + apart * cells["unit"].map({name: not one.plan.children.get(unit) for unit, name in names.items()})
    )
    other = replace(one, wave=replace(one.wave, plan=replace(one.plan, nodes=nodes)), cells=cells, quality=None)
    plan = replace(one.plan, nodes=(*one.plan.nodes, *nodes))
    assert [tree.roots for tree in trees(plan)] == [one.plan.roots, other.plan.roots]
    return together(replace(one.wave, plan=plan), [replace(one, quality=None), other])


def test_what_is_called_of_one_province_does_not_hang_on_the_answers_of_another(whole: Release) -> None:
    alone, both = Verdicts((whole,)), Verdicts((two_trees(whole, apart=30.0),))
    units, measures = [node.id for node in whole.nodes()], [*whole.composites, *whole.single_items]
    for against in AGAINST:
        assert both.table(units, measures, against) == alone.table(units, measures, against)
    # The control: as one family, a province of great differences lets smaller ones of the other be called.
    own = list(alone._pairs("t", GROUP, alone._measures(ITEMS)).values())
    others = list(both._pairs("xt", GROUP, both._measures(ITEMS)).values())
    assert compare([*own, *others], whole.policy, *ITEMS)[: len(own)] != compare(own, whole.policy, *ITEMS)


def test_what_nobody_has_asked_for_longest_goes_first_and_no_more_is_held_than_may_be() -> None:
    kept, made = Kept(10), []

    def ask(key: str, weight: int = 4) -> str:
        return kept.get(key, lambda: made.append(key) or key, lambda _made: weight)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        assert ask(key) == key
    assert made == ["a", "b", "c", "b"] and kept.weight == 8
    assert ask("much", 11) == "much" and len(kept) == 2 and ask("a") == "a" and made[-1] == "much"
