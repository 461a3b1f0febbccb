"""What a reader sees of a release: the part that is everybody's, and how much is in the parts of leaders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from survey.disclose.comments import ReleasedComment
from survey.disclose.release import FORMS, INDEX, Release

EVERYBODY, ALL_UNITS = "everybody", "all-units"  # no unit's ids


@dataclass(frozen=True, kw_only=True)
class Seen:
    """By `who` (EVERYBODY, ALL_UNITS, or whoever leads a unit): units with and without an index of their own to see, numbers
    shown and hidden, comments."""

    who: str
    units: int
    hidden_units: int
    shown: int
    hidden: int
    comments: int


def public_part(release: Release) -> Release:
    """Forms, index and themes of the whole: no unit below it, no single question, no breakdown. Whatever is made of it is public by type."""
    tops = {node.id for node in release.plan.nodes if node.parent is None}
    measures = {FORMS, *release.composites}
    part = release.restricted(tops).whole()
    kept = part.cells["measure"].isin(measures) & (part.cells["breakdown"] == "")
    return replace(part, cells=part.cells[kept].reset_index(drop=True), quality=None)


def seen(who: str, part: Release, comments: Sequence[ReleasedComment]) -> Seen:
    """Of a part that is given as it is."""
    nodes = [node.id for node in part.nodes()]
    index = sum(part.visible(node, INDEX) for node in nodes)
    return Seen(
        who=who, units=index, hidden_units=len(nodes) - index, shown=part.counted.shown, hidden=part.counted.hidden, comments=len(comments)
    )


class Parts:
    """The same for many parts of one release, each counted node by node: cutting it for each of thousands of leaders takes long."""

    def __init__(self, release: Release) -> None:
        shown = release.cells["reason"] == ""
        self._shown = {str(unit): int(count) for unit, count in shown.groupby(release.cells["unit"]).sum().items()}
        self._every = {str(unit): int(count) for unit, count in release.cells.groupby("unit").size().items()}
        self._index = {node.id: release.visible(node.id, INDEX) for node in release.nodes()}

    def seen(self, who: str, scope: Collection[str], own: Collection[str], comments: Sequence[ReleasedComment]) -> Seen:
        """`scope`: every node whose numbers are given; `own`: those of them that the reader answers for."""
        shown, every = (sum(counts.get(node, 0) for node in scope) for counts in (self._shown, self._every))
        index = [self._index[node] for node in own if node in self._index]
        return Seen(
            who=who, units=sum(index), hidden_units=len(index) - sum(index), shown=shown, hidden=every - shown, comments=len(comments)
        )
