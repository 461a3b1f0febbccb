"""Which nodes of a plan belong to a leader, and which are shown to him beside them."""

from __future__ import annotations

from survey.design.plan import Plan
from survey.design.units import UnitRegister


def below(unit: str, plan: Plan, register: UnitRegister) -> frozenset[str]:
    """The unit's node in the plan, those of its predecessors, and everything below them."""
    roots = {unit} | register.origins(unit)
    # A unit joined with a sibling is seen in the reporting unit it was joined to.
    roots |= {plan.reporting_unit[root] for root in roots if root in plan.reporting_unit}
    visible: set[str] = set()
    for node in plan.topological:
        if node.id in roots or node.parent in visible:
            visible.add(node.id)
    return frozenset(visible)


def scope(unit: str, plan: Plan, register: UnitRegister) -> frozenset[str]:
    """What stands below, and the totals above (as benchmarks)."""
    visible = below(unit, plan, register)
    above: set[str] = set()
    for node_id in visible:
        parent = plan.by_id[node_id].parent
        while parent is not None and parent in plan.by_id:
            above.add(parent)
            parent = plan.by_id[parent].parent
    return frozenset(visible | above)
