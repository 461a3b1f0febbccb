"""What time it is, and which day it is in the province: the one place that asks the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from survey.errors import N_, SurveyError

PROVINCE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A wave opens and closes at the province's midnight, wherever its server stands and whatever zone that is set to."""

    zone: ZoneInfo
    seconds: Callable[[], float] = time.time

    @classmethod
    def of(cls, zone: str = PROVINCE) -> Clock:
        """`zone`: a name of the IANA list. Raises SurveyError for any other."""
        try:
            return cls(zone=ZoneInfo(zone))
        except (KeyError, OSError, ValueError):  # not in the list; a folder of it; no name at all
            raise SurveyError(
                "timezone",
                N_("LANGNGHE_TIMEZONE: {zone} is not a time zone. Write it as in the IANA list, for example Asia/Ho_Chi_Minh."),
                zone=zone,
            ) from None

    def today(self) -> date:
        return datetime.fromtimestamp(self.seconds(), self.zone).date()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def at(self, seconds: float) -> datetime:
        """A moment (Unix seconds) as the province's clocks show it."""
        return datetime.fromtimestamp(seconds, self.zone)

    def local(self, at: datetime) -> datetime:
        """A moment as the province's clocks show it."""
        return at.astimezone(self.zone)
