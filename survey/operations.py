"""Looking after an installation from a page: what is wrong with it, and what is deleted when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey import account_links, signing_in, throttle
from survey.access import Permission, Viewer, require
from survey.access_log import Log
from survey.checking import Finding
from survey.design.wave import Origin, Wave, WaveState
from survey.errors import N_


@dataclass(frozen=True, kw_only=True)
class Lifetime:
    """What is stored, and when it goes; msgids. `hours`: of a bound in the code."""

    what: str
    until: str
    hours: int = 0


# The bounds are those the code keeps to; what a close destroys is asserted by tests/test_operations.py.
LIFETIMES = (
    Lifetime(what=N_("Sealed ballots, the list of codes, the cover of the box"), until=N_("Destroyed when the wave is closed.")),
    Lifetime(what=N_("E-mail addresses of invitations, the keys that sign credentials"), until=N_("Destroyed when the wave is closed.")),
    Lifetime(what=N_("How many codes of each unit are spent"), until=N_("Destroyed when the wave is closed; the release has the numbers.")),
    Lifetime(
        what=N_("Draft of an answer, in the browser of the one who answers"),
        until=N_("Deleted at sending, or when the tab is closed. Kept on the device only where that was chosen."),
    ),
    Lifetime(
        what=N_("Releases, comments that were looked at, questionnaires, plans of waves"),
        until=N_("Kept for the comparison over the years. There is nothing of a single person in them."),
    ),
    Lifetime(
        what=N_("Signed-in browsers"),
        until=N_("At most {hours} hours; earlier when signed out or idle. Removed at the next sign-in."),
        hours=signing_in.SESSION_SECONDS // 3600,
    ),
    Lifetime(
        what=N_("Links to accounts (digests)"),
        until=N_("Valid for {hours} hours; removed a month later."),
        hours=account_links.SECONDS // 3600,
    ),
    Lifetime(what=N_("Wrong passwords, counted"), until=N_("Forgotten after {hours} hours."), hours=throttle.FORGOTTEN_AFTER // 3600),
    Lifetime(
        what=N_("Access log of those with accounts"),
        until=N_("Never shortened: it proves what was done. Those who answer are not in it."),
    ),
    Lifetime(
        what=N_("Backups"),
        until=N_("Where you put them: delete them by your own rule. The nightly backup of the installation guide keeps five weeks."),
    ),
)


class Fate(StrEnum):
    """What has become, or will become, of a wave's ballots, codes and addresses."""

    NONE_YET = "none yet"
    AT_CLOSE = "at close"
    GONE = "gone"
    LEFT = "left"
    NEVER_HELD = "never held"


@dataclass(frozen=True, kw_only=True)
class OfWave:
    """`day`: the wave's last day."""

    wave: Wave
    fate: Fate
    day: date


Look = Callable[[], Iterable[Finding]]
Holds = Callable[[str], bool]  # is anything of the wave's fieldwork still stored?


class Operations:
    """For organizers; the same look as the command check."""

    def __init__(self, look: Look, holds: Holds, waves: Callable[[], Iterable[Wave]], log: Log) -> None:
        self._look = look
        self._holds = holds
        self._waves = waves
        self._log = log

    def findings(self, viewer: Viewer | None) -> tuple[Finding, ...]:
        require(viewer, Permission.INSTALLATION_EDIT)
        return tuple(self._look())

    def lifetimes(self, viewer: Viewer | None) -> tuple[OfWave, ...]:
        """Every wave, newest first, and what of its fieldwork is stored now: looked up, not assumed."""
        require(viewer, Permission.INSTALLATION_EDIT)
        return tuple(OfWave(wave=wave, fate=self._fate(wave), day=wave.closes) for wave in reversed(tuple(self._waves())))

    def _fate(self, wave: Wave) -> Fate:
        held = self._holds(wave.id)
        if wave.state in (WaveState.DRAFT, WaveState.OPEN):
            return Fate.AT_CLOSE if held else Fate.NONE_YET
        if held:
            return Fate.LEFT
        return Fate.GONE if wave.origin is Origin.COLLECTED else Fate.NEVER_HELD
