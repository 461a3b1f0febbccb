"""Units as a tree, and the groups (khối) they stand in."""

from __future__ import annotations

import re

from survey.design.plan import GROUP_NAMES
from survey.design.units import Unit, UnitRegister
from survey.i18n import Locale
from survey.vietnamese import sort_key, without_marks


def in_tree_order(register: UnitRegister) -> list[tuple[int, Unit]]:
    """Every unit with its depth: parents first, siblings by khối and Vietnamese alphabet."""
    below: dict[str | None, list[Unit]] = {}
    for unit in register:
        below.setdefault(unit.parent if unit.parent in register else None, []).append(unit)
    found: list[tuple[int, Unit]] = []

    def walk(parent: str | None, depth: int) -> None:
        for unit in sorted(below.get(parent, ()), key=lambda one: (_group_rank(one.group), sort_key(one.name_vi))):
            found.append((depth, unit))
            walk(unit.id, depth + 1)

    walk(None, 0)
    return found


def found_in(tree: list[tuple[int, Unit]], wanted: str) -> list[tuple[int, Unit]]:
    """The rows with a name whose words begin with those of `wanted`, or with that id, marks or none, under the units they stand under."""
    if not wanted.strip():
        return tree
    parents = {unit.id: unit.parent for _depth, unit in tree}
    kept: set[str] = set()
    for _depth, unit in tree:
        one: str | None = unit.id if _is_meant(unit, without_marks(wanted)) else None
        while one is not None and one in parents and one not in kept:
            kept.add(one)
            one = parents[one]
    return [(depth, unit) for depth, unit in tree if unit.id in kept]


def _is_meant(unit: Unit, wanted: str) -> bool:
    names = [re.findall(r"[^\W_]+", without_marks(name)) for name in (unit.name_vi, unit.name_en)]
    typed = re.findall(r"[^\W_]+", wanted)
    return wanted.strip() in unit.id.lower() or any(
        typed and all(any(word.startswith(one) for word in words) for one in typed) for words in names
    )


def _group_rank(group: str) -> tuple[int, str]:
    known = list(GROUP_NAMES)
    return (known.index(group) if group in known else len(known), group)


def group_name(group: str, locale: Locale) -> str:
    names = GROUP_NAMES.get(group)
    return locale.pick(*names) if names else ("" if group == "tinh" else group)
