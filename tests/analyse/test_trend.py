"""Series over reorganisations: gaps stay gaps, recast points come from published cells alone, breaks get their reason."""

from __future__ import annotations

from datetime import date

import pytest

from survey.access import OPERATOR
from survey.analyse.trend import (
    HIDDEN_BEFORE,
    HIDDEN_HERE,
    NOT_CONSERVED,
    NOT_EXISTING,
    SPLIT_BEFORE,
    as_it_was,
    recast,
    reorganisations,
)
from survey.demonstration.build import REGISTER
from survey.design.units import UnitRegister
from survey.design.units_file import read_units
from survey.disclose.release import INDEX, Cell, Release
from survey.source import Source
from tests.past_world import HIDDEN, UNITS, past_in


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, ...]:
    with past_in(tmp_path_factory.mktemp("trend")) as services:
        return services.results.history(OPERATOR, "2025")


def register_with(changes: dict[str, str]) -> UnitRegister:
    text = UNITS
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return read_units(Source("units.csv", text.encode()))


def test_a_units_own_series_begins_and_ends_with_it(releases: tuple[Release, ...]) -> None:
    assert [point.cell is not None for point in as_it_was(releases, "t.a")] == [True, True, True]
    assert [point.why for point in as_it_was(releases, "t.m")] == [NOT_EXISTING, NOT_EXISTING, ""]
    assert [point.why for point in as_it_was(releases, "t.b")] == ["", "", NOT_EXISTING]
    assert [point.why for point in as_it_was(releases, HIDDEN)] == [HIDDEN_HERE] * 3


def test_points_are_the_releases_own_numbers(releases: tuple[Release, ...]) -> None:
    for point in as_it_was(releases, "t.a", "theme:KC"):
        assert point.cell == point.release.cell("t.a", "theme:KC")
        assert point.day == point.release.wave.closes


def test_a_recast_point_is_the_headcount_weighted_mean_of_the_predecessors(releases: tuple[Release, ...]) -> None:
    points = recast(releases, register_with({}), "t.m")
    assert [point.release.wave.id for point in points] == ["2023", "2024"]
    for point in points:
        b, c = point.release.cell("t.b", INDEX), point.release.cell("t.c", INDEX)
        assert isinstance(b, Cell)
        assert isinstance(c, Cell)
        assert b.score is not None
        assert c.score is not None
        assert point.cell is not None
        assert point.cell.score == pytest.approx((45 * b.score + 30 * c.score) / 75)
        assert point.cell.base == b.base + c.base
        assert point.cell.low is None  # no interval, no test: it is not the unit's own number


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"2025-02-28;t.m;30": "2025-02-28;t.m,t.o;30"}, SPLIT_BEFORE),
        ({"2025-03-01;;;70": "2025-03-01;;;170"}, NOT_CONSERVED),
        (
            {
                "t.n;=Sở Nhỏ;Small department;so;so_ban_nganh;t;2019-01-01;;;20": "t.n;=Sở Nhỏ;;so;so_ban_nganh;t;2019-01-01;2025-02-28;t.m;20"
            },
            HIDDEN_BEFORE,
        ),
    ],
    ids=["split", "from elsewhere", "hidden predecessor"],
)
def test_where_the_past_does_not_add_up_the_series_breaks_with_the_reason(
    changes: dict[str, str], why: str, releases: tuple[Release, ...]
) -> None:
    points = recast(releases, register_with({key: value.replace("t.m,t.o", '"t.m;t.o"') for key, value in changes.items()}), "t.m")
    assert [(point.cell, point.why) for point in points] == [(None, why)] * 2


def test_a_unit_without_predecessors_has_nothing_to_recast(releases: tuple[Release, ...]) -> None:
    assert recast(releases, register_with({}), "t.a") == ()
    alone = register_with({"2025-02-28;t.m;45": "2025-02-28;;45", "2025-02-28;t.m;30": "2025-02-28;;30"})
    assert recast(releases, alone, "t.m") == ()


def test_the_two_reorganisations_of_2025_are_found_in_the_register_of_the_province() -> None:
    register = read_units(Source.open(REGISTER))
    between = date(2024, 11, 29), date(2025, 12, 15)
    assert reorganisations(register, *between) == (date(2025, 3, 1), date(2025, 7, 1))
    assert reorganisations(register, *between, "so_ban_nganh") == (date(2025, 3, 1), date(2025, 7, 1))


def test_a_reorganisation_of_another_group_is_not_drawn_on_a_departments_trend() -> None:
    register = read_units(Source.open(REGISTER))
    years = date(2019, 11, 30), date(2024, 11, 29)
    assert date(2020, 1, 1) in reorganisations(register, *years)  # Gia Nghĩa became a city
    assert reorganisations(register, *years, "so_ban_nganh") == ()
