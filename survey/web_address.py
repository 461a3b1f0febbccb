"""The address of a survey, as phones open it: one rule for the settings of an installation and for a wave's slips."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from survey import limits
from survey.errors import N_, SurveyError, shown


def check_address(address: str) -> None:
    """Raises SurveyError for what is no web address, or one to which /p?code=... cannot be added."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:  # half an IPv6 address, a port of six digits
        good = False
    if not good or re.search(r"\s", address) or limits.text_fault(address, limits.NAME):
        raise SurveyError(
            "web-address",
            N_('"{address}" is not a web address. Write it with http:// or https://, for example https://langnghe.daknong.gov.vn.'),
            address=shown(address),
        )
