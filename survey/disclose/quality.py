"""What a release says of its own reliability, and of what goes with the overall assessment. Values only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Why(StrEnum):
    """Why a mark is not high. Coarse on purpose: ALIKE does not say whether copies, strings or unanimity were seen,
    since "everybody chose the best answer" would say what each person answered."""

    FEW = "few"
    RATE = "rate"
    RATE_UNKNOWN = "rate-unknown"
    MORE_THAN_STAFF = "more-than-staff"
    CONTRADICTIONS = "contradictions"
    ALIKE = "alike"


@dataclass(frozen=True)
class Reliability:
    """The mark of a reporting unit whose index is shown."""

    level: Level
    reasons: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Driver:
    """A theme's part of what the themes explain of the overall assessment, in percent, with its 95% interval."""

    theme: str
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Drivers:
    """Of one group: complete forms (rounded down to ten), R² in percent, the themes whose interval is narrow enough."""

    people: int
    explained: float
    themes: tuple[Driver, ...]


@dataclass(frozen=True)
class Totals:
    """The whole's index with and without marked forms (whole points), and the marked forms' part (percent, to 5). Organizer only."""

    marked: int
    index: int
    without: int


@dataclass(frozen=True, kw_only=True)
class Quality:
    """units: reporting unit -> mark; alphas: group -> theme -> Cronbach's alpha; drivers: group -> parts."""

    units: Mapping[str, Reliability] = field(default_factory=dict)
    alphas: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    drivers: Mapping[str, Drivers] = field(default_factory=dict)
    totals: Totals | None = None

    def restricted(self, visible: Collection[str]) -> Quality:
        """Without other units, and without what is for the organizer alone."""
        return Quality(
            units={unit: mark for unit, mark in self.units.items() if unit in visible},
            alphas={unit: found for unit, found in self.alphas.items() if unit in visible},
            drivers={unit: found for unit, found in self.drivers.items() if unit in visible},
        )

    def without_totals(self) -> Quality:
        return replace(self, totals=None)

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON; `from_dict` gives the same value back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Quality:
        return cls(
            units={unit: Reliability(Level(mark["level"]), tuple(map(Why, mark["reasons"]))) for unit, mark in raw["units"].items()},
            alphas={unit: dict(found) for unit, found in raw["alphas"].items()},
            drivers={
                unit: Drivers(found["people"], found["explained"], tuple(Driver(**theme) for theme in found["themes"]))
                for unit, found in raw["drivers"].items()
            },
            totals=Totals(**raw["totals"]) if raw["totals"] else None,
        )
