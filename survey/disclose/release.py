"""The Release: the only thing that leaves the room where answers were. Immutable, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.design.plan import Node, Plan
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Origin, Wave
from survey.disclose.quality import Quality
from survey.disclose.rows import COLUMNS as COLUMNS
from survey.disclose.rows import KEYS as KEYS
from survey.disclose.rows import TEXTS, Rows
from survey.process.scores import Measure

FORMS = "forms"
INDEX = "index"
TOO_FEW = "too-few"  # fewer people than the minimum base
ONLY_SOME = "only-some"  # a question that only some are asked; see hide/only_some.py
PROTECTS = "protects-another"  # hidden so that another hidden number does not follow by subtraction
AT_LEAST, AT_MOST, ABOUT, WITHHELD = "≥", "≤", "≈", "?"  # marks of single numbers in the column "note"
PARTIAL = "parts?"  # mark of a composite some of whose parts are hidden or were not answered
ROUNDED_TO = 2.0  # points: what numbers marked ABOUT are rounded to
COLUMN_BY_COLUMN = 2  # how a release is hashed; without it (before suite 3): row by row
NOT_AVAILABLE = "not-available"  # not asked, not counted or not imported
NOT_GIVEN = "not-given"  # of a number that is shown: who printed it did not say how many people stand behind it


@dataclass(frozen=True)
class Suppressed:
    """A number that is not shown, and why. A value, not an error."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Published statistics of one measure in one category of one unit.

    base: people behind the score (None = not given: a score that another body printed alone);
    score, sd, low, high: points 0-100 (95% interval; None = unknown);
    favourable, unfavourable: percent of scored answers; dont_know: people; options: answers per
    point, low to high, as answered (groups: weighted by headcount, scaled to the base).
    clamped: which numbers are not exact because (nearly) everybody answered alike; see clamp.py.
    For the measure "forms": base = completed forms, score = response rate in percent (rounded).
    """

    base: int | None = None
    score: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    favourable: float | None = None
    unfavourable: float | None = None
    dont_know: int | None = None
    options: tuple[float, ...] = ()
    clamped: str = ""

    @property
    def partial(self) -> bool:
        """Is this a theme or index some of whose parts are hidden or were not answered?"""
        return PARTIAL in self.clamped.split()

    def bound(self, name: str) -> str:
        """How the number `name` is to be read: AT_LEAST, AT_MOST, ABOUT, WITHHELD, or "" for exactly."""
        return next((part[-1] for part in self.clamped.split() if part[:-1] == name), "")


@dataclass(frozen=True)
class Counted:
    """How many numbers (cells) are shown, and how many are hidden."""

    shown: int
    hidden: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Release:
    """Everything that may be known of a wave. Pages, exports, reports and notebooks start here.

    `cells` has one row per unit, breakdown, category and measure (COLUMNS), hidden ones with their
    reason and nothing else; `options` is text, "2,5,15,25,10"; `note` marks numbers that are bounds
    ("favourable≥ unfavourable≤ sd≤"). Do not change it: the hash is over it.
    """

    wave: Wave
    questionnaire: Questionnaire
    policy: Mapping[str, Any]
    policy_hash: str
    cells: pd.DataFrame
    published_elsewhere: bool = False
    audit: Mapping[str, Any] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)  # of the opening; empty where no box was opened
    quality: Quality | None = None  # None where only counts were known

    def restricted(self, visible: Collection[str]) -> Release:
        """The same release without the numbers of other units (their places in the tree stay)."""
        quality = self.quality and self.quality.restricted(visible)
        return replace(self, cells=self.cells[self.cells["unit"].isin(visible)].reset_index(drop=True), quality=quality)

    def whole(self) -> Release:
        """The same with all its numbers at hand; see large.py."""
        return self

    @cached_property
    def for_leaders(self) -> Release:
        """The same release without what is for the organizer alone; the same object every time it is asked."""
        if self.quality is None or self.quality.totals is None:
            return self
        return replace(self, quality=self.quality.without_totals())

    def nodes(self) -> tuple[Node, ...]:
        """The nodes whose numbers this release holds (all, unless it was restricted), in plan order."""
        return tuple(node for node in self.plan.nodes if node.id in self._rows.places)

    @property
    def scores_only(self) -> bool:
        """Does it hold nothing but scores and shares that another body printed?"""
        return self.wave.origin is Origin.SCORES

    @property
    def plan(self) -> Plan:
        return self.wave.plan

    @property
    def composites(self) -> tuple[str, ...]:
        """The index, then every theme, as measures."""
        return (INDEX, *(f"theme:{theme.id}" for theme in self.questionnaire.themes))

    @property
    def single_items(self) -> tuple[str, ...]:
        return tuple(f"item:{item.id}" for item in self.questionnaire.items)

    def node(self, unit: str) -> Node:
        return self.plan.by_id[unit]

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self.cells)

    def _row(self, unit: str, breakdown: str, category: str, measure: str) -> tuple[Any, ...] | None:
        """base, score, ..., reason of one cell (COLUMNS after the key)."""
        return self._rows.of(unit, breakdown, category, measure)

    def cell(self, unit: str, measure: str | Measure, breakdown: str = "", category: str = "") -> Cell | Suppressed:
        """The published cell, or Suppressed with its reason. `measure`: "index", "theme:KC", "item:KC1", "forms"."""
        row = self._row(unit, breakdown, category, str(measure))
        if row is None:
            return Suppressed(NOT_AVAILABLE)
        base, score, sd, low, high, favourable, unfavourable, dont_know, options, reason, note = row
        if reason:
            return Suppressed(reason)
        return Cell(
            base=None if base != base else int(base),
            score=_number(score),
            sd=_number(sd),
            low=_number(low),
            high=_number(high),
            favourable=_number(favourable),
            unfavourable=_number(unfavourable),
            dont_know=None if dont_know != dont_know else int(dont_know),
            options=tuple(float(count) for count in options.split(",")) if options else (),
            clamped=note,
        )

    @cached_property
    def counted(self) -> Counted:
        """Of the numbers this release holds; the one count that pages and the protocol name."""
        shown = int((self.cells["reason"] == "").sum())
        return Counted(shown, len(self.cells) - shown)

    def visible(self, unit: str, measure: str | Measure = INDEX) -> bool:
        return isinstance(self.cell(unit, measure), Cell)

    def response_rate(self, unit: str) -> float | None:
        """Response rate in percent, rounded as the policy says; None where the unit is too small or uncounted."""
        row = self._row(unit, "", "", FORMS)
        return None if row is None else _number(row[1])

    def breakdown_shown(self, unit: str, breakdown: str) -> bool:
        """Does the unit show this breakdown, or some categories of it?"""
        field_ = next(b for b in self.questionnaire.breakdowns if b.id == breakdown)
        return any(isinstance(self.cell(unit, INDEX, breakdown, str(c.value)), Cell) for c in field_.published)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the wave's identity, its plan, the policy, every cell, and the quality where there is one.

        What only the organizer sees of it is left out, so that every reader of the whole finds the same hash.
        """
        if self.quality is None:
            return self.cells_hash
        said = json.dumps(self.quality.without_totals().as_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(f"{self.cells_hash} {said}".encode()).hexdigest()

    @property
    def told_by_combination(self) -> int | None:
        """How many hidden numbers the audit could work out by adding and subtracting; None where it was not asked."""
        found = self.audit.get("combinations", self.audit.get("disclosed"))
        return None if found is None else int(found)

    @cached_property
    def cells_hash(self) -> str:
        """The same without the quality."""
        head = {
            "wave": self.wave.id,
            "questionnaire": [self.questionnaire.id, self.questionnaire.version],
            "plan": self.plan.hash,
            "policy": self.policy_hash,
            "published_elsewhere": self.published_elsewhere,
        }
        digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
        if self.audit.get("hashing") == COLUMN_BY_COLUMN:
            for part in _columns_of(self.cells):
                digest.update(part)
            return digest.hexdigest()
        ordered = self.cells.sort_values(["unit", "breakdown", "category", "measure"])
        for row in ordered[list(COLUMNS)].itertuples(index=False, name=None):
            # An empty note is left out: results released before there were notes keep their fingerprint.
            values = row if row[-1] else row[:-1]
            digest.update(json.dumps([_canonical(value) for value in values], ensure_ascii=False).encode())
        return digest.hexdigest()


def in_order(cells: pd.DataFrame) -> NDArray[np.int64]:
    """Row numbers of the cells in the order of their keys."""
    return np.lexsort([_coded(cells[name])[0] for name in reversed(KEYS)])


def _columns_of(cells: pd.DataFrame) -> Iterator[bytes]:
    """The cells column by column, in the order of their keys: words with where they stand, numbers in hundredths."""
    order = in_order(cells)
    for name in COLUMNS:
        if name in TEXTS:
            codes, words = _coded(cells[name])
            yield json.dumps([name, words], ensure_ascii=False).encode()
            yield codes[order].astype("<i4").tobytes()
        else:
            values = cells[name].to_numpy(dtype=float)[order]
            yield np.where(np.isnan(values), -(2**62), np.rint(np.nan_to_num(values) * 100)).astype("<i8").tobytes()


def _coded(texts: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Each text's place among the different ones, which are sorted."""
    codes, different = pd.factorize(texts)
    words = [str(word) for word in different.tolist()]
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    return rank[codes], [words[place] for place in order]


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _canonical(value: Any) -> Any:
    if isinstance(value, str):
        return value
    number = float(value)
    # Ten significant digits: the same on every processor, far finer than anything printed.
    return None if number != number else float(f"{number:.10g}")
