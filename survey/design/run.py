"""The run of a response scale: numbers at even steps, whose words are answers. 97 "refused" behind 1 to 5 is no sixth step."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from survey.vietnamese import means_no_answer


def outside(points: Sequence[tuple[int, str]], dont_know: int | None = None) -> tuple[int, ...]:
    """The values of (value, label) that cannot be points of one scale: behind a gap of the steps, or words of no answer.

    A gap that `dont_know` fills is none: 1, 2, 4, 5 around 3 "no opinion" go on as if it stood there.
    """
    odd = _outside(points)
    if odd and dont_know is not None and dont_know not in dict(points):
        odd &= _outside([*points, (dont_know, "")])
    return tuple(sorted(odd))


def _outside(points: Sequence[tuple[int, str]]) -> set[int]:
    odd = {value for value, label in points if means_no_answer(label)}
    values = sorted(value for value, _label in points)
    steps = [after - before for before, after in itertools.pairwise(values)]
    if len(set(steps)) > 1:
        usual = Counter(steps).most_common(1)[0][0]
        runs = [_run(values, start, usual) for start in values]
        odd |= set(values) - set(max(runs, key=lambda run: len(set(run) - odd)))
    return odd


def _run(values: Sequence[int], start: int, step: int) -> list[int]:
    run = [start]
    while run[-1] + step in values:
        run.append(run[-1] + step)
    return run
