"""The disclosure policy: one commented file, read into one value that is passed along."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from survey.errors import N_, SurveyError

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

    @classmethod
    def load(cls, path: Path = POLICY_FILE) -> Policy:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rate = {f"rate_{name}": value for name, value in data["response_rate"].items()}
        reporting = {f"reporting_{name}": value for name, value in data["reporting"].items()}
        optimiser = {f"optimiser_{name}": value for name, value in data["optimiser"].items()}
        return cls(**data["minimum_base"], **rate, **reporting, **optimiser, **data["comparison"])

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
        return replace(self, **wanted)

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


RAISABLE = frozenset({"unit", "item", "breakdown_unit", "category", "comments_respondents", "comments"})
