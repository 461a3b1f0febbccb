"""Are two waves nearly the same people? What makes a correction dangerous under another wave id as well.

Whoever has two releases of nearly the same people subtracts one from the other, and what is left is the answers of the
few who were dropped, added or changed. A correction is audited for that (correction.py); a second import of the same
file under another id would not be, because it looks like a new wave.

Two independent samples of the same opinion differ by chance, and by how much is known: the count of an option differs
by about the square root of its people. The same people differ far less. So the distance of two waves' counts is divided
by the distance two independent samples of these sizes and shares would have: 1 for two real waves (more where opinion
moved), the square root of f where a share f of the people was replaced, 0 where people were only dropped or added
(what must differ because one sample is larger is taken off both). Below LIMIT the two waves are nearly the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import erf

from survey.disclose.release import PARTIAL, Release
from survey.disclose.superseded import Superseded
from survey.errors import N_, SurveyError
from survey.process.scores import Floats

LIMIT = 0.5  # of the distance of independent samples, all units together: a quarter of the people replaced
ALONE = 0.25  # ... of one unit by itself, which chance moves more: a sixteenth replaced
_ENOUGH = 50.0  # answers by which independent samples would differ: fewer prove nothing
_UNITS = 10  # units whose theme scores are evidence enough; fewer must agree entirely
_KEY = ["unit", "measure"]


class SamePeople(SurveyError):
    def __init__(self, wave: str, other: str, units: int, share: float) -> None:
        super().__init__(
            "same-people",
            N_(
                "Wave {wave} was not imported: in {units} units its answers are nearly those of wave {other} ({share} out of 100 of the "
                "difference between two groups of different people), so these are nearly the same people. Whoever has both results could "
                "subtract them and read what single people answered. Nothing was stored. If this corrects wave {other}, write {other} as "
                "the wave in the file and import it with --replace; otherwise check that the file holds the answers of wave {wave}."
            ),
            wave=wave,
            other=other,
            units=units,
            share=round(100 * share),
        )


@dataclass(frozen=True)
class Distance:
    """How far apart two releases are, in units that show both: `share` of what independent samples would be."""

    units: int
    share: float
    limit: float

    @property
    def nearly_the_same(self) -> bool:
        return self.share < self.limit


class Releases(Protocol):
    def load(self, wave_id: str) -> Release | None: ...
    def superseded(self, wave_id: str) -> tuple[Superseded, ...]: ...


def refuse_same_people(new: Sequence[Release], waves: Iterable[str], releases: Releases) -> None:
    """SamePeople if a new release is nearly the people of another wave, in the stores or among the new ones.

    Numbers that another body has published are left out, on either side: it alone has protected them, they are in
    the world as they are, and what they tell beside one another we can neither hide nor take back.
    """
    own = [release for release in new if not release.published_elsewhere]
    for wave in waves if own else ():
        there = releases.load(wave)
        if there is not None and not there.published_elsewhere:
            ever = [there.cells, *(one.cells for one in releases.superseded(wave))]
            for release in own:
                if release.wave.id != wave:
                    _refuse(release, wave, ever)
    for place, release in enumerate(own):
        for other in own[:place]:
            _refuse(release, other.wave.id, [other.cells])


def _refuse(new: Release, wave: str, others: Iterable[pd.DataFrame]) -> None:
    for cells in others:
        distance = distance_between(new, cells)
        if distance is not None and distance.nearly_the_same:
            raise SamePeople(new.wave.id, wave, distance.units, distance.share)


def distance_between(new: Release, cells: pd.DataFrame) -> Distance | None:
    """By the answers that both print of their units; where they print none, by theme scores. None: nothing to go by."""
    units = {node.id for node in new.plan.nodes if node.reporting}
    one, other = (_shown(table, units) for table in (new.cells, cells))
    pairs = one.merge(other, on=_KEY, suffixes=("", "_old"))
    return _by_answers(pairs) or _by_themes(pairs)


def _shown(cells: pd.DataFrame, units: set[str]) -> pd.DataFrame:
    chosen = (cells["breakdown"] == "") & (cells["reason"] == "") & cells["unit"].isin(units)
    return cells.loc[chosen, [*_KEY, "base", "score", "sd", "options", "note"]]


def _by_answers(pairs: pd.DataFrame) -> Distance | None:
    items = pairs[(pairs["options"] != "") & (pairs["options_old"] != "")]
    one, other = (_counts(items[name]) for name in ("options", "options_old"))
    points = max(one.shape[1], other.shape[1])
    one, other = (np.pad(counts, ((0, 0), (0, points - counts.shape[1]))) for counts in (one, other))
    first, second = one.sum(axis=1), other.sum(axis=1)
    more = np.abs(first - second)
    place, names = pd.factorize(items["unit"])
    found = np.bincount(place, np.abs(one - other).sum(axis=1) - more, len(names))
    expected = np.bincount(place, _expected(one + other, first, second).sum(axis=1) - more, len(names))
    if expected.sum() < _ENOUGH:
        return None
    whole = Distance(len(names), float(found.sum() / expected.sum()), LIMIT)
    alone = (expected >= _ENOUGH) & (found < ALONE * expected)
    if whole.nearly_the_same or not alone.any():
        return whole
    return Distance(int(alone.sum()), float(found[alone].sum() / expected[alone].sum()), ALONE)


def _counts(options: pd.Series) -> Floats:
    """Rows x points."""
    split = [[float(count) for count in text.split(",")] for text in options]
    points = max(map(len, split), default=0)
    return np.array([row + [0.0] * (points - len(row)) for row in split], dtype=float).reshape(len(split), points)


def _expected(both: Floats, first: Floats, second: Floats) -> Floats:
    """E|X - Y| of two independent multinomial samples with the shares of `both` together (folded normal)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = both / (first + second)[:, None]
        middle = np.abs(first - second)[:, None] * share
        spread = np.sqrt((first + second)[:, None] * share * (1 - share))
        folded = spread * np.sqrt(2 / np.pi) * np.exp(-(middle**2) / (2 * spread**2)) + middle * erf(middle / (spread * np.sqrt(2)))
    return np.asarray(np.where(spread > 0, folded, np.nan_to_num(middle)))


def _by_themes(pairs: pd.DataFrame) -> Distance | None:
    """Where every unit is too small for items: theme scores that are exact, of units with nearly equal bases."""
    exact = [_exact(pairs[f"note{old}"]) & (pairs[f"sd{old}"] > 0) & pairs[f"score{old}"].notna() for old in ("", "_old")]
    near = (pairs["base"] - pairs["base_old"]).abs() <= 0.25 * pairs[["base", "base_old"]].max(axis=1)
    themes = pairs[pairs["measure"].str.startswith("theme:") & exact[0] & exact[1] & near]
    if themes.empty:
        return None
    error = np.sqrt(themes["sd"] ** 2 / themes["base"] + themes["sd_old"] ** 2 / themes["base_old"])
    share = float((themes["score"] - themes["score_old"]).abs().sum() / (np.sqrt(2 / np.pi) * error).sum())
    units = int(themes["unit"].nunique())
    return Distance(units, share, LIMIT if units >= _UNITS else 0.05)


def _exact(note: pd.Series) -> pd.Series:
    return note.isin(["", PARTIAL])
