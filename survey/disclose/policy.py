"""The disclosure policy: one commented file, read into one value that is passed along."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from survey.errors import N_, SurveyError

_PREFIXED = ("reporting", "optimiser", "reliability", "drivers")
POLICY_FILE = Path(__file__).parent / "policy.toml"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Risk numbers, all in people (bases, headcounts) percent (rates) or seconds. See policy.toml."""

    unit: int
    item: int
    breakdown_unit: int
    category: int
    comments_respondents: int
    comments: int
    rate_headcount: int
    rate_step: int
    rate_cap: int
    reporting_headcount: int
    optimiser_seconds: float
    base_score: int
    base_share: int
    base_item: int
    smallest: float
    false_discoveries: float
    reliability_base: int
    reliability_response: int
    reliability_pairs: int
    reliability_run: int
    reliability_contradictions_some: int
    reliability_contradictions_many: int
    reliability_duplicates_some: int
    reliability_duplicates_many: int
    reliability_straight_some: int
    reliability_straight_many: int
    reliability_forms: int
    reliability_spread: float
    reliability_top: float
    reliability_whole: int
    drivers_people: int
    drivers_resamples: int
    drivers_widest: float
    drivers_least: float

    @classmethod
    def load(cls, path: Path = POLICY_FILE) -> Policy:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rate = {f"rate_{name}": value for name, value in data["response_rate"].items()}
        prefixed = {f"{part}_{name}": value for part in _PREFIXED for name, value in data[part].items()}
        return cls(**data["minimum_base"], **rate, **prefixed, **data["comparison"])

    def raised(self, wanted: Mapping[str, int]) -> Policy:
        """This policy with some minimum bases raised. Lowering one is refused."""
        for name, value in wanted.items():
            current = getattr(self, name, None)
            if name not in RAISABLE or current is None or type(value) is not int or value < current:
                raise SurveyError(
                    "policy-lowered",
                    N_("The plan may only raise minimum bases: {name} = {value} is refused (the policy says {current})."),
                    name=name,
                    value=value,
                    current=current,
                )
        forms = max(self.reliability_forms, wanted.get("unit", 0) + 1)  # so that a milder mark never tells fewer than `unit`
        return replace(self, **wanted, reliability_forms=forms)

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


RAISABLE = frozenset({"unit", "item", "breakdown_unit", "category", "comments_respondents", "comments"})
