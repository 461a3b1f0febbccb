"""A register that lives through renames, mergers, splits and transfers, and waves held in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from survey.design.plan import make_plan
from survey.design.questionnaire import Questionnaire, Response
from survey.design.questionnaire_file import read_questionnaire
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.process.tallies import tally
from survey.source import Source

POINTS = (1, 2, 3, 4, 5)
_HELD: dict[str, Release] = {}  # by the wave and what was answered in it


@cache
def ask(
    version: str = "1", text: str = "Câu một", points: tuple[int, ...] = POINTS, more: str = "", questionnaire: str = "q"
) -> Questionnaire:
    """A questionnaire of one theme and two items; `more`: further parts, one a line."""
    scale = ", ".join(f"{{value: {value}, vi: Mức {value}}}" for value in points)
    document = f"""
meta: {{id: {questionnaire}, version: "{version}", title_vi: Thử}}
scale: {{id: s, points: [{scale}]}}
themes: [{{id: A, vi: Một}}]
items:
- {{id: A1, theme: A, vi: {text}}}
- {{id: A2, theme: A, vi: Câu hai}}
{more}
"""
    return read_questionnaire(Source("q.yaml", document.encode()))


def founded(headcounts: Mapping[str, int]) -> UnitRegister:
    units = [Unit(id="p", name_vi="Tỉnh")]
    units += [Unit(id=unit, name_vi=unit.upper(), group="so", parent="p", headcount=people) for unit, people in headcounts.items()]
    return UnitRegister(tuple(units))


def reorganise(
    register: UnitRegister, day: date, moves: Mapping[str, Mapping[str, int]], names: Mapping[str, str] | None = None
) -> UnitRegister:
    """On `day` the units in `moves` end and their people go to new ones: old -> {new: people}.

    One old and one new is a rename, many to one a merger, one to many a split, and an old unit with a
    new version of itself beside another's is a transfer.
    """
    by_id = dict(register.by_id)
    people: dict[str, int] = {}
    for old, parts in moves.items():
        assert sum(parts.values()) == by_id[old].headcount, "people are neither made nor lost"
        by_id[old] = replace(by_id[old], valid_to=day - timedelta(days=1), successors=tuple(parts))
        for new, count in parts.items():
            people[new] = people.get(new, 0) + count
    for new, count in people.items():
        by_id[new] = Unit(id=new, name_vi=(names or {}).get(new, new.upper()), group="so", parent="p", valid_from=day, headcount=count)
    return UnitRegister(tuple(by_id.values()))


def hold(
    register: UnitRegister, day: date, levels: Mapping[str, int], questionnaire: Questionnaire | None = None, joined: int = 0
) -> Release:
    """A wave in which everybody of a unit gives the same answer, half of them one step lower; units not in `levels` do not answer.

    `joined`: reporting units smaller than this are counted together. Protected once a process; each asker gets one of his own.
    """
    asked = questionnaire or ask()
    plan = make_plan(register, day, reporting_headcount=joined)
    wave = Wave(id=str(day.year), questionnaire=asked.id, version=asked.version, opens=day, closes=day, plan=plan)
    people = {unit: (register.by_id[unit].headcount or 0) * 4 // 5 for unit in levels if unit in plan.reporting_unit}
    held = repr((wave, asked, people, [levels[unit] for unit in people]))
    if held not in _HELD:
        responses = [
            Response(
                unit=plan.reporting_unit[unit],
                answers={item.id: levels[unit] - person % 2 for item in asked.items},
                comments={},
                breakdowns={},
            )
            for unit, count in people.items()
            for person in range(count)
        ]
        _HELD[held] = protect(tally(wave, asked, responses), plan, Policy.load())
    return replace(_HELD[held], cells=_HELD[held].cells.copy())
