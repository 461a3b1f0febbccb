"""All cells of one table as one family of tests: units against their group, the whole, or themselves in the wave before."""

from __future__ import annotations

from collections.abc import Sequence

from survey.analyse.change import SCORE, Comparison, Side, compare, root_of, side
from survey.analyse.since import sides
from survey.disclose.release import Release

GROUP, WHOLE, PREVIOUS = "group", "whole", "previous"
Found = dict[tuple[str, str], Comparison]


def family(
    release: Release,
    group: str,
    units: Sequence[str],
    measures: Sequence[str],
    against: str,
    earlier: Release | None = None,
    minimum: str = "base_score",
    of: str = SCORE,
) -> Found:
    """(unit, measure) -> comparison, for every cell of the table.

    `against`: GROUP (each unit with `group`), WHOLE (each unit and the group with the province) or
    PREVIOUS (each with itself in `earlier`; empty without one). What a reader looks at of the table
    changes nothing: the family is always the whole of it.
    """
    rows = [*units] if against == GROUP else [group, *units]
    if against == PREVIOUS:
        if earlier is None:
            return {}
        pairs = [sides(release, earlier, unit, measure) for unit in rows for measure in measures]
    else:
        other = group if against == GROUP else root_of(release, group)
        rows = [unit for unit in rows if unit != other]
        whole: dict[str, Side] = {measure: side(release, other, measure) for measure in measures}
        pairs = [(side(release, unit, measure), whole[measure]) for unit in rows for measure in measures]
    keys = [(unit, measure) for unit in rows for measure in measures]
    return dict(zip(keys, compare(pairs, release.policy, minimum, of), strict=True))
