"""What is told of the series before a reorganisation is stored is what the trend shows after it."""

from __future__ import annotations

from datetime import date

import pytest

from survey.analyse.coverage import OTHER_UNITS, TOOK_OTHERS_IN
from survey.analyse.foreseen import Fate, Series, series_after
from survey.analyse.trend import NOT_CONSERVED, SPLIT_BEFORE, as_it_was, recast
from survey.design.reorganisation import Change, Kind, Operation, Part
from survey.design.reorganising import reorganised
from survey.design.units import Unit, UnitRegister
from tests.reorganising import hold

BEFORE, DAY, AFTER = date(2024, 11, 1), date(2025, 3, 1), date(2025, 11, 1)
REGISTER = UnitRegister(
    (
        Unit(id="p", name_vi="Tỉnh"),
        *(Unit(id=one, name_vi=one.upper(), parent="p", headcount=10) for one in ("h", "k")),
        *(Unit(id=f"h.{one}", name_vi=one.upper(), parent="h", headcount=40) for one in "abc"),
        *(Unit(id=f"k.{one}", name_vi=one.upper(), parent="k", headcount=50) for one in "abc"),
    )
)


def op(kind: Kind, *units: str, into: tuple[Part, ...] = (), parent: str = "") -> Operation:
    return Operation(kind=kind, day=DAY, units=units, into=into, parent=parent)


OPERATIONS = {
    "merged into a new one": (op(Kind.MERGE, "h.a", "h.b", into=(Part(id="n", name_vi="N"),)), {"n": Fate.RECAST}),
    "taken in": (op(Kind.MERGE, "h.a", "h.b", into=(Part(id="h.a"),)), {"h.a": Fate.RECAST}),
    "taken in, half of the people lost": (op(Kind.MERGE, "h.a", "h.b", into=(Part(id="h.a", headcount=35),)), {"h.a": Fate.BREAKS}),
    "split": (
        op(Kind.SPLIT, "h.a", into=(Part(id="n", name_vi="N", headcount=20), Part(id="m", name_vi="M", headcount=20))),
        {"n": Fate.BREAKS, "m": Fate.BREAKS},
    ),
    "a part given away": (
        op(Kind.SPLIT, "h.a", into=(Part(id="h.a"), Part(id="n", name_vi="N", headcount=15))),
        {"h.a": Fate.GOES_ON, "n": Fate.BREAKS},
    ),
    "renamed": (op(Kind.RENAME, "h.a", into=(Part(name_vi="Khác"),)), {"h.a-2": Fate.RECAST}),
    "moved": (op(Kind.TRANSFER, "h.a", parent="k"), {"h.a-2": Fate.RECAST, "h": Fate.BREAKS, "k": Fate.BREAKS}),
    "dissolved": (op(Kind.DISSOLVE, "h.a"), {}),
    "dissolved, one takes over": (op(Kind.DISSOLVE, "h.a", into=(Part(id="h.b"),)), {"h.b": Fate.RECAST}),
    "dissolved, elsewhere": (op(Kind.DISSOLVE, "h.a", into=(Part(id="k.b"),)), {"k.b": Fate.RECAST, "h": Fate.BREAKS}),
    "a whole with all below it": (
        op(Kind.MERGE, "h", into=(Part(id="k"),)),
        {"k": Fate.RECAST, "h.a-2": Fate.RECAST, "h.b-2": Fate.RECAST, "h.c-2": Fate.RECAST},
    ),
}  # fmt: skip


@pytest.fixture(params=OPERATIONS.values(), ids=list(OPERATIONS))
def told(request: pytest.FixtureRequest) -> tuple[Change, dict[str, Series], dict[str, Fate]]:
    operation, expected = request.param
    change = reorganised(REGISTER, operation)
    return change, {series.unit.id: series for series in series_after(change)}, expected


def test_what_is_told_is_what_an_officer_would_expect(told: tuple[Change, dict[str, Series], dict[str, Fate]]) -> None:
    change, series, expected = told
    ends = {unit.id: Fate.ENDS for unit in change.ends}
    assert {unit: one.fate for unit, one in series.items()} == {**ends, **expected}


def test_the_trend_keeps_what_was_told(told: tuple[Change, dict[str, Series], dict[str, Fate]]) -> None:
    change, series, _expected = told
    levels = {unit.id: 4 for register in (change.before, change.after) for unit in register if unit.headcount}
    releases = [hold(change.before, BEFORE, levels), hold(change.after, AFTER, levels)]
    for unit in releases[1].plan.by_id:
        one = series.get(unit, Series(Unit(id=unit, name_vi=""), Fate.GOES_ON))
        own = as_it_was(releases, unit, register=change.after)
        led_back = recast(releases, change.after, unit)
        if one.fate is Fate.GOES_ON:
            assert [point.cell is None for point in own] == [False, False] and not own[1].parted, unit
        elif one.fate is Fate.RECAST:
            assert own[0].cell is None or own[1].parted == TOOK_OTHERS_IN, unit
            assert [point.cell is not None for point in led_back] == [True], (unit, led_back)
        else:
            assert own[0].cell is None or own[1].parted, unit
            assert not [point for point in led_back if point.cell is not None], unit
            assert {point.why for point in led_back} <= {one.why}, unit
            assert one.why in (SPLIT_BEFORE, NOT_CONSERVED) or own[1].parted == one.why == OTHER_UNITS, unit
