"""Can somebody who saw people come, and holds everything stored at any time, say who answered what?

Three thousand people on each database, a thousand of them through a real server. The attacker later gets the
custodians' shares too. Figures: docs/anonymity.md; `python -m tests.privacy.figures` makes them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.privacy.figures import SEEDS, World, postgres_worlds, sqlite_worlds, together

ALLOWED = 2.0  # points above chance; three standard deviations of chance where people are few
pytestmark = pytest.mark.timeout(1200)  # builds its worlds once for the whole file

Make = Callable[[Sequence[int]], list[World]]


@pytest.fixture(scope="module", params=[sqlite_worlds, postgres_worlds], ids=["sqlite", "postgres"])
def worlds(request: pytest.FixtureRequest) -> tuple[Make, list[World]]:
    return request.param, request.param(SEEDS)


def suspicious(worlds: list[World]) -> set[str]:
    """Channels that do better than chance (p after correction for their number), or link too many."""
    linked = together([found for found, _ in worlds])
    assert len(linked) >= 6
    return {
        name
        for name, one in linked.items()
        if one.p * len(linked) <= 0.01 or one.excess >= max(ALLOWED, 300 * one.chance**0.5 / one.people)
    }


def test_no_order_in_any_store_links_people_to_answers(worlds: tuple[Make, list[World]]) -> None:
    make, made = worlds
    first = suspicious(made)
    # One suspicion in a hundred runs is chance; chance does not strike the same place twice.
    again = suspicious(make([seed + 100 for seed in SEEDS])) if first else set()
    assert not first & again, {name: str(one) for name, one in together([found for found, _ in made]).items() if name in first}


def test_nothing_is_left_that_opens_or_names_a_ballot(worlds: tuple[Make, list[World]]) -> None:
    counts = {name: count for found, _ in worlds[1] for name, count in found.counts.items() if count}
    assert not counts and sum(len(found.counts) for found, _ in worlds[1]) >= 9


def test_the_same_attacks_link_nearly_everybody_in_leaky_stores(worlds: tuple[Make, list[World]]) -> None:
    leaky = together([control for _, control in worlds[1]])
    assert len(leaky) >= 4 and all(one.p < 0.001 for one in leaky.values()), {name: str(one) for name, one in leaky.items()}
    for _, control in worlds[1]:
        assert all(control.counts.values())  # the search through files finds what is there
