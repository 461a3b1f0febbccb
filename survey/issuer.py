"""Whose survey it is, as paper says it."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Each may be empty. `mark`: a data address of survey.mark; `contact`: whom to ask, where a wave names nobody."""

    name: str = ""
    mark: str = ""
    contact: str = ""

    @property
    def picture(self) -> bytes:
        """The mark as the file it is, SVG or PNG."""
        return base64.b64decode(self.mark.partition(",")[2])
