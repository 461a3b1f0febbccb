"""The table plan of a wave: who reports, under whom, and what is tabulated. Frozen at launch."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from survey.design.questionnaire import Questionnaire
from survey.design.units import Unit, UnitRegister
from survey.errors import N_, SurveyError
from survey.limits import NODE_ID, UNIT_ID

# The groups (khối) of a Vietnamese province; a group that is not listed shows its own code.
GROUP_NAMES = {
    "so_ban_nganh": ("Khối sở, ban, ngành", "Departments and agencies"),
    "cap_huyen": ("Khối cấp huyện", "District level"),
    "cap_xa": ("Khối cấp xã", "Commune level"),
    "doan_the": ("Khối đoàn thể", "Mass organisations"),
    "dang": ("Khối cơ quan đảng", "Party bodies"),
    "su_nghiep": ("Khối đơn vị sự nghiệp", "Public service units"),
    "khac": ("Khối khác", "Other bodies"),
}
GROUP_KIND = "group"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A row of every results table: a reporting unit, a group of them, or the whole.

    `reporting` units have forms of their own; `members` are the units joined in one reporting
    unit. `headcount` counts the node's own eligible staff (0 for a pure total, None = unknown).
    """

    id: str
    name_vi: str
    name_en: str = ""
    kind: str = ""
    group: str = ""
    parent: str | None = None
    headcount: int | None = None
    reporting: bool = True
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a wave tabulates: nodes from the root down, breakdowns, minimum bases raised, key shares.

    `key_signs`: of units invited by e-mail, the fingerprints of the keys that sign their credentials, so that no
    key can be exchanged for one person without the plan's hash showing it.
    `asked`: days and questions as they were promised; see `asked_in`. Empty in plans of imports and of earlier versions.
    """

    nodes: tuple[Node, ...]
    breakdowns: tuple[str, ...] = ()
    optional_items: tuple[str, ...] = ()
    minimum_base: Mapping[str, int] = field(default_factory=dict)
    shares: int = 1
    shares_needed: int = 1
    key_signs: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def children(self) -> dict[str | None, tuple[str, ...]]:
        found: dict[str | None, list[str]] = defaultdict(list)
        for node in self.nodes:
            found[node.parent].append(node.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    @cached_property
    def reporting_unit(self) -> dict[str, str]:
        """For every unit that gives out slips, the reporting unit its forms are counted in."""
        return {member: node.id for node in self.nodes if node.reporting for member in (node.members or (node.id,))}

    @cached_property
    def strata(self) -> dict[str, tuple[str, ...]]:
        """For every node, the reporting units counted in it (itself included if it reports)."""
        below: dict[str, tuple[str, ...]] = {}
        for node in reversed(self.topological):
            own = (node.id,) if node.reporting else ()
            below[node.id] = own + tuple(unit for child in self.children.get(node.id, ()) for unit in below[child])
        return below

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Nodes that stand under no other: one, unless the plan has several trees."""
        return tuple(node.id for node in self.nodes if node.parent is None or node.parent not in self.by_id)

    @cached_property
    def topological(self) -> tuple[Node, ...]:
        """Nodes with every parent before its children."""
        ordered: list[Node] = []
        queue = [self.by_id[root] for root in self.roots]
        while queue:
            node = queue.pop(0)
            ordered.append(node)
            queue.extend(self.by_id[child] for child in self.children.get(node.id, ()))
        return tuple(ordered)

    def headcount(self, node_id: str) -> int | None:
        """Eligible staff in a node and all below it; None when any part is unknown."""
        counts = [self.by_id[unit].headcount for unit in self.strata[node_id]]
        return None if not counts or any(count is None for count in counts) else sum(count or 0 for count in counts)

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        for late in ("key_signs", "asked"):  # the hashes of plans without them stay what they were
            if not found[late]:
                del found[late]
        return found

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Plan:
        nodes = tuple(Node(**{**node, "members": tuple(node.get("members", ()))}) for node in raw["nodes"])
        rest: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items() if key != "nodes"}
        return cls(nodes=nodes, **rest)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON: shown at launch, printed with the results."""
        return _digest(self.as_dict())

    @cached_property
    def hash_on_slips(self) -> str:
        """The hash without the signs of keys: people may still be invited when the slips are printed."""
        return replace(self, key_signs={}).hash if self.key_signs else self.hash


def asked_in(questionnaire: Questionnaire, opens: date, closes: date) -> dict[str, str]:
    """What people are asked, and when: the days, and the fingerprint of every question with its answers."""
    return {
        "opens": opens.isoformat(), "closes": closes.isoformat(),
        "questionnaire": questionnaire.id, "version": questionnaire.version, "questions": _digest(questionnaire.source),
    }  # fmt: skip


def _digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def make_plan(
    register: UnitRegister,
    day: date,
    *,
    breakdowns: Iterable[str] = (),
    reporting_headcount: int = 0,
    roots: Iterable[str] = (),
    headcounts: Mapping[str, int] | None = None,
    **rest: Any,
) -> Plan:
    """The plan for the units that exist on `day`, all of them or those below `roots`.

    A unit stands under its parent where both belong to the same group (khối), else under its
    group's total; a register without groups keeps its own tree. Units with fewer than
    `reporting_headcount` staff are joined with the next smallest sibling.
    """
    existing = register.at(day)
    wanted = tuple(roots)
    if missing := [unit for unit in (*wanted, *(headcounts or {})) if unit not in existing]:
        raise SurveyError(
            "unit-not-existing",
            N_("On {day} there is no unit {units}. Correct the plan or the dates of the unit."),
            day=day.strftime("%d/%m/%Y"),
            units=", ".join(missing),
        )
    chosen = [u for u in existing if not wanted or any(existing.is_within(u.id, root) for root in wanted)]
    if not chosen:
        raise SurveyError("no-units", N_("No unit exists on {day}. Import the units first."), day=day.strftime("%d/%m/%Y"))
    nodes = _place(chosen, UnitRegister(tuple(chosen)), headcounts or {})
    return Plan(nodes=tuple(_join_small(nodes, reporting_headcount)), breakdowns=tuple(breakdowns), **rest)


def _place(units: list[Unit], register: UnitRegister, headcounts: Mapping[str, int]) -> list[Node]:
    groups: dict[str, Node] = {}
    nodes: list[Node] = []
    for unit in units:
        ancestors = register.ancestors(unit.id)
        parent = ancestors[0] if ancestors else None
        if parent is not None and unit.group and register.by_id[parent].group != unit.group:
            root = ancestors[-1]
            vi, en = GROUP_NAMES.get(unit.group, (unit.group, unit.group))
            parent = f"{root}:{unit.group}"
            groups.setdefault(
                parent,
                Node(id=parent, name_vi=vi, name_en=en, kind=GROUP_KIND, group=unit.group, parent=root, headcount=0, reporting=False),
            )
        headcount = headcounts.get(unit.id, unit.headcount)
        nodes.append(
            Node(
                id=unit.id,
                name_vi=unit.name_vi,
                name_en=unit.name_en,
                kind=unit.kind,
                group=unit.group,
                parent=parent,
                headcount=headcount,
                members=(unit.id,),
            )
        )
    parents = {node.parent for node in (*nodes, *groups.values())}
    # A root without staff of its own is only a total.
    return [
        Node(**{**asdict(n), "headcount": 0, "reporting": False, "members": ()})
        if n.parent is None and n.id in parents and not n.headcount
        else n
        for n in nodes
    ] + list(groups.values())


def _join_small(nodes: list[Node], least: int) -> list[Node]:
    children: dict[str | None, list[Node]] = defaultdict(list)
    parents = {node.parent for node in nodes}
    for node in nodes:
        if node.reporting and node.id not in parents:
            children[node.parent].append(node)
    kept = {node.id: node for node in nodes}
    for siblings in children.values():
        waiting = sorted((n for n in siblings if n.headcount is not None), key=lambda n: (n.headcount or 0, n.id))
        while len(waiting) > 1 and (waiting[0].headcount or 0) < least:
            small, partner, *waiting = waiting
            del kept[small.id], kept[partner.id]
            joined = Node(
                id=_joined_id(partner.id, small.id),
                name_vi=f"{partner.name_vi} + {small.name_vi}",
                name_en=f"{partner.name_en or partner.name_vi} + {small.name_en or small.name_vi}",
                kind=partner.kind,
                group=partner.group,
                parent=partner.parent,
                headcount=(partner.headcount or 0) + (small.headcount or 0),
                members=(*partner.members, *small.members),
            )
            kept[joined.id] = joined
            waiting = sorted([*waiting, joined], key=lambda n: (n.headcount or 0, n.id))
    return list(kept.values())


def _joined_id(first: str, second: str) -> str:
    """Both ids; where the databases' column is too short for that, the first and a digest of all."""
    both = f"{first}+{second}"
    return both if len(both) <= NODE_ID else f"{first[:UNIT_ID]}+{hashlib.sha256(both.encode()).hexdigest()[:32]}"
