"""The register of units is read again at every question, and made anew only when somebody has changed it."""

from __future__ import annotations

from dataclasses import replace

from bootstrap import Services
from db.registry import Registry
from survey.access import OPERATOR
from survey.design.units import Unit, UnitRegister


def test_the_register_is_the_very_same_until_another_process_changes_it(services: Services) -> None:
    units = (
        Unit(id="t", name_vi="Tỉnh", kind="tinh"),
        Unit(id="t.a", name_vi="Sở A", kind="so", parent="t", successors=("t",), headcount=9),
    )
    services.design.save_units(OPERATOR, UnitRegister(units))
    here, there = (Registry(services.engines[0]) for _ in range(2))
    first = here.register()
    assert first == UnitRegister(units) and here.register() is first
    for changed in (replace(units[1], headcount=10), replace(units[1], successors=()), replace(units[1], name_en="A")):
        there.save_units(UnitRegister((units[0], changed)))
        assert here.register() == UnitRegister((units[0], changed)) and here.register() is here.register()
