"""Two waves of which one leaves units out, and units that live on and take others in."""

from __future__ import annotations

from datetime import date

import pytest

from survey.analyse.between import between
from survey.analyse.change import State
from survey.analyse.coverage import OTHER_UNITS, TOOK_OTHERS_IN, other_people
from survey.analyse.lineage import events
from survey.analyse.trend import as_it_was, reorganisations
from survey.analyse.verdicts import PREVIOUS, Verdicts
from survey.design.units import Unit, UnitRegister
from survey.design.units_file import read_units
from survey.disclose.release import INDEX
from survey.disseminate import sentences
from survey.i18n import Locale
from survey.source import Source
from tests.reorganising import founded, hold, reorganise

EARLIER, LATER = date(2024, 6, 30), date(2026, 6, 30)
PEOPLE = dict.fromkeys("abcdefgh", 40)
EN = Locale("en")


def only(register: UnitRegister, units: str) -> UnitRegister:
    """What a file that leaves units out makes of the register."""
    return UnitRegister(tuple(unit for unit in register if unit.parent is None or unit.id in units))


def test_a_whole_over_four_units_is_not_held_against_one_over_eight() -> None:
    """As it was: "clearly higher", because four other units are better."""
    register = founded(PEOPLE)
    four = hold(only(register, "abcd"), EARLIER, dict.fromkeys("abcd", 2))
    eight = hold(register, LATER, {**dict.fromkeys("abcd", 2), **dict.fromkeys("efgh", 5)})
    root = eight.plan.topological[0].id
    blind = Verdicts((four, eight)).of(root, INDEX, PREVIOUS)
    assert blind.state is State.HIGHER
    told = Verdicts((four, eight), register=register)
    assert (told.of(root, INDEX, PREVIOUS).state, told.of(root, INDEX, PREVIOUS).reason) == (State.NOT_TESTED, OTHER_UNITS)
    assert told.of("a", INDEX, PREVIOUS).state is State.NO_CLEAR_DIFFERENCE  # a unit is itself
    assert {one.comparison.reason for one in between(four, eight, register, root).changes} == {OTHER_UNITS}
    assert [point.parted for point in as_it_was((four, eight), root, register=register)] == ["", OTHER_UNITS]
    assert other_people(four, eight, root, register) == OTHER_UNITS  # and the other way round


def test_what_came_into_being_or_was_reorganised_is_no_other_coverage() -> None:
    register = reorganise(founded(PEOPLE), date(2025, 3, 1), {"a": {"m": 40}, "b": {"m": 40}, "c": {"n": 20, "o": 20}})
    register = register.merged(
        UnitRegister((Unit(id="z", name_vi="Z", group="so", parent="p", valid_from=date(2025, 5, 1), headcount=60),))
    )
    before = hold(register, EARLIER, dict.fromkeys("abcdefgh", 3))
    after = hold(register, LATER, dict.fromkeys("mnodefghz", 3))
    root = after.plan.topological[0].id
    assert other_people(after, before, root, register) == ""
    few = hold(only(register, "mnodefgz"), LATER, dict.fromkeys("mnodefgz", 3))
    assert other_people(few, before, root, register) == OTHER_UNITS  # h is there and was left out


@pytest.fixture
def living() -> UnitRegister:
    """b is dissolved into a, which keeps its name and its id."""
    rows = "t,T,,,,,\na,A,t,,,,80\nb,B,t,,2025-02-28,a,40\nc,C,t,,,,40\n"
    return read_units(Source("u.csv", ("id,name_vi,parent,valid_from,valid_to,successors,headcount\n" + rows).encode()))


def test_the_series_of_a_unit_that_takes_others_in_breaks_on_that_day(living: UnitRegister) -> None:
    day = date(2025, 3, 1)
    before = hold(living, EARLIER, {"a": 5, "b": 1, "c": 3})
    after = hold(living, LATER, {"a": 3, "c": 3})
    assert reorganisations(living, EARLIER, LATER) == (day,) == tuple(event.day for event in events(living, {"a", "b"}))
    assert [point.parted for point in as_it_was((before, after), "a", register=living)] == ["", TOOK_OTHERS_IN]
    verdicts = Verdicts((before, after), register=living)
    assert verdicts.of("a", INDEX, PREVIOUS).reason == TOOK_OTHERS_IN
    assert verdicts.of("c", INDEX, PREVIOUS).state is State.NO_CLEAR_DIFFERENCE
    assert other_people(after, before, "t", living) == ""  # everybody is still there
    said = sentences.lineage(living, "a", EN)
    assert said == "Took in B on 01/03/2025." and "1900" not in said
