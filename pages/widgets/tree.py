"""Units as a tree, and the groups (khối) they stand in."""

from __future__ import annotations

from survey.design.plan import GROUP_NAMES
from survey.design.units import Unit, UnitRegister
from survey.i18n import Locale
from survey.vietnamese import sort_key


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


def _group_rank(group: str) -> tuple[int, str]:
    known = list(GROUP_NAMES)
    return (known.index(group) if group in known else len(known), group)


def group_name(group: str, locale: Locale) -> str:
    names = GROUP_NAMES.get(group)
    return locale.pick(*names) if names else ("" if group == "tinh" else group)
