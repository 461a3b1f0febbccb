"""What the first screen says of one unit: how it stands, what changed for sure, what to mend first. One reading for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.analyse.change import Comparison, parent_of
from survey.analyse.priorities import Priority, drivers_of, priorities
from survey.analyse.ranking import Ranked, ranked
from survey.analyse.verdicts import GROUP, PREVIOUS, Verdicts
from survey.design.questionnaire import Item
from survey.disclose.release import INDEX, Cell, Release, Suppressed


@dataclass(frozen=True, kw_only=True)
class Overview:
    """`against`, `changed`: index and themes, held against the group and the wave `before`; empty without one.

    `place`: the ranks its interval allows among `peers` units that show the index; None where there are none.
    `items`: shown ones from high to low.
    """

    release: Release
    unit: str
    group: str | None
    before: str | None
    index: Cell | Suppressed
    against: Mapping[str, Comparison]
    changed: Mapping[str, Comparison]
    place: Ranked | None
    peers: int
    to_mend: tuple[Priority, ...]
    drivers: bool
    items: tuple[tuple[Item, Cell], ...]

    @property
    def shown(self) -> bool:
        return isinstance(self.index, Cell)


def overview(release: Release, unit: str, history: Sequence[Release], verdicts: Verdicts) -> Overview:
    group, before = parent_of(release, unit), verdicts.previous(unit)
    held = {node.id for node in release.nodes()}
    beside = ranked(release, [one for one in release.plan.children.get(group or "", ()) if one in held])
    return Overview(
        release=release,
        unit=unit,
        group=group,
        before=before,
        index=release.cell(unit, INDEX),
        against={one: verdicts.of(unit, one, GROUP) for one in release.composites} if group else {},
        changed={one: verdicts.of(unit, one, PREVIOUS) for one in release.composites} if before else {},
        place=next((one for one in beside if one.unit == unit), None),
        peers=len(beside),
        to_mend=priorities(release, unit, verdicts),
        drivers=bool(drivers_of(release, unit)),
        items=ranked_items(release, unit),
    )


def ranked_items(release: Release, unit: str) -> tuple[tuple[Item, Cell], ...]:
    """Items that are shown, from the highest score to the lowest."""
    cells = [(item, release.cell(unit, f"item:{item.id}")) for item in release.questionnaire.items]
    shown = [(item, cell) for item, cell in cells if isinstance(cell, Cell) and cell.score is not None]
    return tuple(sorted(shown, key=lambda pair: (-(pair[1].score or 0.0), pair[0].id)))
