"""One thing `langnghe check` has looked at."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`wrong`: what is wrong and its cure, a msgid; empty when all is well."""

    check: str
    wrong: str = ""
    values: dict[str, object] = field(default_factory=dict)
