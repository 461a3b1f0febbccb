"""What to mend first: a few items, chosen so that the reader can check the choice.

Three reasons: the score is weak (in the lowest third of the unit's own items); it is clearly below
the group or clearly fell since the wave before; its theme drives the overall assessment (where
drivers could be told). Who has more reasons comes first, then the widest called gap, then the lowest
score. Items outside the index (overall impressions) are left out: nobody can mend an impression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.analyse.change import Comparison, State, parent_of
from survey.analyse.verdicts import GROUP, PREVIOUS, Verdicts
from survey.design.questionnaire import Item
from survey.disclose.release import Cell, Release

FEW = 3
WEAK = 1 / 3  # the part of the unit's items that counts as weak


@dataclass(frozen=True)
class Priority:
    """One item to mend; `against` is its comparison with the group, `change` with wave `before`."""

    item: Item
    cell: Cell
    against: Comparison
    change: Comparison
    before: str = ""
    weak: bool = False
    driving: bool = False

    @property
    def reasons(self) -> int:
        return self.weak + (self.gap < 0) + self.driving

    @property
    def gap(self) -> float:
        """The widest difference called downwards, in points; 0 without one."""
        called = [one.difference or 0.0 for one in (self.against, self.change) if one.state is State.LOWER]
        return min(called, default=0.0)


def priorities(release: Release, unit: str, verdicts: Verdicts, few: int = FEW) -> tuple[Priority, ...]:
    """The first `few` items to mend; empty where single items are hidden."""
    questionnaire, before = release.questionnaire, verdicts.previous(unit) or ""
    items = [item for item in questionnaire.items if questionnaire.theme[item.theme].in_index and not item.of_some]
    cells = [release.cell(unit, f"item:{item.id}") for item in items]
    scores = sorted(cell.score for cell in cells if isinstance(cell, Cell) and cell.score is not None)
    weakest = scores[: max(FEW, round(len(scores) * WEAK))]
    heavy = drivers_of(release, unit)
    found = []
    for item, cell in zip(items, cells, strict=True):
        if isinstance(cell, Cell) and cell.score is not None:
            against, change = (verdicts.of(unit, f"item:{item.id}", one) for one in (GROUP, PREVIOUS))
            weak, driving = cell.score <= weakest[-1], item.theme in heavy
            found.append(Priority(item, cell, against, change, before, weak=weak, driving=driving))
    return tuple(sorted(found, key=lambda one: (-one.reasons, one.gap, one.cell.score or 0.0, one.item.id))[:few])


def drivers_of(release: Release, unit: str) -> Sequence[str]:
    """Themes that clearly go with the overall assessment more than an equal part, in the nearest group for which that could be told."""
    held = release.quality.drivers if release.quality else {}
    node: str | None = unit
    while node is not None and node not in held:
        node = parent_of(release, node)
    if node is None:
        return ()
    equal = 100 / sum(theme.in_index for theme in release.questionnaire.themes)
    return tuple(driver.theme for driver in held[node].themes if driver.low > equal)
