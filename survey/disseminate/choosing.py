"""Which units a reader may choose from, in which order, and at which he begins who chooses none."""

from __future__ import annotations

from collections.abc import Sequence

from survey.access import Viewer
from survey.disclose.release import Release
from survey.i18n import Locale
from survey.vietnamese import sort_key


def tree_order(release: Release, locale: Locale, parents_only: bool = False) -> list[tuple[str, int, str]]:
    """(unit, depth, name) of the nodes of a release, parents first, siblings in Vietnamese order."""
    held = {node.id: node for node in release.nodes()}
    children: dict[str | None, list[str]] = {}
    for node in held.values():
        children.setdefault(node.parent if node.parent in held else None, []).append(node.id)
    found: list[tuple[str, int, str]] = []

    def walk(parent: str | None, depth: int) -> None:
        listed = [(locale.pick(held[unit].name_vi, held[unit].name_en), unit) for unit in children.get(parent, ())]
        for name, unit in sorted(listed, key=lambda pair: sort_key(pair[0])):
            if not parents_only or unit in children:
                found.append((unit, depth, name))
            walk(unit, depth + 1)

    walk(None, 0)
    return found


def home(release: Release, viewer: Viewer | None, options: Sequence[str]) -> str | None:
    """Where a leader begins: at his unit or at what holds it, else at the first of the options; None where there are none."""
    top = next(iter(options), None)
    if viewer is None or viewer.unit is None:
        return top
    own: str | None = release.plan.reporting_unit.get(viewer.unit, viewer.unit)
    while own is not None and own not in options:
        own = release.node(own).parent if own in release.plan.by_id else None
    return own or top
