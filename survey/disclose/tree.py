"""The tree of a plan as numbers, and the least people each kind of number may speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.design.plan import Plan
from survey.disclose.policy import Policy
from survey.process.scores import Measure


@dataclass(frozen=True)
class Tree:
    """The plan's nodes as numbers: parents before children."""

    order: tuple[int, ...]
    children: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, plan: Plan) -> Tree:
        place = {node.id: number for number, node in enumerate(plan.nodes)}
        return cls(
            order=tuple(place[node.id] for node in plan.topological),
            children={
                place[parent]: tuple(place[child] for child in children) for parent, children in plan.children.items() if parent in place
            },
        )


def minimum_base(measure: Measure, policy: Policy) -> int:
    return policy.item if measure.kind == "item" else policy.unit
